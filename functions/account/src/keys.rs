//! Keys for programs: made, listed and revoked by the person alone, never by a key.

use crate::{App, TRIES, done, kept_moving, written};
use api::keys::{ApiKeyView, ApiKeys, MadeApiKey, NewApiKey};
use api::{Kind, Problem};
use domain::activity::Deed;
use domain::api_key::{ApiKey, KeyId, KeyWish, Secret};
use domain::plan;
use edge::{Answer, Caller};
use lambda_http::Request;

pub(crate) async fn list(app: &App, request: &Request) -> Result<Answer, Problem> {
    let caller = app.door.caller(request).await?;
    let keys = live(app, &caller).await?;
    Answer::json(200, &ApiKeys { items: keys.iter().map(ApiKeyView::from).collect() })
}

/// The caller's keys that can be used, newest first.
async fn live(app: &App, caller: &Caller) -> Result<Vec<ApiKey>, Problem> {
    let mut keys = app.door.table.api_keys(&caller.user).await.map_err(edge::cloud)?;
    keys.retain(|key| key.is_live(edge::now()));
    keys.sort_by_key(|key| std::cmp::Reverse(key.created));
    Ok(keys)
}

pub(crate) async fn make(app: &App, request: &Request) -> Result<Answer, Problem> {
    let caller = app.door.member(request).await?;
    let wish: KeyWish = edge::json::<NewApiKey>(request)?.into();
    let faults = wish.faults();
    if !faults.is_empty() {
        let problem = Problem::new(Kind::Invalid, "Correct the named fields and send again.");
        return Err(faults.into_iter().fold(problem, |all, fault| all.field(format!("/{}", fault.field), fault.limit)));
    }
    let visit = app.door.visit(request, Deed::KeyCreated)?;
    for _ in 0..TRIES {
        // The profile is read first: whoever makes a key meanwhile moves it, and this one looks again.
        let profile = app.profile(&caller).await?;
        profile.may_use()?;
        if live(app, &caller).await?.len() >= plan::MAX_KEYS {
            let detail = format!("One person has {} at most. Revoke one that is not needed.", plan::MAX_KEYS);
            return Err(Problem::new(Kind::TooManyKeys, detail));
        }
        let secret = Secret::fresh(&edge::key_dice()?, wish.test);
        let key = wish.grant(&secret, caller.user.clone(), caller.account.clone(), edge::now());
        if written(app.door.table.open_api_key(&key, &profile.moved(), &visit).await)? {
            return Answer::json(201, &MadeApiKey { key: ApiKeyView::from(&key), secret: secret.reveal() });
        }
    }
    Err(kept_moving())
}

pub(crate) async fn revoke(app: &App, request: &Request) -> Result<Answer, Problem> {
    let caller = app.door.changer(request).await?;
    let id: KeyId = edge::id(request, "key")?;
    let table = &app.door.table;
    // Under the caller's own key: another's is simply not there.
    let found = table.api_key(&caller.user, &id).await.map_err(edge::cloud)?;
    let key = found.filter(|key| key.is_live(edge::now())).ok_or_else(Problem::not_found)?;
    let visit = app.door.visit(request, Deed::KeyRevoked)?;
    table.revoke_api_key(&key, &visit).await.map_err(edge::cloud)?;
    Ok(done())
}
