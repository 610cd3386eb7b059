//! A row: two keys, at most one index entry and one end of life, and the fields of its struct.

use super::money::{EventStatus, StripeEvent};
use crate::CloudError;
use crate::keys::{self, Key};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::api_key::ApiKey;
use domain::credits::{Entry, Wallet};
use domain::erasure::{Erasure, Step};
use domain::export::Export;
use domain::generation::Generation;
use domain::ids::AccountId;
use domain::session::Session;
use domain::upload::{Upload, UploadState};
use domain::{Timestamp, after, plan};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::HashMap;

/// The condition of a row that must not be there yet.
pub(super) const ABSENT: &str = "attribute_not_exists(pk)";

/// A row as it is written. Index and end of life are left out, not null, where there is none: the index is sparse.
#[derive(Serialize)]
pub(super) struct Row<T> {
    pk: String,
    sk: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    gsi1pk: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gsi1sk: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ttl: Option<i64>,
    #[serde(flatten)]
    body: T,
}

impl<T> Row<T> {
    pub(super) fn new(key: Key, body: T) -> Self {
        Self { pk: key.pk, sk: key.sk, gsi1pk: None, gsi1sk: None, ttl: None, body }
    }

    /// Lets the table delete the row some time after `end`; code compares the time itself.
    pub(super) fn until(self, end: impl Into<Option<Timestamp>>) -> Self {
        Self { ttl: end.into().map(Timestamp::as_second), ..self }
    }

    /// Puts the row into a partition of the index, in the order of what is due.
    pub(super) fn due(self, whose: &str, due: Timestamp, id: &str) -> Self {
        Self { gsi1pk: Some(whose.to_owned()), gsi1sk: Some(keys::due(due, id)), ..self }
    }
}

impl<'a> Row<&'a Wallet> {
    pub(super) fn wallet(wallet: &'a Wallet) -> Self {
        Self::new(keys::wallet(&wallet.account), wallet)
    }
}

impl<'a> Row<&'a Entry> {
    pub(super) fn entry(account: &AccountId, entry: &'a Entry) -> Self {
        Self {
            gsi1pk: Some(keys::account_pk(account)),
            gsi1sk: Some(keys::sequence(entry.sequence)),
            ..Self::new(keys::entry(account, &entry.source), entry)
        }
    }
}

impl<'a> Row<&'a Session> {
    pub(super) fn session(session: &'a Session) -> Self {
        Self::new(keys::session(&session.user, &session.session), session).until(session.ends)
    }
}

impl<'a> Row<&'a ApiKey> {
    pub(super) fn api_key(api_key: &'a ApiKey) -> Self {
        Self::new(keys::api_key(&api_key.user, &api_key.id), api_key).until(api_key.ends)
    }
}

impl<'a> Row<&'a Upload> {
    pub(super) fn upload(upload: &'a Upload) -> Self {
        let row = Self::new(keys::upload(&upload.user, &upload.upload), upload);
        match upload.state {
            // No end of life: upkeep deletes the row, after the photo.
            UploadState::Open | UploadState::Forgotten => {
                row.due(keys::UNCLAIMED, after(upload.opened, plan::UNCLAIMED_UPLOAD_S), upload.upload.as_str())
            }
            UploadState::Claimed => row,
        }
    }
}

impl<'a> Row<&'a Export> {
    pub(super) fn export(export: &'a Export) -> Self {
        let row = Self::new(keys::export(&export.user, &export.id), export).until(export.ends);
        match export.due {
            Some(due) => row.due(keys::DUE_PRIVACY, due, export.id.as_str()),
            None => row,
        }
    }
}

impl<'a> Row<&'a Erasure> {
    pub(super) fn erasure(erasure: &'a Erasure) -> Self {
        let whose = if erasure.step == Step::Stripe { keys::DUE_STRIPE } else { keys::DUE_PRIVACY };
        Self::new(keys::erasure(&erasure.user), erasure).due(whose, erasure.due, erasure.user.as_str())
    }
}

impl<'a> Row<&'a Generation> {
    pub(super) fn generation(generation: &'a Generation) -> Self {
        let row = Self::new(keys::generation(&generation.user, &generation.id), generation);
        let row = row.until(generation.deleted.map(|deleted| after(deleted, plan::DELETED_ROW_S)));
        match generation.due {
            Some(due) => {
                let whose = if generation.test { keys::OPEN_TESTS } else { keys::OPEN };
                row.due(whose, due, generation.id.as_str())
            }
            None => match &generation.shared {
                Some(secret) => row.due(&keys::shared(secret), generation.created, generation.id.as_str()),
                None => row,
            },
        }
    }
}

impl<'a> Row<&'a StripeEvent> {
    pub(super) fn stripe_event(event: &'a StripeEvent) -> Self {
        let row = Self::new(keys::stripe_event(&event.id), event);
        match event.status {
            EventStatus::Applied => row.until(after(event.at, plan::EVENT_S)),
            EventStatus::Open => row.due(keys::OPEN_EVENTS, event.at, &event.id),
        }
    }
}

/// A field of a stored row as text; empty if it is none.
pub(super) fn text(item: &HashMap<String, AttributeValue>, name: &str) -> String {
    item.get(name).and_then(|value| value.as_s().ok()).cloned().unwrap_or_default()
}

pub(super) fn write<T: Serialize>(row: &Row<T>) -> Result<HashMap<String, AttributeValue>, CloudError> {
    serde_dynamo::to_item(row).map_err(|error| CloudError::unreadable("write row", &error))
}

pub(super) fn read<T: DeserializeOwned>(
    operation: &'static str,
    item: HashMap<String, AttributeValue>,
) -> Result<T, CloudError> {
    serde_dynamo::from_item(item).map_err(|error| CloudError::unreadable(operation, &error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::generation::Photo;
    use domain::ids::{GenerationId, UploadId, UserId};
    use domain::options::Options;
    use domain::upload::PhotoType;

    fn generation() -> Generation {
        let (now, dice) = (Timestamp::from_second(1_700_000_000).unwrap(), [3; 10]);
        let upload = UploadId::fresh(now, dice);
        let photo = Photo { upload, version: "v".to_owned(), content_type: PhotoType::Jpeg, bytes: 7 };
        let (id, user) = (GenerationId::fresh(now, dice), UserId::fresh(now, dice));
        Generation::open(id, user, AccountId::fresh(now, dice), photo, Options::default(), now)
    }

    #[test]
    fn a_generation_survives_the_table() {
        let mut before = generation();
        before.model = Some(serde_json::json!({ "faces": 12, "watertight": true, "size": [0.5, 1.25] }));
        let item = write(&Row::generation(&before)).unwrap();
        assert_eq!(item["status"], AttributeValue::S("QUEUED".to_owned()));
        assert_eq!(read::<Generation>("test", item).unwrap(), before);
    }

    #[test]
    fn a_test_waits_in_a_line_of_its_own_and_costs_nothing() {
        let test = generation().as_test();
        assert_eq!(write(&Row::generation(&test)).unwrap()["gsi1pk"], AttributeValue::S("OPEN#test".to_owned()));
        assert_eq!((test.price, test.test), (0, true));
    }

    #[test]
    fn only_an_open_generation_is_in_the_index() {
        let open = generation();
        assert!(write(&Row::generation(&open)).unwrap().contains_key("gsi1pk"));
        let ended = open.cancel(open.created).unwrap();
        let item = write(&Row::generation(&ended)).unwrap();
        assert!(!item.contains_key("gsi1pk") && !item.contains_key("gsi1sk") && !item.contains_key("ttl"));
        assert!(write(&Row::generation(&ended.delete(open.created))).unwrap().contains_key("ttl"));
    }
}
