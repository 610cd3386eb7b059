//! One message, one try of one delivery: claim it, post it, write down what came of it.
//!
//! A function of its own: it alone speaks to addresses that strangers named, and it may touch nothing but rows and its queue. A
//! try that died after it was heard is made again, with the same id: at least once, never lost.

use api::job::Errand;
use cloud::{Cloud, CloudError, Queue, Table};
use domain::mail::Occasion;
use domain::plan;
use domain::webhook::{Attempt, Delivery, Endpoint, Hooks, Off, State};
pub use edge::Batch;
use edge::{Failures, Record, Settings};
use lambda_runtime::{Error, LambdaEvent};
use outbound::Outbound;
use std::time::Duration;

/// Tries when other deliveries of the same person learn something at the same moment.
const TRIES: usize = 5;

/// What the function holds between calls.
pub struct App {
    table: Table,
    errands: Queue,
    outbound: Outbound,
}

/// How a message ends.
#[derive(Debug, PartialEq, Eq)]
enum End {
    /// Its work is done, or is somebody else's.
    Done,
    /// It comes again, and at last goes to the dead letters.
    Again,
}

impl App {
    /// Reads the environment and opens the clients.
    pub async fn connect(get: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let patience = Duration::from_secs(plan::WEBHOOK_PATIENCE_S);
        let outbound = Outbound::new(outbound::Settings::read(patience, &get)?).ready()?;
        let settings = Settings::new(get);
        let read = ["TABLE_NAME", "WEBHOOKS_QUEUE_URL"].map(|name| settings.text(name));
        let [table, errands] = settings.finish(read)?;
        let cloud = Cloud::connect().await;
        Ok(Self { table: cloud.table(table), errands: cloud.queue(errands), outbound })
    }
}

/// Answers one batch, all messages at the same time: a slow endpoint keeps no other waiting.
pub async fn handle(app: &App, event: LambdaEvent<Batch>) -> Result<Failures, Error> {
    let ends = event.payload.records.iter().map(|record| message(app, record));
    let ends = futures_util::future::join_all(ends).await;
    let mut again = Failures::default();
    for (record, end) in event.payload.records.into_iter().zip(ends) {
        let end = end.unwrap_or_else(|error| {
            tracing::error!(message.id = record.message_id, why = %error, "a message comes again: {error}");
            End::Again
        });
        if end == End::Again {
            again.push(record.message_id);
        }
    }
    Ok(again)
}

async fn message(app: &App, record: &Record) -> Result<End, CloudError> {
    let Some(errand) = Errand::parse(&record.body) else {
        tracing::error!(message.id = record.message_id, "a message cannot be read and goes to the dead letters");
        return Ok(End::Again);
    };
    match deliver(app, &errand).await {
        // Another message of the same delivery is being worked on, or its owner changed it: whoever wrote first goes on.
        Ok(()) | Err(CloudError::Raced) => Ok(End::Done),
        Err(error) => Err(error),
    }
}

async fn deliver(app: &App, errand: &Errand) -> Result<(), CloudError> {
    let found = app.table.delivery(&errand.user_id, &errand.webhook_id, &errand.event_id).await?;
    let Some(found) = found else { return Ok(()) };
    let Some(claimed) = found.claim(edge::now()) else { return Ok(()) };
    let hooks = app.table.hooks(&found.user).await?;
    let Some(endpoint) = hooks.endpoint(&found.webhook) else { return app.table.forget_delivery(&found).await };
    if endpoint.off.is_some() {
        return app.table.keep_delivery(&found.dropped()).await;
    }
    app.table.keep_delivery(&claimed).await?;
    let attempt = post(app, &hooks, endpoint, &claimed).await;
    let tried = claimed.tried(attempt.clone(), chance());
    app.table.keep_delivery(&tried).await?;
    log(&tried, &attempt);
    learn(app, &tried, &attempt).await?;
    edge::send_for(&app.errands, std::slice::from_ref(&tried), edge::now()).await;
    Ok(())
}

/// One try, with the headers of Standard Webhooks.
async fn post(app: &App, hooks: &Hooks, endpoint: &Endpoint, delivery: &Delivery) -> Attempt {
    let at = edge::now();
    let signature = hooks.secrets.get(&endpoint.id).map(|secrets| secrets.sign(&delivery.event, at, &delivery.body));
    let signature = signature.unwrap_or_default();
    let timestamp = at.as_second().to_string();
    let headers = [
        ("content-type", "application/json"),
        ("webhook-id", delivery.event.as_str()),
        ("webhook-timestamp", &timestamp),
        ("webhook-signature", &signature),
    ];
    let posted = app.outbound.post(&endpoint.url, &headers, delivery.body.clone().into_bytes()).await;
    let took_ms = u64::try_from(edge::now().as_millisecond() - at.as_millisecond()).unwrap_or(0);
    match posted {
        Ok(posted) => {
            let attempt = Attempt { at, status: Some(posted.status), took_ms, error: None };
            let error = (!attempt.is_good()).then(|| format!("The endpoint answered {}.", posted.status));
            Attempt { error, ..attempt }
        }
        Err(error) => Attempt { at, status: None, took_ms, error: Some(error.sentence()) },
    }
}

/// Spreads the next try; without dice it is in the middle.
fn chance() -> u8 {
    edge::random::<1>().map_or(128, |[chance]| chance)
}

/// Never the address: it is the person's.
fn log(delivery: &Delivery, attempt: &Attempt) {
    let (event, tries, took_ms) = (&delivery.event, delivery.tries, attempt.took_ms);
    let status = attempt.status.unwrap_or(0);
    let state = match delivery.state {
        State::Waiting => "waits for another try",
        State::Delivered => "is delivered",
        State::Failed => "is given up",
    };
    tracing::info!(event.id = %event, tries, status, took_ms, "event {event} {state} after {tries} tries");
}

/// Keeps what an attempt says of its endpoint: that it works again, fails since now, or is switched off, which a mail tells.
async fn learn(app: &App, tried: &Delivery, attempt: &Attempt) -> Result<(), CloudError> {
    for _ in 0..TRIES {
        let hooks = app.table.hooks(&tried.user).await?;
        let Some(before) = hooks.endpoint(&tried.webhook) else { return Ok(()) };
        let Some(after) = before.after(attempt) else { return Ok(()) };
        let off = after.off.filter(|_| before.off.is_none()).map(|off| {
            tracing::warn!(webhook.id = %after.id, "webhook {} is switched off", after.id);
            (Occasion::WebhookOff { url: after.url.clone(), gone: off == Off::Gone }, &after.id)
        });
        match app.table.learn_of_hooks(&hooks.changed(&after), off, edge::now()).await {
            Err(CloudError::Raced) => {}
            written => return written,
        }
    }
    // The next attempt learns the same.
    Ok(())
}
