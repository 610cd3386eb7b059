//! The event stream of a generation: what `GET` of it answers, sent whenever it changes.

pub mod frame;
mod news;

use api::Problem;
use cloud::Cloud;
use domain::generation::Generation;
use domain::ids::GenerationId;
use domain::limits;
use edge::{Answer, Caller, Counted, Door, DoorSettings, Settings, tag};
use lambda_http::lambda_runtime::streaming::{Body, Sender, channel};
use lambda_http::{Error, Request, Response};
use news::News;
use std::num::NonZeroU64;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// Between two looks at the row.
const LOOK: Duration = Duration::from_millis(250);
/// A stream ends before Lambda would cut it off after 15 minutes; the reader comes back with `Last-Event-ID`.
const LONGEST: Duration = Duration::from_mins(14);
/// How soon the reader comes back, in milliseconds.
const RETRY_MS: u32 = 1000;
/// A sign of life, and a look whether the caller may still read, unless `HEARTBEAT_MS` says otherwise. A CDN gives up on an
/// origin that is silent for 30 seconds.
const HEARTBEAT_MS: u64 = 10_000;

/// What the function holds between calls.
pub struct App {
    door: Door,
    heartbeat: Duration,
    /// How many models are made at once, for what people are told of their wait.
    at_once: NonZeroU64,
}

/// One reader of one generation.
struct Reader {
    app: Arc<App>,
    caller: Caller,
    id: GenerationId,
    news: News,
    told: Sender,
}

/// Why a stream goes no further.
enum End {
    /// The model is there, or never will be.
    Over,
    /// It has lasted long enough.
    Late,
    /// Nobody takes what is sent.
    Left,
    /// The caller may read it no more, or it is gone: the next call answers with the problem.
    Shut(Problem),
}

impl App {
    /// Reads the environment and opens the clients.
    pub async fn connect(get: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let settings = Settings::new(get);
        let heartbeat = settings.perhaps("HEARTBEAT_MS").and_then(|text| text.parse().ok()).unwrap_or(HEARTBEAT_MS);
        let read = (DoorSettings::read(&settings), settings.count("MODELS_AT_ONCE"));
        let (door, at_once) = settings.finish(read)?;
        let cloud = Cloud::connect().await;
        Ok(Self { door: Door::open(&cloud, door).await?, heartbeat: Duration::from_millis(heartbeat), at_once })
    }
}

/// Answers one request.
pub async fn handle(app: &Arc<App>, request: Request) -> Result<Response<Body>, Error> {
    let request = edge::routed(request);
    let mut counted = Counted::default();
    let mut opened = None;
    let answer = open(app, &request, &mut counted).await.map(|reader| {
        let answer = if reader.is_some() { stream() } else { Answer::only(204) };
        opened = reader;
        answer
    });
    let answer = edge::answer(&request, counted.tell(answer));
    let Some((reader, body)) = opened else { return Ok(answer.map(|body| Body::from(body.to_vec()))) };
    tokio::spawn(reader.run());
    Ok(answer.map(|_| body))
}

/// The head of a stream; nobody on the way may keep it back, squeeze it or store it.
fn stream() -> Answer {
    Answer::only(200).with("content-type", "text/event-stream").with("cache-control", "no-store, no-transform")
}

/// A new reader and what it will be told; none if it has seen the end already, and nothing more will come.
async fn open(app: &Arc<App>, request: &Request, counted: &mut Counted) -> Result<Option<(Reader, Body)>, Problem> {
    if edge::route_key(request) != "GET /api/generations/{id}/events" {
        return Err(Problem::not_found());
    }
    let caller = app.door.caller(request).await?;
    let generation = app.door.generation(&caller, request).await?;
    let seen = edge::header(request, "last-event-id");
    if generation.status.is_terminal() && seen == Some(&tag(&app.door.show(&generation, app.at_once).await)?) {
        return Ok(None);
    }
    app.door.count(request, limits::STREAM, Some(&caller), counted).await?;
    let (told, body) = channel();
    Ok(Some((Reader { app: Arc::clone(app), caller, id: generation.id, news: News::since(seen), told }, body)))
}

impl Reader {
    async fn run(mut self) {
        let end = self.follow().await.unwrap_or_else(|end| end);
        let (why, internal) = match &end {
            End::Over => ("the generation ended", None),
            End::Late => ("it lasted long enough", None),
            End::Left => ("the reader left", None),
            End::Shut(problem) => (problem.kind.path(), problem.internal.as_deref()),
        };
        if let Some(internal) = internal {
            tracing::error!(why, internal, "a stream ended: {why}: {internal}");
        } else {
            tracing::info!(why, "a stream ended: {why}");
        }
    }

    async fn follow(&mut self) -> Result<End, End> {
        let app = Arc::clone(&self.app);
        let ends = Instant::now() + LONGEST;
        let mut beat = Instant::now() + app.heartbeat;
        self.send(frame::retry(RETRY_MS)).await?;
        while Instant::now() < ends {
            if Instant::now() >= beat {
                // A session may end and a key may be revoked meanwhile.
                app.door.still(&self.caller).await?;
                self.send(frame::HEARTBEAT.to_owned()).await?;
                beat = Instant::now() + app.heartbeat;
            }
            let generation = app.door.generation_of(&self.caller, &self.id).await?;
            if self.news.wants(&generation, Instant::now()) {
                self.tell(&generation).await?;
            }
            if generation.status.is_terminal() {
                return Ok(End::Over);
            }
            sleep(LOOK).await;
        }
        Ok(End::Late)
    }

    async fn tell(&mut self, generation: &Generation) -> Result<(), End> {
        let view = self.app.door.show(generation, self.app.at_once).await;
        let tag = tag(&view)?;
        if !self.news.is(&tag, view.progress) {
            return Ok(());
        }
        let data = serde_json::to_string(&view).map_err(|error| Problem::ours(error.to_string()))?;
        self.send(frame::event("generation", &tag, &data)).await
    }

    async fn send(&mut self, frame: String) -> Result<(), End> {
        self.told.send_data(frame.into()).await.map_err(|_| End::Left)
    }
}

impl From<Problem> for End {
    fn from(problem: Problem) -> Self {
        Self::Shut(problem)
    }
}
