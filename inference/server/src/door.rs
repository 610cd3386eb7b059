//! HTTP: two paths, headers and byte counts checked, photos handed to the queue.

use crate::answer::{Answer, Later, archive, empty, later, not_found, problem, wrong_method};
use crate::attributes::{content_type, options};
use crate::worker::{Job, Queue};
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use hyper::{Method, Request, StatusCode};
use inference_pipeline::{Limits, PhotoError, Problem};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{mpsc::error::TrySendError, oneshot};

/// How long a photo may take to arrive.
const ARRIVAL: Duration = Duration::from_secs(20);

/// A body is read to its end up to this many bytes although it is refused already: only then does its sender, which
/// may still be writing, read the answer. Beyond it the connection is closed.
const READ_ANYWAY: u64 = 32 * 1024 * 1024;

/// What the door knows of the worker.
#[derive(Clone)]
pub(crate) struct Door {
    place: Arc<Mutex<Place>>,
    draining: Arc<AtomicBool>,
}

/// Where photos go.
#[derive(Default)]
enum Place {
    /// Nowhere yet: the warm-up is not over.
    #[default]
    Starting,
    /// To the worker.
    Open(Queue),
    /// Nowhere any more: the process is about to end.
    Closed,
    /// Nowhere at all: the engine cannot work, and the log says why. Who waits for the end is told when it comes.
    Unable(oneshot::Sender<()>),
}

impl Door {
    /// A closed door.
    pub(crate) fn new(draining: Arc<AtomicBool>) -> Self {
        Self { place: Arc::default(), draining }
    }

    /// Opens: from now on `/ping` answers 200.
    pub(crate) fn open(&self, queue: Queue) {
        let mut place = self.place();
        // Asked under the lock: a signal that comes in between must not leave the door open for ever.
        if !self.draining.load(Ordering::Acquire) {
            *place = Place::Open(queue);
        }
    }

    /// Closes for good: `/ping` fails, nothing new gets in, and the worker ends after what it has.
    pub(crate) fn close(&self) {
        self.draining.store(true, Ordering::Release);
        let place = std::mem::replace(&mut *self.place(), Place::Closed);
        if let Place::Unable(tell) = place {
            let _ = tell.send(());
        }
    }

    /// Says that no model can be made here: `/ping` fails, and whoever asks is told so, until the process is told to
    /// end; then `tell` is used.
    pub(crate) fn give_up(&self, tell: oneshot::Sender<()>) {
        let mut place = self.place();
        if self.draining.load(Ordering::Acquire) {
            let _ = tell.send(());
        } else {
            *place = Place::Unable(tell);
        }
    }

    fn place(&self) -> MutexGuard<'_, Place> {
        self.place.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn queue(&self) -> Result<Queue, Later> {
        match &*self.place() {
            Place::Open(queue) => Ok(queue.clone()),
            Place::Starting => Err(Later::Starting),
            Place::Closed => Err(Later::Draining),
            Place::Unable(_) => Err(Later::Unable),
        }
    }
}

/// Answers one request; never fails.
pub(crate) async fn handle(door: &Door, request: Request<Incoming>) -> Answer {
    match (request.uri().path(), request.method()) {
        ("/ping", &Method::GET) => match door.queue() {
            Ok(_) => empty(StatusCode::OK),
            Err(_) => empty(StatusCode::SERVICE_UNAVAILABLE),
        },
        ("/invocations", &Method::POST) => match invoke(door, request).await {
            Ok(zip) => archive(zip),
            Err(refused) => problem(&refused),
        },
        ("/ping", _) => wrong_method("GET"),
        ("/invocations", _) => wrong_method("POST"),
        _ => not_found(),
    }
}

async fn invoke(door: &Door, request: Request<Incoming>) -> Result<Vec<u8>, Problem> {
    let (parts, body) = request.into_parts();
    let photo = tokio::time::timeout(ARRIVAL, collect(body)).await.map_err(|_| too_slow())??;
    let options = options(&parts.headers).map_err(|fault| Problem::from(&fault))?;
    let content_type = content_type(&parts.headers).to_owned();
    let (answer, result) = oneshot::channel();
    let queue = door.queue().map_err(later)?;
    queue.try_send(Job { photo, content_type, options, answer }).map_err(|refused| match refused {
        TrySendError::Full(_) => later(Later::Busy),
        TrySendError::Closed(_) => later(Later::Draining),
    })?;
    drop(queue);
    // The worker answers every job; it is gone only if the process is about to end.
    result.await.unwrap_or_else(|_| Err(later(Later::Draining)))
}

/// Collects a photo up to its limit and counts the rest without keeping it.
async fn collect(mut body: Incoming) -> Result<Bytes, Problem> {
    let limit = Limits::default().bytes;
    let mut bytes = body.size_hint().exact().unwrap_or(0);
    if bytes > READ_ANYWAY {
        return Err(Problem::from(&PhotoError::TooLarge { bytes, limit }));
    }
    let mut photo = BytesMut::with_capacity(usize::try_from(bytes.min(limit)).unwrap_or(0));
    bytes = 0;
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else { return Err(broken_off(bytes)) };
        let Ok(data) = frame.into_data() else { continue };
        bytes += u64::try_from(data.len()).unwrap_or(u64::MAX);
        if bytes > READ_ANYWAY {
            break;
        }
        if bytes <= limit {
            photo.extend_from_slice(&data);
        }
    }
    if bytes > limit {
        return Err(Problem::from(&PhotoError::TooLarge { bytes, limit }));
    }
    Ok(photo.freeze())
}

fn too_slow() -> Problem {
    let detail = format!("the photo did not arrive within {} seconds", ARRIVAL.as_secs());
    Problem { status: 408, kind: "/problems/photo-too-slow", title: "The photo came too slowly", detail }
}

fn broken_off(bytes: u64) -> Problem {
    Problem::from(&PhotoError::Truncated { bytes })
}
