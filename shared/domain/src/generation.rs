//! One photo becoming one model: the states, and the only ways between them.
//!
//! `QUEUED → RUNNING(n) → SUCCEEDED | FAILED | CANCELLED`. Every change is fenced: it names the status and the claim
//! number it has read, and the table writes it only if both still stand. Terminal states never change.

use crate::api_key::KeyId;
use crate::ids::{AccountId, GenerationId, UploadId, UserId};
use crate::options::Options;
use crate::upload::PhotoType;
use crate::{Timestamp, after, plan};
use jiff::fmt::serde::timestamp::millisecond::{optional as ms_opt, required as ms};
use serde::{Deserialize, Serialize};

/// Where a generation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Status {
    /// Waits for a worker.
    Queued,
    /// A worker holds it until its lease ends.
    Running,
    /// The model is there and was paid for.
    Succeeded,
    /// It ended without a model; the credits came back.
    Failed,
    /// The person stopped it; the credits came back.
    Cancelled,
}

impl Status {
    /// Whether nothing can change any more.
    pub fn is_terminal(self) -> bool {
        match self {
            Self::Queued | Self::Running => false,
            Self::Succeeded | Self::Failed | Self::Cancelled => true,
        }
    }

    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        let all = [Self::Queued, Self::Running, Self::Succeeded, Self::Failed, Self::Cancelled];
        all.into_iter().find(|status| status.word() == text)
    }

    /// The word in the table and on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::Queued => "QUEUED",
            Self::Running => "RUNNING",
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
            Self::Cancelled => "CANCELLED",
        }
    }
}

/// What a person is told about the work in hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// In the queue.
    Waiting,
    /// The fleet sleeps and is being woken.
    Waking,
    /// The model is being made.
    Reconstructing,
    /// The model is being stored.
    Saving,
    /// Ended.
    Done,
}

/// The photo as it was claimed: later writes to its key change nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Photo {
    /// The upload it came by.
    pub upload: UploadId,
    /// The object's version.
    pub version: String,
    /// Its type.
    pub content_type: PhotoType,
    /// Its size.
    pub bytes: u64,
}

/// Why there is no model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The problem's type, a stable path.
    #[serde(rename = "type")]
    pub kind: String,
    /// What happened, in a few words.
    pub title: String,
    /// What a person can do.
    pub detail: String,
}

/// One stored result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultFile {
    /// Its name, for example `model.glb`.
    pub name: String,
    /// Its media type.
    pub content_type: String,
    /// Its size.
    pub bytes: u64,
}

/// A generation as its row holds it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Generation {
    /// The generation.
    pub id: GenerationId,
    /// Whose it is.
    pub user: UserId,
    /// Whose books bear it.
    pub account: AccountId,
    /// The claimed photo.
    pub photo: Photo,
    /// What was chosen.
    pub options: Options,
    /// What it costs, in credits.
    pub price: u64,
    /// Whether a test key asked for it: it gets the sample, and the books never hear of it.
    #[serde(default)]
    pub test: bool,
    /// Which key asked for it, if one did.
    #[serde(default)]
    pub key: Option<KeyId>,
    /// Where it stands.
    pub status: Status,
    /// What a person is told.
    pub stage: Stage,
    /// Claims so far: the fence of every write.
    pub claim: u32,
    /// Attempts that count against [`plan::MAX_ATTEMPTS`].
    pub attempts: u32,
    /// When it was created.
    #[serde(with = "ms")]
    pub created: Timestamp,
    /// When it last changed.
    #[serde(with = "ms")]
    pub updated: Timestamp,
    /// When `upkeep` looks at it: a queued one is sent again, a running one has lost its worker.
    #[serde(with = "ms_opt")]
    pub due: Option<Timestamp>,
    /// When it fails for good if it has not ended.
    #[serde(with = "ms")]
    pub deadline: Timestamp,
    /// Why there is no model.
    pub failure: Option<Failure>,
    /// What was stored.
    pub files: Vec<ResultFile>,
    /// The report's summary of the model.
    pub model: Option<serde_json::Value>,
    /// What the person calls it.
    #[serde(default)]
    pub title: Option<String>,
    /// The person's tags.
    #[serde(default)]
    pub tags: Vec<String>,
    /// The secret of its link, while it is shared.
    #[serde(default)]
    pub shared: Option<String>,
    /// How often the person changed it: the fence of such changes.
    #[serde(default)]
    pub edits: u32,
    /// When the person deleted it.
    #[serde(with = "ms_opt")]
    pub deleted: Option<Timestamp>,
}

/// What a message for a generation leads to.
#[derive(Debug, Clone, PartialEq)]
pub enum Claim {
    /// Run it: the row to write, fenced by the one that was read.
    Run(Box<Generation>),
    /// Another worker holds it: give the message back, it would rescue a crash.
    Held,
    /// It has ended: the message is done.
    Ended,
}

/// Why a change is not allowed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransitionError {
    /// The change does not lead out of this state.
    #[error("generation {id} is {} and cannot become {}", from.word(), to.word())]
    Forbidden {
        /// Which.
        id: GenerationId,
        /// Its state.
        from: Status,
        /// The state that was asked for.
        to: Status,
    },
}

/// What `upkeep` does with a generation whose time has come.
#[derive(Debug, Clone, PartialEq)]
pub enum Repair {
    /// Its message was lost: write the row and send again.
    SendAgain(Box<Generation>),
    /// It is past its deadline or its attempts: end it, after a look for results that were stored.
    Fail(Failure),
    /// Nothing to do.
    Nothing,
}

impl Generation {
    /// Opens a generation in the queue.
    #[must_use]
    pub fn open(
        id: GenerationId,
        user: UserId,
        account: AccountId,
        photo: Photo,
        options: Options,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            user,
            account,
            photo,
            options,
            price: plan::GENERATION_PRICE,
            test: false,
            key: None,
            status: Status::Queued,
            stage: Stage::Waiting,
            claim: 0,
            attempts: 0,
            created: now,
            updated: now,
            due: Some(after(now, plan::RESEND_S)),
            deadline: after(now, plan::DEADLINE_S),
            failure: None,
            files: Vec::new(),
            model: None,
            title: None,
            tags: Vec::new(),
            shared: None,
            edits: 0,
            deleted: None,
        }
    }

    /// The same for a test key.
    #[must_use]
    pub fn as_test(self) -> Self {
        Self { price: 0, test: true, ..self }
    }

    /// The same by a key.
    #[must_use]
    pub fn asked_by(self, key: KeyId) -> Self {
        Self { key: Some(key), ..self }
    }

    /// Decides what a message leads to; `lease_ends` is this worker's own end.
    pub fn claim(&self, now: Timestamp, lease_ends: Timestamp) -> Claim {
        if self.status.is_terminal() {
            return Claim::Ended;
        }
        let lapsed = self.status == Status::Running && self.due.is_none_or(|due| due <= now);
        if self.status == Status::Running && !lapsed {
            return Claim::Held;
        }
        Claim::Run(Box::new(Self {
            status: Status::Running,
            stage: Stage::Reconstructing,
            claim: self.claim + 1,
            attempts: self.attempts + u32::from(lapsed), // the worker that vanished had its attempt
            updated: now,
            due: Some(lease_ends),
            ..self.clone()
        }))
    }

    /// Says that the model is being stored.
    pub fn saving(&self, now: Timestamp) -> Result<Self, TransitionError> {
        self.must_be_running(Status::Running)?;
        Ok(Self { stage: Stage::Saving, updated: now, ..self.clone() })
    }

    /// Gives the claim back after a fault that may pass; `counted` if it was the generation's own attempt.
    pub fn requeue(&self, counted: bool, stage: Stage, now: Timestamp) -> Result<Self, TransitionError> {
        self.must_be_running(Status::Queued)?;
        Ok(Self {
            status: Status::Queued,
            stage,
            attempts: self.attempts + u32::from(counted),
            updated: now,
            due: Some(after(now, i64::from(plan::MAX_RETRY_DELAY_S) + plan::RESEND_S)),
            ..self.clone()
        })
    }

    /// Ends it with a model.
    pub fn succeed(
        &self,
        files: Vec<ResultFile>,
        model: serde_json::Value,
        now: Timestamp,
    ) -> Result<Self, TransitionError> {
        self.must_be_running(Status::Succeeded)?;
        Ok(Self { files, model: Some(model), ..self.ended(Status::Succeeded, now) })
    }

    /// Ends it without a model.
    pub fn fail(&self, failure: Failure, now: Timestamp) -> Result<Self, TransitionError> {
        self.must_be_open(Status::Failed)?;
        Ok(Self { failure: Some(failure), ..self.ended(Status::Failed, now) })
    }

    /// Stops it because the person deleted it.
    pub fn cancel(&self, now: Timestamp) -> Result<Self, TransitionError> {
        self.must_be_open(Status::Cancelled)?;
        Ok(self.ended(Status::Cancelled, now))
    }

    /// Hides an ended generation; what it was made of is erased beside it.
    #[must_use]
    pub fn delete(&self, now: Timestamp) -> Self {
        Self {
            files: Vec::new(),
            model: None,
            title: None,
            tags: Vec::new(),
            shared: None,
            updated: now,
            deleted: Some(now),
            ..self.clone()
        }
    }

    /// Decides what `upkeep` does at `now`.
    pub fn repair(&self, now: Timestamp) -> Repair {
        if self.status.is_terminal() || self.due.is_some_and(|due| due > now) {
            return Repair::Nothing;
        }
        let lost = u32::from(self.status == Status::Running);
        if now >= self.deadline || self.attempts + lost >= plan::MAX_ATTEMPTS {
            return Repair::Fail(Failure {
                kind: "/problems/took-too-long".to_owned(),
                title: "The model took too long".to_owned(),
                detail: "Nothing was charged. Please try again.".to_owned(),
            });
        }
        Repair::SendAgain(Box::new(Self {
            status: Status::Queued,
            stage: Stage::Waiting,
            attempts: self.attempts + lost,
            updated: now,
            due: Some(after(now, plan::RESEND_S)),
            ..self.clone()
        }))
    }

    fn ended(&self, status: Status, now: Timestamp) -> Self {
        Self { status, stage: Stage::Done, updated: now, due: None, ..self.clone() }
    }

    fn must_be_running(&self, to: Status) -> Result<(), TransitionError> {
        if self.status == Status::Running { Ok(()) } else { Err(self.forbidden(to)) }
    }

    fn must_be_open(&self, to: Status) -> Result<(), TransitionError> {
        if self.status.is_terminal() { Err(self.forbidden(to)) } else { Ok(()) }
    }

    fn forbidden(&self, to: Status) -> TransitionError {
        TransitionError::Forbidden { id: self.id.clone(), from: self.status, to }
    }
}

/// The wait before try number `receives` (from 1), in seconds: 30·2ⁿ, cut at `cap`.
pub fn retry_delay_s(receives: u32, cap: u32) -> u32 {
    30_u32.saturating_mul(2_u32.saturating_pow(receives.saturating_sub(1).min(16))).min(cap)
}

#[cfg(test)]
mod tests;
