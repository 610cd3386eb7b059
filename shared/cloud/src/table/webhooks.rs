//! Webhooks out: one row with all endpoints of a person, and a row for each delivery.

use super::row::{ABSENT, Row};
use super::{Asked, Table, Visit, row};
use crate::CloudError;
use crate::keys::{self, Key};
use aws_sdk_dynamodb::types::Put;
use domain::generation::Generation;
use domain::ids::{EventId, UserId, WebhookId};
use domain::mail::Occasion;
use domain::webhook::{Delivery, Hooks, Kind};
use domain::{Timestamp, after, plan};

impl<'a> Row<&'a Delivery> {
    fn delivery(delivery: &'a Delivery) -> Self {
        let row = Self::new(keys::delivery(&delivery.user, &delivery.webhook, &delivery.event), delivery);
        let row = row.until(after(delivery.created, plan::WEBHOOK_DELIVERY_S));
        match delivery.due {
            Some(due) => row.due(keys::DUE_WEBHOOK, due, delivery.event.as_str()),
            None => row,
        }
    }
}

impl Table {
    /// All endpoints of a person.
    pub async fn hooks(&self, user: &UserId) -> Result<Hooks, CloudError> {
        let found = self.get("read webhooks", keys::hooks(user)).await?;
        Ok(found.unwrap_or_else(|| Hooks::none(user.clone())))
    }

    /// Writes the endpoints at their next version, by the person's wish.
    pub async fn change_hooks(&self, hooks: &Hooks, visit: &Visit) -> Result<(), CloudError> {
        let puts = vec![self.hooks_put(hooks)?, self.visit_put(&hooks.user, visit)?];
        self.together("change webhooks", puts).await
    }

    /// Writes the endpoints at their next version, after what an attempt has shown; with the mail that one is switched off.
    pub async fn learn_of_hooks(
        &self,
        hooks: &Hooks,
        off: Option<(Occasion, &WebhookId)>,
        now: Timestamp,
    ) -> Result<(), CloudError> {
        let mut puts = vec![self.hooks_put(hooks)?];
        if let Some((occasion, webhook)) = off {
            let about = format!("{webhook}#{}", now.as_millisecond());
            puts.push(self.mail_put(&hooks.user, occasion, &about, now)?);
        }
        self.together("learn of webhooks", puts).await
    }

    fn hooks_put(&self, hooks: &Hooks) -> Result<Put, CloudError> {
        self.next(&Row::new(keys::hooks(&hooks.user), hooks), hooks.version)
    }

    /// Deliveries that follow from the end of a generation, and how they are written beside it.
    pub(super) async fn follows(&self, ended: &Generation) -> Result<(Vec<Delivery>, Vec<Put>), CloudError> {
        let Some(kind) = Kind::of(ended.status) else { return Ok((Vec::new(), Vec::new())) };
        let hooks = self.hooks(&ended.user).await?;
        let deliveries: Vec<_> = hooks.wanting(kind).filter_map(|endpoint| Delivery::of(ended, endpoint)).collect();
        let puts = deliveries.iter().map(|delivery| self.put(&Row::delivery(delivery), ABSENT, &[]));
        let puts = puts.collect::<Result<_, _>>()?;
        Ok((deliveries, puts))
    }

    /// One delivery.
    pub async fn delivery(
        &self,
        user: &UserId,
        webhook: &WebhookId,
        event: &EventId,
    ) -> Result<Option<Delivery>, CloudError> {
        self.get("read delivery", keys::delivery(user, webhook, event)).await
    }

    /// Writes a delivery at its next version: the first, or the one after what was read.
    pub async fn keep_delivery(&self, delivery: &Delivery) -> Result<(), CloudError> {
        let put = self.next(&Row::delivery(delivery), delivery.version)?;
        self.write("keep delivery", put).await
    }

    /// Forgets a delivery whose endpoint is gone.
    pub async fn forget_delivery(&self, delivery: &Delivery) -> Result<(), CloudError> {
        self.forget("forget delivery", keys::delivery(&delivery.user, &delivery.webhook, &delivery.event)).await
    }

    /// A page of an endpoint's deliveries, newest first, that begins after `cursor`; and the cursor of the next one.
    pub async fn deliveries(
        &self,
        user: &UserId,
        webhook: &WebhookId,
        cursor: Option<&EventId>,
        limit: usize,
    ) -> Result<(Vec<Delivery>, Option<String>), CloudError> {
        let operation = "list deliveries";
        let kind = keys::deliveries(webhook);
        let after = cursor.map(|event| keys::delivery(user, webhook, event));
        let limit = i32::try_from(limit).unwrap_or(100);
        let asked = Asked { pk: keys::user_pk(user), kind: &kind, after, newest_first: true, limit };
        let page = self.page(operation, &asked).await?;
        let found = page.items.into_iter().map(|item| row::read(operation, item)).collect::<Result<_, _>>()?;
        let next = page.next.and_then(|Key { sk, .. }| sk.strip_prefix(&kind).map(ToOwned::to_owned));
        Ok((found, next))
    }
}
