//! `PATCH /api/generations/{id}` and `…/share`: what a person changes about a model that is made.

use crate::App;
use api::share::LabelBody;
use api::{Kind, Problem};
use cloud::CloudError;
use domain::generation::Generation;
use domain::label::Label;
use edge::{Answer, Caller};
use lambda_http::Request;
use std::fmt::Write;

/// Tries when two changes meet.
const TRIES: usize = 5;

pub(crate) async fn label(app: &App, request: &Request) -> Result<Answer, Problem> {
    let caller = app.door.changer(request).await?;
    let wish: LabelBody = edge::json(request)?;
    let label = Label::new(wish.title.as_deref(), &wish.tags)
        .map_err(|error| Problem::invalid(error.pointer(), error.to_string()))?;
    edit(app, &caller, request, |generation| generation.labelled(&label)).await
}

pub(crate) async fn share(app: &App, request: &Request) -> Result<Answer, Problem> {
    let caller = app.door.member(request).await?;
    let secret = fresh_secret()?;
    edit(app, &caller, request, |generation| generation.shared_by(secret.clone())).await
}

pub(crate) async fn unshare(app: &App, request: &Request) -> Result<Answer, Problem> {
    let caller = app.door.changer(request).await?;
    edit(app, &caller, request, Generation::unshared).await
}

async fn edit(
    app: &App,
    caller: &Caller,
    request: &Request,
    change: impl Fn(&Generation) -> Option<Generation>,
) -> Result<Answer, Problem> {
    for _ in 0..TRIES {
        let generation = app.door.generation(caller, request).await?;
        let Some(next) = change(&generation) else {
            return Err(Problem::new(Kind::NotReady, format!("The generation is {}.", generation.status.word())));
        };
        match app.door.table.edit_generation(&generation, &next).await {
            Ok(()) => return Answer::json(200, &app.door.show(&next, app.at_once).await),
            Err(CloudError::Raced) => {}
            Err(error) => return Err(edge::cloud(error)),
        }
    }
    Err(Problem::busy(format!("the generation kept changing in {TRIES} tries")))
}

/// 160 bits that nobody guesses, in hex.
fn fresh_secret() -> Result<String, Problem> {
    let mut secret = String::with_capacity(40);
    for byte in [edge::dice()?, edge::dice()?].concat() {
        // Writing to a string cannot fail.
        let _ = write!(secret, "{byte:02x}");
    }
    Ok(secret)
}
