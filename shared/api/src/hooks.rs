//! The bodies of what concerns webhooks.

use domain::webhook::{Attempt, Delivery, Endpoint, Hooks, Kind, Off, State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a webhook can hear of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = WebhookKind)]
#[expect(missing_docs, reason = "the domain's Kind documents them")]
pub enum KindWord {
    #[serde(rename = "generation.succeeded")]
    Succeeded,
    #[serde(rename = "generation.failed")]
    Failed,
    #[serde(rename = "generation.cancelled")]
    Cancelled,
}

impl From<KindWord> for Kind {
    fn from(word: KindWord) -> Self {
        match word {
            KindWord::Succeeded => Self::Succeeded,
            KindWord::Failed => Self::Failed,
            KindWord::Cancelled => Self::Cancelled,
        }
    }
}

/// The kinds that were asked for, each once.
pub fn kinds(words: Vec<KindWord>) -> Vec<Kind> {
    let mut kinds: Vec<Kind> = Vec::new();
    for kind in words.into_iter().map(Kind::from) {
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    kinds
}

/// Asks for a webhook.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "url": "https://example.com/hooks/imageto3d", "kinds": ["generation.succeeded", "generation.failed"] }))]
pub struct NewWebhook {
    /// Where events are posted: https, port 443, a host on the public internet.
    #[schema(max_length = 2048, pattern = "^https://", example = "https://example.com/hooks/imageto3d")]
    pub url: String,
    /// What it wants to hear of.
    #[schema(min_items = 1, max_items = 3)]
    pub kinds: Vec<KindWord>,
}

/// Changes a webhook; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "enabled": true }))]
pub struct WebhookChange {
    /// Where events are posted.
    #[serde(default)]
    #[schema(max_length = 2048, pattern = "^https://")]
    pub url: Option<String>,
    /// What it wants to hear of.
    #[serde(default)]
    #[schema(min_items = 1, max_items = 3)]
    pub kinds: Option<Vec<KindWord>>,
    /// Whether it hears anything; switched on again, it has three days anew.
    #[serde(default)]
    pub enabled: Option<bool>,
}

/// A webhook.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Webhook)]
pub struct WebhookView {
    /// Its id.
    #[schema(example = "whk_01ARZ3NDEKTSV4RRFFQ69G5FAV")]
    pub id: String,
    /// Where events are posted.
    #[schema(example = "https://example.com/hooks/imageto3d")]
    pub url: String,
    /// What it hears of.
    #[schema(value_type = Vec<KindWord>)]
    pub kinds: Vec<Kind>,
    /// Whether it hears anything.
    pub enabled: bool,
    /// Why not: `owner` switched it off, it is `gone` (answered 410), or was `failing` for three days.
    #[schema(required = true, schema_with = offs)]
    pub off: Option<Off>,
    /// Since when every delivery has failed, if the last one did.
    #[schema(required = true, format = DateTime)]
    pub failing_since: Option<String>,
    /// When it was made.
    #[schema(format = DateTime)]
    pub created_at: String,
}

fn offs() -> utoipa::openapi::schema::Object {
    use utoipa::openapi::schema::{SchemaType, Type};
    utoipa::openapi::ObjectBuilder::new()
        .schema_type(SchemaType::Array(vec![Type::String, Type::Null]))
        .enum_values(Some([Some("owner"), Some("gone"), Some("failing"), None]))
        .build()
}

impl From<&Endpoint> for WebhookView {
    fn from(endpoint: &Endpoint) -> Self {
        Self {
            id: endpoint.id.to_string(),
            url: endpoint.url.clone(),
            kinds: endpoint.kinds.clone(),
            enabled: endpoint.off.is_none(),
            off: endpoint.off,
            failing_since: endpoint.failing.map(|since| since.to_string()),
            created_at: endpoint.created.to_string(),
        }
    }
}

/// All webhooks of a person, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Webhooks {
    /// The webhooks.
    pub items: Vec<WebhookView>,
}

impl From<&Hooks> for Webhooks {
    fn from(hooks: &Hooks) -> Self {
        Self { items: hooks.endpoints.iter().map(WebhookView::from).collect() }
    }
}

/// A webhook with a new secret.
#[derive(Serialize, ToSchema)]
pub struct MadeWebhook {
    /// The webhook.
    pub webhook: WebhookView,
    /// What its deliveries are signed with (Standard Webhooks). It is shown here and never again.
    #[schema(pattern = "^whsec_[A-Za-z0-9+/]{43}=$")]
    pub secret: String,
}

/// One try of a delivery.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookAttempt)]
pub struct AttemptView {
    /// When.
    #[schema(format = DateTime)]
    pub at: String,
    /// The HTTP status; `null` without an answer.
    #[schema(required = true)]
    pub status: Option<u16>,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// What went wrong.
    #[schema(required = true)]
    pub error: Option<String>,
}

impl From<&Attempt> for AttemptView {
    fn from(attempt: &Attempt) -> Self {
        let Attempt { at, status, took_ms, error } = attempt.clone();
        Self { at: at.to_string(), status, took_ms, error }
    }
}

/// One event for one webhook.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookDelivery)]
pub struct DeliveryView {
    /// The event's id: `webhook-id` in each try.
    #[schema(example = "evt_01ARZ3NDEKTSV4RRFFQ69G5FAV")]
    pub id: String,
    /// What happened.
    #[schema(value_type = String, example = "generation.succeeded")]
    pub kind: Kind,
    /// To which generation, if to one.
    #[schema(required = true)]
    pub generation_id: Option<String>,
    /// `waiting`, then `delivered` or `failed`.
    #[schema(schema_with = states)]
    pub state: State,
    /// When it happened.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When it is tried next; `null` once it has ended.
    #[schema(required = true, format = DateTime)]
    pub next_try_at: Option<String>,
    /// The last nine tries, oldest first.
    pub attempts: Vec<AttemptView>,
}

fn states() -> utoipa::openapi::schema::Object {
    utoipa::openapi::ObjectBuilder::new()
        .schema_type(utoipa::openapi::schema::Type::String)
        .enum_values(Some(["waiting", "delivered", "failed"]))
        .build()
}

impl From<&Delivery> for DeliveryView {
    fn from(delivery: &Delivery) -> Self {
        Self {
            id: delivery.event.to_string(),
            kind: delivery.kind,
            generation_id: delivery.generation.as_ref().map(ToString::to_string),
            state: delivery.state,
            created_at: delivery.created.to_string(),
            next_try_at: delivery.due.map(|due| due.to_string()),
            attempts: delivery.attempts.iter().map(AttemptView::from).collect(),
        }
    }
}

/// A page of a webhook's deliveries, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryPage {
    /// The page.
    pub items: Vec<DeliveryView>,
    /// Ask with it for the next page; `null` on the last.
    #[schema(required = true)]
    pub next_cursor: Option<String>,
}
