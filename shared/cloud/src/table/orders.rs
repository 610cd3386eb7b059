//! Uploads and generations: every change fenced by what was read.

use super::row::{ABSENT, Row};
use super::{Slot, Stopped, Table, row};
use crate::{CloudError, keys};
use aws_sdk_dynamodb::types::{AttributeValue, Put};
use domain::credits::Posting;
use domain::generation::Generation;
use domain::ids::{GenerationId, UploadId, UserId};
use domain::upload::{Upload, UploadState};
use domain::webhook::Delivery;
use domain::{Timestamp, after, plan};
use jiff::fmt::serde::timestamp::millisecond::required as ms;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// What an `Idempotency-Key` was used for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Idempotency {
    /// SHA-256 of the request's body, hex.
    pub body_hash: String,
    /// The generation it made.
    pub generation: GenerationId,
    /// It is forgotten then.
    #[serde(with = "ms")]
    pub ends: Timestamp,
}

/// Everything that opening a generation writes, in one transaction.
pub struct NewOrder<'a> {
    /// The caller's `Idempotency-Key`.
    pub wish: &'a str,
    /// SHA-256 of the request's body, hex.
    pub body_hash: String,
    /// The upload that becomes claimed.
    pub upload: &'a Upload,
    /// The generation to open.
    pub generation: &'a Generation,
    /// The credits it holds; nothing for a test.
    pub hold: Option<&'a Posting>,
}

/// Which of an order's conditions another write has broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrderRace {
    /// The key was used: read it again.
    Wish,
    /// Another generation claimed the upload.
    Upload,
    /// The wallet moved, or a conflict: decide again.
    Wallet,
    /// Another error.
    Cloud(CloudError),
}

/// Tries when other writes keep moving a wallet.
const TRIES: usize = 10;

impl Table {
    /// Remembers that an upload form was handed out.
    pub async fn open_upload(&self, upload: &Upload) -> Result<(), CloudError> {
        let put = self.put(&Row::upload(upload), ABSENT, &[])?;
        self.write("open upload", put).await
    }

    /// An upload of a person.
    pub async fn upload(&self, user: &UserId, upload: &UploadId) -> Result<Option<Upload>, CloudError> {
        self.get("read upload", keys::upload(user, upload)).await
    }

    /// What a key was used for, if it is still remembered.
    pub async fn idempotency(
        &self,
        user: &UserId,
        wish: &str,
        now: Timestamp,
    ) -> Result<Option<Idempotency>, CloudError> {
        let found: Option<Idempotency> = self.get("read idempotency key", keys::idempotency(user, wish)).await?;
        Ok(found.filter(|row| row.ends > now))
    }

    /// Opens a generation: key, upload, generation, wallet and entry, all or nothing.
    pub async fn open_generation(&self, order: &NewOrder<'_>) -> Result<(), OrderRace> {
        let puts = self.order_puts(order).map_err(OrderRace::Cloud)?;
        match self.transact("open generation", puts).await {
            Ok(()) => Ok(()),
            Err(Stopped::Slots(slots)) => Err(match slots.as_slice() {
                [Slot::Condition, ..] => OrderRace::Wish,
                [_, Slot::Condition, ..] => OrderRace::Upload,
                _ => OrderRace::Wallet,
            }),
            Err(Stopped::Cloud(error)) => Err(OrderRace::Cloud(error)),
        }
    }

    fn order_puts(&self, order: &NewOrder<'_>) -> Result<Vec<Put>, CloudError> {
        let generation = order.generation;
        let now = generation.created;
        let ends = after(now, plan::IDEMPOTENCY_S);
        let wish = Idempotency { body_hash: order.body_hash.clone(), generation: generation.id.clone(), ends };
        let wish_row = Row::new(keys::idempotency(&generation.user, order.wish), wish).until(ends);
        let claimed = Upload { state: UploadState::Claimed, ..order.upload.clone() };
        let forgotten = [(":now", AttributeValue::N(now.as_second().to_string()))];
        let mut puts = vec![
            self.put(&wish_row, "attribute_not_exists(pk) OR #ttl <= :now", &forgotten)?,
            self.put(&Row::upload(&claimed), "#state = :open", &[(":open", AttributeValue::S("OPEN".to_owned()))])?,
            self.put(&Row::generation(generation), ABSENT, &[])?,
        ];
        puts.extend(self.postings(order.hold.map_or(&[], std::slice::from_ref))?);
        Ok(puts)
    }

    /// A generation of a person, unless it was deleted.
    pub async fn generation(&self, user: &UserId, id: &GenerationId) -> Result<Option<Generation>, CloudError> {
        self.get("read generation", keys::generation(user, id)).await
    }

    /// A page of a person's generations or only of their tests, newest first, that begins after `cursor`; the last item's
    /// id is the next cursor if the page is full.
    pub async fn generations(
        &self,
        user: &UserId,
        cursor: Option<&GenerationId>,
        limit: usize,
        only_tests: bool,
    ) -> Result<Vec<Generation>, CloudError> {
        let mut found: Vec<Generation> = Vec::new();
        let place = |id: &GenerationId| {
            let key = keys::generation(user, id);
            HashMap::from([("pk".to_owned(), AttributeValue::S(key.pk)), ("sk".to_owned(), AttributeValue::S(key.sk))])
        };
        let mut start = cursor.map(place);
        loop {
            let page = self
                .client
                .query()
                .table_name(&self.name)
                .key_condition_expression("pk = :pk AND begins_with(sk, :kind)")
                .filter_expression("attribute_type(deleted, :null)")
                .expression_attribute_values(":pk", AttributeValue::S(keys::profile(user).pk))
                .expression_attribute_values(":kind", AttributeValue::S(keys::GENERATION.to_owned()))
                .expression_attribute_values(":null", AttributeValue::S("NULL".to_owned()))
                .set_exclusive_start_key(start)
                .scan_index_forward(false)
                .consistent_read(true)
                .limit(100)
                .send()
                .await
                .map_err(|error| CloudError::of("list generations", &error))?;
            for item in page.items.unwrap_or_default() {
                let one: Generation = row::read("list generations", item)?;
                if one.test || !only_tests {
                    found.push(one);
                }
                if found.len() == limit {
                    return Ok(found);
                }
            }
            start = page.last_evaluated_key;
            if start.is_none() {
                return Ok(found);
            }
        }
    }

    /// Writes a generation's next state, if `before` still stands; else [`CloudError::Raced`].
    pub async fn change_generation(&self, before: &Generation, next: &Generation) -> Result<(), CloudError> {
        let put = self.fenced(before, next)?;
        self.write("change generation", put).await
    }

    /// Ends a generation, moves its credits, and writes what webhooks are to be told of it; all or nothing, so that nothing is
    /// told that did not happen and nothing that happened is forgotten. [`CloudError::Raced`] if `before` no longer stands.
    pub async fn end_generation(&self, before: &Generation, ended: &Generation) -> Result<Vec<Delivery>, CloudError> {
        let operation = "end generation";
        for _ in 0..TRIES {
            let (deliveries, told) = self.follows(ended).await?;
            let mut puts = vec![self.fenced(before, ended)?];
            let mut entry = None;
            if !before.test {
                let wallet = self.wallet(&before.account).await?;
                let posting =
                    wallet.settle(ended, ended.updated).map_err(|error| CloudError::unreadable(operation, &error))?;
                puts.extend(self.postings(&[posting])?);
                entry = Some(puts.len() - 1);
            }
            puts.extend(told);
            match self.transact(operation, puts).await {
                Ok(()) => return Ok(deliveries),
                Err(Stopped::Slots(slots)) => {
                    // The entry is there already: it ended before.
                    let settled = entry.is_some_and(|place| slots.get(place) == Some(&Slot::Condition));
                    if settled || slots.first() == Some(&Slot::Condition) {
                        return Err(CloudError::Raced);
                    }
                    // Only the wallet moved, or another transaction held a row: read it again.
                }
                Err(Stopped::Cloud(error)) => return Err(error),
            }
        }
        Err(CloudError::Busy { operation, code: format!("the wallet kept moving in {TRIES} tries") })
    }

    fn fenced(&self, before: &Generation, next: &Generation) -> Result<Put, CloudError> {
        let read = [
            (":status", AttributeValue::S(before.status.word().to_owned())),
            (":claim", AttributeValue::N(before.claim.to_string())),
        ];
        self.put(&Row::generation(next), "#status = :status AND #claim = :claim", &read)
    }

    /// Open generations whose time has come, earliest first, at most 100, and tests at most 100.
    pub async fn due_generations(&self, now: Timestamp) -> Result<Vec<(UserId, GenerationId)>, CloudError> {
        let mut rows = self.index_until("list due generations", keys::OPEN, now).await?;
        rows.extend(self.index_until("list due tests", keys::OPEN_TESTS, now).await?);
        Ok(rows.iter().filter_map(|(pk, sk)| keys::read_generation(pk, sk)).collect())
    }

    /// Forgets that there was an upload, whoever uses it.
    pub async fn end_upload(&self, user: &UserId, upload: &UploadId) -> Result<(), CloudError> {
        self.forget("end upload", keys::upload(user, upload)).await
    }

    /// Takes an upload out of reach before its photo goes. [`CloudError::Raced`] if a generation claimed it meanwhile.
    pub async fn forget_upload(&self, upload: &Upload) -> Result<(), CloudError> {
        let forgotten = Upload { state: UploadState::Forgotten, ..upload.clone() };
        let claimed = [(":claimed", AttributeValue::S("CLAIMED".to_owned()))];
        let put = self.put(&Row::upload(&forgotten), "attribute_exists(pk) AND #state <> :claimed", &claimed)?;
        self.write("forget upload", put).await
    }
}
