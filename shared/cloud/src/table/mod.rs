//! The one table: a method per access pattern, every write with its condition.

mod books;
mod money;
mod orders;
mod people;
mod row;

pub use money::{EventRace, EventStatus, StripeEvent};
pub use orders::{Idempotency, NewOrder, OrderRace};
pub use people::Profile;

use crate::CloudError;
use crate::keys::Key;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem};
use domain::credits::{Posting, Wallet};
use domain::ids::AccountId;
use row::Row;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The table.
pub struct Table {
    client: Client,
    name: String,
}

/// Why one item of a transaction was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slot {
    /// It would have been written.
    Fine,
    /// Its condition does not hold.
    Condition,
    /// Another transaction holds it.
    Conflict,
}

/// Why a transaction was not written.
enum Stopped {
    /// Reasons in the order of the items.
    Slots(Vec<Slot>),
    /// Another error.
    Cloud(CloudError),
}

impl Table {
    pub(crate) fn new(client: Client, name: String) -> Self {
        Self { client, name }
    }

    async fn get<T: DeserializeOwned>(&self, operation: &'static str, key: Key) -> Result<Option<T>, CloudError> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.name)
            .key("pk", AttributeValue::S(key.pk))
            .key("sk", AttributeValue::S(key.sk))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| CloudError::of(operation, &error))?;
        answer.item.map(|item| row::read(operation, item)).transpose()
    }

    /// A write that demands `condition` of the row it replaces; `values` fill the condition.
    fn put<T: Serialize>(
        &self,
        row: &Row<T>,
        condition: &str,
        values: &[(&str, AttributeValue)],
    ) -> Result<Put, CloudError> {
        let mut put =
            Put::builder().table_name(&self.name).set_item(Some(row::write(row)?)).condition_expression(condition);
        for name in ["status", "claim", "version", "state", "ttl"] {
            if condition.contains(&format!("#{name}")) {
                put = put.expression_attribute_names(format!("#{name}"), name);
            }
        }
        for (name, value) in values {
            put = put.expression_attribute_values(*name, value.clone());
        }
        put.build().map_err(|error| CloudError::unreadable("build put", &error))
    }

    /// Writes one row under its condition.
    async fn write(&self, operation: &'static str, put: Put) -> Result<(), CloudError> {
        self.client
            .put_item()
            .table_name(put.table_name)
            .set_item(Some(put.item))
            .set_condition_expression(put.condition_expression)
            .set_expression_attribute_names(put.expression_attribute_names)
            .set_expression_attribute_values(put.expression_attribute_values)
            .send()
            .await
            .map(|_| ())
            .map_err(|error| CloudError::of(operation, &error))
    }

    /// Writes all rows or none.
    async fn transact(&self, operation: &'static str, puts: Vec<Put>) -> Result<(), Stopped> {
        let items = puts.into_iter().map(|put| TransactWriteItem::builder().put(put).build()).collect();
        let Err(error) = self.client.transact_write_items().set_transact_items(Some(items)).send().await else {
            return Ok(());
        };
        if let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) = error.as_service_error() {
            let slots = cancelled.cancellation_reasons().iter().map(|reason| match reason.code() {
                Some("ConditionalCheckFailed") => Slot::Condition,
                None | Some("None") => Slot::Fine,
                Some(_) => Slot::Conflict,
            });
            return Err(Stopped::Slots(slots.collect()));
        }
        Err(Stopped::Cloud(CloudError::of(operation, &error)))
    }

    /// The rows of movements that follow each other: the last wallet, fenced by the first one's version, and all entries.
    fn postings(&self, postings: &[Posting]) -> Result<Vec<Put>, CloudError> {
        let (Some(first), Some(last)) = (postings.first(), postings.last()) else { return Ok(Vec::new()) };
        let read = AttributeValue::N((first.wallet.version - 1).to_string());
        let mut puts = vec![self.put(&Row::wallet(&last.wallet), "#version = :read", &[(":read", read)])?];
        for posting in postings {
            let entry = Row::entry(&posting.wallet.account, &posting.entry);
            puts.push(self.put(&entry, "attribute_not_exists(pk)", &[])?);
        }
        Ok(puts)
    }

    /// The wallet of an account.
    pub async fn wallet(&self, account: &AccountId) -> Result<Wallet, CloudError> {
        let wallet = self.get("read wallet", crate::keys::wallet(account)).await?;
        wallet.ok_or(CloudError::Gone { operation: "read wallet" })
    }
}
