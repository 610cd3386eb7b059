//! `/api/me`: who one is, what one agreed to and chose, what happened, a copy of everything, and the end of it.

mod choices;
mod deletion;
mod exports;
mod keys;
mod me;
mod webhooks;

use api::Problem;
use cloud::{Cloud, CloudError, Objects, Queue};
use domain::person::Profile;
use edge::{Answer, Caller, Door, DoorSettings, Settings};
use lambda_http::{Body, Error, Request, Response};
use outbound::Outbound;
use std::time::Duration;

/// Tries when the same person changes something elsewhere at the same moment.
const TRIES: usize = 5;
/// How long the look-up of a webhook's name may take.
const LOOK_UP: Duration = Duration::from_secs(5);

/// What the function holds between calls.
pub struct App {
    door: Door,
    models: Objects,
    errands: Queue,
    outbound: Outbound,
}

impl App {
    /// Reads the environment and opens the clients.
    pub async fn connect(get: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let outbound = Outbound::new(outbound::Settings::read(LOOK_UP, &get)?);
        let settings = Settings::new(get);
        let read = (DoorSettings::read(&settings), settings.text("MODELS_BUCKET"), settings.text("WEBHOOKS_QUEUE_URL"));
        let (door, models, errands) = settings.finish(read)?;
        let cloud = Cloud::connect().await;
        Ok(Self {
            door: Door::open(&cloud, door).await?,
            models: cloud.objects(models),
            errands: cloud.queue(errands),
            outbound,
        })
    }

    async fn profile(&self, caller: &Caller) -> Result<Profile, Problem> {
        self.door.table.profile(&caller.user).await.map_err(edge::cloud)
    }
}

/// Answers one request.
pub async fn handle(app: &App, request: Request) -> Result<Response<Body>, Error> {
    let result = match edge::route_key(&request).as_str() {
        "GET /api/me" => me::show(app, &request).await,
        "PATCH /api/me" => me::change(app, &request).await,
        "POST /api/me/welcome" => me::welcome(app, &request).await,
        "GET /api/me/privacy" => choices::show(app, &request).await,
        "PUT /api/me/privacy" => choices::choose(app, &request).await,
        "POST /api/me/usage" => choices::view_page(app, &request).await,
        "GET /api/me/activity" => me::activity(app, &request).await,
        "GET /api/me/keys" => keys::list(app, &request).await,
        "POST /api/me/keys" => keys::make(app, &request).await,
        "DELETE /api/me/keys/{key}" => keys::revoke(app, &request).await,
        "GET /api/me/webhooks" => webhooks::list(app, &request).await,
        "POST /api/me/webhooks" => webhooks::make(app, &request).await,
        "PATCH /api/me/webhooks/{webhook}" => webhooks::change(app, &request).await,
        "DELETE /api/me/webhooks/{webhook}" => webhooks::delete(app, &request).await,
        "POST /api/me/webhooks/{webhook}/secret" => webhooks::rotate(app, &request).await,
        "POST /api/me/webhooks/{webhook}/test" => webhooks::test(app, &request).await,
        "GET /api/me/webhooks/{webhook}/deliveries" => webhooks::deliveries(app, &request).await,
        "POST /api/me/webhooks/{webhook}/deliveries/{delivery}/send" => webhooks::send_again(app, &request).await,
        "POST /api/me/exports" => exports::ask(app, &request).await,
        "GET /api/me/exports" => exports::list(app, &request).await,
        "GET /api/me/exports/{export}" => exports::show(app, &request).await,
        "GET /api/me/exports/{export}/files/{part}" => exports::file(app, &request).await,
        "POST /api/me/deletion" => deletion::begin(app, &request).await,
        "DELETE /api/me/deletion" => deletion::undo(app, &request).await,
        _ => Err(Problem::not_found()),
    };
    Ok(edge::answer(&request, result))
}

/// What a write that lost a race means when all tries are used up.
fn kept_moving() -> Problem {
    Problem::busy(format!("the profile kept moving in {TRIES} tries"))
}

/// A write is done, or lost a race and is tried again, or failed.
fn written(result: Result<(), CloudError>) -> Result<bool, Problem> {
    match result {
        Ok(()) => Ok(true),
        Err(CloudError::Raced) => Ok(false),
        Err(error) => Err(edge::cloud(error)),
    }
}

/// Nothing to say but that it is done.
fn done() -> Answer {
    Answer::only(204)
}
