//! `POST /api/generations`: one transaction holds the credits, claims the photo and opens the generation; then a message.

use crate::photo::{Ready, ready, release};
use crate::wish::{self, Wish};
use crate::{App, TRIES, kept_moving};
use api::job::Job;
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

pub(crate) async fn create(app: &App, request: &Request) -> Result<Answer, Problem> {
    let mut counted = Counted::default();
    let result = one(app, request, &mut counted).await;
    counted.tell(result)
}

async fn one(app: &App, request: &Request, counted: &mut Counted) -> Result<Answer, Problem> {
    let caller = app.door.member(request).await?;
    let wish = wish::read(request, &caller).await?;
    app.door.count(request, limits::CREATE, Some(&caller), counted).await?;
    let ready = ready(app, &caller, &wish).await?;
    let generation = fulfil(app, request, &caller, &wish, ready, counted).await?;
    let location = format!("/api/generations/{}", generation.id);
    Ok(Answer::json(202, &app.door.show(&generation, app.at_once).await)?
        .with("location", location)
        .with("retry-after", "1"))
}

/// The generation of a wish whose photo stands ready.
pub(crate) async fn fulfil(
    app: &App,
    request: &Request,
    caller: &Caller,
    wish: &Wish,
    ready: Ready,
    counted: &mut Counted,
) -> Result<Generation, Problem> {
    let upload = match ready {
        Ready::Before(generation) => return Ok(*generation),
        Ready::Upload(upload) => upload,
    };
    let made = order(app, request, caller, wish, &upload, counted).await;
    if made.is_err() {
        release(app, caller, wish, &upload).await;
    }
    made
}

async fn order(
    app: &App,
    request: &Request,
    caller: &Caller,
    wish: &Wish,
    upload: &UploadId,
    counted: &mut Counted,
) -> Result<Generation, Problem> {
    let table = &app.door.table;
    let mut is_counted = false;
    for _ in 0..TRIES {
        let now = edge::now();
        // What an order changes is read before the wish's own record: whoever sees the marks of a first
        // click's order then also sees that order, and answers with it instead of refusing.
        let found = table.upload(&caller.user, upload).await.map_err(edge::cloud)?;
        let wallet = table.wallet(&caller.account).await.map_err(edge::cloud)?;
        if let Some(generation) = replay(app, caller, wish, Some(upload), now).await? {
            return Ok(generation);
        }
        let found = open(found)?;
        let photo = claim(app, &found).await?;
        let id = GenerationId::fresh(now, edge::dice()?);
        let generation =
            Generation::open(id, caller.user.clone(), caller.account.clone(), photo, wish.options.clone(), now);
        let generation = asked_by(caller, generation);
        let hold = if generation.test { None } else { Some(wallet.hold(&generation.id, generation.price, now)?) };
        within(app, caller, now).await?;
        if !is_counted {
            // Only what is about to be created counts: neither a wish that is sent again nor one that is refused.
            app.door.count(request, &daily(caller), Some(caller), counted).await?;
            is_counted = true;
        }
        let order = NewOrder {
            wish: &wish.key,
            body_hash: wish.hash.clone(),
            upload: &found,
            generation: &generation,
            hold: hold.as_ref(),
        };
        match table.open_generation(&order).await {
            Ok(()) => {
                if !generation.test {
                    app.meter.created();
                }
                send(app, request, &generation).await;
                return Ok(generation);
            }
            // Somebody wrote first: read again and decide again.
            Err(OrderRace::Wish | OrderRace::Upload | OrderRace::Wallet) => {}
            Err(OrderRace::Cloud(error)) => return Err(edge::cloud(error)),
        }
    }
    Err(kept_moving("wallet"))
}

/// Marks whose wish it was, if a key's.
fn asked_by(caller: &Caller, generation: Generation) -> Generation {
    match &caller.by {
        By::Key(key) if key.test => generation.as_test().asked_by(key.id.clone()),
        By::Key(key) => generation.asked_by(key.id.clone()),
        By::Session(_) => generation,
    }
}

/// Refuses a key that has as many open generations as its owner allows. The wallet was read before, and each order moves
/// it: two orders at once cannot both be the last (tests move no wallet, and cost nothing).
async fn within(app: &App, caller: &Caller, now: Timestamp) -> Result<(), Problem> {
    let By::Key(key) = &caller.by else { return Ok(()) };
    let open = app.door.table.open_of_key(&key.user, &key.id, now).await.map_err(edge::cloud)?;
    if u32::try_from(open).is_ok_and(|open| open < key.concurrent) {
        return Ok(());
    }
    let detail = format!("{open} models of this key are being made; it may have {} at a time.", key.concurrent);
    Err(Problem { retry_after_s: Some(5), ..Problem::new(Kind::TooManyRunning, detail) })
}

/// What a key may create in a day; nothing for a person.
fn daily(caller: &Caller) -> Vec<Limit> {
    match &caller.by {
        By::Key(key) => vec![Limit { most: key.daily_creations, ..limits::KEY_CREATE }],
        By::Session(_) => Vec::new(),
    }
}

/// The generation of a wish that was already fulfilled; `own` is the upload for which this very call reserved the key.
pub(crate) async fn replay(
    app: &App,
    caller: &Caller,
    wish: &Wish,
    own: Option<&UploadId>,
    now: Timestamp,
) -> Result<Option<Generation>, Problem> {
    let table = &app.door.table;
    let Some(before) = table.idempotency(&caller.user, &wish.key, now).await.map_err(edge::cloud)? else {
        return Ok(None);
    };
    if before.body_hash != wish.hash {
        return Err(Problem::new(Kind::KeyReused, "Take a new key for another request; nothing was charged."));
    }
    let Some(id) = before.generation else {
        if own.is_some() && before.upload.as_ref() == own {
            return Ok(None);
        }
        let detail = "The first of these calls is still bringing the photo. Send the same again in 2 seconds.";
        return Err(Problem { retry_after_s: Some(2), ..Problem::new(Kind::InProgress, detail) });
    };
    let made = table.generation(&caller.user, &id).await.map_err(edge::cloud)?;
    made.filter(|generation| caller.sees(generation)).map(Some).ok_or_else(Problem::not_found)
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
