//! Reading generations.

use crate::App;
use api::Problem;
use api::types::{GenerationPage, GenerationView};
use domain::generation::{Generation, Stage};
use domain::ids::GenerationId;
use domain::session::Session;
use edge::Answer;
use lambda_http::Request;
use sha2::{Digest, Sha256};

pub(crate) async fn list(app: &App, request: &Request) -> Result<Answer, Problem> {
    let caller = app.door.caller(request).await?;
    let (limit, cursor) = edge::page(request, |text| GenerationId::parse(text).is_ok())?;
    let cursor = cursor.and_then(|text| GenerationId::parse(&text).ok());
    let found = app.door.table.generations(&caller.user, cursor.as_ref(), limit).await.map_err(edge::cloud)?;
    let next_cursor = if found.len() == limit { found.last().map(|last| last.id.to_string()) } else { None };
    Answer::json(200, &GenerationPage { items: found.iter().map(GenerationView::from).collect(), next_cursor })
}

/// The caller's generation that the path names; a deleted one and another's are not there.
pub(crate) async fn find(app: &App, caller: &Session, request: &Request) -> Result<Generation, Problem> {
    let id: GenerationId = edge::id(request, "id")?;
    let found = app.door.table.generation(&caller.user, &id).await.map_err(edge::cloud)?;
    found.filter(|generation| generation.deleted.is_none()).ok_or_else(Problem::not_found)
}

pub(crate) async fn get(app: &App, request: &Request) -> Result<Answer, Problem> {
    let caller = app.door.caller(request).await?;
    let generation = find(app, &caller, request).await?;
    let answer = Answer::json(200, &GenerationView::from(&generation))?;
    let tag = format!("\"{:.16x}\"", Sha256::digest(answer.text()));
    let known = edge::header(request, "if-none-match").is_some_and(|tags| tags.split(',').any(|one| one.trim() == tag));
    let answer = if known { Answer::only(304) } else { answer };
    let answer = answer.with("etag", tag).with("cache-control", "private, no-cache");
    Ok(match retry_after_s(&generation) {
        Some(seconds) => answer.with("retry-after", seconds.to_string()),
        None => answer,
    })
}

/// When it is worth asking again.
fn retry_after_s(generation: &Generation) -> Option<u32> {
    match (generation.status.is_terminal(), generation.stage) {
        (true, _) => None,
        (false, Stage::Waking) => Some(10),
        (false, _) => Some(1),
    }
}
