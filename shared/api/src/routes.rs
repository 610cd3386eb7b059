//! The one table of routes: the functions answer by it, the templates and OpenAPI are compared with it.

use crate::problem::Kind;

/// Who may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody: the sign-in itself.
    Public,
    /// Whoever brings a live session.
    Session,
}

/// A good answer.
#[derive(Debug, Clone, Copy)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// What it means.
    pub means: &'static str,
    /// The schema of its body, if it has one.
    pub schema: Option<&'static str>,
}

/// A query or header parameter.
#[derive(Debug, Clone, Copy)]
pub struct Parameter {
    /// `query` or `header`.
    pub place: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Whether the call is refused without it.
    pub required: bool,
    /// What it says.
    pub means: &'static str,
    /// Its JSON schema.
    pub schema: &'static str,
}

/// One route.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// As API Gateway writes it, for example `GET /api/me`.
    pub key: &'static str,
    /// The function that answers.
    pub function: &'static str,
    /// The operation's name in OpenAPI.
    pub operation: &'static str,
    /// Who may call.
    pub access: Access,
    /// What it does.
    pub summary: &'static str,
    /// The schema of its body, if it takes one.
    pub body: Option<&'static str>,
    /// Query and header parameters.
    pub parameters: &'static [Parameter],
    /// Good answers.
    pub answers: &'static [Answer],
    /// Problems of its own, besides those of its access and body.
    pub problems: &'static [Kind],
}

/// A good answer with a body.
const fn gives(status: u16, means: &'static str, schema: &'static str) -> Answer {
    Answer { status, means, schema: Some(schema) }
}

/// A good answer without a body.
const fn only(status: u16, means: &'static str) -> Answer {
    Answer { status, means, schema: None }
}

const LIMIT: Parameter = Parameter {
    place: "query",
    name: "limit",
    required: false,
    means: "Generations a page.",
    schema: r#"{"type":"integer","minimum":1,"maximum":100,"default":20}"#,
};
const CURSOR: Parameter = Parameter {
    place: "query",
    name: "cursor",
    required: false,
    means: "Where the page before ended.",
    schema: r#"{"type":"string","pattern":"^gen_[0-7][0-9A-HJKMNP-TV-Z]{25}$"}"#,
};
const IDEMPOTENCY_KEY: Parameter = Parameter {
    place: "header",
    name: "Idempotency-Key",
    required: true,
    means: "One key per wish: the same key and body make one generation, however often they are sent.",
    schema: r#"{"type":"string","pattern":"^[A-Za-z0-9_-]{8,64}$"}"#,
};
const RETURN_TO: Parameter = Parameter {
    place: "query",
    name: "return_to",
    required: false,
    means: "The page to come back to, a path of this site.",
    schema: r#"{"type":"string"}"#,
};

const ENTRY_LIMIT: Parameter = Parameter { means: "Entries a page.", ..LIMIT };
const ENTRY_CURSOR: Parameter = Parameter { schema: r#"{"type":"string","pattern":"^[0-9]{1,12}$"}"#, ..CURSOR };
const STRIPE_SIGNATURE: Parameter = Parameter {
    place: "header",
    name: "Stripe-Signature",
    required: true,
    means: "Stripe's signature of the body: a time and one `v1` for each secret in force.",
    schema: r#"{"type":"string"}"#,
};

/// Every route there is.
pub const ROUTES: &[Route] = &[
    Route {
        key: "GET /api/auth/login",
        function: "auth",
        operation: "login",
        access: Access::Public,
        summary: "Begins a sign-in and redirects to the identity provider.",
        body: None,
        parameters: &[RETURN_TO],
        answers: &[only(302, "To the identity provider.")],
        problems: &[],
    },
    Route {
        key: "GET /api/auth/callback",
        function: "auth",
        operation: "callback",
        access: Access::Public,
        summary: "Ends a sign-in: the identity provider redirects here.",
        body: None,
        parameters: &[],
        answers: &[only(303, "Back to the page the sign-in began on, or to `/?sign_in=failed`.")],
        problems: &[],
    },
    Route {
        key: "POST /api/auth/logout",
        function: "auth",
        operation: "logout",
        access: Access::Public,
        summary: "Ends the session, if there is one.",
        body: None,
        parameters: &[],
        answers: &[only(204, "Signed out.")],
        problems: &[Kind::CrossSite],
    },
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
        access: Access::Session,
        summary: "Opens a page of Stripe's on which one product is paid; the credits come when it is.",
        body: Some("NewCheckout"),
        parameters: &[IDEMPOTENCY_KEY],
        answers: &[gives(201, "Go there.", "StripePage")],
        problems: &[Kind::CrossSite, Kind::KeyMissing, Kind::KeyReused, Kind::AlreadySubscribed],
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
        problems: &[Kind::CrossSite, Kind::NotFound],
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
    Route {
        key: "GET /api/me",
        function: "account",
        operation: "me",
        access: Access::Session,
        summary: "Who is signed in, and the balance.",
        body: None,
        parameters: &[],
        answers: &[gives(200, "The account.", "Me")],
        problems: &[],
    },
    Route {
        key: "POST /api/uploads",
        function: "uploads",
        operation: "create_upload",
        access: Access::Session,
        summary: "Hands out a form that uploads one photo straight to the bucket.",
        body: Some("NewUpload"),
        parameters: &[],
        answers: &[gives(201, "The form.", "UploadForm")],
        problems: &[Kind::CrossSite, Kind::PhotoEmpty, Kind::PhotoTooLarge],
    },
    Route {
        key: "POST /api/generations",
        function: "generations",
        operation: "create_generation",
        access: Access::Session,
        summary: "Makes a model of an uploaded photo; holds its price until it ends.",
        body: Some("NewGeneration"),
        parameters: &[IDEMPOTENCY_KEY],
        answers: &[gives(202, "Taken; follow `Location`.", "Generation")],
        problems: &[
            Kind::CrossSite,
            Kind::KeyMissing,
            Kind::KeyReused,
            Kind::TooFewCredits,
            Kind::TooManyRunning,
            Kind::NotFound,
            Kind::UploadNotReceived,
            Kind::UploadUsed,
            Kind::OptionsInvalid,
            Kind::PhotoEmpty,
            Kind::PhotoTooLarge,
            Kind::PhotoNotAnImage,
            Kind::PhotoTypeMismatch,
            Kind::PhotoTooManyPixels,
            Kind::PhotoTruncated,
            Kind::PhotoAnimated,
        ],
    },
    Route {
        key: "GET /api/generations",
        function: "generations",
        operation: "list_generations",
        access: Access::Session,
        summary: "The caller's generations, newest first.",
        body: None,
        parameters: &[LIMIT, CURSOR],
        answers: &[gives(200, "A page.", "GenerationPage")],
        problems: &[Kind::Invalid],
    },
    Route {
        key: "GET /api/generations/{id}",
        function: "generations",
        operation: "get_generation",
        access: Access::Session,
        summary: "One generation. `Retry-After` says when to ask again; `If-None-Match` spares the body.",
        body: None,
        parameters: &[],
        answers: &[gives(200, "The generation.", "Generation"), only(304, "As it was.")],
        problems: &[Kind::NotFound],
    },
    Route {
        key: "GET /api/generations/{id}/files/{file}",
        function: "generations",
        operation: "get_file",
        access: Access::Session,
        summary: "Redirects to a file: `model.glb`, `preview.webp`, `turntable.webp`, `report.json`, `photo`, or a format that is made of the model when it is first asked for.",
        body: None,
        parameters: &[],
        answers: &[only(302, "To a link that works for five minutes.")],
        problems: &[Kind::NotFound, Kind::NotReady],
    },
    Route {
        key: "DELETE /api/generations/{id}",
        function: "generations",
        operation: "delete_generation",
        access: Access::Session,
        summary: "Deletes photo, model and row in any state; a running one is cancelled and costs nothing.",
        body: None,
        parameters: &[],
        answers: &[only(204, "Gone.")],
        problems: &[Kind::CrossSite, Kind::NotFound],
    },
];

impl Route {
    /// Every problem the route can answer with.
    pub fn all_problems(&self) -> Vec<Kind> {
        let mut kinds = self.problems.to_vec();
        if self.access == Access::Session {
            kinds.push(Kind::SignedOut);
        }
        if self.body.is_some() {
            kinds.extend([Kind::BadRequest, Kind::ContentType, Kind::Invalid]);
        }
        kinds.extend([Kind::Busy, Kind::Ours]);
        kinds
    }
}
