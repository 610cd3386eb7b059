//! Each fault as `dispatch` meets it, over a real socket, with a stand-in for the container behind the fake.

#![expect(clippy::unwrap_used, reason = "these are tests: the helpers may fail loudly too")]

use std::net::{Ipv4Addr, SocketAddr};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use http_body_util::BodyExt;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};
use testkit::{Config, app};
use tokio::net::TcpListener;

const PHOTO: &[u8] = b"a photo";

async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    address
}

/// Answers with the photo and what it heard beside it; `Content-Type: text/plain` is a photo it cannot use.
async fn stand_in(headers: HeaderMap, photo: Bytes) -> Response {
    if headers[header::CONTENT_TYPE] == "text/plain" {
        let problem = json!({"type": "/problems/photo-not-an-image"}).to_string();
        return (StatusCode::UNPROCESSABLE_ENTITY, problem).into_response();
    }
    let heard: Vec<&str> = headers.keys().map(header::HeaderName::as_str).collect();
    let zip = [(header::CONTENT_TYPE, "application/zip"), (header::ETAG, "not passed on")];
    (zip, format!("{} {}", String::from_utf8_lossy(&photo), heard.join(","))).into_response()
}

fn config(container: SocketAddr) -> Config {
    Config {
        port: 0,
        invocations: format!("http://{container}/invocations").parse().unwrap(),
        endpoint: "endpoint".to_owned(),
        component: "component".to_owned(),
    }
}

async fn fake() -> SocketAddr {
    serve(app(config(serve(Router::new().route("/invocations", post(stand_in))).await))).await
}

struct Answer {
    status: u16,
    headers: HeaderMap,
    /// None if the connection broke before the end.
    body: Option<Bytes>,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(self.body.as_ref().unwrap()).unwrap()
    }

    fn error(&self) -> (u16, &str) {
        (self.status, self.headers["x-amzn-errortype"].to_str().unwrap())
    }
}

async fn send(request: Request<Body>) -> Answer {
    let client = Client::builder(TokioExecutor::new()).build_http::<Body>();
    let (parts, body) = client.request(request).await.unwrap().into_parts();
    let body = body.collect().await.ok().map(http_body_util::Collected::to_bytes);
    Answer { status: parts.status.as_u16(), headers: parts.headers, body }
}

fn invocation(fake: SocketAddr) -> Request<Body> {
    Request::post(format!("http://{fake}/endpoints/endpoint/invocations"))
        .header("authorization", "AWS4-HMAC-SHA256 Credential=x")
        .header("content-type", "image/png")
        .header("x-amzn-sagemaker-custom-attributes", r#"{"v":1}"#)
        .header("x-amzn-sagemaker-inference-component", "component")
        .header("x-secret", "stays outside")
        .body(Body::from(PHOTO))
        .unwrap()
}

async fn order(fake: SocketAddr, script: Value) -> Answer {
    let request = Request::put(format!("http://{fake}/_fake/faults")).body(Body::from(script.to_string()));
    send(request.unwrap()).await
}

async fn after(script: Value) -> Answer {
    let fake = fake().await;
    assert_eq!(order(fake, script).await.status, 200);
    send(invocation(fake)).await
}

#[tokio::test]
async fn a_good_answer_passes_unchanged_and_only_three_headers_reach_the_container() {
    let answer = send(invocation(fake().await)).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.headers["content-type"], "application/zip");
    assert_eq!(answer.headers["x-amzn-invoked-production-variant"], "AllTraffic");
    assert!(!answer.headers.contains_key("etag"));
    let heard = String::from_utf8(answer.body.unwrap().to_vec()).unwrap();
    assert_eq!(heard, "a photo content-type,x-amzn-sagemaker-custom-attributes,host,content-length");
}

#[tokio::test]
async fn a_container_that_refuses_becomes_a_model_error_with_its_own_words() {
    let mut request = invocation(fake().await);
    request.headers_mut().insert("content-type", "text/plain".parse().unwrap());
    let answer = send(request).await;
    assert_eq!(answer.error(), (424, "ModelError"));
    assert_eq!(answer.json()["OriginalStatusCode"], 422);
    assert_eq!(answer.json()["OriginalMessage"], r#"{"type":"/problems/photo-not-an-image"}"#);
    assert!(answer.json()["LogStreamArn"].is_string());
    assert!(answer.json()["Message"].is_string());
}

#[tokio::test]
async fn a_container_that_is_not_there_becomes_a_model_error_with_status_0() {
    let nobody = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap().local_addr().unwrap();
    let answer = send(invocation(serve(app(config(nobody))).await)).await;
    assert_eq!(answer.error(), (424, "ModelError"));
    assert_eq!(answer.json()["OriginalStatusCode"], 0);
}

#[tokio::test]
async fn another_endpoint_a_missing_component_and_a_missing_signature_are_refused() {
    let fake = fake().await;
    let mut elsewhere = invocation(fake);
    *elsewhere.uri_mut() = format!("http://{fake}/endpoints/other/invocations").parse().unwrap();
    assert_eq!(send(elsewhere).await.error(), (400, "ValidationError"));
    for (header, error) in [
        ("x-amzn-sagemaker-inference-component", (400, "ValidationError")),
        ("authorization", (403, "MissingAuthenticationTokenException")),
    ] {
        let mut request = invocation(fake);
        request.headers_mut().remove(header);
        assert_eq!(send(request).await.error(), error);
    }
}

#[tokio::test]
async fn a_sleeping_fleet_says_no_capacity_as_often_as_ordered_and_then_works() {
    let fake = fake().await;
    order(fake, json!([{"kind": "no_capacity", "times": 2}])).await;
    for _ in 0..2 {
        let answer = send(invocation(fake)).await;
        assert_eq!(answer.error(), (400, "ValidationError"));
        assert!(answer.json()["message"].as_str().unwrap().contains("no capacity"));
    }
    assert_eq!(send(invocation(fake)).await.status, 200);
}

#[tokio::test]
async fn the_services_own_errors_have_its_status_and_type() {
    for (kind, error) in [
        ("throttle_429", (429, "ThrottlingException")),
        ("unavailable_503", (503, "ServiceUnavailable")),
        ("internal_500", (500, "InternalFailure")),
        ("status_530", (530, "InternalDependencyException")),
    ] {
        assert_eq!(after(json!([{"kind": kind}])).await.error(), error);
    }
}

#[tokio::test]
async fn a_model_error_carries_the_ordered_status() {
    let answer = after(json!([{"kind": "model_error", "original": 507}])).await;
    assert_eq!(answer.error(), (424, "ModelError"));
    assert_eq!(answer.json()["OriginalStatusCode"], 507);
}

#[tokio::test]
async fn a_hanging_container_ends_in_a_model_error_with_status_0() {
    let answer = after(json!([{"kind": "hang", "delay_ms": 20}])).await;
    assert_eq!(answer.error(), (424, "ModelError"));
    assert_eq!(answer.json()["OriginalStatusCode"], 0);
}

#[tokio::test]
async fn a_cut_answer_promises_more_than_it_brings() {
    let answer = after(json!([{"kind": "cut"}])).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body, None);
}

#[tokio::test]
async fn a_slow_answer_arrives_whole() {
    let answer = after(json!([{"kind": "slow", "delay_ms": 20}])).await;
    assert!(answer.body.unwrap().starts_with(PHOTO));
}

#[tokio::test]
async fn an_oversized_answer_has_the_ordered_length() {
    let answer = after(json!([{"kind": "oversized", "bytes": 300_000}])).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body.unwrap().len(), 300_000);
}

#[tokio::test]
async fn the_script_can_be_read_cleared_and_is_refused_when_misspelt() {
    let fake = fake().await;
    let script = json!([{"kind": "cut", "times": 3}]);
    assert_eq!(order(fake, script.clone()).await.json(), script);
    assert_eq!(order(fake, json!([{"kind": "cutt"}])).await.status, 422);
    let faults = |method: Method| {
        Request::builder().method(method).uri(format!("http://{fake}/_fake/faults")).body(Body::empty()).unwrap()
    };
    assert_eq!(send(faults(Method::GET)).await.json(), script);
    assert_eq!(send(faults(Method::DELETE)).await.json(), json!([]));
    assert_eq!(send(invocation(fake)).await.status, 200);
}
