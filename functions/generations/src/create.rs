//! `POST /api/generations`: one transaction holds the credits, claims the photo and opens the generation; then a message.

use crate::App;
use crate::read::{is_there, shown};
use api::job::Job;
use api::types::NewGeneration;
use api::{Kind, Problem};
use cloud::{CloudError, NewOrder, OrderRace, keys};
use domain::generation::{Generation, Photo};
use domain::ids::{GenerationId, UploadId};
use domain::limits::Limit;
use domain::photo::{HEAD_BYTES, inspect};
use domain::upload::{Upload, UploadState};
use domain::{Timestamp, limits, plan};
use edge::{Answer, By, Caller, Counted};
use lambda_http::Request;
use sha2::{Digest, Sha256};

/// Tries when other writes keep moving the wallet.
const TRIES: usize = 10;

/// The request, read and checked at the door.
struct Wish {
    key: String,
    body_hash: String,
    asked: NewGeneration,
    upload: UploadId,
}

pub(crate) async fn create(app: &App, request: &Request) -> Result<Answer, Problem> {
    let mut counted = Counted::default();
    let result = order(app, request, &mut counted).await;
    counted.tell(result)
}

async fn order(app: &App, request: &Request, counted: &mut Counted) -> Result<Answer, Problem> {
    let caller = app.door.member(request).await?;
    let wish = read(request, caller.is_test())?;
    app.door.count(request, limits::CREATE, Some(&caller), counted).await?;
    let mut is_counted = false;
    for _ in 0..TRIES {
        let now = edge::now();
        // What an order changes is read before the wish's own record: whoever sees the marks of a first
        // click's order then also sees that order, and answers with it instead of refusing.
        let upload = app.door.table.upload(&caller.user, &wish.upload).await.map_err(edge::cloud)?;
        let wallet = app.door.table.wallet(&caller.account).await.map_err(edge::cloud)?;
        if let Some(answer) = replay(app, &caller, &wish, now).await? {
            return Ok(answer);
        }
        let upload = open(upload)?;
        let photo = claim(app, &upload).await?;
        let id = GenerationId::fresh(now, edge::dice()?);
        let options = wish.asked.options.clone();
        let generation = Generation::open(id, caller.user.clone(), caller.account.clone(), photo, options, now);
        let (generation, hold) = if caller.is_test() {
            (generation.as_test(), None)
        } else {
            let hold = wallet.hold(&generation.id, generation.price, now)?;
            (generation, Some(hold))
        };
        if !is_counted {
            // Only what is about to be created counts: neither a wish that is sent again nor one that is refused.
            app.door.count(request, &daily(&caller), Some(&caller), counted).await?;
            is_counted = true;
        }
        let order = NewOrder {
            wish: &wish.key,
            body_hash: wish.body_hash.clone(),
            upload: &upload,
            generation: &generation,
            hold: hold.as_ref(),
        };
        match app.door.table.open_generation(&order).await {
            Ok(()) => {
                if !generation.test {
                    app.meter.created();
                }
                send(app, request, &generation).await;
                return accepted(app, &generation).await;
            }
            // Somebody wrote first: read again and decide again.
            Err(OrderRace::Wish | OrderRace::Upload | OrderRace::Wallet) => {}
            Err(OrderRace::Cloud(error)) => return Err(edge::cloud(error)),
        }
    }
    Err(Problem::busy(format!("the wallet kept moving in {TRIES} tries")))
}

/// What a key may create in a day; nothing for a person.
fn daily(caller: &Caller) -> Vec<Limit> {
    match &caller.by {
        By::Key(key) => vec![Limit { most: key.daily_creations, ..limits::KEY_CREATE }],
        By::Session(_) => Vec::new(),
    }
}

fn read(request: &Request, is_test: bool) -> Result<Wish, Problem> {
    let key = edge::idempotency_key(request)?;
    let asked: NewGeneration = edge::json(request)?;
    if let Some(problem) = Problem::options(asked.options.faults()) {
        return Err(problem);
    }
    let upload = UploadId::parse(&asked.upload_id);
    let upload = upload.map_err(|error| Problem::invalid("/upload_id", error.to_string()))?;
    // A wish that a test key fulfilled is another one to everybody else.
    let body = serde_json::to_vec(&(is_test, &asked)).map_err(|error| Problem::ours(error.to_string()))?;
    Ok(Wish { key, body_hash: format!("{:x}", Sha256::digest(body)), asked, upload })
}

/// The answer to a wish that was already fulfilled.
async fn replay(app: &App, caller: &Caller, wish: &Wish, now: Timestamp) -> Result<Option<Answer>, Problem> {
    let table = &app.door.table;
    let Some(before) = table.idempotency(&caller.user, &wish.key, now).await.map_err(edge::cloud)? else {
        return Ok(None);
    };
    if before.body_hash != wish.body_hash {
        return Err(Problem::new(Kind::KeyReused, "Take a new key for another request; nothing was charged."));
    }
    let made = table.generation(&caller.user, &before.generation).await.map_err(edge::cloud)?;
    let made = made.filter(|generation| is_there(caller, generation)).ok_or_else(Problem::not_found)?;
    accepted(app, &made).await.map(Some)
}

/// The upload, if it is there and no order has claimed it.
fn open(upload: Option<Upload>) -> Result<Upload, Problem> {
    let upload = upload.ok_or_else(Problem::not_found)?;
    match upload.state {
        UploadState::Open => Ok(upload),
        UploadState::Claimed => {
            Err(Problem::new(Kind::UploadUsed, "Upload the photo again to make another model of it."))
        }
        UploadState::Forgotten => Err(Problem::not_found()),
    }
}

/// Pins the photo's version and judges its first bytes; a bad one costs nothing.
async fn claim(app: &App, upload: &Upload) -> Result<Photo, Problem> {
    let key = keys::photo(&upload.user, &upload.upload);
    let head = match app.uploads.head(&key).await {
        Err(CloudError::Gone { .. }) => {
            let detail = "The upload has not finished. Send the photo with the form first.";
            return Err(Problem::new(Kind::UploadNotReceived, detail));
        }
        head => head.map_err(edge::cloud)?,
    };
    if head.bytes < plan::MIN_PHOTO_BYTES {
        return Err(domain::photo::PhotoError::Empty.into());
    }
    let first = app.uploads.get(&key, Some(&head.version), Some(HEAD_BYTES)).await.map_err(edge::cloud)?;
    inspect(&first, head.bytes, upload.content_type)?;
    Ok(Photo {
        upload: upload.upload.clone(),
        version: head.version,
        content_type: upload.content_type,
        bytes: head.bytes,
    })
}

/// Tells `dispatch`. A lost message is sent again by `upkeep`, so the order stands either way.
async fn send(app: &App, request: &Request, generation: &Generation) {
    let job = Job::new(generation.id.clone(), generation.user.clone());
    let sent = match serde_json::to_string(&job) {
        Ok(body) => app.queue.send(body, edge::trace(request)).await.map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    if let Err(why) = sent {
        tracing::warn!(generation.id = %generation.id, why, "upkeep will send generation {}", generation.id);
    }
}

async fn accepted(app: &App, generation: &Generation) -> Result<Answer, Problem> {
    let location = format!("/api/generations/{}", generation.id);
    Ok(Answer::json(202, &shown(app, generation).await)?.with("location", location).with("retry-after", "1"))
}
