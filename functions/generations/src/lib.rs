//! Generations: create, list, get, files, delete.

mod convert;
mod create;
mod files;
mod label;
mod read;
mod remove;
mod share;

use api::Problem;
use cloud::{Cloud, Objects, Queue};
use edge::{Door, DoorSettings, Settings};
use lambda_http::{Body, Error, Request, Response};

/// What the function holds between calls.
pub struct App {
    door: Door,
    uploads: Objects,
    models: Objects,
    queue: Queue,
}

impl App {
    /// Reads the environment and opens the clients.
    pub async fn connect(get: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let settings = Settings::new(get);
        let read = (
            DoorSettings::read(&settings),
            settings.text("UPLOADS_BUCKET"),
            settings.text("MODELS_BUCKET"),
            settings.text("QUEUE_URL"),
        );
        let (door, uploads, models, queue) = settings.finish(read)?;
        let cloud = Cloud::connect().await;
        Ok(Self {
            door: Door::open(&cloud, door).await?,
            uploads: cloud.objects(uploads),
            models: cloud.objects(models),
            queue: cloud.queue(queue),
        })
    }
}

/// Answers one request.
pub async fn handle(app: &App, request: Request) -> Result<Response<Body>, Error> {
    let result = match edge::route_key(&request).as_str() {
        "POST /api/generations" => create::create(app, &request).await,
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
