//! Uploads and generations being changed: every change fenced by what was read.

use super::row::{ABSENT, Row};
use super::{Slot, Stopped, Table};
use crate::{CloudError, keys};
use aws_sdk_dynamodb::types::{AttributeValue, Put};
use domain::Timestamp;
use domain::credits::Posting;
use domain::generation::Generation;
use domain::ids::{GenerationId, UploadId, UserId};
use domain::upload::{Upload, UploadState};
use domain::webhook::Delivery;

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
        let wish = self.wish_put(order)?;
        let claimed = Upload { state: UploadState::Claimed, ..order.upload.clone() };
        let mut puts = vec![
            wish,
            self.put(&Row::upload(&claimed), "#state = :open", &[(":open", AttributeValue::S("OPEN".to_owned()))])?,
            self.put(&Row::generation(generation), ABSENT, &[])?,
        ];
        puts.extend(self.postings(order.hold.map_or(&[], std::slice::from_ref))?);
        Ok(puts)
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
