//! `DELETE /api/generations/{id}`: in any state, at any time.

use crate::{App, read::find};
use api::Problem;
use cloud::{CloudError, keys};
use domain::generation::Generation;
use edge::Answer;
use lambda_http::Request;

/// Tries when `dispatch` or the wallet keep moving.
const TRIES: usize = 10;

/// An open generation is cancelled first, and its credits come back. Then the objects go, then the row: a crash in
/// between leaves a row that can be deleted again.
pub(crate) async fn remove(app: &App, request: &Request) -> Result<Answer, Problem> {
    let caller = app.door.changer(request).await?;
    let table = &app.door.table;
    for _ in 0..TRIES {
        let generation = find(app, &caller, request).await?;
        let now = edge::now();
        let written = match generation.cancel(now) {
            Ok(cancelled) => table.end_generation(&generation, &cancelled).await,
            Err(_ended) => {
                erase(app, &generation).await?;
                match table.change_generation(&generation, &generation.delete(now)).await {
                    Ok(()) => return Ok(Answer::only(204)),
                    raced => raced,
                }
            }
        };
        match written {
            Ok(()) | Err(CloudError::Raced) => {}
            Err(error) => return Err(edge::cloud(error)),
        }
    }
    Err(Problem::busy(format!("the generation kept moving in {TRIES} tries")))
}

/// Erases photo and results, all versions.
async fn erase(app: &App, generation: &Generation) -> Result<(), Problem> {
    let photo = keys::photo(&generation.user, &generation.photo.upload);
    app.uploads.erase(&photo).await.map_err(edge::cloud)?;
    app.models.erase(&keys::results(&generation.user, &generation.id)).await.map_err(edge::cloud)
}
