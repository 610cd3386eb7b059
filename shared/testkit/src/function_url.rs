//! A Lambda function behind its own URL, which the local cloud cannot stream: requests become events, processes of the real
//! binary take them one at a time through Lambda's runtime interface, and their answers go on as they come.
//!
//! As in Lambda, a process is started when none is idle, a call beyond the most is answered 429, and a function runs on to its
//! end when whoever called it has left. Bodies of requests are not passed on: what streams here is read. Lambda's own call
//! `InvokeWithResponseStream` is answered too, its event passed on as it came.

mod event;
mod frames;
mod prelude;

use std::collections::{HashMap, VecDeque};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{Request, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use futures_util::{Stream, StreamExt, stream};
use prelude::Parted;
use tokio::process::Command;
use tokio::sync::{mpsc, oneshot};

/// Chunks of an answer that may wait for a slow reader.
const AHEAD: usize = 16;

/// Which function is served, and how.
#[derive(Clone, Debug)]
pub struct FunctionUrl {
    /// The port on 127.0.0.1 that this is served at: the processes find the runtime interface there.
    pub port: u16,
    /// The function's binary; it inherits the environment.
    pub bootstrap: PathBuf,
    /// What it is started with.
    pub arguments: Vec<String>,
    /// Processes at once, which is also calls at once.
    pub most: usize,
}

/// One call, on its way to a process.
struct Call {
    id: String,
    event: String,
}

/// An answer as the process writes it: head, zeros, body.
type Answer = mpsc::Receiver<Bytes>;

#[derive(Default)]
struct Pool {
    /// How many calls there were.
    calls: u64,
    processes: usize,
    /// Processes that wait for a call; the last one that became free is taken first.
    idle: Vec<oneshot::Sender<Call>>,
    /// Calls that wait for the process that was started for them.
    queued: VecDeque<Call>,
    /// Callers that wait for an answer, by the call's id.
    open: HashMap<String, oneshot::Sender<Answer>>,
}

struct Host {
    url: FunctionUrl,
    pool: Mutex<Pool>,
}

impl Host {
    /// Also after a panic of another call: a development tool has nothing to lose.
    fn pool(&self) -> MutexGuard<'_, Pool> {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl FunctionUrl {
    /// The whole server: the runtime interface for the processes, and every other path for callers.
    pub fn app(self) -> Router {
        let host = Arc::new(Host { url: self, pool: Mutex::default() });
        let invocation = "/2018-06-01/runtime/invocation";
        Router::new()
            .route(&format!("{invocation}/next"), get(next))
            .route(&format!("{invocation}/{{id}}/response"), post(respond))
            .route(&format!("{invocation}/{{id}}/error"), post(fail))
            .route("/2018-06-01/runtime/init/error", post(refuse))
            .route("/2021-11-15/functions/{name}/response-streaming-invocations", post(invoke))
            .fallback(call)
            .with_state(host)
    }
}

/// What a caller of the URL gets.
async fn call(State(host): State<Arc<Host>>, request: Request<Body>) -> Response {
    let (parts, _) = request.into_parts();
    let Some(answer) = place(&host, |id| event::of(&parts, id)) else {
        return (StatusCode::TOO_MANY_REQUESTS, "Rate Exceeded.\n").into_response();
    };
    let broken = || (StatusCode::BAD_GATEWAY, "Internal Server Error\n").into_response();
    let Ok(mut chunks) = answer.await else { return broken() };
    let mut parted = Parted::default();
    loop {
        let Some(chunk) = chunks.recv().await else { return broken() };
        match parted.take(&chunk) {
            Ok(None) => {}
            Ok(Some((head, first))) => return head.response(Body::from_stream(after(first, chunks))),
            Err(error) => {
                eprintln!("a process answers with a head that does not read: {error}");
                return broken();
            }
        }
    }
}

/// What Lambda's own call gets: the answer in frames, its head as it is.
async fn invoke(State(host): State<Arc<Host>>, event: String) -> Response {
    let Some(answer) = place(&host, |_| event) else {
        let kind = [("x-amzn-errortype", "TooManyRequestsException"), ("content-type", "application/json")];
        return (StatusCode::TOO_MANY_REQUESTS, kind, r#"{"Type":"User","message":"Rate Exceeded."}"#).into_response();
    };
    let kind = [("content-type", "application/vnd.amazon.eventstream")];
    match answer.await {
        Ok(chunks) => {
            let framed = after(Bytes::new(), chunks).map(|chunk| chunk.map(|bytes| frames::payload(&bytes)));
            let end = stream::iter([Ok(frames::complete("{}"))]);
            (kind, Body::from_stream(framed.chain(end))).into_response()
        }
        // It failed, or its process ended.
        Err(_) => (kind, frames::complete(r#"{"ErrorCode":"Unhandled","ErrorDetails":"no answer"}"#)).into_response(),
    }
}

/// A first piece and what comes after it.
fn after(first: Bytes, chunks: Answer) -> impl Stream<Item = Result<Bytes, axum::Error>> {
    let first = (!first.is_empty()).then_some(Ok(first));
    let rest = stream::unfold(chunks, |mut chunks| async { Some((Ok(chunks.recv().await?), chunks)) });
    stream::iter(first).chain(rest)
}

/// Gives a call to an idle process or to a new one; nothing if there may be no more.
fn place(host: &Arc<Host>, event: impl FnOnce(&str) -> String) -> Option<oneshot::Receiver<Answer>> {
    let mut pool = host.pool();
    pool.calls += 1;
    let id = format!("00000000-0000-4000-8000-{:012}", pool.calls);
    let mut call = Call { event: event(&id), id: id.clone() };
    let (told, answer) = oneshot::channel();
    while let Some(process) = pool.idle.pop() {
        match process.send(call) {
            Ok(()) => {
                pool.open.insert(id, told);
                return Some(answer);
            }
            // It ended while it waited: the next one.
            Err(back) => call = back,
        }
    }
    if pool.processes == host.url.most {
        return None;
    }
    pool.processes += 1;
    pool.queued.push_back(call);
    pool.open.insert(id, told);
    tokio::spawn(run(Arc::clone(host)));
    Some(answer)
}

/// One process from its start to its end. A call that it was started for and never took is answered as a failure.
async fn run(host: Arc<Host>) {
    let interface = format!("127.0.0.1:{}", host.url.port);
    let started = Command::new(&host.url.bootstrap)
        .args(&host.url.arguments)
        .env("AWS_LAMBDA_RUNTIME_API", interface)
        .kill_on_drop(true)
        .spawn();
    match started {
        Ok(mut process) => eprintln!("a process ended: {:?}", process.wait().await),
        Err(error) => eprintln!("{} does not start: {error}", host.url.bootstrap.display()),
    }
    let mut pool = host.pool();
    pool.processes -= 1;
    if let Some(Call { id, .. }) = pool.queued.pop_front() {
        pool.open.remove(&id);
    }
}

/// A process asks for its next call, and waits until there is one.
async fn next(State(host): State<Arc<Host>>) -> Response {
    let Ok(call) = turn(&host).await else { return StatusCode::GONE.into_response() };
    let headers = [
        ("content-type", "application/json"),
        ("lambda-runtime-aws-request-id", &call.id),
        ("lambda-runtime-invoked-function-arn", "arn:aws:lambda:us-east-1:000000000000:function:local"),
        // Far away: nobody here cuts a call off.
        ("lambda-runtime-deadline-ms", "9999999999999"),
    ];
    (headers, call.event).into_response()
}

/// The call that waits for a process, or the next one that comes.
fn turn(host: &Host) -> oneshot::Receiver<Call> {
    let (told, call) = oneshot::channel();
    let mut pool = host.pool();
    if let Some(queued) = pool.queued.pop_front() {
        _ = told.send(queued);
    } else {
        pool.idle.push(told);
    }
    call
}

/// A process answers, piece by piece, to its end even if the caller has left.
async fn respond(State(host): State<Arc<Host>>, Path(id): Path<String>, body: Body) -> StatusCode {
    let Some(told) = host.pool().open.remove(&id) else { return StatusCode::NOT_FOUND };
    let (chunks, waiting) = mpsc::channel(AHEAD);
    // Whoever has left takes nothing any more: not a fault of the process.
    _ = told.send(waiting);
    let mut body = body.into_data_stream();
    while let Some(Ok(chunk)) = body.next().await {
        _ = chunks.send(chunk).await;
    }
    StatusCode::ACCEPTED
}

/// A process failed at a call.
async fn fail(State(host): State<Arc<Host>>, Path(id): Path<String>, why: Bytes) -> StatusCode {
    eprintln!("a call failed: {}", String::from_utf8_lossy(&why));
    host.pool().open.remove(&id);
    StatusCode::ACCEPTED
}

/// A process could not begin.
async fn refuse(why: Bytes) -> StatusCode {
    eprintln!("a process could not begin: {}", String::from_utf8_lossy(&why));
    StatusCode::ACCEPTED
}
