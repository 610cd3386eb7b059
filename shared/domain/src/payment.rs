//! Purchases: what is known of a payment, whatever order it is told in, and the credits that follow from it.
//!
//! Stripe tells things twice, late, and in any order. So nothing here depends on order: each fact only ever grows what is
//! known ([`Payment`] of a purchase, [`Charge`] of its money), and the credits of a purchase are a function of what is
//! known. What the books have given so far is then moved to that, by entries.

use crate::Timestamp;
use crate::credits::{Kind, Posting, Wallet};
use crate::ids::AccountId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a purchase has come to. A later one replaces an earlier one, never the other way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Only what it was paid by is known. Of an invoice that is none of ours it stays so.
    Untold,
    /// The money is on its way.
    Pending,
    /// Nobody paid in time.
    Expired,
    /// The money did not come.
    Failed,
    /// The money is there.
    Paid,
}

/// Money in the smallest unit of its currency.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// Cents, pence, yen.
    pub minor: u64,
    /// ISO 4217, as Stripe writes it: `eur`.
    pub currency: String,
}

/// A purchase: one checkout, or one invoice of a subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// Stripe's id of the checkout session or the invoice.
    pub id: String,
    /// Whose it is, once that is told.
    pub account: Option<AccountId>,
    /// What was bought: `product@version`.
    pub product: String,
    /// What it is worth in credits.
    pub credits: u64,
    /// What was paid, taxes included.
    pub paid: Money,
    /// What it has come to.
    pub outcome: Outcome,
    /// Stripe's id of the payment, once it is known.
    pub intent: Option<String>,
    /// Whether its credits were ever given.
    pub granted: bool,
    /// Of its credits, how many the books have taken back by now.
    pub taken: u64,
    /// Changes so far; each write demands the number it has read.
    pub version: u64,
}

impl Payment {
    /// One of which nothing was told yet.
    fn untold(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            account: None,
            product: String::new(),
            credits: 0,
            paid: Money::default(),
            outcome: Outcome::Untold,
            intent: None,
            granted: false,
            taken: 0,
            version: 0,
        }
    }
}

/// The money of a payment: it may be known before the purchase is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    /// Stripe's id of the payment.
    pub intent: String,
    /// The purchase that it paid, once that is known.
    pub payment: Option<String>,
    /// What was paid back in all, in the smallest unit.
    pub refunded: u64,
    /// Disputes by their ids.
    pub disputes: BTreeMap<String, Dispute>,
    /// Changes so far.
    pub version: u64,
}

/// How a dispute stands; closed is for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dispute {
    /// The bank has taken the money for now.
    Open,
    /// It came back.
    Won,
    /// It is gone.
    Lost,
}

/// One thing that Stripe told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// A purchase, and what it has come to.
    Purchase {
        /// Stripe's id of the checkout session or the invoice.
        id: String,
        /// Whose it is.
        account: AccountId,
        /// `product@version`.
        product: String,
        /// What it is worth.
        credits: u64,
        /// What was paid.
        paid: Money,
        /// What it has come to.
        outcome: Outcome,
        /// Stripe's id of the payment, if it is told.
        intent: Option<String>,
    },
    /// Which payment an invoice was paid by.
    Link {
        /// The invoice.
        id: String,
        /// The payment.
        intent: String,
    },
    /// Money went back.
    Refund {
        /// The payment.
        intent: String,
        /// What went back in all so far.
        refunded: u64,
    },
    /// A dispute was opened or closed.
    Dispute {
        /// The payment.
        intent: String,
        /// The dispute.
        id: String,
        /// How it stands.
        state: Dispute,
    },
}

/// What must be read before a fact can be judged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// The purchase.
    pub payment: Option<Payment>,
    /// Its money.
    pub charge: Option<Charge>,
}

/// What must be written, whole or not at all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// The purchase, one version on.
    pub payment: Option<Payment>,
    /// Its money, one version on.
    pub charge: Option<Charge>,
    /// The credits, each entry on the wallet of the one before.
    pub postings: Vec<Posting>,
}

impl Fact {
    /// The payment that it names.
    #[must_use]
    pub fn intent(&self) -> Option<&str> {
        match self {
            Self::Purchase { intent, .. } => intent.as_deref(),
            Self::Link { intent, .. } | Self::Refund { intent, .. } | Self::Dispute { intent, .. } => Some(intent),
        }
    }

    /// The purchase that it names.
    #[must_use]
    pub fn payment(&self) -> Option<&str> {
        match self {
            Self::Purchase { id, .. } | Self::Link { id, .. } => Some(id),
            Self::Refund { .. } | Self::Dispute { .. } => None,
        }
    }

    /// What is known with this fact.
    #[must_use]
    pub fn added_to(&self, known: &Known) -> Known {
        let Known { mut payment, mut charge } = known.clone();
        if let Some(id) = self.payment() {
            // An invoice's payment may be told before the invoice, which then finds it here.
            let told = payment.get_or_insert_with(|| Payment::untold(id));
            told.intent = told.intent.take().or_else(|| self.intent().map(ToOwned::to_owned));
            if let Self::Purchase { account, product, credits, paid, outcome, .. } = self
                && *outcome > told.outcome
            {
                told.account = Some(account.clone());
                told.product.clone_from(product);
                told.credits = *credits;
                // The amount of what was paid counts, not of what was asked for.
                told.paid = paid.clone();
                told.outcome = *outcome;
            }
        }
        if let Some(intent) = self.intent() {
            let charge = charge.get_or_insert_with(|| Charge {
                intent: intent.to_owned(),
                payment: None,
                refunded: 0,
                disputes: BTreeMap::new(),
                version: 0,
            });
            if let Some(id) = self.payment() {
                charge.payment.get_or_insert_with(|| id.to_owned());
            }
            match self {
                Self::Refund { refunded, .. } => charge.refunded = charge.refunded.max(*refunded),
                Self::Dispute { id, state, .. } => {
                    let known = charge.disputes.entry(id.clone()).or_insert(*state);
                    *known = (*known).max(*state);
                }
                Self::Purchase { .. } | Self::Link { .. } => {}
            }
        }
        Known { payment, charge }
    }
}

impl Known {
    /// What a fact changes, in the books too. `wallet` is the account's, if it is known or told.
    #[must_use]
    pub fn with(&self, fact: &Fact, wallet: Option<&Wallet>, now: Timestamp) -> Change {
        let Self { mut payment, mut charge } = fact.added_to(self);
        let mut postings = Vec::new();
        if let (Some(payment), Some(wallet)) = (&mut payment, wallet) {
            postings = settle(payment, charge.as_ref(), wallet, now);
        }
        if postings.is_empty() && (&self.payment, &self.charge) == (&payment, &charge) {
            return Change::default();
        }
        // Both are written even if one stays as it was: what was decided holds only for both as they were read.
        if let Some(payment) = &mut payment {
            payment.version += 1;
        }
        if let Some(charge) = &mut charge {
            charge.version += 1;
        }
        Change { payment, charge, postings }
    }
}

/// Moves the books to what the purchase is worth now.
fn settle(payment: &mut Payment, charge: Option<&Charge>, wallet: &Wallet, now: Timestamp) -> Vec<Posting> {
    let mut postings: Vec<Posting> = Vec::new();
    if payment.outcome != Outcome::Paid {
        return postings;
    }
    let id = &payment.id;
    if !payment.granted {
        payment.granted = true;
        postings.push(wallet.grant(format!("pay#{id}#grant"), Kind::Purchase, payment.credits, now));
    }
    let gone = gone(payment, charge);
    let wallet = postings.last().map_or(wallet, |posting| &posting.wallet);
    // Each is the only one of its purchase's version, which the write demands.
    let source = format!("pay#{id}#{}", payment.version + 1);
    if gone > payment.taken {
        postings.push(wallet.claw_back(source, gone - payment.taken, now));
    } else if gone < payment.taken {
        postings.push(wallet.grant(source, Kind::GiveBack, payment.taken - gone, now));
    }
    payment.taken = gone;
    postings
}

/// Of a purchase's credits, how many its buyer has no right to any more: all while the money is disputed or lost,
/// otherwise as large a share as was paid back, rounded up.
fn gone(payment: &Payment, charge: Option<&Charge>) -> u64 {
    let Some(charge) = charge else { return 0 };
    if charge.disputes.values().any(|state| *state != Dispute::Won) {
        return payment.credits;
    }
    let [credits, refunded, paid] = [payment.credits, charge.refunded, payment.paid.minor].map(u128::from);
    if refunded == 0 {
        return 0;
    }
    let share = if paid == 0 { credits } else { (credits * refunded).div_ceil(paid) };
    u64::try_from(share).unwrap_or(u64::MAX).min(payment.credits)
}

#[cfg(test)]
mod tests;
