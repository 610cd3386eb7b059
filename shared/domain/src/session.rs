//! A sign-in of a person on one browser, and what the identity provider said of the person.

use crate::ids::{AccountId, SessionId, UserId};
use crate::place::Place;
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
    /// When the person signed in.
    #[serde(with = "ms")]
    pub opened: Timestamp,
    /// When it ends however much it is used.
    #[serde(with = "ms")]
    pub ends: Timestamp,
    /// When it was last seen in use, to [`plan::SESSION_SEEN_S`].
    #[serde(with = "ms")]
    pub used: Timestamp,
    /// From where it was last seen in use.
    pub place: Place,
    /// Which token of the session is in force, from 0.
    pub turn: u32,
    /// When that token was made.
    #[serde(with = "ms")]
    pub turned: Timestamp,
}

impl Session {
    /// Opens a session.
    #[must_use]
    pub fn open(session: SessionId, user: UserId, account: AccountId, place: Place, now: Timestamp) -> Self {
        let ends = after(now, plan::SESSION_S);
        Self { session, user, account, opened: now, ends, used: now, place, turn: 0, turned: now }
    }

    /// Whether the session still stands. The table deletes ended rows late, so the row alone does not say it.
    pub fn is_live(&self, now: Timestamp) -> bool {
        now < self.ends && now < after(self.used, plan::SESSION_IDLE_S)
    }

    /// Whether a token of this turn is in force. The one before is, for as long as requests of before may be on their way.
    pub fn takes(&self, turn: u32, now: Timestamp) -> bool {
        let just_before = turn.checked_add(1) == Some(self.turn) && now < after(self.turned, plan::OLD_TOKEN_S);
        turn == self.turn || just_before
    }

    /// Whether its token should be replaced.
    pub fn wants_turn(&self, now: Timestamp) -> bool {
        now >= after(self.turned, plan::TOKEN_S)
    }

    /// The session with its next token.
    #[must_use]
    pub fn turned(&self, now: Timestamp) -> Self {
        Self { turn: self.turn + 1, turned: now, used: now, ..self.clone() }
    }

    /// The session as seen now, if that is worth a write.
    pub fn seen(&self, place: &Place, now: Timestamp) -> Option<Self> {
        let known = self.place == *place && now < after(self.used, plan::SESSION_SEEN_S);
        (!known).then(|| Self { used: now, place: place.clone(), ..self.clone() })
    }

    /// Whether the person has signed in just now: what cannot be undone asks for it.
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        now < after(self.opened, plan::FRESH_SIGN_IN_S)
    }
}

/// What the identity provider said of a person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
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

    fn now() -> Timestamp {
        Timestamp::from_second(1_000).unwrap()
    }

    fn session() -> Session {
        let dice = [7; 10];
        let (user, account) = (UserId::fresh(now(), dice), AccountId::fresh(now(), dice));
        Session::open(SessionId::fresh(now(), dice), user, account, Place::new("192.0.2.7", ""), now())
    }

    #[test]
    fn a_session_ends_when_idle_and_at_its_hour() {
        let idle = session();
        assert!(idle.is_live(after(now(), plan::SESSION_IDLE_S - 1)));
        assert!(!idle.is_live(after(now(), plan::SESSION_IDLE_S)));
        let busy = Session { used: after(now(), plan::SESSION_S - 1), ..session() };
        assert!(busy.is_live(after(now(), plan::SESSION_S - 1)));
        assert!(!busy.is_live(after(now(), plan::SESSION_S)));
    }

    #[test]
    fn an_old_token_is_taken_for_a_moment_and_an_older_one_never() {
        let turned = session().turned(now()).turned(now());
        assert!(turned.takes(2, after(now(), plan::SESSION_S)));
        assert!(turned.takes(1, after(now(), plan::OLD_TOKEN_S - 1)));
        assert!(!turned.takes(1, after(now(), plan::OLD_TOKEN_S)));
        assert!(!turned.takes(0, now()) && !turned.takes(3, now()) && !turned.takes(u32::MAX, now()));
    }

    #[test]
    fn use_is_written_down_now_and_then_or_from_elsewhere() {
        let session = session();
        let soon = after(now(), plan::SESSION_SEEN_S - 1);
        assert_eq!(session.seen(&session.place, soon), None);
        assert!(session.seen(&session.place, after(soon, 1)).is_some());
        assert_eq!(session.seen(&Place::new("192.0.2.8", ""), soon).unwrap().place.address, "192.0.2.8");
    }
}
