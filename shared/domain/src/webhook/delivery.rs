//! One event on its way to one endpoint: tried at once, then after growing waits over a day; each attempt is kept.
//!
//! The event's id and body are made once and never change, so that whoever gets it twice can tell.

use super::{Endpoint, Kind};
use crate::generation::Generation;
use crate::ids::{EventId, GenerationId, UserId, WebhookId};
use crate::{Timestamp, after, plan};
use jiff::fmt::serde::timestamp::millisecond::{optional as ms_opt, required as ms};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// How a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It is tried at once, or again.
    Waiting,
    /// The endpoint has taken it.
    Delivered,
    /// Given up; its owner may send it again.
    Failed,
}

/// One try.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// When it began.
    #[serde(with = "ms")]
    pub at: Timestamp,
    /// The HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// What went wrong, in a sentence.
    pub error: Option<String>,
}

impl Attempt {
    /// Whether the endpoint has taken it.
    pub fn is_good(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }
}

/// One event for one endpoint, as its row holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Whose.
    pub user: UserId,
    /// For which endpoint.
    pub webhook: WebhookId,
    /// Which event; the same for all endpoints.
    pub event: EventId,
    /// What happened.
    pub kind: Kind,
    /// To which generation, if it is about one.
    pub generation: Option<GenerationId>,
    /// What is posted, to the byte.
    pub body: String,
    /// How it stands.
    pub state: State,
    /// Tries since it was sent, or sent again.
    pub tries: u32,
    /// The last tries, oldest first.
    pub attempts: Vec<Attempt>,
    /// When it is tried; while somebody tries it, when another may. Nothing once it has ended.
    #[serde(with = "ms_opt")]
    pub due: Option<Timestamp>,
    /// When it happened.
    #[serde(with = "ms")]
    pub created: Timestamp,
    /// The fence of every write.
    pub version: u64,
}

impl Delivery {
    /// What an endpoint is told of a generation that has ended; nothing before.
    pub fn of(ended: &Generation, endpoint: &Endpoint) -> Option<Self> {
        let kind = Kind::of(ended.status)?;
        let event = EventId::of(&ended.id, ended.updated);
        let data = json!({
            "id": ended.id, "status": ended.status.word(), "test": ended.test, "url": format!("/api/generations/{}", ended.id),
            "created_at": ended.created.to_string(), "ended_at": ended.updated.to_string(), "failure": ended.failure,
        });
        let about = Some(ended.id.clone());
        Some(Self::new(ended.user.clone(), endpoint, (event, kind, about), &data, ended.updated))
    }

    /// An event that says nothing but that the endpoint works.
    pub fn test(user: UserId, endpoint: &Endpoint, event: EventId, now: Timestamp) -> Self {
        Self::new(user, endpoint, (event, Kind::Test, None), &json!({ "webhook_id": endpoint.id }), now)
    }

    fn new(
        user: UserId,
        endpoint: &Endpoint,
        (event, kind, generation): (EventId, Kind, Option<GenerationId>),
        data: &Value,
        now: Timestamp,
    ) -> Self {
        let body = json!({ "type": kind.word(), "timestamp": now.to_string(), "data": data }).to_string();
        Self {
            user,
            webhook: endpoint.id.clone(),
            event,
            kind,
            generation,
            body,
            state: State::Waiting,
            tries: 0,
            attempts: Vec::new(),
            due: Some(now),
            created: now,
            version: 1,
        }
    }

    /// Takes it for one try; nothing if it has ended, waits for its time, or somebody else tries it.
    pub fn claim(&self, now: Timestamp) -> Option<Self> {
        self.due.filter(|due| self.state == State::Waiting && *due <= now)?;
        Some(Self { due: Some(after(now, plan::WEBHOOK_LEASE_S)), ..self.moved() })
    }

    /// What a try leads to; `chance` spreads those that failed together.
    #[must_use]
    pub fn tried(&self, attempt: Attempt, chance: u8) -> Self {
        let (good, gone, at) = (attempt.is_good(), attempt.status == Some(410), attempt.at);
        let mut next = Self { tries: self.tries + 1, ..self.moved() };
        next.attempts.push(attempt);
        let spare = next.attempts.len().saturating_sub(plan::WEBHOOK_ATTEMPTS_KEPT);
        next.attempts.drain(..spare);
        let wait = retry_delay_s(next.tries, chance).filter(|_| !gone);
        (next.state, next.due) = match wait {
            _ if good => (State::Delivered, None),
            Some(wait) => (State::Waiting, Some(after(at, wait))),
            None => (State::Failed, None),
        };
        next
    }

    /// Gives it up without a try: the endpoint hears nothing.
    #[must_use]
    pub fn dropped(&self) -> Self {
        Self { state: State::Failed, due: None, ..self.moved() }
    }

    /// Sends it again, as often as the first time.
    #[must_use]
    pub fn again(&self, now: Timestamp) -> Self {
        Self { state: State::Waiting, tries: 0, due: Some(now), ..self.moved() }
    }

    /// Seconds from `now` until it is due, and one to spare; nothing once it has ended.
    pub fn wait_s(&self, now: Timestamp) -> Option<u32> {
        let left_ms = self.due?.as_millisecond() - now.as_millisecond();
        Some(if left_ms <= 0 { 0 } else { u32::try_from(left_ms / 1000 + 1).unwrap_or(u32::MAX) })
    }

    fn moved(&self) -> Self {
        Self { version: self.version + 1, ..self.clone() }
    }
}

/// The wait after try number `tries` (from 1), in seconds: the plan's, between nine and eleven tenths of it by `chance`. Nothing
/// after the last.
pub fn retry_delay_s(tries: u32, chance: u8) -> Option<i64> {
    let place = usize::try_from(tries.checked_sub(1)?).ok()?;
    let wait = *plan::WEBHOOK_WAITS_S.get(place)?;
    Some((wait * (900 + i64::from(chance) * 200 / 255) + 500) / 1000)
}
