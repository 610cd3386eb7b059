//! Deleting generations: in any state, at any time, one or several.

use crate::{App, TRIES, kept_moving};
use api::Problem;
use api::account::{Deleted, Deletions};
use cloud::{CloudError, keys};
use domain::activity::Deed;
use domain::generation::Generation;
use domain::ids::GenerationId;
use edge::{Answer, Caller};
use lambda_http::Request;

/// The most in one call.
const MOST: usize = 100;

pub(crate) async fn remove(app: &App, request: &Request) -> Result<Answer, Problem> {
    let caller = app.door.changer(request).await?;
    let id: GenerationId = edge::id(request, "id")?;
    if !gone(app, &caller, &id).await? {
        return Err(Problem::not_found());
    }
    note(app, request, &caller).await?;
    Ok(Answer::only(204))
}

/// Several at once; each is like one alone, so that a call that was cut short is simply sent again.
pub(crate) async fn remove_several(app: &App, request: &Request) -> Result<Answer, Problem> {
    let caller = app.door.changer(request).await?;
    let asked: Deletions = edge::json(request)?;
    if !(1..=MOST).contains(&asked.ids.len()) {
        return Err(Problem::invalid("/ids", "must name 1 to 100 generations"));
    }
    let (mut deleted, mut missing) = (Vec::new(), Vec::new());
    for (place, text) in asked.ids.into_iter().enumerate() {
        let id =
            GenerationId::parse(&text).map_err(|error| Problem::invalid(format!("/ids/{place}"), error.to_string()))?;
        let list = if gone(app, &caller, &id).await? { &mut deleted } else { &mut missing };
        list.push(text);
    }
    if !deleted.is_empty() {
        note(app, request, &caller).await?;
    }
    Answer::json(200, &Deleted { deleted, missing })
}

async fn note(app: &App, request: &Request, caller: &Caller) -> Result<(), Problem> {
    let visit = app.door.visit(request, Deed::GenerationDeleted)?;
    app.door.table.note(&caller.user, &visit).await.map_err(edge::cloud)
}

/// Deletes one, or says that it is not there.
///
/// An open generation is cancelled first, and its credits come back. Then the objects go, then the row: a crash in
/// between leaves a row that can be deleted again.
async fn gone(app: &App, caller: &Caller, id: &GenerationId) -> Result<bool, Problem> {
    let table = &app.door.table;
    for _ in 0..TRIES {
        let found = table.generation(&caller.user, id).await.map_err(edge::cloud)?;
        let Some(generation) = found.filter(|generation| caller.sees(generation)) else { return Ok(false) };
        let now = edge::now();
        let written = match generation.cancel(now) {
            Ok(cancelled) => edge::end(table, &app.errands, &app.meter, &generation, &cancelled).await,
            Err(_ended) => {
                erase(app, &generation).await?;
                match table.change_generation(&generation, &generation.delete(now)).await {
                    Ok(()) => return Ok(true),
                    raced => raced,
                }
            }
        };
        match written {
            Ok(()) | Err(CloudError::Raced) => {}
            Err(error) => return Err(edge::cloud(error)),
        }
    }
    Err(kept_moving("generation"))
}

/// Erases photo and results, all versions, and that there was an upload.
async fn erase(app: &App, generation: &Generation) -> Result<(), Problem> {
    let table = &app.door.table;
    table.end_upload(&generation.user, &generation.photo.upload).await.map_err(edge::cloud)?;
    let photo = keys::photo(&generation.user, &generation.photo.upload);
    app.uploads.erase(&photo).await.map_err(edge::cloud)?;
    app.models.erase(&keys::results(&generation.user, &generation.id)).await.map_err(edge::cloud)
}
