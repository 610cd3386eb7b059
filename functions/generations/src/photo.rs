//! A photo that did not come by the upload form: fetched, or brought by the call itself, and stored like an upload.

use crate::create::replay;
use crate::wish::{Source, Wish};
use crate::{App, TRIES, kept_moving};
use api::{Kind, Problem};
use base64::{Engine, engine::general_purpose::STANDARD};
use cloud::{CloudError, keys};
use domain::generation::Generation;
use domain::ids::UploadId;
use domain::photo::{HEAD_BYTES, inspect, sniff};
use domain::plan;
use domain::upload::Upload;
use edge::Caller;
use sha2::{Digest, Sha256};

/// What stands ready to be ordered.
pub(crate) enum Ready {
    /// The wish was fulfilled before.
    Before(Box<Generation>),
    /// This upload is the photo.
    Upload(UploadId),
}

/// Makes the wish's photo an upload, if it is not one yet.
///
/// While that goes on the `Idempotency-Key` is reserved: the same wish sent again is told to wait, and does not fetch the
/// photo a second time.
pub(crate) async fn ready(app: &App, caller: &Caller, wish: &Wish) -> Result<Ready, Problem> {
    if let Source::Upload(upload) = &wish.source {
        return Ok(Ready::Upload(upload.clone()));
    }
    let upload = UploadId::fresh(edge::now(), edge::dice()?);
    if let Some(before) = reserve(app, caller, wish, &upload).await? {
        return Ok(Ready::Before(Box::new(before)));
    }
    match store(app, caller, &wish.source, &upload).await {
        Ok(()) => Ok(Ready::Upload(upload)),
        Err(problem) => {
            release(app, caller, wish, &upload).await;
            Err(problem)
        }
    }
}

/// Reserves the key, or says what it was used for.
async fn reserve(app: &App, caller: &Caller, wish: &Wish, upload: &UploadId) -> Result<Option<Generation>, Problem> {
    for _ in 0..TRIES {
        let now = edge::now();
        if let Some(before) = replay(app, caller, wish, None, now).await? {
            return Ok(Some(before));
        }
        match app.door.table.reserve(&caller.user, &wish.key, &wish.hash, upload, now).await {
            Ok(()) => return Ok(None),
            Err(CloudError::Raced) => {}
            Err(error) => return Err(edge::cloud(error)),
        }
    }
    Err(kept_moving("key"))
}

/// Lets the next try begin at once; otherwise it would have to wait until the reservation ends.
pub(crate) async fn release(app: &App, caller: &Caller, wish: &Wish, upload: &UploadId) {
    if matches!(wish.source, Source::Upload(_)) {
        return;
    }
    if let Err(error) = app.door.table.release(&caller.user, &wish.key, upload).await {
        tracing::warn!(why = %error, "a key stays reserved for {} s: {error}", plan::RESERVED_S);
    }
}

/// The upload's row first: upkeep deletes what no generation uses, and finds it by the row.
async fn store(app: &App, caller: &Caller, source: &Source, upload: &UploadId) -> Result<(), Problem> {
    let photo = match source {
        Source::Upload(_) => return Ok(()),
        Source::Photo(photo) => photo.clone(),
        Source::Address(address) => fetch(app, address).await?,
    };
    let bytes = u64::try_from(photo.len()).unwrap_or(u64::MAX);
    let head = photo.get(..usize::try_from(HEAD_BYTES).unwrap_or(usize::MAX)).unwrap_or(&photo);
    let content_type = sniff(head)?;
    inspect(head, bytes, content_type)?;
    let sha256 = STANDARD.encode(Sha256::digest(&photo));
    let row = Upload::open(upload.clone(), caller.user.clone(), content_type, bytes, sha256, edge::now())?;
    app.door.table.open_upload(&row).await.map_err(edge::cloud)?;
    let key = keys::photo(&caller.user, upload);
    app.uploads.put(&key, content_type.media_type(), photo).await.map_err(edge::cloud)
}

async fn fetch(app: &App, address: &str) -> Result<Vec<u8>, Problem> {
    let most = usize::try_from(plan::MAX_PHOTO_BYTES).unwrap_or(usize::MAX);
    let fetched = app.outbound.get(address, most).await;
    fetched.map(|fetched| fetched.body).map_err(|error| {
        let detail = format!("{} Nothing was charged.", error.sentence());
        Problem::new(Kind::AddressRefused, detail).field("/image_url", error.to_string())
    })
}
