//! Answers in the shapes of the SageMaker runtime.

use std::convert::Infallible;
use std::io::Error;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use futures_util::stream;
use serde_json::{Value, json};

/// The header by which the AWS SDKs know an error's type.
const ERROR_TYPE: &str = "x-amzn-errortype";
const LOG_STREAM: &str =
    "arn:aws:logs:us-east-1:000000000000:log-group:/aws/sagemaker/InferenceComponents/imageto3d-local-relief";
/// An oversized answer is made of such parts.
const PART_BYTES: usize = 65_536;
/// SageMaker's own words; `dispatch` may look for "no capacity" in them.
const NO_CAPACITY: &str = "Inference Component has no capacity to process this request. ApplicationAutoScaling may be \
     in-progress (if configured) or try to increase the capacity by invoking UpdateInferenceComponentRuntimeConfig API.";

/// The fleet sleeps.
pub(crate) fn no_capacity() -> Response {
    error(StatusCode::BAD_REQUEST, "ValidationError", NO_CAPACITY)
}

/// The call itself is wrong: another endpoint, no component named, no signature.
pub(crate) fn refused(status: StatusCode, kind: &'static str, message: &str) -> Response {
    error(status, kind, message)
}

/// Too many calls.
pub(crate) fn throttled() -> Response {
    error(StatusCode::TOO_MANY_REQUESTS, "ThrottlingException", "Rate exceeded")
}

/// The service is not there.
pub(crate) fn unavailable() -> Response {
    error(StatusCode::SERVICE_UNAVAILABLE, "ServiceUnavailable", "The service is temporarily unavailable.")
}

/// The service failed.
pub(crate) fn internal() -> Response {
    error(StatusCode::INTERNAL_SERVER_ERROR, "InternalFailure", "The request processing has failed.")
}

/// Something that the service depends on failed.
pub(crate) fn dependency() -> Response {
    let status = StatusCode::from_u16(530).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    error(status, "InternalDependencyException", "The request caused an exception with an internal dependency.")
}

/// The container's own error, or 0 when it said nothing in time.
pub(crate) fn model_error(original: u16, message: &str) -> Response {
    let (code, side) = if (400..500).contains(&original) {
        ("CLIENT_ERROR_FROM_MODEL", "client")
    } else {
        ("INTERNAL_FAILURE_FROM_MODEL", "server")
    };
    let said = if original == 0 {
        message.to_owned()
    } else {
        format!("Received {side} error ({original}) from primary with message \"{message}\".")
    };
    let body = json!({
        "ErrorCode": code, "LogStreamArn": LOG_STREAM, "Message": said,
        "OriginalMessage": message, "OriginalStatusCode": original,
    });
    json_error(StatusCode::FAILED_DEPENDENCY, "ModelError", &body)
}

/// A good answer, whole.
pub(crate) fn whole(content_type: Option<&HeaderValue>, body: Bytes) -> Response {
    good(content_type, body.len(), Body::from(body))
}

/// A good answer that breaks off half way.
pub(crate) fn cut(content_type: Option<&HeaderValue>, body: &Bytes) -> Response {
    let half = body.slice(..body.len() / 2);
    let broken = stream::unfold(Some(half), |half| async {
        if half.is_none() {
            // The first half must be on its way before the connection breaks.
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Some((half.ok_or_else(|| Error::other("cut on purpose")), None))
    });
    good(content_type, body.len(), Body::from_stream(broken))
}

/// A good answer in ten parts, spread over `delay`.
pub(crate) fn slow(content_type: Option<&HeaderValue>, body: &Bytes, delay: Duration) -> Response {
    let length = body.len().div_ceil(10).max(1);
    let parts: Vec<Bytes> = body.chunks(length).map(Bytes::copy_from_slice).collect();
    let trickle = stream::unfold(parts.into_iter(), move |mut rest| async move {
        let part = rest.next()?;
        tokio::time::sleep(delay / 10).await;
        Some((Ok::<_, Infallible>(part), rest))
    });
    good(content_type, body.len(), Body::from_stream(trickle))
}

/// A 200 with more than anybody should hold.
pub(crate) fn oversized(bytes: u64) -> Response {
    let length = usize::try_from(bytes).unwrap_or(usize::MAX);
    let zip = HeaderValue::from_static("application/zip");
    let parts = stream::unfold(length, |left| async move {
        let part = left.min(PART_BYTES);
        (part > 0).then(|| (Ok::<_, Infallible>(Bytes::from(vec![0; part])), left - part))
    });
    good(Some(&zip), length, Body::from_stream(parts))
}

fn good(content_type: Option<&HeaderValue>, length: usize, body: Body) -> Response {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    headers.insert("x-amzn-invoked-production-variant", HeaderValue::from_static("AllTraffic"));
    if let Some(content_type) = content_type {
        headers.insert(header::CONTENT_TYPE, content_type.clone());
    }
    response
}

fn error(status: StatusCode, kind: &'static str, message: &str) -> Response {
    json_error(status, kind, &json!({ "message": message }))
}

fn json_error(status: StatusCode, kind: &'static str, body: &Value) -> Response {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(ERROR_TYPE, HeaderValue::from_static(kind));
    response
}
