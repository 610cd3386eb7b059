//! What is bought, and what Stripe tells.

use super::{Access, CURSOR, IDEMPOTENCY_KEY, LIMIT, Parameter, Route, gives, only};
use crate::problem::Kind;

const ENTRY_LIMIT: Parameter = Parameter { means: "Entries a page.", ..LIMIT };
const ENTRY_CURSOR: Parameter = Parameter { schema: r#"{"type":"string","pattern":"^[0-9]{1,12}$"}"#, ..CURSOR };
const STRIPE_SIGNATURE: Parameter = Parameter {
    place: "header",
    name: "Stripe-Signature",
    required: true,
    means: "Stripe's signature of the body: a time and one `v1` for each secret in force.",
    schema: r#"{"type":"string"}"#,
};

pub(super) const ROUTES: &[Route] = &[
    Route {
        key: "GET /api/billing/products",
        function: "billing",
        operation: "products",
        access: Access::Public,
        summary: "What can be bought, and what it costs.",
        body: None,
        parameters: &[],
        answers: &[gives(200, "All that is offered now.", "Products")],
        problems: &[],
    },
    Route {
        key: "GET /api/billing",
        function: "billing",
        operation: "standing",
        access: Access::Session,
        summary: "Credits, debt, and the subscription that runs.",
        body: None,
        parameters: &[],
        answers: &[gives(200, "How the account stands.", "Standing")],
        problems: &[],
    },
    Route {
        key: "GET /api/billing/entries",
        function: "billing",
        operation: "entries",
        access: Access::Session,
        summary: "Every movement of the caller's credits, newest first.",
        body: None,
        parameters: &[ENTRY_LIMIT, ENTRY_CURSOR],
        answers: &[gives(200, "A page.", "EntryPage")],
        problems: &[Kind::Invalid],
    },
    Route {
        key: "POST /api/billing/checkout",
        function: "billing",
        operation: "create_checkout",
        access: Access::Member,
        summary: "Opens a page of Stripe's on which one product is paid; the credits come when it is.",
        body: Some("NewCheckout"),
        parameters: &[IDEMPOTENCY_KEY],
        answers: &[gives(201, "Go there.", "StripePage")],
        problems: &[Kind::KeyMissing, Kind::KeyReused, Kind::AlreadySubscribed, Kind::TooOften],
    },
    Route {
        key: "GET /api/billing/checkout/{checkout}",
        function: "billing",
        operation: "get_checkout",
        access: Access::Session,
        summary: "How a checkout of the caller's stands.",
        body: None,
        parameters: &[],
        answers: &[gives(200, "How it stands.", "CheckoutState")],
        problems: &[Kind::NotFound],
    },
    Route {
        key: "POST /api/billing/portal",
        function: "billing",
        operation: "create_portal",
        access: Access::Session,
        summary: "Opens a page of Stripe's for cards, invoices and cancelling.",
        body: None,
        parameters: &[],
        answers: &[gives(201, "Go there.", "StripePage")],
        problems: &[Kind::NotFound],
    },
    Route {
        key: "POST /api/stripe/webhook",
        function: "stripe-webhook",
        operation: "stripe_webhook",
        access: Access::Public,
        summary: "Stripe tells what happened to a payment; nobody else can sign it.",
        body: None,
        parameters: &[STRIPE_SIGNATURE],
        answers: &[only(200, "Taken, or of no interest.")],
        problems: &[Kind::BadRequest],
    },
];
