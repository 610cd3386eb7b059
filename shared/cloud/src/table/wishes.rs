//! Which `Idempotency-Key` was used for what: one wish is fulfilled once, however often it is sent.

use super::Table;
use super::orders::NewOrder;
use super::row::Row;
use crate::{CloudError, keys};
use aws_sdk_dynamodb::types::{AttributeValue, Put};
use domain::ids::{GenerationId, UploadId, UserId};
use domain::{Timestamp, after, plan};
use jiff::fmt::serde::timestamp::millisecond::required as ms;
use serde::{Deserialize, Serialize};

/// What an `Idempotency-Key` was used for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Idempotency {
    /// SHA-256 of what was asked for, hex.
    pub body_hash: String,
    /// The generation it made; nothing while a call fetches or stores the photo for it.
    pub generation: Option<GenerationId>,
    /// The upload that the photo is to become: names the call that has reserved the key.
    #[serde(default)]
    pub upload: Option<UploadId>,
    /// It is forgotten then.
    #[serde(with = "ms")]
    pub ends: Timestamp,
}

/// A new key, or one that is forgotten.
const FREE: &str = "attribute_not_exists(pk) OR #ttl <= :now";

impl Table {
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

    /// Reserves a key for the call that is making `upload`; [`CloudError::Raced`] if it is not free.
    pub async fn reserve(
        &self,
        user: &UserId,
        wish: &str,
        body_hash: &str,
        upload: &UploadId,
        now: Timestamp,
    ) -> Result<(), CloudError> {
        let ends = after(now, plan::RESERVED_S);
        let (body_hash, upload) = (body_hash.to_owned(), Some(upload.clone()));
        let reserved = Idempotency { body_hash, generation: None, upload, ends };
        let row = Row::new(keys::idempotency(user, wish), reserved).until(ends);
        self.write("reserve idempotency key", self.put(&row, FREE, &[(":now", seconds(now))])?).await
    }

    /// Gives a reserved key back, so that the next try need not wait; it may be another call's by now.
    pub async fn release(&self, user: &UserId, wish: &str, upload: &UploadId) -> Result<(), CloudError> {
        let key = keys::idempotency(user, wish);
        let sent = self
            .client
            .delete_item()
            .table_name(&self.name)
            .key("pk", AttributeValue::S(key.pk))
            .key("sk", AttributeValue::S(key.sk))
            .condition_expression("#upload = :upload AND attribute_type(#generation, :null)")
            .expression_attribute_names("#upload", "upload")
            .expression_attribute_names("#generation", "generation")
            .expression_attribute_values(":upload", AttributeValue::S(upload.to_string()))
            .expression_attribute_values(":null", AttributeValue::S("NULL".to_owned()))
            .send()
            .await;
        match sent.map_err(|error| CloudError::of("release idempotency key", &error)) {
            Ok(_) | Err(CloudError::Raced) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// The key's part of an order: it is new, or reserved by the very call that orders.
    pub(super) fn wish_put(&self, order: &NewOrder<'_>) -> Result<Put, CloudError> {
        let generation = order.generation;
        let now = generation.created;
        let ends = after(now, plan::IDEMPOTENCY_S);
        let body_hash = order.body_hash.clone();
        let fulfilled = Idempotency { body_hash, generation: Some(generation.id.clone()), upload: None, ends };
        let row = Row::new(keys::idempotency(&generation.user, order.wish), fulfilled).until(ends);
        let upload = AttributeValue::S(order.upload.upload.to_string());
        let condition = format!("{FREE} OR #upload = :upload");
        self.put(&row, &condition, &[(":now", seconds(now)), (":upload", upload)])
    }
}

fn seconds(at: Timestamp) -> AttributeValue {
    AttributeValue::N(at.as_second().to_string())
}
