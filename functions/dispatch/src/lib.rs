//! One message, one generation: claim it, run it in the container, store the results, settle the credits.

mod decide;
mod measure;
pub mod results;
mod sample;

use api::container::{Attributes, media_type};
use api::job::Job;
use cloud::{Cloud, CloudError, Container, ContainerFault, Objects, Queue, Table, keys};
use decide::{Verdict, decide};
use domain::generation::{Claim, Failure, Generation, ResultFile, Stage};
use domain::mail::Occasion;
use domain::{Timestamp, after, plan};
pub use edge::Batch;
use edge::{Failures, Meter, Record, Settings};
use lambda_runtime::{Error, LambdaEvent};
use results::Results;

/// Kept back from this invocation's time to store and settle, in seconds.
const MARGIN_S: i64 = 5;

/// How long the link to a photo works, in seconds: the container's function may first have to start.
const LINK_S: u64 = 60;

/// What the function holds between calls.
pub struct App {
    table: Table,
    uploads: Objects,
    models: Objects,
    queue: Queue,
    errands: Queue,
    container: Container,
    meter: Meter,
}

/// How a message ends.
#[derive(Debug, PartialEq, Eq)]
enum End {
    /// Its work is done, or was done before.
    Done,
    /// It comes again after its visibility, or in so many seconds.
    Again(Option<u32>),
}

impl App {
    /// Reads the environment and opens the clients.
    pub async fn connect(get: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let settings = Settings::new(get);
        let names = ["STAGE", "TABLE_NAME", "UPLOADS_BUCKET", "MODELS_BUCKET", "QUEUE_URL", "WEBHOOKS_QUEUE_URL"];
        let read = names.map(|name| settings.text(name));
        let ways =
            ["ENDPOINT_NAME", "INFERENCE_COMPONENT_NAME", "CONTAINER_FUNCTION"].map(|name| settings.perhaps(name));
        let [stage, table, uploads, models, queue, errands] = settings.finish(read)?;
        let cloud = Cloud::connect().await;
        let container = match ways {
            [Some(endpoint), Some(component), None] => Container::Endpoint(cloud.endpoint(endpoint, component)),
            [None, None, Some(function)] => Container::Function(cloud.function(function)),
            _ => {
                let why = "the environment must name either ENDPOINT_NAME and INFERENCE_COMPONENT_NAME, or CONTAINER_FUNCTION";
                return Err(why.into());
            }
        };
        Ok(Self {
            table: cloud.table(table),
            uploads: cloud.objects(uploads),
            models: cloud.objects(models),
            queue: cloud.queue(queue),
            errands: cloud.queue(errands),
            container,
            meter: Meter::new(stage),
        })
    }
}

/// Answers one batch; one bad message never fails its neighbours.
pub async fn handle(app: &App, event: LambdaEvent<Batch>) -> Result<Failures, Error> {
    let now = edge::now();
    let ends = i64::try_from(event.context.deadline).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
    let lease_ends = ends.unwrap_or_else(|| after(now, 120));
    let mut again = Failures::default();
    for record in event.payload.records {
        let end = match message(app, &record, lease_ends).await {
            Ok(end) => end,
            Err(error) => {
                tracing::error!(message.id = record.message_id, why = %error, "a message comes again: {error}");
                End::Again(None)
            }
        };
        if let End::Again(seconds) = end {
            if let Some(seconds) = seconds
                && let Err(error) = app.queue.come_again(&record.receipt_handle, seconds).await
            {
                tracing::warn!(why = %error, "a message keeps its long visibility: {error}");
            }
            again.push(record.message_id);
        }
    }
    Ok(again)
}

async fn message(app: &App, record: &Record, lease_ends: Timestamp) -> Result<End, CloudError> {
    let Some(job) = Job::parse(&record.body) else {
        tracing::error!(message.id = record.message_id, "a message cannot be read and goes to the dead letters");
        return Ok(End::Again(Some(0)));
    };
    let Some(found) = app.table.generation(&job.user_id, &job.generation_id).await? else {
        tracing::error!(generation.id = %job.generation_id, "a message names no generation and goes to the dead letters");
        return Ok(End::Again(Some(0)));
    };
    let running = match found.claim(edge::now(), lease_ends) {
        // Perhaps this message's worker died after it had stored results that nobody wants any more.
        Claim::Ended => return discard(app, &found).await,
        Claim::Held => return Ok(End::Again(None)),
        Claim::Run(running) => *running,
    };
    match app.table.change_generation(&found, &running).await {
        Ok(()) => {}
        Err(CloudError::Raced) => return Ok(End::Again(None)),
        Err(error) => return Err(error),
    }
    let end = if running.test {
        store(app, &running, sample::results()?, edge::now()).await
    } else {
        run(app, &running, record, lease_ends).await
    };
    match end {
        // Cancelled or settled by somebody else meanwhile: whatever was stored belongs to nobody.
        Err(CloudError::Raced) => discard(app, &running).await,
        end => end,
    }
}

/// Runs a claimed generation to its end, or gives the claim back.
async fn run(app: &App, running: &Generation, record: &Record, lease_ends: Timestamp) -> Result<End, CloudError> {
    let begun = edge::now();
    let outcome = match invoke(app, running, record.trace(), lease_ends).await {
        Ok(zip) => Results::read(&zip),
        Err(Stop::Cloud(error)) => {
            give_back(app, running, false, Stage::Waiting).await?;
            return Err(error);
        }
        Err(Stop::Fault(fault)) => Err(fault),
    };
    let fault = match outcome {
        Ok(results) => return store(app, running, results, begun).await,
        Err(fault) => fault,
    };
    tracing::warn!(generation.id = %running.id, why = %fault, "generation {} has no model yet: {fault}", running.id);
    match decide(&fault, running.attempts, record.receives()) {
        Verdict::Again { counted, stage, seconds } => {
            if stage == Stage::Waking {
                measure::asleep(&app.table).await;
            }
            give_back(app, running, counted, stage).await?;
            Ok(End::Again(Some(seconds)))
        }
        Verdict::Misconfigured => {
            give_back(app, running, false, Stage::Waiting).await?;
            Ok(End::Again(Some(plan::MAX_WAKE_DELAY_S)))
        }
        Verdict::Fail(failure) => fail(app, running, failure).await,
    }
}

enum Stop {
    Cloud(CloudError),
    Fault(ContainerFault),
}

async fn invoke(app: &App, running: &Generation, trace: Option<&str>, lease_ends: Timestamp) -> Result<Vec<u8>, Stop> {
    let photo = &running.photo;
    let (key, media_type) = (keys::photo(&running.user, &photo.upload), photo.content_type.media_type());
    let attributes = serde_json::to_string(&Attributes::new(&running.id, &running.options, trace))
        .map_err(|error| Stop::Fault(ContainerFault::Misconfigured(error.to_string())))?;
    match &app.container {
        Container::Endpoint(endpoint) => {
            let bytes = app.uploads.get(&key, Some(&photo.version), None).await.map_err(Stop::Cloud)?;
            within(lease_ends, endpoint.run(bytes, media_type, attributes)).await
        }
        Container::Function(function) => {
            let link = app.uploads.link_to_version(&key, &photo.version, LINK_S).await.map_err(Stop::Cloud)?;
            within(lease_ends, function.run(&link, media_type, &attributes)).await
        }
    }
}

/// Waits for the container, as long as this function's own time allows.
async fn within(
    lease_ends: Timestamp,
    call: impl Future<Output = Result<Vec<u8>, ContainerFault>>,
) -> Result<Vec<u8>, Stop> {
    let left = lease_ends.as_millisecond() - edge::now().as_millisecond() - MARGIN_S * 1000;
    let patience = std::time::Duration::from_millis(u64::try_from(left).unwrap_or(0));
    match tokio::time::timeout(patience, call).await {
        Ok(answer) => answer.map_err(Stop::Fault),
        Err(_) => Err(Stop::Fault(ContainerFault::Lost("this function's own time is over".to_owned()))),
    }
}

async fn store(app: &App, running: &Generation, results: Results, begun: Timestamp) -> Result<End, CloudError> {
    let saving = running.saving(edge::now()).map_err(|_| CloudError::Raced)?;
    app.table.change_generation(running, &saving).await?;
    let mut files = Vec::new();
    // The report comes last: where it is, everything is, and upkeep may settle from it.
    for (name, bytes) in results.files {
        let content_type = media_type(name).unwrap_or("application/octet-stream");
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        app.models.put(&keys::result(&running.user, &running.id, name), content_type, bytes).await?;
        files.push(ResultFile { name: name.to_owned(), content_type: content_type.to_owned(), bytes: size });
    }
    let now = edge::now();
    let ended = saving.succeed(files, results.model, now).map_err(|_| CloudError::Raced)?;
    edge::end(&app.table, &app.errands, &app.meter, &saving, &ended).await?;
    if ended.test {
        tracing::info!(generation.id = %running.id, "generation {} got the sample", running.id);
        return Ok(End::Done);
    }
    app.meter.timed(millis(running.created, begun), millis(begun, now));
    tell(app, &ended).await;
    measure::served(&app.table, begun, now).await;
    let (gpu_ms, queue_ms) = (millis(begun, now), millis(running.created, begun));
    tracing::info!(generation.id = %running.id, gpu_ms, queue_ms, "generation {} succeeded", running.id);
    Ok(End::Done)
}

/// Writes the mail that says so, to those who asked for it. The model is there either way.
async fn tell(app: &App, ended: &Generation) {
    let told = async {
        if !app.table.profile(&ended.user).await?.choices.model_mails {
            return Ok(());
        }
        let occasion = Occasion::ModelReady { generation: ended.id.to_string() };
        app.table.post(&ended.user, occasion, ended.id.as_str(), ended.updated).await
    };
    let told: Result<(), CloudError> = told.await;
    if let Err(error) = told {
        tracing::warn!(generation.id = %ended.id, why = %error, "nobody is told that generation {} is done: {error}", ended.id);
    }
}

fn millis(from: Timestamp, to: Timestamp) -> i64 {
    to.as_millisecond() - from.as_millisecond()
}

async fn fail(app: &App, running: &Generation, failure: Failure) -> Result<End, CloudError> {
    let kind = failure.kind.clone();
    let ended = running.fail(failure, edge::now()).map_err(|_| CloudError::Raced)?;
    edge::end(&app.table, &app.errands, &app.meter, running, &ended).await?;
    tracing::info!(generation.id = %running.id, kind, "generation {} failed: {kind}", running.id);
    Ok(End::Done)
}

async fn give_back(app: &App, running: &Generation, counted: bool, stage: Stage) -> Result<(), CloudError> {
    let queued = running.requeue(counted, stage, edge::now()).map_err(|_| CloudError::Raced)?;
    app.table.change_generation(running, &queued).await
}

/// Erases what a run stored for a generation that ended without it; a newer run of an open one keeps its own.
async fn discard(app: &App, seen: &Generation) -> Result<End, CloudError> {
    let found = app.table.generation(&seen.user, &seen.id).await?;
    let unwanted = found.is_none_or(|now| now.deleted.is_some() || (now.status.is_terminal() && now.files.is_empty()));
    if unwanted {
        tracing::info!(generation.id = %seen.id, "late results of generation {} are discarded", seen.id);
        app.models.erase(&keys::results(&seen.user, &seen.id)).await?;
    }
    Ok(End::Done)
}
