//! The call to the real container.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, Uri, header};
use http_body_util::{BodyExt, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

/// SageMaker waits this long and no longer.
const PATIENCE: Duration = Duration::from_mins(1);
/// SageMaker's documented bound of an answer.
const MOST_BYTES: usize = 25 * 1024 * 1024;
/// The only headers that SageMaker passes on.
const PASSED: [HeaderName; 3] =
    [header::CONTENT_TYPE, header::ACCEPT, HeaderName::from_static("x-amzn-sagemaker-custom-attributes")];

/// Where the container is, and the connections to it.
#[derive(Clone, Debug)]
pub(crate) struct Container {
    client: Client<HttpConnector, Body>,
    invocations: Uri,
}

/// What the container said.
pub(crate) struct Said {
    pub(crate) status: StatusCode,
    pub(crate) content_type: Option<HeaderValue>,
    pub(crate) body: Bytes,
}

impl Container {
    /// A container at `invocations`, the full address of its only route.
    pub(crate) fn at(invocations: Uri) -> Self {
        Self { client: Client::builder(TokioExecutor::new()).build_http(), invocations }
    }

    /// Passes the photo on; the error is SageMaker's sentence for the caller.
    pub(crate) async fn invoke(&self, headers: &HeaderMap, photo: Bytes) -> Result<Said, String> {
        match tokio::time::timeout(PATIENCE, self.ask(headers, photo)).await {
            Ok(answer) => answer,
            Err(_) => Err("Your invocation timed out while waiting for a response from container primary.".to_owned()),
        }
    }

    async fn ask(&self, headers: &HeaderMap, photo: Bytes) -> Result<Said, String> {
        let mut request = Request::new(Body::from(photo));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.invocations.clone();
        for name in PASSED {
            if let Some(value) = headers.get(&name) {
                request.headers_mut().insert(name, value.clone());
            }
        }
        let answer =
            self.client.request(request).await.map_err(|err| format!("The container was not reached: {err}."))?;
        let (parts, body) = answer.into_parts();
        let body =
            Limited::new(body, MOST_BYTES).collect().await.map_err(|err| format!("The answer broke off: {err}."))?;
        let content_type = parts.headers.get(header::CONTENT_TYPE).cloned();
        Ok(Said { status: parts.status, content_type, body: body.to_bytes() })
    }
}
