//! From the login page's link to a session.

use crate::{App, in_full, session_cookie, set_cookie};
use api::Problem;
use cloud::{CloudError, Visit};
use domain::activity::Deed;
use domain::credits::Wallet;
use domain::ids::{AccountId, SessionId, UserId};
use domain::person::{Profile, Standing};
use domain::session::Session;
use domain::{Timestamp, limits, plan};
use edge::{Answer, SESSION_COOKIE};
use identity::{Flow, IdToken, ProviderError};
use lambda_http::Request;

/// The cookie of a sign-in on its way.
const FLOW_COOKIE: &str = "__Host-oauth";
/// Tries when the same person signs in elsewhere at the same moment.
const TRIES: usize = 5;

/// Why a callback signs nobody in.
#[derive(Debug, thiserror::Error)]
enum SignInError {
    #[error("the browser did not begin this sign-in, or too long ago")]
    NoFlow,
    #[error("the callback's state is not the one that was sent")]
    OtherState,
    #[error("the callback names another issuer")]
    OtherIssuer,
    #[error("the provider answered {0}")]
    Declined(String),
    #[error("the account is being deleted")]
    Erasing,
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

pub(crate) async fn login(app: &App, request: &Request) -> Result<Answer, Problem> {
    app.door.limit(request, limits::SIGN_IN, None).await?;
    let now = edge::now();
    let return_to = edge::query(request, "return_to").unwrap_or_default();
    let flow = Flow::begin(&return_to).map_err(|error| Problem::ours(error.to_string()))?;
    let url = app.provider.login_url(&flow, now).await.map_err(|error| Problem::busy(in_full(&error)))?;
    let token = app.door.ring.sign_flow(&flow, now).map_err(|error| Problem::ours(in_full(&error)))?;
    Ok(Answer::to(302, url).with("set-cookie", set_cookie(FLOW_COOKIE, &token, plan::SIGN_IN_S)))
}

pub(crate) async fn callback(app: &App, request: &Request) -> Result<Answer, Problem> {
    let now = edge::now();
    let forget = set_cookie(FLOW_COOKIE, "", 0);
    match sign_in(app, request, now).await {
        Ok((session, return_to)) => {
            let token = app.door.ring.sign_session(&session).map_err(|error| Problem::ours(in_full(&error)))?;
            Ok(Answer::to(303, return_to).with("set-cookie", session_cookie(&token)).with("set-cookie", forget))
        }
        Err(SignInError::Ours(problem)) => Err(problem),
        Err(error) => {
            tracing::warn!(why = in_full(&error), "a sign-in did not finish");
            let why = if matches!(error, SignInError::Erasing) { "deleting" } else { "failed" };
            Ok(Answer::to(303, format!("/?sign_in={why}")).with("set-cookie", forget))
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
    if edge::query(request, "iss").is_some_and(|issuer| !app.provider.is_issuer(&issuer)) {
        return Err(SignInError::OtherIssuer);
    }
    if let Some(error) = edge::query(request, "error") {
        return Err(SignInError::Declined(error.chars().filter(char::is_ascii_alphabetic).take(40).collect()));
    }
    let code = edge::query(request, "code").unwrap_or_default();
    let token = app.provider.sign_in(&code, &flow, now).await?;
    // Whatever session the browser brought ends: nobody goes on with one that somebody else planted.
    if let Some(claims) = edge::cookie(request, SESSION_COOKIE).and_then(|token| app.door.ring.read_session(token, now))
    {
        app.door.table.end_session(&claims.user, &claims.session).await?;
    }
    let visit = app.door.visit(request, Deed::SignedIn).map_err(SignInError::Ours)?;
    Ok((open_session(app, &token, &visit, now).await?, flow.return_to))
}

/// Finds or makes the person and opens a session. Two sign-ins at once race; the loser looks again.
async fn open_session(app: &App, token: &IdToken, visit: &Visit, now: Timestamp) -> Result<Session, SignInError> {
    let table = &app.door.table;
    let id = SessionId::fresh(now, edge::dice().map_err(SignInError::Ours)?);
    for _ in 0..TRIES {
        let known = table.identity(&token.issuer, &token.subject).await?;
        let (profile, is_new) = match known {
            Some((user, _)) => (table.profile(&user).await?.told(token.person.clone()), false),
            None => (new_profile(token, now).map_err(SignInError::Ours)?, true),
        };
        if profile.standing == Standing::Erasing {
            return Err(SignInError::Erasing);
        }
        let (user, account) = (profile.user.clone(), profile.account.clone());
        let session = Session::open(id.clone(), user, account.clone(), visit.activity.place.clone(), now);
        let written = if is_new {
            let had_some = table.had_free_credits(&token.issuer, &token.subject).await?;
            let grant = Wallet::open(account, had_some, now);
            table.sign_up(&profile, &grant, &session, visit).await
        } else {
            table.sign_in(&profile, &session, visit).await
        };
        match written {
            Ok(()) => return Ok(session),
            Err(CloudError::Raced) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(SignInError::Ours(Problem::busy(format!("the profile kept moving in {TRIES} tries"))))
}

fn new_profile(token: &IdToken, now: Timestamp) -> Result<Profile, Problem> {
    let ids = (UserId::fresh(now, edge::dice()?), AccountId::fresh(now, edge::dice()?));
    Ok(Profile::new(ids, (&token.issuer, &token.subject), token.person.clone(), now))
}
