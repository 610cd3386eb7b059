//! `GET /api/me`: who is signed in, and the balance.

use api::Problem;
use api::types::{Balance, Me};
use cloud::Cloud;
use domain::plan;
use edge::{Answer, Door, DoorSettings, Settings};
use lambda_http::{Body, Error, Request, Response};

/// What the function holds between calls.
pub struct App {
    door: Door,
}

impl App {
    /// Reads the environment and opens the clients.
    pub async fn connect(get: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let settings = Settings::new(get);
        let door = DoorSettings::read(&settings);
        let door = settings.finish(door)?;
        Ok(Self { door: Door::open(&Cloud::connect().await, door).await? })
    }
}

/// Answers one request.
pub async fn handle(app: &App, request: Request) -> Result<Response<Body>, Error> {
    Ok(edge::answer(&request, me(app, &request).await))
}

async fn me(app: &App, request: &Request) -> Result<Answer, Problem> {
    let caller = app.door.caller(request).await?;
    let profile = app.door.table.profile(&caller.user).await.map_err(edge::cloud)?;
    let wallet = app.door.table.wallet(&caller.account).await.map_err(edge::cloud)?;
    let me = Me {
        user_id: profile.user.to_string(),
        name: profile.person.name,
        email: profile.person.email,
        credits: Balance { available: wallet.available, held: wallet.held },
        free_credits: plan::FREE_CREDITS,
    };
    Answer::json(200, &me)
}
