//! What happened to a person's account, as the person can read it.

use crate::Timestamp;
use crate::place::Place;
use jiff::fmt::serde::timestamp::millisecond::required as ms;
use serde::{Deserialize, Serialize};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// A sign-in.
    SignedIn,
    /// A session was ended by its owner, from this or another browser.
    SessionEnded,
    /// All sessions were ended.
    AllSessionsEnded,
    /// The name was changed.
    ProfileChanged,
    /// A consent was given or withdrawn.
    ChoicesChanged,
    /// A generation was deleted.
    GenerationDeleted,
    /// A page to pay on was opened.
    PurchaseBegun,
    /// An API key was made.
    KeyCreated,
    /// An API key was revoked.
    KeyRevoked,
    /// A webhook was made, changed, deleted, or given a new secret.
    WebhooksChanged,
    /// An export was asked for.
    ExportBegun,
    /// A file of an export was downloaded.
    ExportTaken,
    /// The deletion of the account was asked for.
    DeletionBegun,
    /// The deletion was undone.
    DeletionUndone,
    /// The operator blocked the account.
    Blocked,
    /// The operator unblocked the account.
    Unblocked,
}

/// One line of the security activity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// What happened.
    pub deed: Deed,
    /// From where.
    pub place: Place,
    /// When.
    #[serde(with = "ms")]
    pub at: Timestamp,
}
