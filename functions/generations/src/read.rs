//! Reading generations, and waiting for news of one.

use crate::App;
use api::Problem;
use api::types::GenerationPage;
use cloud::Listing;
use domain::Timestamp;
use domain::generation::{Generation, Stage, Status};
use domain::ids::GenerationId;
use domain::options::Engine;
use domain::plan::MAX_WAIT_S;
use edge::{Answer, tag};
use lambda_http::Request;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// Between two looks at a generation that somebody waits for.
const LOOK: Duration = Duration::from_millis(400);

pub(crate) async fn list(app: &App, request: &Request) -> Result<Answer, Problem> {
    let caller = app.door.caller(request).await?;
    let (limit, cursor) = edge::page(request, |text| GenerationId::parse(text).is_ok())?;
    let listing = Listing {
        cursor: cursor.and_then(|text| GenerationId::parse(&text).ok()),
        only_tests: caller.is_test(),
        status: filter(request, "status", "must be QUEUED, RUNNING, SUCCEEDED, FAILED or CANCELLED", Status::parse)?,
        engine: filter(request, "engine", "must be relief, inflate or triposr", Engine::parse)?,
        from: filter(request, "created_from", TIME, time)?,
        until: filter(request, "created_until", TIME, time)?,
    };
    let found = app.door.table.generations(&caller.user, &listing, limit).await.map_err(edge::cloud)?;
    let next_cursor = if found.len() == limit { found.last().map(|last| last.id.to_string()) } else { None };
    Answer::json(200, &GenerationPage { items: app.door.shown(&found, app.at_once).await, next_cursor })
}

const TIME: &str = "must be a time of RFC 3339 after 1970, for example 2026-11-25T12:00:00Z";

fn time(text: &str) -> Option<Timestamp> {
    text.parse().ok().filter(|time: &Timestamp| time.as_millisecond() >= 0)
}

/// What a list is narrowed to, if it is.
fn filter<T>(
    request: &Request,
    name: &str,
    limit: &str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, Problem> {
    let Some(text) = edge::query(request, name) else { return Ok(None) };
    parse(&text).map(Some).ok_or_else(|| Problem::invalid_query(name, limit))
}

/// With `wait` the answer comes when there is news: another status or stage than at the call, or another `ETag` than the
/// one that the caller knows.
pub(crate) async fn get(app: &App, request: &Request) -> Result<Answer, Problem> {
    let caller = app.door.caller(request).await?;
    let ends = Instant::now() + wait(request)?;
    let known = edge::header(request, "if-none-match").map(ToOwned::to_owned);
    let mut first = None;
    loop {
        let generation = app.door.generation(&caller, request).await?;
        let state = (generation.status, generation.stage);
        let is_same = *first.get_or_insert(state) == state;
        let is_last = generation.status.is_terminal() || Instant::now() + LOOK > ends;
        // Without a tag only the state is news, and what is to be expected need not be read to see that there is none.
        if known.is_none() && is_same && !is_last {
            sleep(LOOK).await;
            continue;
        }
        let view = app.door.show(&generation, app.at_once).await;
        let tag = tag(&view)?;
        let is_known = known.as_deref().is_some_and(|tags| tags.split(',').any(|one| one.trim() == tag));
        if !is_known || is_last {
            let answer = if is_known { Answer::only(304) } else { Answer::json(200, &view)? };
            return Ok(told(answer, tag, &generation));
        }
        sleep(LOOK).await;
    }
}

fn told(answer: Answer, tag: String, generation: &Generation) -> Answer {
    let answer = answer.with("etag", tag).with("cache-control", "private, no-cache");
    match retry_after_s(generation) {
        Some(seconds) => answer.with("retry-after", seconds.to_string()),
        None => answer,
    }
}

/// How long the caller wants to wait for news.
fn wait(request: &Request) -> Result<Duration, Problem> {
    let Some(text) = edge::query(request, "wait") else { return Ok(Duration::ZERO) };
    let seconds = text.parse::<u32>().ok().filter(|seconds| *seconds <= MAX_WAIT_S).ok_or_else(|| {
        Problem::invalid_query("wait", format!("must be a whole number of seconds between 0 and {MAX_WAIT_S}"))
    })?;
    Ok(Duration::from_secs(u64::from(seconds)))
}

/// When it is worth asking again.
fn retry_after_s(generation: &Generation) -> Option<u32> {
    match (generation.status.is_terminal(), generation.stage) {
        (true, _) => None,
        (false, Stage::Waking) => Some(10),
        (false, _) => Some(1),
    }
}
