//! What a person chose: it counts from the next request on, and each change stays on record.

use crate::{App, TRIES, done, kept_moving, written};
use api::Problem;
use api::account::{ChoicesBody, ConsentView, PAGES, PageView, Privacy};
use domain::activity::Deed;
use domain::person::{Choices, Profile};
use edge::{Answer, Caller};
use lambda_http::Request;

pub(crate) async fn show(app: &App, request: &Request) -> Result<Answer, Problem> {
    let caller = app.door.caller(request).await?;
    let profile = app.profile(&caller).await?;
    view(app, request, &caller, &profile).await
}

async fn view(app: &App, request: &Request, caller: &Caller, profile: &Profile) -> Result<Answer, Problem> {
    let consents = app.door.table.consents(&caller.user).await.map_err(edge::cloud)?;
    let privacy = Privacy {
        choices: profile.choices.into(),
        global_privacy_control: edge::objects(request),
        consents: consents.iter().map(ConsentView::from).collect(),
    };
    Answer::json(200, &privacy)
}

pub(crate) async fn choose(app: &App, request: &Request) -> Result<Answer, Problem> {
    let caller = app.door.changer(request).await?;
    let asked: Choices = edge::json::<ChoicesBody>(request)?.into();
    let visit = app.door.visit(request, Deed::ChoicesChanged)?;
    for _ in 0..TRIES {
        let profile = app.profile(&caller).await?;
        let (chosen, consents) = profile.choosing(asked, edge::now());
        if consents.is_empty() {
            return view(app, request, &caller, &profile).await;
        }
        if written(app.door.table.change_profile(&chosen, &consents, &visit).await)? {
            return view(app, request, &caller, &chosen).await;
        }
    }
    Err(kept_moving())
}

/// The only writer of usage: without the choice, or against the browser's objection, nothing is written.
pub(crate) async fn view_page(app: &App, request: &Request) -> Result<Answer, Problem> {
    let caller = app.door.changer(request).await?;
    let asked: PageView = edge::json(request)?;
    if !PAGES.contains(&asked.page.as_str()) {
        let fault = format!("must be one of {}", PAGES.join(", "));
        return Err(Problem::invalid("/page", fault));
    }
    let allowed = app.profile(&caller).await?.choices.usage_analysis && !edge::objects(request);
    if allowed {
        let noted = app.door.table.note_usage(&caller.user, &asked.page, edge::now(), edge::dice()?).await;
        noted.map_err(edge::cloud)?;
    }
    Ok(done())
}
