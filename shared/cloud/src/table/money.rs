//! Stripe's events, purchases and their money: an event and its effect are one transaction.

use super::row::{ABSENT, Row};
use super::{Slot, Stopped, Table};
use crate::{CloudError, keys};
use aws_sdk_dynamodb::types::{AttributeValue, Put};
use domain::Timestamp;
use domain::payment::{Change, Charge, Fact, Known, Payment};
use jiff::fmt::serde::timestamp::millisecond::required as ms;
use serde::{Deserialize, Serialize};

/// An event of Stripe that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StripeEvent {
    /// Stripe's id.
    pub id: String,
    /// Its type.
    pub kind: String,
    /// When Stripe made it, in seconds since 1970.
    pub created: i64,
    /// Whether its effect is in the books.
    pub status: EventStatus,
    /// What keeps it open.
    pub why: Option<String>,
    /// When it was taken.
    #[serde(with = "ms")]
    pub at: Timestamp,
}

/// Whether an event's effect is in the books.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventStatus {
    /// It is.
    Applied,
    /// Somebody must look at it.
    Open,
}

/// Why an event was not applied now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventRace {
    /// It is applied already.
    Known,
    /// What was read has changed: decide again.
    Moved,
    /// Another error.
    Cloud(CloudError),
}

impl Table {
    /// An event, if it was taken.
    pub async fn stripe_event(&self, id: &str) -> Result<Option<StripeEvent>, CloudError> {
        self.get("read event", keys::stripe_event(id)).await
    }

    /// What is known of whatever a fact is about.
    pub async fn known(&self, fact: &Fact) -> Result<Known, CloudError> {
        let mut payment = match fact.payment() {
            Some(id) => self.payment(id).await?,
            None => None,
        };
        let intent = fact.intent().or(payment.as_ref().and_then(|payment| payment.intent.as_deref()));
        let charge: Option<Charge> = match intent {
            Some(intent) => self.get("read charge", keys::charge(intent)).await?,
            None => None,
        };
        if payment.is_none()
            && let Some(id) = charge.as_ref().and_then(|charge| charge.payment.as_deref())
        {
            payment = self.payment(id).await?;
        }
        Ok(Known { payment, charge })
    }

    pub(super) async fn payment(&self, id: &str) -> Result<Option<Payment>, CloudError> {
        self.get("read payment", keys::payment(id)).await
    }

    /// Keeps an event that changes nothing else. [`CloudError::Raced`] if it is applied already.
    pub async fn keep_event(&self, event: &StripeEvent) -> Result<(), CloudError> {
        let put = self.event_put(event)?;
        self.write("keep event", put).await
    }

    /// Writes an event and what it changes, all or nothing.
    pub async fn apply(&self, event: &StripeEvent, change: &Change) -> Result<(), EventRace> {
        let puts = self.event_puts(event, change).map_err(EventRace::Cloud)?;
        match self.transact("apply event", puts).await {
            Ok(()) => Ok(()),
            Err(Stopped::Slots(slots)) if slots.first() == Some(&Slot::Condition) => Err(EventRace::Known),
            Err(Stopped::Slots(_)) => Err(EventRace::Moved),
            Err(Stopped::Cloud(error)) => Err(EventRace::Cloud(error)),
        }
    }

    fn event_put(&self, event: &StripeEvent) -> Result<Put, CloudError> {
        let open = [(":open", AttributeValue::S("open".to_owned()))];
        self.put(&Row::stripe_event(event), "attribute_not_exists(pk) OR #status = :open", &open)
    }

    fn event_puts(&self, event: &StripeEvent, change: &Change) -> Result<Vec<Put>, CloudError> {
        let mut puts = vec![self.event_put(event)?];
        if let Some(payment) = &change.payment {
            puts.push(self.next(&Row::new(keys::payment(&payment.id), payment), payment.version)?);
        }
        if let Some(charge) = &change.charge {
            puts.push(self.next(&Row::new(keys::charge(&charge.intent), charge), charge.version)?);
        }
        puts.extend(self.postings(&change.postings)?);
        Ok(puts)
    }

    /// A row at its next version: it must be at the one before, or, for the first, not be there.
    pub(super) fn next<T: Serialize>(&self, row: &Row<T>, version: u64) -> Result<Put, CloudError> {
        if version == 1 {
            return self.put(row, ABSENT, &[]);
        }
        self.put(row, "#version = :read", &[(":read", AttributeValue::N((version - 1).to_string()))])
    }
}
