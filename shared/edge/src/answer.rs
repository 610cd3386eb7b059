//! The one way out: an answer or a problem becomes an HTTP response and one log line.

use api::{Kind, Problem};
use lambda_http::{Body, Request, RequestExt, Response};
use serde::Serialize;

/// A good answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Option<String>,
}

impl Answer {
    /// An answer without a body.
    pub fn only(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: None }
    }

    /// An answer with a JSON body.
    pub fn json(status: u16, body: &impl Serialize) -> Result<Self, Problem> {
        let body = serde_json::to_string(body).map_err(|error| Problem::ours(error.to_string()))?;
        Ok(Self::only(status).with("content-type", "application/json").body(body))
    }

    /// An answer that is a page.
    pub fn html(status: u16, page: String) -> Self {
        Self::only(status).with("content-type", "text/html; charset=utf-8").body(page)
    }

    /// A redirect.
    pub fn to(status: u16, location: String) -> Self {
        Self::only(status).with("location", location)
    }

    /// Adds a header.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The JSON body, if there is one.
    pub fn text(&self) -> &str {
        self.body.as_deref().unwrap_or_default()
    }

    fn body(self, body: String) -> Self {
        Self { body: Some(body), ..self }
    }
}

impl From<&Problem> for Answer {
    fn from(problem: &Problem) -> Self {
        let body = serde_json::to_string(&problem.body()).unwrap_or_default();
        let answer = Self::only(problem.kind.status()).with("content-type", "application/problem+json").body(body);
        let answer = match problem.kind {
            // RFC 9110: who is refused for want of a name is told how programs bring one.
            Kind::SignedOut | Kind::KeyInvalid => answer.with("www-authenticate", "Bearer realm=\"ImageTo3D\""),
            _ => answer,
        };
        let answer = problem.headers.iter().fold(answer, |answer, (name, value)| answer.with(name, value.clone()));
        match problem.retry_after_s {
            Some(seconds) => answer.with("retry-after", seconds.to_string()),
            None => answer,
        }
    }
}

/// Sends what a handler came to, and logs it: route, status, request id; never a body, a query or an address.
pub fn answer(request: &Request, result: Result<Answer, Problem>) -> Response<Body> {
    let route = route_key(request);
    let answer = match &result {
        Ok(answer) => answer.clone(),
        Err(problem) => Answer::from(problem),
    };
    let status = answer.status;
    let request_id = request.lambda_context_ref().map(|context| context.request_id.as_str()).unwrap_or_default();
    match result {
        Err(Problem { kind, internal: Some(why), .. }) => {
            tracing::error!(route, status, request_id, kind = kind.path(), why, "{route} answered {status}: {why}");
        }
        Err(problem) => {
            let kind = problem.kind.path();
            tracing::info!(route, status, request_id, kind, "{route} answered {status} {kind}");
        }
        Ok(_) => tracing::info!(route, status, request_id, "{route} answered {status}"),
    }
    let mut response = Response::builder().status(status);
    if !answer.headers.iter().any(|(name, _)| *name == "cache-control") {
        response = response.header("cache-control", "no-store");
    }
    for (name, value) in answer.headers {
        response = response.header(name, value);
    }
    let body = answer.body.map_or(Body::Empty, Body::Text);
    response.body(body).unwrap_or_else(|_| {
        let mut broken = Response::new(Body::Empty);
        *broken.status_mut() = lambda_http::http::StatusCode::INTERNAL_SERVER_ERROR;
        broken
    })
}

/// The route as API Gateway matched it, for example `GET /api/me`; the templates list every one, so it is never a guess.
pub fn route_key(request: &Request) -> String {
    use lambda_http::request::RequestContext;
    match request.request_context_ref() {
        Some(RequestContext::ApiGatewayV2(context)) => context.route_key.clone().unwrap_or_default(),
        _ => String::new(),
    }
}
