//! The queues' messages. Version 1 stays readable for as long as a message can wait.

use domain::ids::{EventId, GenerationId, UserId, WebhookId};
use domain::webhook::Delivery;
use serde::{Deserialize, Serialize};

/// One generation to run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// The message's version: 1.
    pub v: u8,
    /// Which generation.
    pub generation_id: GenerationId,
    /// Whose it is.
    pub user_id: UserId,
}

impl Job {
    /// The message for a generation.
    pub fn new(generation_id: GenerationId, user_id: UserId) -> Self {
        Self { v: 1, generation_id, user_id }
    }

    /// Reads a message; `None` if it is not one of a known version.
    pub fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok().filter(|job: &Self| job.v == 1)
    }
}

/// One delivery to make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Errand {
    /// The message's version: 1.
    pub v: u8,
    /// Whose webhook.
    pub user_id: UserId,
    /// Which.
    pub webhook_id: WebhookId,
    /// What it is told.
    pub event_id: EventId,
}

impl Errand {
    /// The message for a delivery.
    pub fn of(delivery: &Delivery) -> Self {
        Self::new(delivery.user.clone(), delivery.webhook.clone(), delivery.event.clone())
    }

    /// The same by its ids.
    pub fn new(user_id: UserId, webhook_id: WebhookId, event_id: EventId) -> Self {
        Self { v: 1, user_id, webhook_id, event_id }
    }

    /// The message's text.
    pub fn text(&self) -> String {
        serde_json::json!(self).to_string()
    }

    /// Reads a message; `None` if it is not one of a known version.
    pub fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok().filter(|errand: &Self| errand.v == 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_1_is_read_and_poison_is_not() {
        let text =
            r#"{"v":1,"generation_id":"gen_01ARZ3NDEKTSV4RRFFQ69G5FAV","user_id":"usr_01ARZ3NDEKTSV4RRFFQ69G5FAV"}"#;
        let job = Job::parse(text).unwrap();
        assert_eq!(serde_json::to_string(&job).unwrap(), text);
        for poison in ["", "{}", "null", &text.replace(":1", ":2"), &text.replace("gen_", "../")] {
            assert!(Job::parse(poison).is_none(), "{poison}");
        }
    }

    #[test]
    fn an_errand_is_read_back_and_one_of_another_version_is_not() {
        let [user, webhook, event] = ["usr_", "whk_", "evt_"].map(|kind| format!("{kind}01ARZ3NDEKTSV4RRFFQ69G5FAV"));
        let errand = Errand::new(
            UserId::parse(&user).unwrap(),
            WebhookId::parse(&webhook).unwrap(),
            EventId::parse(&event).unwrap(),
        );
        assert_eq!(Errand::parse(&errand.text()), Some(errand.clone()));
        assert_eq!(Errand::parse(&errand.text().replace(":1", ":2")), None);
    }
}
