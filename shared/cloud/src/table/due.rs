//! What waits for its time: the sparse index, one partition for each who works on it.

use super::{Table, row::text};
use crate::{CloudError, keys};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::Timestamp;
use domain::ids::{EventId, ExportId, UploadId, UserId, WebhookId};

/// Who works on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// Exports and deletions.
    Privacy,
    /// Deletions whose next step is at Stripe.
    Stripe,
    /// Mails.
    Mail,
    /// Deliveries to webhooks.
    Webhook,
    /// Uploads that no generation uses.
    Unclaimed,
}

impl Due {
    fn partition(self) -> &'static str {
        match self {
            Self::Privacy => keys::DUE_PRIVACY,
            Self::Stripe => keys::DUE_STRIPE,
            Self::Mail => keys::DUE_MAIL,
            Self::Webhook => keys::DUE_WEBHOOK,
            Self::Unclaimed => keys::UNCLAIMED,
        }
    }
}

/// What waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Waiting {
    /// An export to make.
    Export(UserId, ExportId),
    /// A deletion to go on with.
    Erasure(UserId),
    /// A mail to send: its own name in the person's rows.
    Mail(UserId, String),
    /// A delivery to try.
    Delivery(UserId, WebhookId, EventId),
    /// An upload to forget.
    Upload(UserId, UploadId),
}

impl Waiting {
    fn read(pk: &str, sk: &str) -> Option<Self> {
        let (user, sk) = keys::read_owner(pk, sk)?;
        if sk == keys::ERASURE {
            return Some(Self::Erasure(user));
        }
        if let Some(id) = sk.strip_prefix(keys::EXPORT) {
            return Some(Self::Export(user, ExportId::parse(id).ok()?));
        }
        if let Some(id) = sk.strip_prefix(keys::UPLOAD) {
            return Some(Self::Upload(user, UploadId::parse(id).ok()?));
        }
        if let Some((webhook, event)) = sk.strip_prefix(keys::DELIVERY).and_then(|rest| rest.split_once('#')) {
            return Some(Self::Delivery(user, WebhookId::parse(webhook).ok()?, EventId::parse(event).ok()?));
        }
        sk.strip_prefix(keys::MAIL).map(|name| Self::Mail(user, name.to_owned()))
    }
}

impl Table {
    /// What is due for somebody, earliest first, at most 100. The index lags by a moment.
    pub async fn due(&self, whose: Due, now: Timestamp) -> Result<Vec<Waiting>, CloudError> {
        let rows = self.index_until("list what is due", whose.partition(), now).await?;
        Ok(rows.iter().filter_map(|(pk, sk)| Waiting::read(pk, sk)).collect())
    }

    /// The keys in one partition of the index that are due, earliest first, at most 100.
    pub(super) async fn index_until(
        &self,
        operation: &'static str,
        partition: &str,
        now: Timestamp,
    ) -> Result<Vec<(String, String)>, CloudError> {
        let end = format!("{:013}~", now.as_millisecond());
        self.index(operation, partition, &end, 100).await
    }

    /// The keys in one partition of the index up to `end`, in its order.
    pub(super) async fn index(
        &self,
        operation: &'static str,
        partition: &str,
        end: &str,
        limit: i32,
    ) -> Result<Vec<(String, String)>, CloudError> {
        let page = self
            .client
            .query()
            .table_name(&self.name)
            .index_name(keys::INDEX)
            .key_condition_expression("gsi1pk = :whose AND gsi1sk <= :end")
            .expression_attribute_values(":whose", AttributeValue::S(partition.to_owned()))
            .expression_attribute_values(":end", AttributeValue::S(end.to_owned()))
            .limit(limit)
            .send()
            .await
            .map_err(|error| CloudError::of(operation, &error))?;
        Ok(page.items.unwrap_or_default().iter().map(|item| (text(item, "pk"), text(item, "sk"))).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_is_read_back_from_its_keys() {
        let user = UserId::parse("usr_01ARZ3NDEKTSV4RRFFQ69G5FAV").unwrap();
        let export = ExportId::parse("exp_01ARZ3NDEKTSV4RRFFQ69G5FAV").unwrap();
        let key = keys::export(&user, &export);
        assert_eq!(Waiting::read(&key.pk, &key.sk), Some(Waiting::Export(user.clone(), export)));
        let webhook = WebhookId::parse("whk_01ARZ3NDEKTSV4RRFFQ69G5FAV").unwrap();
        let event = EventId::parse("evt_01ARZ3NDEKTSV4RRFFQ69G5FAV").unwrap();
        let key = keys::delivery(&user, &webhook, &event);
        assert_eq!(Waiting::read(&key.pk, &key.sk), Some(Waiting::Delivery(user.clone(), webhook, event)));
        let key = keys::erasure(&user);
        assert_eq!(Waiting::read(&key.pk, &key.sk), Some(Waiting::Erasure(user)));
        assert_eq!(Waiting::read("USER#x", &key.sk), None);
        assert_eq!(Waiting::read(&key.pk, "PROFILE"), None);
    }
}
