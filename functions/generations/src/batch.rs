//! `POST /api/generations/batch`: many wishes in one call, each fulfilled or refused for itself.

use crate::App;
use crate::create::fulfil;
use crate::photo::ready;
use crate::wish::{Source, Wish};
use api::Problem;
use api::asked::{BatchItem, BatchResult, NewBatch};
use api::types::GenerationView;
use domain::generation::Generation;
use domain::{limits, plan};
use edge::{Answer, Caller, Counted};
use futures_util::future::join_all;
use lambda_http::Request;

pub(crate) async fn create_several(app: &App, request: &Request) -> Result<Answer, Problem> {
    let mut counted = Counted::default();
    let result = several(app, request, &mut counted).await;
    counted.tell(result)
}

async fn several(app: &App, request: &Request, counted: &mut Counted) -> Result<Answer, Problem> {
    let caller = app.door.member(request).await?;
    let mut wishes = Vec::new();
    for wish in read(request, &caller)? {
        let may = app.door.count(request, limits::CREATE, Some(&caller), counted).await;
        wishes.push(may.and(wish));
    }
    // The photos come at the same time, the orders one after the other: they all move the same wallet.
    let photos = join_all(wishes.into_iter().map(async |wish| {
        let wish = wish?;
        ready(app, &caller, &wish).await.map(|photo| (wish, photo))
    }));
    let mut made = Vec::new();
    for one in photos.await {
        made.push(match one {
            Ok((wish, photo)) => fulfil(app, request, &caller, &wish, photo, counted).await,
            Err(problem) => Err(problem),
        });
    }
    Answer::json(200, &BatchResult { items: items(app, made).await })
}

/// The wishes, each under a key of its own that follows from the call's: a call that was cut short is simply sent again.
fn read(request: &Request, caller: &Caller) -> Result<Vec<Result<Wish, Problem>>, Problem> {
    let key = edge::idempotency_key(request)?;
    let asked: NewBatch = edge::json(request)?;
    if !(1..=plan::MAX_BATCH).contains(&asked.items.len()) {
        return Err(Problem::invalid("/items", format!("must be 1 to {}", plan::MAX_BATCH)));
    }
    let wishes = asked.items.into_iter().enumerate();
    let wishes: Vec<_> =
        wishes.map(|(place, item)| Wish::new(format!("{key}.{place}"), item, caller.is_test())).collect();
    let fetched = wishes.iter().flatten().filter(|wish| matches!(wish.source, Source::Address(_))).count();
    if fetched > plan::MAX_BATCH_ADDRESSES {
        let limit = format!("may name `image_url` {} times, not {fetched}", plan::MAX_BATCH_ADDRESSES);
        return Err(Problem::invalid("/items", limit));
    }
    Ok(wishes)
}

async fn items(app: &App, made: Vec<Result<Generation, Problem>>) -> Vec<BatchItem> {
    let good: Vec<Generation> = made.iter().flatten().cloned().collect();
    let mut views = app.door.shown(&good, app.at_once).await.into_iter();
    made.into_iter().map(|one| item(one.map(|_| views.next()))).collect()
}

fn item(made: Result<Option<GenerationView>, Problem>) -> BatchItem {
    match made {
        Ok(generation) => BatchItem { status: 202, generation, problem: None },
        Err(problem) => {
            if let Some(why) = &problem.internal {
                tracing::error!(why, kind = problem.kind.path(), "an item failed: {why}");
            }
            BatchItem { status: problem.kind.status(), generation: None, problem: Some(problem.body()) }
        }
    }
}
