//! Webhooks: managed by the person, in a session alone. Whoever steals a key must not be able to listen from then on.

use super::{Access, CURSOR, LIMIT, Parameter, Route, gives, only};
use crate::problem::Kind;

const DELIVERY_LIMIT: Parameter = Parameter { means: "Deliveries a page.", ..LIMIT };
const DELIVERY_CURSOR: Parameter =
    Parameter { schema: r#"{"type":"string","pattern":"^evt_[0-7][0-9A-HJKMNP-TV-Z]{25}$"}"#, ..CURSOR };

const USUAL: Route = Route {
    key: "",
    function: "account",
    operation: "",
    access: Access::Session,
    scope: None,
    summary: "",
    body: None,
    parameters: &[],
    answers: &[],
    problems: &[Kind::NotFound],
};

pub(super) const ROUTES: &[Route] = &[
    Route {
        key: "GET /api/me/webhooks",
        operation: "list_webhooks",
        summary: "The caller's webhooks.",
        answers: &[gives(200, "All, oldest first.", "Webhooks")],
        problems: &[],
        ..USUAL
    },
    Route {
        key: "POST /api/me/webhooks",
        operation: "create_webhook",
        access: Access::Member,
        summary: "Makes a webhook. What its deliveries are signed with is in this answer and nowhere else.",
        body: Some("NewWebhook"),
        answers: &[gives(201, "The webhook.", "MadeWebhook")],
        problems: &[Kind::TooManyWebhooks, Kind::TooOften],
        ..USUAL
    },
    Route {
        key: "PATCH /api/me/webhooks/{webhook}",
        operation: "change_webhook",
        summary: "Changes a webhook, or switches it off or on.",
        body: Some("WebhookChange"),
        answers: &[gives(200, "The webhook.", "Webhook")],
        problems: &[Kind::NotFound, Kind::TooOften],
        ..USUAL
    },
    Route {
        key: "DELETE /api/me/webhooks/{webhook}",
        operation: "delete_webhook",
        summary: "Deletes a webhook: what waits for it is not sent.",
        answers: &[only(204, "Deleted.")],
        ..USUAL
    },
    Route {
        key: "POST /api/me/webhooks/{webhook}/secret",
        operation: "rotate_webhook_secret",
        summary: "Makes a new secret. For 24 hours deliveries are signed with it and with the one before.",
        answers: &[gives(200, "The webhook and its new secret.", "MadeWebhook")],
        problems: &[Kind::NotFound, Kind::TooOften],
        ..USUAL
    },
    Route {
        key: "POST /api/me/webhooks/{webhook}/test",
        operation: "test_webhook",
        summary: "Sends an event of the kind `test`.",
        answers: &[gives(202, "On its way.", "WebhookDelivery")],
        problems: &[Kind::NotFound, Kind::WebhookOff, Kind::TooOften],
        ..USUAL
    },
    Route {
        key: "GET /api/me/webhooks/{webhook}/deliveries",
        operation: "list_webhook_deliveries",
        summary: "What a webhook was told in the last 30 days, newest first, with each try.",
        parameters: &[DELIVERY_LIMIT, DELIVERY_CURSOR],
        answers: &[gives(200, "A page.", "DeliveryPage")],
        problems: &[Kind::NotFound, Kind::Invalid],
        ..USUAL
    },
    Route {
        key: "POST /api/me/webhooks/{webhook}/deliveries/{delivery}/send",
        operation: "send_webhook_delivery_again",
        summary: "Sends a delivery again, whatever became of it, with the same id and body.",
        answers: &[gives(202, "On its way.", "WebhookDelivery")],
        problems: &[Kind::NotFound, Kind::WebhookOff, Kind::TooOften],
        ..USUAL
    },
];
