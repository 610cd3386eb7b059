//! The deletion of an account: steps that may each run twice, and a row that says which comes next.
//!
//! Objects go before rows, since rows say where objects are; the row of the deletion itself goes last.

use crate::ids::{AccountId, UserId};
use crate::person::{Profile, Standing};
use crate::{Timestamp, after, plan};
use jiff::fmt::serde::timestamp::millisecond::required as ms;
use serde::{Deserialize, Serialize};

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Wait: the person may undo it. Then nobody may sign in, and all sessions end.
    Freeze,
    /// What has not ended is cancelled and its credits come back.
    Cancel,
    /// Photos, models and exports, in every version.
    Objects,
    /// The customer at Stripe, and with it a subscription that runs.
    Stripe,
    /// What is left in the wallet; the books stay, under the account's number alone.
    Books,
    /// All rows of the person, and who they were at the identity provider.
    Rows,
    /// A look for anything that is left.
    Verify,
}

impl Step {
    /// All, in their order.
    pub const ALL: [Self; 7] =
        [Self::Freeze, Self::Cancel, Self::Objects, Self::Stripe, Self::Books, Self::Rows, Self::Verify];

    fn next(self) -> Option<Self> {
        let place = Self::ALL.iter().position(|step| *step == self)?;
        Self::ALL.get(place + 1).copied()
    }
}

/// A deletion as its row holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    /// Whose account.
    pub user: UserId,
    /// The person's books.
    pub account: AccountId,
    /// The identity provider.
    pub issuer: String,
    /// The person's id there.
    pub subject: String,
    /// What comes next.
    pub step: Step,
    /// How the person stood before: undone, so again. Leaving and coming back unblocks nobody.
    pub before: Standing,
    /// Without any wait: of somebody who was never let in, and so has no upload form either.
    #[serde(default)]
    pub at_once: bool,
    /// When it was asked for.
    #[serde(with = "ms")]
    pub asked: Timestamp,
    /// When somebody works on it next.
    #[serde(with = "ms")]
    pub due: Timestamp,
    /// Changes so far.
    pub version: u64,
}

impl Erasure {
    /// A new one, which begins when the grace is over.
    #[must_use]
    pub fn ask(profile: &Profile, now: Timestamp) -> Self {
        Self {
            user: profile.user.clone(),
            account: profile.account.clone(),
            issuer: profile.issuer.clone(),
            subject: profile.subject.clone(),
            step: Step::Freeze,
            before: profile.standing,
            at_once: false,
            asked: now,
            due: after(now, plan::GRACE_S),
            version: 1,
        }
    }

    /// Whether the person may still undo it.
    pub fn can_be_undone(&self, now: Timestamp) -> bool {
        self.step == Step::Freeze && now < self.due
    }

    /// Takes it to work on until the lease ends.
    #[must_use]
    pub fn claim(&self, now: Timestamp) -> Self {
        Self { due: after(now, plan::PRIVACY_LEASE_S), version: self.version + 1, ..self.clone() }
    }

    /// Once more from the first step that removes: something was left, or came late.
    #[must_use]
    pub fn again(&self, now: Timestamp) -> Self {
        Self { step: Step::Cancel, due: now, version: self.version + 1, ..self.clone() }
    }

    /// A deletion without a wait: of somebody who may not use the service at all.
    #[must_use]
    pub fn at_once(profile: &Profile, now: Timestamp) -> Self {
        Self { at_once: true, due: now, ..Self::ask(profile, now) }
    }

    /// After its step was done; nothing if that was the last.
    #[must_use]
    pub fn advance(&self, now: Timestamp) -> Option<Self> {
        let step = self.step.next()?;
        // A form that was handed out before can still bring a photo for that long.
        let forms = self.step == Step::Freeze && !self.at_once;
        let due = if forms { after(now, plan::UPLOAD_FORM_S) } else { now };
        Some(Self { step, due, version: self.version + 1, ..self.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::Person;

    #[test]
    fn a_deletion_waits_and_then_goes_through_every_step_once() {
        let now = Timestamp::from_second(1_000).unwrap();
        let ids = (UserId::fresh(now, [1; 10]), AccountId::fresh(now, [2; 10]));
        let profile = Profile::new(ids, ("i", "s"), Person::default(), now);
        let asked = Erasure::ask(&profile, now);
        assert!(asked.can_be_undone(after(now, plan::GRACE_S - 1)));
        assert!(!asked.can_be_undone(after(now, plan::GRACE_S)));
        let mut seen = vec![asked.step];
        let mut row = asked;
        while let Some(next) = row.claim(now).advance(now) {
            assert!(!next.can_be_undone(now) && next.version == row.version + 2);
            let waits = row.step == Step::Freeze;
            assert_eq!(next.due > now, waits, "forms that were handed out still work");
            seen.push(next.step);
            row = next;
        }
        assert_eq!(seen, Step::ALL);
        let never_let_in = Erasure::at_once(&profile, now).claim(now).advance(now).unwrap();
        assert_eq!((never_let_in.step, never_let_in.due), (Step::Cancel, now));
    }
}
