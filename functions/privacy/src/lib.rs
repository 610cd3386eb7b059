//! Every minute: makes the exports that were asked for, and goes on with the deletions of accounts.
//!
//! A function of its own, because nothing else may delete every row and every object of a person.

mod archive;
mod erase;
mod export;
mod generations;
mod listing;
mod parts;
mod rows;
mod volume;

use cloud::{Cloud, CloudError, Due, Objects, Table, Waiting};
use domain::Timestamp;
use edge::{Meter, Settings};
use lambda_runtime::{Error, LambdaEvent};
use serde::{Deserialize, Serialize};

/// What the function holds between calls.
pub struct App {
    table: Table,
    uploads: Objects,
    models: Objects,
    meter: Meter,
}

/// What one run shall do; the clock says nothing, and means all.
#[derive(Debug, Default, Deserialize)]
pub struct Order {
    /// Stop after so many steps of deletions, as if the run had died there. For tests and drills.
    pub most: Option<u32>,
}

/// What one run did.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Files of exports.
    pub files: u32,
    /// Exports that became ready.
    pub exports: u32,
    /// Steps of deletions.
    pub steps: u32,
    /// Deletions that came to their end.
    pub erased: u32,
    /// Left for the next run.
    pub left: u32,
}

impl App {
    /// Reads the environment and opens the clients.
    pub async fn connect(get: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let settings = Settings::new(get);
        let read = ["TABLE_NAME", "UPLOADS_BUCKET", "MODELS_BUCKET", "STAGE"].map(|name| settings.text(name));
        let [table, uploads, models, stage] = settings.finish(read)?;
        let cloud = Cloud::connect().await;
        Ok(Self {
            table: cloud.table(table),
            uploads: cloud.objects(uploads),
            models: cloud.objects(models),
            meter: Meter::new(stage),
        })
    }
}

/// How far a run may still go.
struct Budget {
    /// Nothing new is begun from then on.
    until: Timestamp,
    /// Steps of deletions that may still be done.
    steps: u32,
}

impl Budget {
    fn is_spent(&self) -> bool {
        self.steps == 0 || edge::now() >= self.until
    }
}

/// One run. What cannot be done now never keeps the rest from being done.
pub async fn handle(app: &App, event: LambdaEvent<serde_json::Value>) -> Result<Tally, Error> {
    let order: Order = serde_json::from_value(event.payload).unwrap_or_default();
    let deadline = i64::try_from(event.context.deadline).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
    // A file of an export may still take its whole time after it was begun.
    let margin = domain::plan::EXPORT_FILE_S + 10;
    let until = domain::after(deadline.unwrap_or_else(edge::now), -margin);
    let mut budget = Budget { until, steps: order.most.unwrap_or(u32::MAX) };
    let mut tally = Tally::default();
    for waiting in app.table.due(Due::Privacy, edge::now()).await? {
        if budget.is_spent() {
            break;
        }
        let done = match &waiting {
            Waiting::Export(user, id) => Box::pin(export::make(app, user, id, &budget, &mut tally)).await,
            Waiting::Erasure(user) => erase::go_on(app, user, &mut budget, &mut tally).await,
            Waiting::Mail(..) | Waiting::Upload(..) | Waiting::Delivery(..) => Ok(()),
        };
        match done {
            Ok(()) | Err(CloudError::Raced) => {}
            Err(error) => {
                tally.left += 1;
                tracing::error!(why = %error, "something is left for the next run: {error}");
            }
        }
    }
    let Tally { files, exports, steps, erased, left } = tally;
    app.meter.left(left);
    tracing::info!(
        files,
        exports,
        steps,
        erased,
        left,
        "privacy: {exports} exports ready, {steps} steps of deletions, {erased} accounts deleted, {left} left"
    );
    Ok(tally)
}
