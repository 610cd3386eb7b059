//! Sign-in, sign-out, and where one is signed in. The only function that makes sessions.

mod sessions;
mod sign_in;

use api::Problem;
use cloud::Cloud;
use domain::plan;
use edge::{Answer, Door, DoorSettings, SESSION_COOKIE, Settings};
use identity::{Provider, Registration};
use lambda_http::{Body, Error, Request, Response};

/// What the function holds between calls.
pub struct App {
    door: Door,
    provider: Provider,
}

impl App {
    /// Reads the environment and opens the clients.
    pub async fn connect(get: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let settings = Settings::new(get);
        let read = (
            DoorSettings::read(&settings),
            settings.text("OIDC_ISSUER"),
            settings.text("OIDC_CLIENT_ID"),
            settings.text("OIDC_CLIENT_SECRET_ARN"),
        );
        let (door, issuer, client_id, secret) = settings.finish(read)?;
        let cloud = Cloud::connect().await;
        let client_secret = client_secret(&cloud.secrets().read(&secret).await?)?;
        let door = Door::open(&cloud, door).await?;
        let redirect_uri = format!("{}/api/auth/callback", door.site_origin);
        let provider = Provider::new(Registration { issuer, client_id, client_secret, redirect_uri })?;
        Ok(Self { door, provider })
    }
}

/// Reads `{"client_secret":"…"}`.
fn client_secret(text: &str) -> Result<String, Error> {
    let secret: std::collections::BTreeMap<String, String> = serde_json::from_str(text)?;
    secret.get("client_secret").cloned().ok_or_else(|| "the OIDC secret lacks client_secret".into())
}

/// Answers one request.
pub async fn handle(app: &App, request: Request) -> Result<Response<Body>, Error> {
    let result = match edge::route_key(&request).as_str() {
        "GET /api/auth/login" => sign_in::login(app, &request).await,
        "GET /api/auth/callback" => sign_in::callback(app, &request).await,
        "POST /api/auth/logout" => sessions::logout(app, &request).await,
        "POST /api/auth/logout-all" => sessions::logout_all(app, &request).await,
        "POST /api/auth/renew" => sessions::renew(app, &request).await,
        "GET /api/auth/sessions" => sessions::list(app, &request).await,
        "DELETE /api/auth/sessions/{session}" => sessions::end(app, &request).await,
        _ => Err(Problem::not_found()),
    };
    Ok(edge::answer(&request, result))
}

/// Says that nobody is signed in here any more, and that the browser need keep nothing.
fn signed_out() -> Answer {
    let forget = set_cookie(SESSION_COOKIE, "", 0);
    Answer::only(204).with("set-cookie", forget).with("clear-site-data", "\"cache\", \"storage\"")
}

/// The cookie of a session's token.
fn session_cookie(token: &str) -> String {
    set_cookie(SESSION_COOKIE, token, plan::SESSION_S)
}

fn set_cookie(name: &str, value: &str, seconds: i64) -> String {
    format!("{name}={value}; Path=/; Max-Age={seconds}; Secure; HttpOnly; SameSite=Lax")
}

/// An error with its causes, for the log.
fn in_full(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        text = format!("{text}: {next}");
        cause = next.source();
    }
    text
}
