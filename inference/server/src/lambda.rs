//! The same container as a Lambda function, for who has no quota for an instance.
//!
//! A call may bring 6 MB, less than a photo may have, so the event names the photo by a signed link; the answer goes
//! back in the streamed response, which may have 200 MB. Neither needs a right: the function's role holds its log only.

use crate::answer::{self, Later, archive, later, problem};
use crate::attributes;
use crate::config::Lambda;
use crate::lifecycle::load;
use crate::worker::{Job, Queue, queue, run, work};
use bytes::Bytes;
use http_body_util::{BodyDataStream, Full};
use hyper::{StatusCode, Uri};
use inference_pipeline::{Limits, PhotoError, Problem};
use lambda_runtime::{Error, LambdaEvent, MetadataPrelude, StreamResponse, service_fn};
use serde::Deserialize;
use std::convert::Infallible;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;
use tracing::{error, warn};
use ureq::Agent;

/// How long a photo may take to arrive, its connection included.
const ARRIVAL: Duration = Duration::from_secs(20);

/// How long storage may take to answer at all.
const CONNECT: Duration = Duration::from_secs(3);

/// What dispatch asks for.
#[derive(Debug, Deserialize)]
struct Order {
    /// The photo.
    photo: Photo,
    /// The options as compact JSON, as the header of `/invocations` carries them.
    attributes: String,
}

/// Where the photo is.
#[derive(Debug, Deserialize)]
struct Photo {
    /// A signed link to its one version: whoever reads it may read the photo, so it is never logged.
    link: String,
    /// Its declared type.
    content_type: String,
}

/// An answer of the door's, as Lambda streams it: status and headers first.
type Answer = StreamResponse<BodyDataStream<Full<Bytes>>>;

/// Takes events until the environment is ended, or until the engine cannot go on: then Lambda starts another.
pub(crate) async fn serve(models: &Path, lambda: Lambda) -> ExitCode {
    let started = start(models, lambda);
    let (place, ended) = match started {
        Ok(started) => started,
        Err(fault) => {
            error!("no model can be made: {fault}");
            return ExitCode::FAILURE;
        }
    };
    let events = lambda_runtime::run(service_fn(|event| handle(&place, event)));
    tokio::select! {
        Err(fault) = events => error!("the runtime interface fails: {fault}"),
        _ = ended => error!("the model thread has ended"),
    }
    ExitCode::FAILURE
}

/// What a call needs.
struct Place {
    queue: Queue,
    http: Agent,
    is_local: bool,
}

/// Loads, without the warm-up of a server: the start has ten seconds, and the first call is its own proof.
fn start(models: &Path, lambda: Lambda) -> Result<(Place, oneshot::Receiver<()>), Error> {
    let http = Agent::config_builder()
        .https_only(!lambda.is_local)
        // A signed link leads nowhere else.
        .max_redirects(0)
        .http_status_as_error(false)
        .timeout_connect(Some(CONNECT))
        .timeout_global(Some(ARRIVAL))
        .build()
        .new_agent();
    let pipeline = load(models)?;
    let (queue, jobs) = queue();
    let (tell, ended) = oneshot::channel();
    let body = move || {
        work(jobs, &Arc::default(), |job| run(&pipeline, job));
        drop(tell);
    };
    std::thread::Builder::new().name("model".into()).spawn(body)?;
    Ok((Place { queue, http, is_local: lambda.is_local }, ended))
}

async fn handle(place: &Place, event: LambdaEvent<Order>) -> Result<Answer, Infallible> {
    let made = make(place, event.payload).await;
    Ok(streamed(made.map_or_else(|refused| problem(&refused), archive)))
}

/// One photo to its archive.
async fn make(place: &Place, order: Order) -> Result<Vec<u8>, Problem> {
    let options = attributes::parse(order.attributes.as_bytes()).map_err(|fault| Problem::from(&fault))?;
    let photo = fetch(place, order.photo.link).await?;
    let (answer, result) = oneshot::channel();
    let job = Job { photo, content_type: order.photo.content_type, options, answer };
    // One call at a time: only an ended worker takes none.
    place.queue.try_send(job).map_err(|_| later(Later::Unable))?;
    result.await.unwrap_or_else(|_| Err(later(Later::Unable)))
}

/// The photo's bytes, up to their limit.
async fn fetch(place: &Place, link: String) -> Result<Bytes, Problem> {
    if !may_follow(&link, place.is_local) {
        return Err(not_fetched("the link is none to storage"));
    }
    let http = place.http.clone();
    let fetched = tokio::task::spawn_blocking(move || read(&http, &link)).await;
    fetched.unwrap_or_else(|_| Err(Problem::internal())).map(Bytes::from)
}

fn read(http: &Agent, link: &str) -> Result<Vec<u8>, Problem> {
    let limit = Limits::default().bytes;
    let mut response = http.get(link).call().map_err(|fault| lost(&fault))?;
    if response.status() != StatusCode::OK {
        return Err(not_fetched(&format!("storage answers {}", response.status().as_u16())));
    }
    // What has one byte too many is refused where all photos are.
    match response.body_mut().with_config().limit(limit + 1).read_to_vec() {
        Ok(photo) => Ok(photo),
        Err(ureq::Error::BodyExceedsLimit(bytes)) => Err(Problem::from(&PhotoError::TooLarge { bytes, limit })),
        Err(fault) => Err(lost(&fault)),
    }
}

/// What went wrong, without the link, which two of these would name.
fn lost(fault: &ureq::Error) -> Problem {
    match fault {
        ureq::Error::BadUri(_) | ureq::Error::RequireHttpsOnly(_) => not_fetched("the link is none to storage"),
        other => not_fetched(&other.to_string()),
    }
}

/// Whether a link may lead to storage: over TLS, or to this machine if the cloud is a local one.
fn may_follow(link: &str, is_local: bool) -> bool {
    let Ok(link) = link.parse::<Uri>() else { return false };
    match link.scheme_str() {
        Some("https") => true,
        Some("http") => is_local && link.host() == Some("127.0.0.1"),
        _ => false,
    }
}

/// Not the photo's fault, so that it is tried again, with another link.
fn not_fetched(reason: &str) -> Problem {
    warn!("the photo could not be fetched: {reason}");
    let detail = "storage did not give it".into();
    Problem { status: 503, kind: "/problems/photo-not-fetched", title: "The photo could not be fetched", detail }
}

fn streamed(answer: answer::Answer) -> Answer {
    let (head, body) = answer.into_parts();
    let metadata_prelude = MetadataPrelude { status_code: head.status, headers: head.headers, cookies: vec![] };
    StreamResponse { metadata_prelude, stream: BodyDataStream::new(body) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_event_is_read() {
        let order: Order = serde_json::from_str(include_str!("../../../events/container/function.json")).unwrap();
        assert!(may_follow(&order.photo.link, false));
        assert_eq!(order.photo.content_type, "image/jpeg");
        assert!(attributes::parse(order.attributes.as_bytes()).unwrap().generation.is_some());
    }

    #[test]
    fn links_lead_to_storage_only() {
        for (link, in_the_cloud, on_a_laptop) in [
            ("https://uploads.s3.eu-central-1.amazonaws.com/k?X-Amz-Signature=1", true, true),
            ("http://uploads.s3.eu-central-1.amazonaws.com/k", false, false),
            ("http://127.0.0.1:8301/uploads/k", false, true),
            ("http://127.0.0.1@evil.example/k", false, false),
            ("http://169.254.169.254/latest/meta-data", false, false),
            ("file:///opt/ml/model/u2netp.onnx", false, false),
            ("", false, false),
        ] {
            assert_eq!((may_follow(link, false), may_follow(link, true)), (in_the_cloud, on_a_laptop), "{link}");
        }
    }
}
