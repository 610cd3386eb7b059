//! The real binary as a Lambda function, between a runtime interface and a storage of this test's own.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first thing that is not as it should be")]

#[path = "common/files.rs"]
mod files;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{StatusCode, header::LOCATION};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use files::{local, photo};
use serde_json::{Value, json};
use std::io::{Cursor, Read};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::Mutex;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// In every link; nothing of it may be in a log.
const SECRET: &str = "X-Amz-Signature=c0ffee";

/// What the function is told, and where its answers go.
struct Interface {
    events: Mutex<UnboundedReceiver<String>>,
    answers: UnboundedSender<(String, Bytes)>,
}

struct Function {
    child: Child,
    storage: String,
    events: UnboundedSender<String>,
    answers: UnboundedReceiver<(String, Bytes)>,
}

/// What came back: by which door, and what.
struct Reply {
    door: String,
    status: u64,
    content_type: String,
    body: Vec<u8>,
}

async fn next(State(interface): State<Arc<Interface>>) -> Response {
    let Some(event) = interface.events.lock().await.recv().await else { return StatusCode::GONE.into_response() };
    let headers = [
        ("lambda-runtime-aws-request-id", "one"),
        ("lambda-runtime-invoked-function-arn", "arn:aws:lambda:us-east-1:000000000000:function:model"),
        ("lambda-runtime-deadline-ms", "9999999999999"),
    ];
    (headers, event).into_response()
}

async fn take(
    State(interface): State<Arc<Interface>>,
    Path((_, door)): Path<(String, String)>,
    body: Bytes,
) -> StatusCode {
    interface.answers.send((door, body)).unwrap();
    StatusCode::ACCEPTED
}

/// An object, or what storage says instead.
async fn object(Path(name): Path<String>) -> Response {
    match name.as_str() {
        "moved" => (StatusCode::FOUND, [(LOCATION, "/objects/coffee.png")]).into_response(),
        "large" => Body::from(vec![0; 11_000_000]).into_response(),
        "closed" => StatusCode::FORBIDDEN.into_response(),
        _ => photo(&name).into_response(),
    }
}

async fn start() -> Function {
    let (events, told) = unbounded_channel();
    let (tell, answers) = unbounded_channel();
    let interface = Arc::new(Interface { events: Mutex::new(told), answers: tell });
    let app = Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route("/2018-06-01/runtime/invocation/{id}/{door}", post(take))
        .route("/objects/{name}", get(object))
        .with_state(interface);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    let child = Command::new(env!("CARGO_BIN_EXE_inference-server"))
        .arg("serve")
        .env("AWS_LAMBDA_RUNTIME_API", address.to_string())
        .env("AWS_ENDPOINT_URL", format!("http://{address}"))
        .env("AWS_LAMBDA_FUNCTION_NAME", "model")
        .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "3008")
        .env("MODEL_DIR", local("models", "I3D_MODEL_DIR"))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    Function { child, storage: format!("http://{address}/objects"), events, answers }
}

impl Function {
    async fn photo(&mut self, name: &str, attributes: &str) -> Reply {
        let link = format!("{}/{name}?{SECRET}", self.storage);
        self.link(&link, attributes).await
    }

    async fn link(&mut self, link: &str, attributes: &str) -> Reply {
        let photo = json!({ "link": link, "content_type": "image/png" });
        self.event(&json!({ "photo": photo, "attributes": attributes })).await
    }

    async fn event(&mut self, event: &Value) -> Reply {
        self.events.send(event.to_string()).unwrap();
        let (door, body) = self.answers.recv().await.unwrap();
        let Some(end) = body.windows(8).position(|window| window == [0; 8]) else {
            return Reply { door, status: 0, content_type: String::new(), body: body.to_vec() };
        };
        let head: Value = serde_json::from_slice(&body[..end]).unwrap();
        let content_type = head["headers"]["content-type"].as_str().unwrap().to_owned();
        Reply { door, status: head["statusCode"].as_u64().unwrap(), content_type, body: body[end + 8..].to_vec() }
    }

    /// Ends it, and gives what it logged.
    fn end(mut self) -> String {
        self.child.kill().unwrap();
        let mut log = String::new();
        self.child.stdout.take().unwrap().read_to_string(&mut log).unwrap();
        self.child.wait().unwrap();
        log
    }
}

fn kind(reply: &Reply) -> String {
    assert_eq!((reply.door.as_str(), reply.content_type.as_str()), ("response", "application/json"));
    serde_json::from_slice::<Value>(&reply.body).unwrap()["type"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "current_thread")]
async fn a_link_becomes_an_archive_and_everything_else_is_refused_by_name() {
    let mut function = start().await;
    let made = function.photo("coffee.png", r#"{"v":1,"generation":"gen_test","texture_size":512}"#).await;
    assert_eq!((made.status, made.content_type.as_str()), (200, "application/zip"));
    let mut archive = zip::ZipArchive::new(Cursor::new(made.body)).unwrap();
    let mut report = String::new();
    archive.by_name("report.json").unwrap().read_to_string(&mut report).unwrap();
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!((&report["options"]["generation"], &report["model"]["watertight"]), (&"gen_test".into(), &true.into()));

    let defaults = r#"{"v":1}"#;
    for (name, status, problem) in [
        ("large", 413, "/problems/photo-too-large"),
        ("closed", 503, "/problems/photo-not-fetched"),
        ("moved", 503, "/problems/photo-not-fetched"),
    ] {
        let reply = function.photo(name, defaults).await;
        assert_eq!((reply.status, kind(&reply).as_str()), (status, problem), "{name}");
    }
    let elsewhere = function.link(&format!("http://storage.invalid/coffee.png?{SECRET}"), defaults).await;
    assert_eq!((elsewhere.status, kind(&elsewhere).as_str()), (503, "/problems/photo-not-fetched"));
    let options = function.photo("coffee.png", r#"{"v":2}"#).await;
    assert_eq!((options.status, kind(&options).as_str()), (400, "/problems/options-invalid"));
    // Not dispatch's: an error of the function, and the next call is taken.
    assert_eq!(function.event(&json!({ "photo": 1 })).await.door, "error");
    let again = function.photo("mushroom-with-alpha.png", defaults).await;
    assert_eq!(again.status, 200);

    let log = function.end();
    assert!(log.contains("model made") && log.contains("gen_test"), "{log}");
    assert!(!log.contains("c0ffee"), "{log}");
}

#[test]
fn without_its_weights_it_does_not_start() {
    let models = std::env::temp_dir().join("no-weights-here");
    let ended = Command::new(env!("CARGO_BIN_EXE_inference-server"))
        .arg("serve")
        .env("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9")
        .env("MODEL_DIR", models)
        .output()
        .unwrap();
    assert!(!ended.status.success());
    assert!(String::from_utf8_lossy(&ended.stdout).contains("no model can be made"));
}
