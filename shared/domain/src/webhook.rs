//! Webhooks out: where a person's programs want to hear what became of their generations.
//!
//! All endpoints of a person are one row: whoever ends a generation reads it by its key, and writes the deliveries that follow in
//! the same transaction. Format and headers are those of Standard Webhooks 1.0.

mod delivery;
mod secret;

pub use delivery::{Attempt, Delivery, State, retry_delay_s};
pub use secret::{Secret, Secrets};

use crate::generation::Status;
use crate::ids::{UserId, WebhookId};
use crate::{Timestamp, plan};
use jiff::fmt::serde::timestamp::millisecond::{optional as ms_opt, required as ms};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What can be heard of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// A model is there.
    #[serde(rename = "generation.succeeded")]
    Succeeded,
    /// A generation ended without a model.
    #[serde(rename = "generation.failed")]
    Failed,
    /// The person stopped a generation.
    #[serde(rename = "generation.cancelled")]
    Cancelled,
    /// The person tries the endpoint; sent whatever it was made for.
    #[serde(rename = "test")]
    Test,
}

impl Kind {
    /// The word on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::Succeeded => "generation.succeeded",
            Self::Failed => "generation.failed",
            Self::Cancelled => "generation.cancelled",
            Self::Test => "test",
        }
    }

    /// What is told of a generation in this state; nothing before its end.
    pub fn of(status: Status) -> Option<Self> {
        match status {
            Status::Queued | Status::Running => None,
            Status::Succeeded => Some(Self::Succeeded),
            Status::Failed => Some(Self::Failed),
            Status::Cancelled => Some(Self::Cancelled),
        }
    }
}

/// Why an endpoint hears nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Off {
    /// Its owner switched it off.
    Owner,
    /// It answered 410: it wants no more.
    Gone,
    /// Every delivery failed for days.
    Failing,
}

/// An endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    /// The endpoint.
    pub id: WebhookId,
    /// Where.
    pub url: String,
    /// What it wants to hear of.
    pub kinds: Vec<Kind>,
    /// Why it hears nothing, if it does not.
    pub off: Option<Off>,
    /// When it was made.
    #[serde(with = "ms")]
    pub created: Timestamp,
    /// Since when every delivery has failed; written only where it changes, so that an endpoint that works costs no write.
    #[serde(with = "ms_opt")]
    pub failing: Option<Timestamp>,
}

impl Endpoint {
    /// What an attempt changes in the endpoint, if anything.
    pub fn after(&self, attempt: &Attempt) -> Option<Self> {
        if attempt.is_good() {
            return self.failing.map(|_| Self { failing: None, ..self.clone() });
        }
        if self.off.is_some() {
            return None;
        }
        if attempt.status == Some(410) {
            return Some(Self { off: Some(Off::Gone), ..self.clone() });
        }
        let Some(since) = self.failing else {
            return Some(Self { failing: Some(attempt.at), ..self.clone() });
        };
        let failed_s = attempt.at.as_second() - since.as_second();
        (failed_s >= plan::WEBHOOK_FAILING_S).then(|| Self { off: Some(Off::Failing), ..self.clone() })
    }

    /// Switches it on or off by its owner's wish; on, it is given its time anew.
    #[must_use]
    pub fn switched(&self, on: bool) -> Self {
        if on {
            return Self { off: None, failing: None, ..self.clone() };
        }
        Self { off: Some(self.off.unwrap_or(Off::Owner)), ..self.clone() }
    }
}

/// There are as many as one person may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("one person has {} webhooks at most; delete one that is not needed", plan::MAX_WEBHOOKS)]
pub struct TooMany;

/// All endpoints of a person, and what is signed with. The secrets stand apart, so that exports can leave them out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hooks {
    /// Whose.
    pub user: UserId,
    /// Grows with every change.
    pub version: u64,
    /// The endpoints, oldest first.
    pub endpoints: Vec<Endpoint>,
    /// What each one's deliveries are signed with.
    pub secrets: BTreeMap<WebhookId, Secrets>,
}

impl Hooks {
    /// Of a person who has none.
    pub fn none(user: UserId) -> Self {
        Self { user, version: 0, endpoints: Vec::new(), secrets: BTreeMap::new() }
    }

    /// One endpoint.
    pub fn endpoint(&self, id: &WebhookId) -> Option<&Endpoint> {
        self.endpoints.iter().find(|endpoint| endpoint.id == *id)
    }

    /// Those that want to hear of this.
    pub fn wanting(&self, kind: Kind) -> impl Iterator<Item = &Endpoint> {
        self.endpoints.iter().filter(move |endpoint| endpoint.off.is_none() && endpoint.kinds.contains(&kind))
    }

    /// With one more.
    pub fn with(&self, endpoint: Endpoint, secret: Secret) -> Result<Self, TooMany> {
        if self.endpoints.len() >= plan::MAX_WEBHOOKS {
            return Err(TooMany);
        }
        let mut next = self.moved();
        next.secrets.insert(endpoint.id.clone(), Secrets::new(secret));
        next.endpoints.push(endpoint);
        Ok(next)
    }

    /// With one changed.
    #[must_use]
    pub fn changed(&self, endpoint: &Endpoint) -> Self {
        let mut next = self.moved();
        for one in next.endpoints.iter_mut().filter(|one| one.id == endpoint.id) {
            *one = endpoint.clone();
        }
        next
    }

    /// Without one.
    #[must_use]
    pub fn without(&self, id: &WebhookId) -> Self {
        let mut next = self.moved();
        next.endpoints.retain(|endpoint| endpoint.id != *id);
        next.secrets.remove(id);
        next
    }

    /// With a new secret for one; the one before signs beside it for a day.
    #[must_use]
    pub fn rotated(&self, id: &WebhookId, secret: Secret, now: Timestamp) -> Self {
        let mut next = self.moved();
        if let Some(secrets) = next.secrets.get_mut(id) {
            *secrets = secrets.rotated(secret, now);
        }
        next
    }

    fn moved(&self) -> Self {
        Self { version: self.version + 1, ..self.clone() }
    }
}

#[cfg(test)]
mod tests;
