//! Sign-in and sign-out. The only function that makes sessions.

use api::Problem;
use cloud::{Cloud, CloudError, Profile, Table};
use domain::credits::Wallet;
use domain::ids::{AccountId, SessionId, UserId};
use domain::session::Session;
use domain::{Timestamp, plan};
use edge::{Answer, Door, DoorSettings, SESSION_COOKIE, Settings};
use identity::{Flow, IdToken, Provider, ProviderError, Registration};
use lambda_http::{Body, Error, Request, Response};

/// The cookie of a sign-in on its way.
const FLOW_COOKIE: &str = "__Host-oauth";

/// What the function holds between calls.
pub struct App {
    door: Door,
    provider: Provider,
}

/// Why a callback signs nobody in.
#[derive(Debug, thiserror::Error)]
enum SignInError {
    #[error("the browser did not begin this sign-in, or too long ago")]
    NoFlow,
    #[error("the callback's state is not the one that was sent")]
    OtherState,
    #[error("the provider answered {0}")]
    Declined(String),
    #[error("{0}")]
    Provider(#[from] ProviderError),
    #[error("{0:?}")]
    Ours(Problem),
}

impl From<CloudError> for SignInError {
    fn from(error: CloudError) -> Self {
        Self::Ours(edge::cloud(error))
    }
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
        "GET /api/auth/login" => login(app, &request).await,
        "GET /api/auth/callback" => callback(app, &request).await,
        "POST /api/auth/logout" => logout(app, &request).await,
        _ => Err(Problem::not_found()),
    };
    Ok(edge::answer(&request, result))
}

async fn login(app: &App, request: &Request) -> Result<Answer, Problem> {
    let now = edge::now();
    let return_to = edge::query(request, "return_to").unwrap_or_default();
    let flow = Flow::begin(&return_to).map_err(|error| Problem::ours(error.to_string()))?;
    let url = app.provider.login_url(&flow, now).await.map_err(|error| Problem::busy(in_full(&error)))?;
    let token = app.door.ring.sign_flow(&flow, now).map_err(|error| Problem::ours(in_full(&error)))?;
    Ok(Answer::to(302, url).with("set-cookie", set_cookie(FLOW_COOKIE, &token, plan::SIGN_IN_S)))
}

async fn callback(app: &App, request: &Request) -> Result<Answer, Problem> {
    let now = edge::now();
    let forget = set_cookie(FLOW_COOKIE, "", 0);
    match sign_in(app, request, now).await {
        Ok((session, return_to)) => {
            let token = app.door.ring.sign_session(&session).map_err(|error| Problem::ours(in_full(&error)))?;
            let cookie = set_cookie(SESSION_COOKIE, &token, plan::SESSION_S);
            Ok(Answer::to(303, return_to).with("set-cookie", cookie).with("set-cookie", forget))
        }
        Err(SignInError::Ours(problem)) => Err(problem),
        Err(error) => {
            tracing::warn!(why = in_full(&error), "a sign-in did not finish");
            Ok(Answer::to(303, "/?sign_in=failed".to_owned()).with("set-cookie", forget))
        }
    }
    .map(|answer| answer.with("referrer-policy", "no-referrer"))
}

async fn sign_in(app: &App, request: &Request, now: Timestamp) -> Result<(Session, String), SignInError> {
    let token = edge::cookie(request, FLOW_COOKIE).ok_or(SignInError::NoFlow)?;
    let flow = app.door.ring.read_flow(token, now).ok_or(SignInError::NoFlow)?;
    if !flow.has_state(&edge::query(request, "state").unwrap_or_default()) {
        return Err(SignInError::OtherState);
    }
    if let Some(error) = edge::query(request, "error") {
        return Err(SignInError::Declined(error.chars().filter(char::is_ascii_alphabetic).take(40).collect()));
    }
    let code = edge::query(request, "code").unwrap_or_default();
    let token = app.provider.sign_in(&code, &flow, now).await?;
    end_session(app, request, now).await?;
    Ok((open_session(&app.door.table, &token, now).await?, flow.return_to))
}

/// Finds or makes the person and opens a session. Two first sign-ins at once race; the loser finds the winner's person.
async fn open_session(table: &Table, token: &IdToken, now: Timestamp) -> Result<Session, SignInError> {
    let session_id = SessionId::fresh(now, edge::dice().map_err(SignInError::Ours)?);
    let mut known = table.identity(&token.issuer, &token.subject).await?;
    if known.is_none() {
        let user = UserId::fresh(now, edge::dice().map_err(SignInError::Ours)?);
        let account = AccountId::fresh(now, edge::dice().map_err(SignInError::Ours)?);
        let grant = Wallet::open_with_free_credits(account.clone(), now);
        let session = Session::open(session_id.clone(), user.clone(), account.clone(), now);
        let profile = Profile { user, account, person: token.person.clone() };
        match table.sign_up(&token.issuer, &token.subject, &profile, &grant, &session).await {
            Ok(()) => return Ok(session),
            Err(CloudError::Raced) => known = table.identity(&token.issuer, &token.subject).await?,
            Err(error) => return Err(error.into()),
        }
    }
    let (user, account) = known.ok_or(CloudError::Gone { operation: "read identity" })?;
    let session = Session::open(session_id, user.clone(), account.clone(), now);
    table.sign_in(&Profile { user, account, person: token.person.clone() }, &session).await?;
    Ok(session)
}

async fn logout(app: &App, request: &Request) -> Result<Answer, Problem> {
    edge::same_site(request, &app.door.site_origin)?;
    end_session(app, request, edge::now()).await.map_err(edge::cloud)?;
    let forget = set_cookie(SESSION_COOKIE, "", 0);
    Ok(Answer::only(204).with("set-cookie", forget).with("clear-site-data", "\"cache\", \"storage\""))
}

/// Ends the session that the request brings, if any.
async fn end_session(app: &App, request: &Request, now: Timestamp) -> Result<(), CloudError> {
    let claims = edge::cookie(request, SESSION_COOKIE).and_then(|token| app.door.ring.read_session(token, now));
    match claims {
        Some(claims) => app.door.table.end_session(&claims.user, &claims.session).await,
        None => Ok(()),
    }
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
