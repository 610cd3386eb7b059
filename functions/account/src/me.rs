//! The person: who, what is left, the first step, the name, and what happened.

use crate::{App, TRIES, kept_moving, written};
use api::Problem;
use api::account::{ActivityPage, ActivityView, ProfileChange, Welcome, WelcomeState};
use api::types::{Balance, Me};
use domain::activity::Deed;
use domain::erasure::Erasure;
use domain::person::{Profile, Standing, WelcomeError};
use domain::plan;
use edge::{Answer, Caller};
use lambda_http::Request;

pub(crate) async fn show(app: &App, request: &Request) -> Result<Answer, Problem> {
    let caller = app.door.caller(request).await?;
    let session = caller.session()?;
    if let Some(seen) = session.seen(&app.door.place(request), edge::now())
        && let Err(error) = app.door.table.keep_session(session, &seen).await
    {
        // The next look writes it down.
        tracing::warn!(why = %error, "the use of a session is not written down: {error}");
    }
    let profile = app.profile(&caller).await?;
    view(app, request, &caller, profile).await
}

async fn view(app: &App, request: &Request, caller: &Caller, profile: Profile) -> Result<Answer, Problem> {
    let table = &app.door.table;
    let wallet = table.wallet(&caller.account).await.map_err(edge::cloud)?;
    let erasure = if profile.standing == Standing::Closing {
        table.erasure(&caller.user).await.map_err(edge::cloud)?
    } else {
        None
    };
    let me = Me {
        user_id: profile.user.to_string(),
        name: profile.name().map(ToOwned::to_owned),
        email: profile.person.email.clone(),
        credits: Balance { available: wallet.available, held: wallet.held },
        free_credits: plan::FREE_CREDITS,
        welcome: WelcomeState::from(&profile),
        standing: profile.standing,
        deletion_begins_at: erasure.map(|erasure| erasure.due.to_string()),
        usage_analysis: profile.choices.usage_analysis && !edge::objects(request),
        renew: caller.session()?.wants_turn(edge::now()),
    };
    Answer::json(200, &me)
}

pub(crate) async fn change(app: &App, request: &Request) -> Result<Answer, Problem> {
    let caller = app.door.changer(request).await?;
    let asked: ProfileChange = edge::json(request)?;
    let visit = app.door.visit(request, Deed::ProfileChanged)?;
    for _ in 0..TRIES {
        let named = app.profile(&caller).await?.named(asked.name.as_deref());
        let named = named.map_err(|error| Problem::invalid("/name", error.to_string()))?;
        if written(app.door.table.change_profile(&named, &[], &visit).await)? {
            return view(app, request, &caller, named).await;
        }
    }
    Err(kept_moving())
}

pub(crate) async fn welcome(app: &App, request: &Request) -> Result<Answer, Problem> {
    let caller = app.door.changer(request).await?;
    let asked: Welcome = edge::json(request)?;
    for _ in 0..TRIES {
        let (now, profile) = (edge::now(), app.profile(&caller).await?);
        let visit = app.door.visit(request, Deed::ChoicesChanged)?;
        let (welcomed, consents) = match profile.welcomed(asked.old_enough, (&asked.terms, &asked.privacy), now) {
            // Whoever agreed before has said to be old enough: that is not taken back by this way.
            Err(WelcomeError::UnderAge) if profile.agreed.is_none() => return leave(app, request, &profile).await,
            result => result?,
        };
        if written(app.door.table.change_profile(&welcomed, &consents, &visit).await)? {
            return view(app, request, &caller, welcomed).await;
        }
    }
    Err(kept_moving())
}

/// Somebody too young: the account is deleted without a grace, and nobody is signed in any more.
async fn leave(app: &App, request: &Request, profile: &Profile) -> Result<Answer, Problem> {
    let now = edge::now();
    let erasure = Erasure::at_once(profile, now);
    let visit = app.door.visit(request, Deed::DeletionBegun)?;
    let leaving = profile.standing(Standing::Erasing);
    let begun = app.door.table.begin_erasure(&erasure, &leaving, &visit, None).await;
    begun.map_err(edge::cloud)?;
    app.door.table.end_sessions(&profile.user).await.map_err(edge::cloud)?;
    Err(WelcomeError::UnderAge.into())
}

pub(crate) async fn activity(app: &App, request: &Request) -> Result<Answer, Problem> {
    let caller = app.door.caller(request).await?;
    let (limit, cursor) = edge::page(request, is_moment)?;
    let (found, next_cursor) =
        app.door.table.activity(&caller.user, cursor.as_deref(), limit).await.map_err(edge::cloud)?;
    Answer::json(200, &ActivityPage { items: found.iter().map(ActivityView::from).collect(), next_cursor })
}

/// 13 digits of milliseconds, and the dice.
fn is_moment(text: &str) -> bool {
    text.split_once('#').is_some_and(|(time, dice)| {
        let has =
            |part: &str, length: usize, fits: fn(&u8) -> bool| part.len() == length && part.as_bytes().iter().all(fits);
        has(time, 13, u8::is_ascii_digit) && has(dice, 20, u8::is_ascii_hexdigit)
    })
}
