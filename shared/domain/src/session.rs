//! A sign-in of a person on one browser, and what is known of the person.

use crate::ids::{AccountId, SessionId, UserId};
use crate::{Timestamp, after, plan};
use jiff::fmt::serde::timestamp::millisecond::required as ms;
use serde::{Deserialize, Serialize};

/// A session row: the token in the cookie is worth nothing without it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The session.
    pub session: SessionId,
    /// Whose it is.
    pub user: UserId,
    /// The person's books.
    pub account: AccountId,
    /// When it was opened.
    #[serde(with = "ms")]
    pub opened: Timestamp,
    /// When it ends.
    #[serde(with = "ms")]
    pub ends: Timestamp,
}

impl Session {
    /// Opens a session that ends after [`plan::SESSION_S`].
    #[must_use]
    pub fn open(session: SessionId, user: UserId, account: AccountId, now: Timestamp) -> Self {
        Self { session, user, account, opened: now, ends: after(now, plan::SESSION_S) }
    }

    /// Whether the session still stands. The table deletes ended rows late, so the row alone does not say it.
    pub fn is_live(&self, now: Timestamp) -> bool {
        now < self.ends
    }
}

/// What the identity provider said of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The name to show, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The address, only if the provider verified it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_ends_at_its_hour() {
        let now = Timestamp::from_second(1_000).unwrap();
        let dice = [7; 10];
        let (user, account) = (UserId::fresh(now, dice), AccountId::fresh(now, dice));
        let session = Session::open(SessionId::fresh(now, dice), user, account, now);
        assert!(session.is_live(after(now, plan::SESSION_S - 1)));
        assert!(!session.is_live(after(now, plan::SESSION_S)));
    }
}
