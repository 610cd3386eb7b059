//! Every few minutes: sends again what stayed queued, ends what stayed running, turns dead letters into failures; forgets
//! photos that nobody asked a model of, and sends the mails that wait, and for deliveries to webhooks that are due; and tells
//! what other clocks should have done long ago.

mod errands;
mod mails;
mod overdue;
mod photos;

use api::container::{REPORT, RESULTS, Report, media_type};
use api::job::Job;
use cloud::{Cloud, CloudError, Letter, Mailer, Objects, Queue, Table, keys};
use domain::Timestamp;
use domain::generation::{Failure, Generation, Repair, ResultFile, Status};
use domain::ids::{GenerationId, UserId};
use edge::{Meter, Settings};
use lambda_runtime::{Error, LambdaEvent};
use serde::Serialize;

/// Dead letters taken in one run: ten a call.
const DEAD_LETTER_CALLS: usize = 10;

/// What the function holds between calls.
pub struct App {
    table: Table,
    uploads: Objects,
    models: Objects,
    /// Nobody, where no sender is set up: then mails are dropped.
    mailer: Option<Mailer>,
    site: String,
    queue: Queue,
    dead_letters: Queue,
    errands: Queue,
    meter: Meter,
}

/// What one run did.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Sent again.
    pub sent_again: u32,
    /// Ended from results that were already stored.
    pub rescued: u32,
    /// Ended without a model.
    pub failed: u32,
    /// Photos that nobody asked a model of, forgotten.
    pub photos: u32,
    /// Mails that were sent.
    pub mails: u32,
    /// Deliveries to webhooks that were sent for again.
    pub deliveries: u32,
    /// Exports and deletions that nobody has worked on for too long.
    pub overdue: u32,
    /// Could not be looked at; the next run tries again.
    pub left: u32,
}

/// What was done with one generation.
enum Done {
    Nothing,
    SentAgain,
    Rescued,
    Failed,
}

impl App {
    /// Reads the environment and opens the clients.
    pub async fn connect(get: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let settings = Settings::new(get);
        let from = settings.perhaps("MAIL_FROM");
        let names = [
            "TABLE_NAME",
            "UPLOADS_BUCKET",
            "MODELS_BUCKET",
            "QUEUE_URL",
            "DEAD_LETTER_QUEUE_URL",
            "WEBHOOKS_QUEUE_URL",
            "SITE_ORIGIN",
            "STAGE",
        ];
        let read = names.map(|name| settings.text(name));
        let [table, uploads, models, queue, dead_letters, errands, site, stage] = settings.finish(read)?;
        let cloud = Cloud::connect().await;
        Ok(Self {
            table: cloud.table(table),
            uploads: cloud.objects(uploads),
            mailer: from.map(|from| cloud.mailer(from)),
            site,
            models: cloud.objects(models),
            queue: cloud.queue(queue),
            dead_letters: cloud.queue(dead_letters),
            errands: cloud.queue(errands),
            meter: Meter::new(stage),
        })
    }
}

/// One run. A generation that cannot be mended now never keeps the others from being mended.
pub async fn handle(app: &App, _event: LambdaEvent<serde_json::Value>) -> Result<Tally, Error> {
    let mut tally = Tally::default();
    for (user, id) in app.table.due_generations(edge::now()).await? {
        tally.count(repair(app, &user, &id).await, &id);
    }
    for _ in 0..DEAD_LETTER_CALLS {
        let letters = app.dead_letters.receive().await?;
        if letters.is_empty() {
            break;
        }
        for letter in letters {
            bury(app, &letter, &mut tally).await;
        }
    }
    photos::forget(app, &mut tally).await?;
    mails::send(app, &mut tally).await?;
    errands::send_again(app, &mut tally).await?;
    tally.overdue = overdue::count(&app.table).await?;
    let Tally { sent_again, rescued, failed, photos, mails, deliveries, overdue, left } = tally;
    app.meter.left(left + overdue);
    tracing::info!(
        sent_again,
        rescued,
        failed,
        photos,
        mails,
        deliveries,
        overdue,
        left,
        "upkeep: {sent_again} sent again, {rescued} rescued, {failed} failed, {photos} photos forgotten, {mails} mails sent, {deliveries} deliveries sent for, {overdue} of others overdue, {left} left"
    );
    Ok(tally)
}

impl Tally {
    fn count(&mut self, done: Result<Done, CloudError>, id: &GenerationId) {
        match done {
            Ok(Done::Nothing) | Err(CloudError::Raced) => {}
            Ok(Done::SentAgain) => self.sent_again += 1,
            Ok(Done::Rescued) => self.rescued += 1,
            Ok(Done::Failed) => self.failed += 1,
            Err(error) => {
                self.left += 1;
                tracing::error!(generation.id = %id, why = %error, "generation {id} is left for the next run: {error}");
            }
        }
    }
}

async fn repair(app: &App, user: &UserId, id: &GenerationId) -> Result<Done, CloudError> {
    let Some(found) = app.table.generation(user, id).await? else {
        return Ok(Done::Nothing);
    };
    let now = edge::now();
    let verdict = found.repair(now);
    if verdict != Repair::Nothing && rescue(app, &found, now).await? {
        return Ok(Done::Rescued);
    }
    match verdict {
        Repair::Nothing => Ok(Done::Nothing),
        Repair::Fail(failure) => fail(app, &found, failure, now).await,
        Repair::SendAgain(queued) => {
            // The row first: a message for a row that still says RUNNING would be given back.
            app.table.change_generation(&found, &queued).await?;
            let job = Job::new(id.clone(), user.clone());
            let body = serde_json::to_string(&job)
                .map_err(|error| CloudError::Busy { operation: "send again", code: error.to_string() })?;
            app.queue.send(body, None).await?;
            Ok(Done::SentAgain)
        }
    }
}

async fn fail(app: &App, found: &Generation, failure: Failure, now: Timestamp) -> Result<Done, CloudError> {
    let ended = found.fail(failure, now).map_err(|_| CloudError::Raced)?;
    edge::end(&app.table, &app.errands, &app.meter, found, &ended).await?;
    Ok(Done::Failed)
}

/// Ends a running generation with the results that a vanished worker stored. The report is stored last, so where it
/// is, everything is.
async fn rescue(app: &App, found: &Generation, now: Timestamp) -> Result<bool, CloudError> {
    if found.status != Status::Running {
        return Ok(false);
    }
    let key = |name: &str| keys::result(&found.user, &found.id, name);
    let report = match app.models.get(&key(REPORT), None, None).await {
        Err(CloudError::Gone { .. }) => return Ok(false),
        report => report?,
    };
    let Ok(report) = serde_json::from_slice::<Report>(&report) else {
        return Ok(false);
    };
    let mut files = Vec::new();
    for name in RESULTS {
        let bytes = app.models.head(&key(name)).await?.bytes;
        let content_type = media_type(name).unwrap_or("application/octet-stream").to_owned();
        files.push(ResultFile { name: name.to_owned(), content_type, bytes });
    }
    let ended = found.succeed(files, report.summary(), now).map_err(|_| CloudError::Raced)?;
    edge::end(&app.table, &app.errands, &app.meter, found, &ended).await?;
    Ok(true)
}

/// A dead letter's generation fails and its credits come back. A letter that names none stays for the operator.
async fn bury(app: &App, letter: &Letter, tally: &mut Tally) {
    let Some(job) = Job::parse(&letter.body) else {
        tracing::error!("a dead letter cannot be read and stays");
        return;
    };
    let buried = bury_job(app, &job).await;
    // Raced: the generation is moving by itself, and the next run looks at the letter again.
    if buried.is_ok()
        && let Err(error) = app.dead_letters.drop_letter(letter).await
    {
        tracing::warn!(why = %error, "a dead letter comes again: {error}");
    }
    tally.count(buried, &job.generation_id);
}

async fn bury_job(app: &App, job: &Job) -> Result<Done, CloudError> {
    let found = app.table.generation(&job.user_id, &job.generation_id).await?;
    let Some(found) = found.filter(|found| !found.status.is_terminal()) else {
        return Ok(Done::Nothing);
    };
    let failure = Failure {
        kind: "/problems/ours".to_owned(),
        title: "The model could not be made".to_owned(),
        detail: "Nothing was charged; please try again later.".to_owned(),
    };
    fail(app, &found, failure, edge::now()).await
}
