//! Reading the books, and what Stripe knows an account by.

use super::row::{ABSENT, Row};
use super::{Table, row};
use crate::{CloudError, keys};
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes};
use domain::Timestamp;
use domain::credits::Entry;
use domain::ids::{AccountId, UserId};
use domain::patron::{Patron, Subscription};
use domain::payment::Payment;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Tries when other writes keep moving a row.
const TRIES: usize = 10;

#[derive(Serialize, Deserialize)]
struct Begun {
    invoice: String,
}

impl Table {
    /// What a checkout bought, if events have told of it; of one that began a subscription, its first month.
    ///
    /// It reads as often for a checkout that is not there as for one that is: the time must not tell a stranger which.
    pub async fn purchase(&self, checkout: &str) -> Result<Option<Payment>, CloudError> {
        let paid = self.payment(checkout).await?;
        let begun = self.get::<Begun>("read checkout", keys::begun(checkout)).await?;
        let invoice = begun.map_or_else(|| checkout.to_owned(), |begun| begun.invoice);
        let first_month = self.payment(&invoice).await?;
        Ok(paid.or(first_month))
    }

    /// Keeps which invoice a checkout was paid by.
    pub async fn keep_begun(&self, checkout: &str, invoice: &str) -> Result<(), CloudError> {
        let row = Row::new(keys::begun(checkout), Begun { invoice: invoice.to_owned() });
        let put = self.put(&row, ABSENT, &[])?;
        match self.write("keep checkout", put).await {
            // It never changes.
            Ok(()) | Err(CloudError::Raced) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// What Stripe knows an account by.
    pub async fn patron(&self, account: &AccountId) -> Result<Patron, CloudError> {
        let found = self.get("read patron", keys::patron(account)).await?;
        Ok(found.unwrap_or_else(|| Patron::new(account.clone())))
    }

    /// Keeps what was told of a customer or a subscription.
    pub async fn keep_patron(
        &self,
        account: &AccountId,
        customer: Option<&str>,
        subscription: Option<&Subscription>,
    ) -> Result<(), CloudError> {
        self.change_patron(account, |patron| patron.told(customer, subscription)).await
    }

    /// Keeps whom mails about payments go to.
    pub async fn keep_payer(&self, account: &AccountId, user: &UserId) -> Result<(), CloudError> {
        self.change_patron(account, |patron| patron.paid_by(user)).await
    }

    /// Forgets the customer for good.
    pub async fn close_patron(&self, account: &AccountId) -> Result<(), CloudError> {
        self.change_patron(account, Patron::close).await
    }

    async fn change_patron(
        &self,
        account: &AccountId,
        change: impl Fn(&Patron) -> Option<Patron>,
    ) -> Result<(), CloudError> {
        let operation = "keep patron";
        for _ in 0..TRIES {
            let Some(patron) = change(&self.patron(account).await?) else { return Ok(()) };
            let put = self.next(&Row::new(keys::patron(account), &patron), patron.version)?;
            match self.write(operation, put).await {
                Err(CloudError::Raced) => {}
                written => return written,
            }
        }
        Err(CloudError::Busy { operation, code: format!("the row kept moving in {TRIES} tries") })
    }

    /// Closes the wallet of a deleted account: what is left goes.
    pub async fn expire_wallet(&self, account: &AccountId, now: Timestamp) -> Result<(), CloudError> {
        let operation = "expire wallet";
        for _ in 0..TRIES {
            let Some(posting) = self.wallet(account).await?.expire(now) else { return Ok(()) };
            let puts = self.postings(&[posting])?;
            match self.together(operation, puts).await {
                Err(CloudError::Raced) => {}
                written => return written,
            }
        }
        Err(CloudError::Busy { operation, code: format!("the wallet kept moving in {TRIES} tries") })
    }

    /// A page of an account's entries, newest first, of those numbered below `before`. The index lags by a moment.
    pub async fn entries(
        &self,
        account: &AccountId,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<Entry>, CloudError> {
        let operation = "list entries";
        let page = self
            .client
            .query()
            .table_name(&self.name)
            .index_name(keys::INDEX)
            .key_condition_expression("gsi1pk = :books AND gsi1sk < :before")
            .expression_attribute_values(":books", AttributeValue::S(keys::account_pk(account)))
            .expression_attribute_values(
                ":before",
                AttributeValue::S(keys::sequence(before.unwrap_or(999_999_999_999))),
            )
            .scan_index_forward(false)
            .limit(i32::try_from(limit).unwrap_or(100))
            .send()
            .await
            .map_err(|error| CloudError::of(operation, &error))?;
        let place = |item: HashMap<String, AttributeValue>| {
            item.into_iter().filter(|(name, _)| name == "pk" || name == "sk").collect::<HashMap<_, _>>()
        };
        let mut wanted: Vec<_> = page.items.unwrap_or_default().into_iter().map(place).collect();
        let mut found: Vec<Entry> = Vec::new();
        // What could not be read at once is asked for again.
        for _ in 0..TRIES {
            if wanted.is_empty() {
                break;
            }
            let asked = KeysAndAttributes::builder().set_keys(Some(std::mem::take(&mut wanted))).consistent_read(true);
            let asked = asked.build().map_err(|error| CloudError::unreadable(operation, &error))?;
            let answer = self.client.batch_get_item().request_items(&self.name, asked).send().await;
            let answer = answer.map_err(|error| CloudError::of(operation, &error))?;
            for item in answer.responses.and_then(|mut tables| tables.remove(&self.name)).unwrap_or_default() {
                found.push(row::read(operation, item)?);
            }
            let left = answer.unprocessed_keys.and_then(|mut tables| tables.remove(&self.name));
            wanted = left.map(|left| left.keys).unwrap_or_default();
        }
        found.sort_by_key(|entry| std::cmp::Reverse(entry.sequence));
        Ok(found)
    }
}
