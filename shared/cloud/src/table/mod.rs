//! The one table: a method per access pattern, every write with its condition.

mod api_keys;
mod books;
mod due;
mod fleet;
mod generations;
mod limits;
mod mails;
mod money;
mod orders;
mod people;
mod privacy;
mod row;
mod sessions;
mod shares;
mod webhooks;
mod wishes;

pub use due::{Due, Waiting};
pub use generations::Listing;
pub use money::{EventRace, EventStatus, StripeEvent};
pub use orders::{NewOrder, OrderRace};
pub use people::Visit;
pub use wishes::Idempotency;

use crate::CloudError;
use crate::keys::Key;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{AttributeValue, Delete, Put, TransactWriteItem};
use domain::credits::{Posting, Wallet};
use domain::ids::AccountId;
use row::{ABSENT, Row, text};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::HashMap;

/// The table.
pub struct Table {
    client: Client,
    name: String,
}

/// What to read of a partition.
struct Asked<'a> {
    pk: String,
    /// How the sort keys begin.
    kind: &'a str,
    after: Option<Key>,
    newest_first: bool,
    limit: i32,
}

/// Rows as they are stored, and where the next page begins.
struct Page {
    items: Vec<HashMap<String, AttributeValue>>,
    next: Option<Key>,
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

/// Where no slot needs a name: whatever was refused has moved.
impl From<Stopped> for CloudError {
    fn from(stopped: Stopped) -> Self {
        match stopped {
            Stopped::Slots(_) => Self::Raced,
            Stopped::Cloud(error) => error,
        }
    }
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
        for name in ["status", "claim", "version", "state", "ttl", "turn", "upload"] {
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
        self.replace(operation, puts, None).await
    }

    /// Writes all rows and deletes one, or does nothing.
    async fn replace(&self, operation: &'static str, puts: Vec<Put>, delete: Option<Delete>) -> Result<(), Stopped> {
        let puts = puts.into_iter().map(|put| TransactWriteItem::builder().put(put).build());
        let deletes = delete.into_iter().map(|delete| TransactWriteItem::builder().delete(delete).build());
        let items = puts.chain(deletes).collect();
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

    /// A deletion that demands `version` of the row.
    fn delete(&self, key: Key, version: u64) -> Result<Delete, CloudError> {
        Delete::builder()
            .table_name(&self.name)
            .key("pk", AttributeValue::S(key.pk))
            .key("sk", AttributeValue::S(key.sk))
            .condition_expression("#version = :read")
            .expression_attribute_names("#version", "version")
            .expression_attribute_values(":read", AttributeValue::N(version.to_string()))
            .build()
            .map_err(|error| CloudError::unreadable("build deletion", &error))
    }

    /// Deletes a row; it may be gone already.
    async fn forget(&self, operation: &'static str, key: Key) -> Result<(), CloudError> {
        self.client
            .delete_item()
            .table_name(&self.name)
            .key("pk", AttributeValue::S(key.pk))
            .key("sk", AttributeValue::S(key.sk))
            .send()
            .await
            .map(|_| ())
            .map_err(|error| CloudError::of(operation, &error))
    }

    /// One page of the rows of a partition whose sort key begins so, as they are stored.
    async fn page(&self, operation: &'static str, asked: &Asked<'_>) -> Result<Page, CloudError> {
        let start = asked.after.clone().map(|key| {
            HashMap::from([("pk".to_owned(), AttributeValue::S(key.pk)), ("sk".to_owned(), AttributeValue::S(key.sk))])
        });
        let query = self.client.query().table_name(&self.name);
        // A key can neither be empty nor begin with nothing.
        let query = if asked.kind.is_empty() {
            query.key_condition_expression("pk = :pk")
        } else {
            query
                .key_condition_expression("pk = :pk AND begins_with(sk, :kind)")
                .expression_attribute_values(":kind", AttributeValue::S(asked.kind.to_owned()))
        };
        let page = query
            .expression_attribute_values(":pk", AttributeValue::S(asked.pk.clone()))
            .set_exclusive_start_key(start)
            .scan_index_forward(!asked.newest_first)
            .consistent_read(true)
            .limit(asked.limit)
            .send()
            .await
            .map_err(|error| CloudError::of(operation, &error))?;
        let next = page.last_evaluated_key.map(|key| Key { pk: text(&key, "pk"), sk: text(&key, "sk") });
        Ok(Page { items: page.items.unwrap_or_default(), next })
    }

    /// All rows of a partition whose sort key begins so; for kinds of which nobody has many.
    async fn all<T: DeserializeOwned>(
        &self,
        operation: &'static str,
        pk: String,
        kind: &str,
    ) -> Result<Vec<T>, CloudError> {
        let mut asked = Asked { pk, kind, after: None, newest_first: true, limit: 1000 };
        let mut found = Vec::new();
        loop {
            let page = self.page(operation, &asked).await?;
            for item in page.items {
                found.push(row::read(operation, item)?);
            }
            if page.next.is_none() {
                return Ok(found);
            }
            asked.after = page.next;
        }
    }

    /// The rows of movements that follow each other: the last wallet, fenced by the first one's version, and all entries.
    fn postings(&self, postings: &[Posting]) -> Result<Vec<Put>, CloudError> {
        let (Some(first), Some(last)) = (postings.first(), postings.last()) else { return Ok(Vec::new()) };
        let read = AttributeValue::N((first.wallet.version - 1).to_string());
        let mut puts = vec![self.put(&Row::wallet(&last.wallet), "#version = :read", &[(":read", read)])?];
        for posting in postings {
            let entry = Row::entry(&posting.wallet.account, &posting.entry);
            puts.push(self.put(&entry, ABSENT, &[])?);
        }
        Ok(puts)
    }

    /// The wallet of an account.
    pub async fn wallet(&self, account: &AccountId) -> Result<Wallet, CloudError> {
        let wallet = self.get("read wallet", crate::keys::wallet(account)).await?;
        wallet.ok_or(CloudError::Gone { operation: "read wallet" })
    }
}
