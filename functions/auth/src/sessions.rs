//! Sessions that stand: sign out, here or everywhere; see them; replace a token.

use crate::{App, in_full, session_cookie, signed_out};
use api::Problem;
use api::account::{SessionView, Sessions};
use cloud::CloudError;
use domain::activity::Deed;
use domain::ids::SessionId;
use edge::{Answer, SESSION_COOKIE};
use lambda_http::Request;

pub(crate) async fn logout(app: &App, request: &Request) -> Result<Answer, Problem> {
    edge::same_site(request, &app.door.site_origin)?;
    let claims = edge::cookie(request, SESSION_COOKIE).and_then(|token| app.door.ring.read_session(token, edge::now()));
    if let Some(claims) = claims {
        app.door.table.end_session(&claims.user, &claims.session).await.map_err(edge::cloud)?;
    }
    Ok(signed_out())
}

pub(crate) async fn logout_all(app: &App, request: &Request) -> Result<Answer, Problem> {
    let caller = app.door.changer(request).await?;
    let table = &app.door.table;
    table.note(&caller.user, &app.door.visit(request, Deed::AllSessionsEnded)?).await.map_err(edge::cloud)?;
    table.end_sessions(&caller.user).await.map_err(edge::cloud)?;
    Ok(signed_out())
}

/// The next token of the session. Two tabs at once: the loser's cookie is replaced by the winner's answer, and works for
/// another minute until then.
pub(crate) async fn renew(app: &App, request: &Request) -> Result<Answer, Problem> {
    let caller = app.door.changer(request).await?;
    let now = edge::now();
    let session = caller.session()?;
    if !session.wants_turn(now) {
        return Ok(Answer::only(204));
    }
    let next = session.turned(now);
    match app.door.table.keep_session(session, &next).await {
        Ok(()) => {}
        Err(CloudError::Raced) => return Ok(Answer::only(204)),
        Err(error) => return Err(edge::cloud(error)),
    }
    let token = app.door.ring.sign_session(&next).map_err(|error| Problem::ours(in_full(&error)))?;
    Ok(Answer::only(204).with("set-cookie", session_cookie(&token)))
}

pub(crate) async fn list(app: &App, request: &Request) -> Result<Answer, Problem> {
    let caller = app.door.caller(request).await?;
    let (now, current) = (edge::now(), caller.session()?);
    let mut found = app.door.table.sessions(&caller.user).await.map_err(edge::cloud)?;
    found.retain(|session| session.is_live(now));
    found.sort_by_key(|session| std::cmp::Reverse(session.used));
    let items = found.iter().map(|session| SessionView::new(session, current)).collect();
    Answer::json(200, &Sessions { items })
}

pub(crate) async fn end(app: &App, request: &Request) -> Result<Answer, Problem> {
    let caller = app.door.changer(request).await?;
    let session: SessionId = edge::id(request, "session")?;
    let table = &app.door.table;
    // Under the caller's own key: another's is simply not there.
    let found = table.session(&caller.user, &session).await.map_err(edge::cloud)?;
    found.filter(|session| session.is_live(edge::now())).ok_or_else(Problem::not_found)?;
    table.end_session(&caller.user, &session).await.map_err(edge::cloud)?;
    table.note(&caller.user, &app.door.visit(request, Deed::SessionEnded)?).await.map_err(edge::cloud)?;
    if session == caller.session()?.session { Ok(signed_out()) } else { Ok(Answer::only(204)) }
}
