//! The server: one route of SageMaker, one route of ours.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::Response;
use axum::routing::{get, post};

use crate::answers;
use crate::container::{Container, Said};
use crate::faults::{Fault, Kind, Plan};

/// What the fake must know.
#[derive(Clone, Debug)]
pub struct Config {
    /// The port on 127.0.0.1; 0 lets the system choose.
    pub port: u16,
    /// The container's `/invocations`.
    pub invocations: Uri,
    /// The endpoint and the component that exist; any other name is refused as SageMaker does.
    pub endpoint: String,
    /// The component that every call must name.
    pub component: String,
}

/// Which setting is missing or wrong.
#[derive(Debug, PartialEq, Eq)]
pub struct ConfigError {
    name: &'static str,
    wanted: &'static str,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} must be {}", self.name, self.wanted)
    }
}

impl std::error::Error for ConfigError {}

impl Config {
    /// Reads `PORT`, `CONTAINER` (`http://host:port`), `ENDPOINT_NAME` and `INFERENCE_COMPONENT_NAME`.
    pub fn read(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let fail = |name, wanted| ConfigError { name, wanted };
        let port = lookup("PORT").and_then(|text| text.parse().ok()).ok_or(fail("PORT", "a port number"))?;
        let invocations = lookup("CONTAINER")
            .filter(|text| text.starts_with("http://"))
            .and_then(|text| format!("{text}/invocations").parse().ok())
            .ok_or(fail("CONTAINER", "an address like http://127.0.0.1:8304"))?;
        let name = |key| lookup(key).filter(|text| !text.is_empty()).ok_or(fail(key, "a name"));
        Ok(Self { port, invocations, endpoint: name("ENDPOINT_NAME")?, component: name("INFERENCE_COMPONENT_NAME")? })
    }
}

#[derive(Debug)]
struct Fake {
    config: Config,
    container: Container,
    plan: Mutex<Plan>,
}

impl Fake {
    /// The script, also after a panic of another call: a test tool has nothing to lose.
    fn plan<T>(&self, read: impl FnOnce(&mut Plan, Instant) -> T) -> T {
        read(&mut self.plan.lock().unwrap_or_else(PoisonError::into_inner), Instant::now())
    }
}

/// The whole fake, ready to be served.
pub fn app(config: Config) -> Router {
    let container = Container::at(config.invocations.clone());
    let fake = Arc::new(Fake { config, container, plan: Mutex::default() });
    Router::new()
        .route("/endpoints/{name}/invocations", post(invoke))
        .route("/_fake/faults", get(show_faults).put(order_faults).delete(clear_faults))
        .layer(DefaultBodyLimit::max(25 * 1024 * 1024))
        .with_state(fake)
}

async fn invoke(State(fake): State<Arc<Fake>>, Path(name): Path<String>, headers: HeaderMap, photo: Bytes) -> Response {
    if let Some(refusal) = refuse(&fake.config, &name, &headers) {
        return refusal;
    }
    let fault = fake.plan(Plan::next);
    let response = match fault {
        None => forward(&fake, &headers, photo, |said| answers::whole(said.content_type.as_ref(), said.body)).await,
        Some(fault) => fail(&fake, &fault, &headers, photo).await,
    };
    eprintln!("invocation of {name} answered {}", response.status());
    response
}

/// What SageMaker refuses before it looks for a container.
fn refuse(config: &Config, name: &str, headers: &HeaderMap) -> Option<Response> {
    let text = |header: &str| headers.get(header).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !text("authorization").starts_with("AWS4-HMAC-SHA256 ") {
        let message = "Request is missing Authentication Token";
        return Some(answers::refused(StatusCode::FORBIDDEN, "MissingAuthenticationTokenException", message));
    }
    if name != config.endpoint {
        let message = format!("Endpoint {name} of account 000000000000 not found.");
        return Some(answers::refused(StatusCode::BAD_REQUEST, "ValidationError", &message));
    }
    if text("x-amzn-sagemaker-inference-component") != config.component {
        let message = "Inference Component Name header is required for endpoints to which you plan to deploy inference \
                       components. Please include Inference Component Name header or consider using SageMaker models.";
        return Some(answers::refused(StatusCode::BAD_REQUEST, "ValidationError", message));
    }
    None
}

async fn forward(fake: &Fake, headers: &HeaderMap, photo: Bytes, good: impl FnOnce(Said) -> Response) -> Response {
    match fake.container.invoke(headers, photo).await {
        Ok(said) if said.status.is_success() => good(said),
        Ok(said) => answers::model_error(said.status.as_u16(), &String::from_utf8_lossy(&said.body)),
        Err(sentence) => answers::model_error(0, &sentence),
    }
}

async fn fail(fake: &Fake, fault: &Fault, headers: &HeaderMap, photo: Bytes) -> Response {
    let delay = |default_ms| Duration::from_millis(fault.delay_ms.unwrap_or(default_ms));
    match fault.kind {
        Kind::NoCapacity => answers::no_capacity(),
        Kind::Throttle => answers::throttled(),
        Kind::Unavailable => answers::unavailable(),
        Kind::Internal => answers::internal(),
        Kind::Dependency => answers::dependency(),
        Kind::ModelError => answers::model_error(fault.original.unwrap_or(500), "ordered by the fault script"),
        Kind::Hang => {
            tokio::time::sleep(delay(60_000)).await;
            answers::model_error(0, "Your invocation timed out while waiting for a response from container primary.")
        }
        Kind::Cut => forward(fake, headers, photo, |said| answers::cut(said.content_type.as_ref(), &said.body)).await,
        Kind::Slow => {
            let delay = delay(5_000);
            forward(fake, headers, photo, |said| answers::slow(said.content_type.as_ref(), &said.body, delay)).await
        }
        Kind::Oversized => answers::oversized(fault.bytes.unwrap_or(26 * 1024 * 1024)),
    }
}

async fn show_faults(State(fake): State<Arc<Fake>>) -> Response {
    faults_left(&fake)
}

async fn order_faults(State(fake): State<Arc<Fake>>, body: Bytes) -> Response {
    match serde_json::from_slice(&body) {
        Ok(faults) => {
            fake.plan(|plan, now| plan.replace(faults, now));
            faults_left(&fake)
        }
        Err(err) => {
            let mut response = Response::new(Body::from(format!("{err}\n")));
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            response
        }
    }
}

async fn clear_faults(State(fake): State<Arc<Fake>>) -> Response {
    fake.plan(|plan, now| plan.replace(Vec::new(), now));
    faults_left(&fake)
}

fn faults_left(fake: &Fake) -> Response {
    let left = serde_json::to_string(&fake.plan(Plan::rest)).unwrap_or_default();
    let mut response = Response::new(Body::from(left));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
