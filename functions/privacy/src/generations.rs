//! The generations of a copy, with their photos and files.

use crate::App;
use crate::listing::Listing;
use crate::volume::Volume;
use api::container::RESULTS;
use api::types::GenerationView;
use cloud::{CloudError, keys};
use domain::fleet::Fleet;
use domain::generation::Generation;
use domain::ids::{GenerationId, UserId};
use domain::upload::PhotoType;
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};
use std::num::NonZeroU64;

/// Generations read at once.
const PAGE: i32 = 50;
/// Generations whose files are on their way at the same moment; each has at most about 35 MB.
const AT_ONCE: usize = 4;
/// The list of a file's generations waits in memory until their own files are written, and has at most so many bytes (16 MiB).
const MOST_LISTED: usize = 16 * 1024 * 1024;

/// Files of a generation by their names in the archive.
type Files = Vec<(String, Vec<u8>)>;

/// Writes generation after generation from the one after `after`; gives the last one if there are more than the file takes.
pub(crate) async fn write(
    app: &App,
    user: &UserId,
    volume: &mut Volume<'_>,
    name: &str,
    after: Option<&str>,
) -> Result<Option<String>, CloudError> {
    let mut cursor = after.and_then(|id| GenerationId::parse(id).ok());
    let mut listing = Listing::new();
    let mut last = false;
    let mut full = false;
    while !last && !full {
        let (page, more) = app.table.history(user, cursor.as_ref(), PAGE).await?;
        let mut coming = stream::iter(page.iter().map(|generation| files(app, generation))).buffered(AT_ONCE);
        let mut taken = 0;
        while let Some(files) = coming.next().await {
            for (name, bytes) in files? {
                volume.archive.add(&name, &bytes).await?;
            }
            listing.push(&described(&page[taken]));
            taken += 1;
            full = volume.is_full() || listing.len() >= MOST_LISTED;
            if full {
                break;
            }
        }
        cursor = page[..taken].last().map(|generation| generation.id.clone()).or(cursor);
        last = !more && taken == page.len();
    }
    volume.archive.add(name, &listing.end()).await?;
    Ok(cursor.filter(|_| !last).map(|id| id.to_string()))
}

/// A generation as the API shows it, and when it was deleted if it was.
fn described(generation: &Generation) -> Value {
    let outlook = Fleet::default().outlook(generation, 0, NonZeroU64::MIN, generation.updated);
    let mut described = json!(GenerationView::new(generation, outlook));
    if let Some(fields) = described.as_object_mut() {
        // Files lie beside it, and what was to be expected is over when it is read.
        for gone in ["files", "progress", "queue_position", "eta_seconds"] {
            fields.remove(gone);
        }
        fields.insert("deleted_at".to_owned(), json!(generation.deleted.map(|at| at.to_string())));
    }
    described
}

/// The photo and what was made of it. What is not there (any more) is left out.
async fn files(app: &App, generation: &Generation) -> Result<Files, CloudError> {
    let mut found = Files::new();
    if generation.deleted.is_some() {
        return Ok(found);
    }
    let photo = &generation.photo;
    let extension = match photo.content_type {
        PhotoType::Jpeg => "jpg",
        PhotoType::Png => "png",
        PhotoType::Webp => "webp",
    };
    let key = keys::photo(&generation.user, &photo.upload);
    let name = format!("photos/{}.{extension}", generation.id);
    keep(&mut found, name, app.uploads.get(&key, Some(&photo.version), None).await)?;
    if !generation.files.is_empty() {
        for name in RESULTS {
            let key = keys::result(&generation.user, &generation.id, name);
            keep(&mut found, format!("models/{}/{name}", generation.id), app.models.get(&key, None, None).await)?;
        }
    }
    Ok(found)
}

fn keep(found: &mut Files, name: String, read: Result<Vec<u8>, CloudError>) -> Result<(), CloudError> {
    match read {
        Ok(bytes) => found.push((name, bytes)),
        Err(CloudError::Gone { .. }) => {}
        Err(error) => return Err(error),
    }
    Ok(())
}
