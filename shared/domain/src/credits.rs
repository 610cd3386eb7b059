//! Credits: integers in a wallet, moved only by entries whose source key lets each happen once.

use crate::generation::{Generation, Status};
use crate::ids::{AccountId, GenerationId};
use crate::{Timestamp, plan};
use jiff::fmt::serde::timestamp::millisecond::required as ms;
use serde::{Deserialize, Serialize};

/// What an account can spend, what is promised to running work, and what it owes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wallet {
    /// Whose books these are.
    pub account: AccountId,
    /// Credits that can be spent.
    pub available: u64,
    /// Credits promised to generations that have not ended.
    pub held: u64,
    /// Credits that were refunded after they were spent.
    pub debt: u64,
    /// Generations that have not ended.
    pub open: u32,
    /// Entries so far; each commit demands the number it has read.
    pub version: u64,
}

/// Why credits move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Given to a new account.
    FreeGrant,
    /// Promised to a generation.
    Hold,
    /// Spent on a model.
    Capture,
    /// Given back.
    Release,
    /// Bought.
    Purchase,
    /// Taken back: the money went back, or is disputed.
    Clawback,
    /// Given again: a dispute was won, a refund failed.
    GiveBack,
    /// What was left when the account was deleted.
    Expire,
}

/// One movement, as it stays in the books.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The business event behind it; two entries of one source cannot exist.
    pub source: String,
    /// Why.
    pub kind: Kind,
    /// Its number in the account, from 1 without gaps.
    pub sequence: u64,
    /// Change of the available credits.
    pub available: i64,
    /// Change of the held credits.
    pub held: i64,
    /// Change of the debt, which counts against the others.
    #[serde(default)]
    pub debt: i64,
    /// The counterpart (given, sold, consumed, taken back): available + held − debt + outside = 0.
    pub outside: i64,
    /// When.
    #[serde(with = "ms")]
    pub at: Timestamp,
}

/// A wallet after a movement, with the entry that explains it. Written whole or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    /// The wallet as it must be written; its version is one above the one that was read.
    pub wallet: Wallet,
    /// The entry as it must be written.
    pub entry: Entry,
}

/// Which rule forbids a movement.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CreditError {
    /// Not enough to spend.
    #[error("a model costs {price} credit(s) and {available} are available")]
    TooFewCredits {
        /// What it costs.
        price: u64,
        /// What there is.
        available: u64,
    },
    /// Credits were refunded after they were spent.
    #[error(
        "{debt} credit(s) of a refunded or disputed purchase were already spent; the next purchase pays them first"
    )]
    InDebt {
        /// What is owed.
        debt: u64,
    },
    /// Too much at once.
    #[error("{open} models are being made; at most {} at a time", plan::MAX_OPEN_GENERATIONS)]
    TooManyRunning {
        /// Generations that have not ended.
        open: u32,
    },
    /// The books do not bear the movement; a bug, never a person's fault.
    #[error("the wallet holds {held} credits in {open} generations and cannot settle {price}")]
    NothingHeld {
        /// What is held.
        held: u64,
        /// Generations that have not ended.
        open: u32,
        /// What was to be settled.
        price: u64,
    },
}

/// Credits of one movement always fit: prices and grants are small constants of [`plan`].
fn signed(credits: u64) -> i64 {
    i64::try_from(credits).unwrap_or(i64::MAX)
}

/// What one movement changes in a wallet.
#[derive(Debug, Clone, Copy, Default)]
struct Change {
    available: i64,
    held: i64,
    debt: i64,
}

impl Wallet {
    /// A new account's wallet with its free credits; with none for somebody who had them in an account before.
    #[must_use]
    pub fn open(account: AccountId, had_free_credits: bool, now: Timestamp) -> Posting {
        let free = if had_free_credits { 0 } else { plan::FREE_CREDITS };
        let wallet = Self { account, available: free, held: 0, debt: 0, open: 0, version: 0 };
        let change = Change { available: signed(free), ..Change::default() };
        wallet.post("promo#welcome".to_owned(), Kind::FreeGrant, change, now)
    }

    /// Promises `price` to a generation.
    pub fn hold(&self, generation: &GenerationId, price: u64, now: Timestamp) -> Result<Posting, CreditError> {
        if self.open >= plan::MAX_OPEN_GENERATIONS {
            return Err(CreditError::TooManyRunning { open: self.open });
        }
        if self.debt > 0 {
            return Err(CreditError::InDebt { debt: self.debt });
        }
        let too_few = CreditError::TooFewCredits { price, available: self.available };
        let available = self.available.checked_sub(price).ok_or(too_few)?;
        let wallet = Self { available, held: self.held + price, open: self.open + 1, ..self.clone() };
        let change = Change { available: -signed(price), held: signed(price), ..Change::default() };
        Ok(wallet.post(format!("gen#{generation}#hold"), Kind::Hold, change, now))
    }

    /// Settles a generation that has ended: spends what it held if there is a model, else gives it back.
    pub fn settle(&self, ended: &Generation, now: Timestamp) -> Result<Posting, CreditError> {
        match ended.status {
            Status::Succeeded => self.capture(&ended.id, ended.price, now),
            Status::Queued | Status::Running | Status::Failed | Status::Cancelled => {
                self.release(&ended.id, ended.price, now)
            }
        }
    }

    /// Spends what a generation held.
    pub fn capture(&self, generation: &GenerationId, price: u64, now: Timestamp) -> Result<Posting, CreditError> {
        let change = Change { held: -signed(price), ..Change::default() };
        Ok(self.settled(price)?.post(settle_source(generation), Kind::Capture, change, now))
    }

    /// Gives back what a generation held; a debt is paid first.
    pub fn release(&self, generation: &GenerationId, price: u64, now: Timestamp) -> Result<Posting, CreditError> {
        let settled = self.settled(price)?;
        let paid = price.min(settled.debt);
        let added = price - paid;
        let wallet = Self { available: settled.available + added, debt: settled.debt - paid, ..settled };
        let change = Change { available: signed(added), held: -signed(price), debt: -signed(paid) };
        Ok(wallet.post(settle_source(generation), Kind::Release, change, now))
    }

    /// Adds credits that were bought or given again; a debt is paid first.
    #[must_use]
    pub fn grant(&self, source: String, kind: Kind, credits: u64, now: Timestamp) -> Posting {
        let paid = credits.min(self.debt);
        let added = credits - paid;
        let wallet = Self { available: self.available + added, debt: self.debt - paid, ..self.clone() };
        let change = Change { available: signed(added), debt: -signed(paid), ..Change::default() };
        wallet.post(source, kind, change, now)
    }

    /// Takes credits back; what was already spent becomes a debt. What is held stays with its generation.
    #[must_use]
    pub fn claw_back(&self, source: String, credits: u64, now: Timestamp) -> Posting {
        let taken = credits.min(self.available);
        let owed = credits - taken;
        let wallet = Self { available: self.available - taken, debt: self.debt + owed, ..self.clone() };
        let change = Change { available: -signed(taken), debt: signed(owed), ..Change::default() };
        wallet.post(source, Kind::Clawback, change, now)
    }

    /// Closes the books of a deleted account: what is left goes. Nothing left, nothing to write.
    #[must_use]
    pub fn expire(&self, now: Timestamp) -> Option<Posting> {
        if self.available == 0 {
            return None;
        }
        let change = Change { available: -signed(self.available), ..Change::default() };
        let wallet = Self { available: 0, ..self.clone() };
        Some(wallet.post(format!("expire#{}", self.version), Kind::Expire, change, now))
    }

    fn settled(&self, price: u64) -> Result<Self, CreditError> {
        let wrong = CreditError::NothingHeld { held: self.held, open: self.open, price };
        let held = self.held.checked_sub(price).ok_or(wrong.clone())?;
        let open = self.open.checked_sub(1).ok_or(wrong)?;
        Ok(Self { held, open, ..self.clone() })
    }

    fn post(self, source: String, kind: Kind, change: Change, at: Timestamp) -> Posting {
        let version = self.version + 1;
        let Change { available, held, debt } = change;
        let outside = debt - available - held;
        let entry = Entry { source, kind, sequence: version, available, held, debt, outside, at };
        Posting { wallet: Self { version, ..self }, entry }
    }
}

/// Capture and release share one source, so that the key alone forbids both.
fn settle_source(generation: &GenerationId) -> String {
    format!("gen#{generation}#settled")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};

    fn now() -> Timestamp {
        Timestamp::from_second(0).unwrap()
    }

    fn generation(number: u8) -> GenerationId {
        GenerationId::fresh(now(), [number; 10])
    }

    fn new_wallet() -> Posting {
        Wallet::open(AccountId::fresh(now(), [0; 10]), false, now())
    }

    #[test]
    fn an_order_beyond_the_balance_is_refused() {
        let wallet = Wallet { available: 0, ..new_wallet().wallet };
        let refused = wallet.hold(&generation(1), 1, now()).unwrap_err();
        assert_eq!(refused, CreditError::TooFewCredits { price: 1, available: 0 });
    }

    #[test]
    fn a_debt_forbids_new_orders() {
        let wallet = Wallet { debt: 1, ..new_wallet().wallet };
        let refused = wallet.hold(&generation(1), 1, now()).unwrap_err();
        assert_eq!(refused, CreditError::InDebt { debt: 1 });
    }

    #[test]
    fn one_open_generation_too_many_is_refused() {
        let wallet = Wallet { open: plan::MAX_OPEN_GENERATIONS, ..new_wallet().wallet };
        assert_eq!(
            wallet.hold(&generation(1), 1, now()),
            Err(CreditError::TooManyRunning { open: plan::MAX_OPEN_GENERATIONS })
        );
    }

    proptest! {
        #[test]
        fn credits_are_conserved(steps in proptest::collection::vec((0u8..7, 0u8..6), 0..60)) {
            let mut books = vec![new_wallet()];
            let mut sources: BTreeSet<String> = books.iter().map(|p| p.entry.source.clone()).collect();
            let mut held: BTreeMap<u8, u64> = BTreeMap::new();
            for (action, number) in steps {
                let wallet = &books.last().unwrap().wallet;
                let id = generation(number);
                let tried = match action {
                    0 => wallet.hold(&id, 2, now()),
                    1 => wallet.capture(&id, 2, now()),
                    2 => wallet.release(&id, 2, now()),
                    3 => Ok(wallet.grant(format!("pay#{number}#grant"), Kind::Purchase, 7, now())),
                    4 => Ok(wallet.claw_back(format!("pay#{number}#taken"), 7, now())),
                    5 => Ok(wallet.grant(format!("pay#{number}#again"), Kind::GiveBack, 7, now())),
                    _ => match wallet.expire(now()) {
                        Some(posting) => Ok(posting),
                        None => continue,
                    },
                };
                let Ok(posting) = tried else { continue };
                // The table refuses a second entry of one source, and settles only what is held.
                if ((1..3).contains(&action) && !held.contains_key(&number)) || !sources.insert(posting.entry.source.clone()) {
                    continue;
                }
                match action {
                    0 => { held.insert(number, 2); }
                    1 | 2 => { held.remove(&number); }
                    _ => {}
                }
                books.push(posting);
            }
            let last = &books.last().unwrap().wallet;
            let sum = |pick: fn(&Entry) -> i64| books.iter().map(|p| pick(&p.entry)).sum::<i64>();
            prop_assert_eq!(sum(|e| e.available), i64::try_from(last.available).unwrap());
            prop_assert_eq!(sum(|e| e.held), i64::try_from(last.held).unwrap());
            prop_assert_eq!(sum(|e| e.debt), i64::try_from(last.debt).unwrap());
            prop_assert!(last.debt == 0 || last.available == 0, "a debt is paid before anything is available");
            prop_assert_eq!(held.values().sum::<u64>(), last.held);
            prop_assert_eq!(held.len(), usize::try_from(last.open).unwrap());
            for (index, posting) in books.iter().enumerate() {
                let entry = &posting.entry;
                prop_assert_eq!(entry.available + entry.held - entry.debt + entry.outside, 0);
                prop_assert_eq!(entry.sequence, u64::try_from(index + 1).unwrap());
            }
        }
    }
}
