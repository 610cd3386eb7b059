//! Generations: create one or several, list, get, files, cancel, delete.

mod batch;
mod cancel;
mod convert;
mod create;
mod files;
mod label;
mod photo;
mod read;
mod remove;
mod share;
pub mod wish;

use api::Problem;
use cloud::{Cloud, Objects, Queue};
use edge::{Door, DoorSettings, Meter, Settings};
use lambda_http::{Body, Error, Request, Response};
use outbound::Outbound;
use std::num::NonZeroU64;
use std::time::Duration;

/// Tries when others move the same rows.
const TRIES: usize = 10;
/// How long an address may take to answer with a photo; the function itself has 28 seconds, and the gateway 30.
const PATIENCE: Duration = Duration::from_secs(8);

/// What the function holds between calls.
pub struct App {
    door: Door,
    uploads: Objects,
    models: Objects,
    queue: Queue,
    outbound: Outbound,
    errands: Queue,
    meter: Meter,
    /// How many models are made at once, for what people are told of their wait.
    at_once: NonZeroU64,
}

impl App {
    /// Reads the environment and opens the clients.
    pub async fn connect(get: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let outbound = outbound::Settings::read(PATIENCE, &get)?;
        let settings = Settings::new(get);
        let read = (
            DoorSettings::read(&settings),
            settings.text("UPLOADS_BUCKET"),
            settings.text("MODELS_BUCKET"),
            settings.text("QUEUE_URL"),
            settings.text("WEBHOOKS_QUEUE_URL"),
            settings.text("STAGE"),
            settings.count("MODELS_AT_ONCE"),
        );
        let (door, uploads, models, queue, errands, stage, at_once) = settings.finish(read)?;
        let cloud = Cloud::connect().await;
        Ok(Self {
            door: Door::open(&cloud, door).await?,
            uploads: cloud.objects(uploads),
            models: cloud.objects(models),
            queue: cloud.queue(queue),
            outbound: Outbound::new(outbound),
            errands: cloud.queue(errands),
            meter: Meter::new(stage),
            at_once,
        })
    }
}

/// What an order, a cancellation or a deletion answers when the others never stop.
fn kept_moving(what: &str) -> Problem {
    Problem::busy(format!("the {what} kept moving in {TRIES} tries"))
}

/// Answers one request.
pub async fn handle(app: &App, request: Request) -> Result<Response<Body>, Error> {
    let result = match edge::route_key(&request).as_str() {
        "POST /api/generations" => create::create(app, &request).await,
        "POST /api/generations/batch" => batch::create_several(app, &request).await,
        "POST /api/generations/{id}/cancel" => cancel::cancel(app, &request).await,
        "GET /api/generations" => read::list(app, &request).await,
        "GET /api/generations/{id}" => read::get(app, &request).await,
        "GET /api/generations/{id}/files/{file}" => files::file(app, &request).await,
        "POST /api/generations/deletions" => remove::remove_several(app, &request).await,
        "PATCH /api/generations/{id}" => label::label(app, &request).await,
        "POST /api/generations/{id}/share" => label::share(app, &request).await,
        "DELETE /api/generations/{id}/share" => label::unshare(app, &request).await,
        "GET /api/shares/{secret}" => share::shared(app, &request).await,
        "GET /api/shares/{secret}/page" => share::page(app, &request).await,
        "GET /api/shares/{secret}/files/{file}" => share::file(app, &request).await,
        "DELETE /api/generations/{id}" => remove::remove(app, &request).await,
        _ => Err(Problem::not_found()),
    };
    Ok(edge::answer(&request, result))
}
