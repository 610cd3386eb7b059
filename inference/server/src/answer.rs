//! The few kinds of answer; each body is whole, so that each answer has a Content-Length and none is chunked.

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{ALLOW, CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER};
use hyper::{Response, StatusCode};
use inference_pipeline::Problem;

/// An answer of the container.
pub(crate) type Answer = Response<Full<Bytes>>;

/// How long a caller should wait before it asks again, in seconds: about one generation.
const RETRY_AFTER_S: &str = "2";

/// Nothing but a status.
pub(crate) fn empty(status: StatusCode) -> Answer {
    with(status, Bytes::new(), None)
}

/// The archive of one generation.
pub(crate) fn archive(zip: Vec<u8>) -> Answer {
    with(StatusCode::OK, zip.into(), Some((CONTENT_TYPE, "application/zip")))
}

/// A problem as JSON; 503 also says when to come back.
pub(crate) fn problem(problem: &Problem) -> Answer {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = serde_json::to_vec(problem).unwrap_or_default();
    let mut answer = with(status, body.into(), Some((CONTENT_TYPE, "application/json")));
    if status == StatusCode::SERVICE_UNAVAILABLE {
        answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER_S));
    }
    answer
}

/// The path exists but not for this method.
pub(crate) fn wrong_method(allowed: &'static str) -> Answer {
    let mut answer = problem(&Problem {
        status: 405,
        kind: "/problems/method-not-allowed",
        title: "This path takes another method",
        detail: format!("use {allowed}"),
    });
    answer.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
    answer
}

/// There are two paths only.
pub(crate) fn not_found() -> Answer {
    problem(&Problem {
        status: 404,
        kind: "/problems/not-found",
        title: "There is nothing here",
        detail: "the paths are GET /ping and POST /invocations".into(),
    })
}

/// Why a caller has to come back later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Later {
    /// The weights are not warm yet.
    Starting,
    /// One model is in work and the queue is full.
    Busy,
    /// The container is about to end.
    Draining,
    /// The weights or the device are not usable.
    Unable,
}

/// 503 with its reason.
pub(crate) fn later(reason: Later) -> Problem {
    let (kind, title, detail) = match reason {
        Later::Starting => ("/problems/starting", "The container is starting", "the weights are being warmed up"),
        Later::Busy => ("/problems/busy", "The container is busy", "one model is in work and the queue is full"),
        Later::Unable => ("/problems/unable", "The container cannot work", "its log says what is missing or broken"),
        Later::Draining => ("/problems/draining", "The container is ending", "it takes no new photos"),
    };
    Problem { status: 503, kind, title, detail: detail.into() }
}

fn with(status: StatusCode, body: Bytes, header: Option<(HeaderName, &'static str)>) -> Answer {
    let mut answer = Response::new(Full::new(body));
    *answer.status_mut() = status;
    if let Some((name, value)) = header {
        answer.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    answer
}
