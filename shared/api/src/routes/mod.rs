//! The one table of routes: the functions answer by it, the templates and OpenAPI are compared with it.

mod hooks;
mod money;
mod people;
mod share;
mod work;

use crate::problem::Kind;
use domain::api_key::Scope;
use std::sync::LazyLock;

/// Who may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody: the sign-in itself.
    Public,
    /// Whoever brings a live session.
    Session,
    /// The same, of a person who took the first step and is neither blocked nor leaving.
    Member,
}

impl Access {
    /// Whether a session is needed.
    pub fn is_closed(self) -> bool {
        self != Self::Public
    }
}

/// A good answer.
#[derive(Debug, Clone, Copy)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// What it means.
    pub means: &'static str,
    /// The media type of its body.
    pub media_type: &'static str,
    /// The schema of its body, if it has one; of each event's data if it is a stream.
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
    /// What an API key needs to call it instead of a person; without one, no key is taken.
    pub scope: Option<Scope>,
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

const JSON: &str = "application/json";
/// What an event stream is sent as.
pub const EVENTS: &str = "text/event-stream";

/// A parameter that may be left out.
const fn optional(place: &'static str, name: &'static str, means: &'static str, schema: &'static str) -> Parameter {
    Parameter { place, name, required: false, means, schema }
}

/// A good answer with a body.
const fn gives(status: u16, means: &'static str, schema: &'static str) -> Answer {
    Answer { status, means, media_type: JSON, schema: Some(schema) }
}

/// A good answer that goes on: events with such data.
const fn streams(means: &'static str, schema: &'static str) -> Answer {
    Answer { status: 200, means, media_type: EVENTS, schema: Some(schema) }
}

/// A good answer without a body.
const fn only(status: u16, means: &'static str) -> Answer {
    Answer { status, means, media_type: JSON, schema: None }
}

const LIMIT: Parameter =
    optional("query", "limit", "Generations a page.", r#"{"type":"integer","minimum":1,"maximum":100,"default":20}"#);
const CURSOR: Parameter = optional(
    "query",
    "cursor",
    "Where the page before ended.",
    r#"{"type":"string","pattern":"^gen_[0-7][0-9A-HJKMNP-TV-Z]{25}$"}"#,
);
const IDEMPOTENCY_KEY: Parameter = Parameter {
    place: "header",
    name: "Idempotency-Key",
    required: true,
    means: "One key per wish: the same key and body make one generation, however often they are sent.",
    schema: r#"{"type":"string","pattern":"^[A-Za-z0-9_-]{8,64}$"}"#,
};
/// Every route there is.
pub static ROUTES: LazyLock<Vec<&'static Route>> = LazyLock::new(|| {
    [people::ROUTES, hooks::ROUTES, work::ROUTES, share::ROUTES, money::ROUTES].into_iter().flatten().collect()
});

/// What an API key needs for the route of this key; nothing if none is taken there, or there is no such route.
pub fn scope(key: &str) -> Option<Scope> {
    ROUTES.iter().find(|route| route.key == key)?.scope
}

impl Route {
    /// Every problem the route can answer with.
    pub fn all_problems(&self) -> Vec<Kind> {
        let mut kinds = self.problems.to_vec();
        if self.access.is_closed() {
            kinds.extend([Kind::SignedOut, Kind::TwoCallers]);
            match self.scope {
                Some(_) => kinds.extend([Kind::KeyInvalid, Kind::ScopeMissing]),
                None => kinds.push(Kind::KeyRefused),
            }
        }
        if self.access == Access::Member {
            kinds.extend([Kind::Unwelcomed, Kind::Blocked, Kind::Closing]);
        }
        if !self.key.starts_with("GET ") && self.function != "stripe-webhook" {
            kinds.push(Kind::CrossSite);
        }
        if self.key.starts_with('P') && self.function != "stripe-webhook" {
            kinds.push(Kind::ContentType);
        }
        if self.body.is_some() {
            kinds.extend([Kind::BadRequest, Kind::Invalid]);
        }
        kinds.extend([Kind::Busy, Kind::Ours]);
        kinds
    }
}
