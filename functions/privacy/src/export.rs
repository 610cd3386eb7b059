//! A copy of everything that is held of a person. Which rows belong to it says the table of what is held
//! (`domain::retention`), so that nothing new can be forgotten here.

use crate::archive::Archive;
use crate::{App, Budget, Tally};
use api::container::RESULTS;
use api::types::GenerationView;
use cloud::{CloudError, keys};
use domain::credits::Entry;
use domain::export::{Export, ExportState};
use domain::fleet::Fleet;
use domain::generation::Generation;
use domain::ids::{ExportId, UserId};
use domain::retention::HELD;
use domain::upload::PhotoType;
use domain::{Timestamp, after, plan};
use futures_util::{StreamExt, stream};
use serde_json::{Map, Value, json};
use std::num::NonZeroU64;

/// What the JSON files look like, for programs.
const SCHEMA: &str = include_str!("export.schema.json");
const README: &str = include_str!("export.readme.txt");
/// Generations read at once.
const PAGE: i32 = 50;
/// Generations whose files are on their way at the same moment; each has at most about 35 MB.
const AT_ONCE: usize = 4;

/// Files of a generation by their names in the archive.
type Files = Vec<(String, Vec<u8>)>;

/// Makes file after file of an export, as far as the time goes.
pub(crate) async fn make(
    app: &App,
    user: &UserId,
    id: &ExportId,
    budget: &Budget,
    tally: &mut Tally,
) -> Result<(), CloudError> {
    loop {
        let found = app.table.export(user, id).await?;
        let mine = found.filter(|export| export.due.is_some_and(|due| due <= edge::now()));
        let Some(export) = mine else { return Ok(()) };
        if budget.is_spent() {
            return Ok(());
        }
        let claimed = export.claim(edge::now());
        app.table.keep_export(&claimed, edge::now()).await?;
        let grown = Box::pin(one_file(app, &claimed)).await?;
        app.table.keep_export(&grown, edge::now()).await?;
        tally.files += 1;
        if grown.state == ExportState::Ready {
            tally.exports += 1;
            tracing::info!(export.id = %id, files = grown.files.len(), "export {id} is ready");
        }
    }
}

/// Writes the next file: the first begins with what is held in rows, all hold generations with their files.
async fn one_file(app: &App, export: &Export) -> Result<Export, CloudError> {
    let begun = edge::now();
    let key = keys::export_file(&export.user, &export.id, &export.next_name());
    let mut archive = Archive::begin(&app.models, &key).await?;
    archive.add("README.txt", README.as_bytes()).await?;
    archive.add("schema.json", SCHEMA.as_bytes()).await?;
    if export.files.is_empty() {
        archive.add("account.json", &pretty(&account(app, export, begun).await?)).await?;
    }
    let mut cursor = export.cursor.clone();
    let mut listed: Vec<Value> = Vec::new();
    let mut last = false;
    while !last && !is_full(&archive, begun) {
        let (page, more) = app.table.history(&export.user, cursor.as_ref(), PAGE).await?;
        let mut coming = stream::iter(page.iter().map(|generation| files(app, generation))).buffered(AT_ONCE);
        let mut taken = 0;
        while let Some(files) = coming.next().await {
            for (name, bytes) in files? {
                archive.add(&name, &bytes).await?;
            }
            listed.push(described(&page[taken]));
            taken += 1;
            if is_full(&archive, begun) {
                break;
            }
        }
        cursor = page[..taken].last().map(|generation| generation.id.clone()).or(cursor);
        last = !more && taken == page.len();
    }
    let name = format!("generations-{}.json", export.files.len() + 1);
    archive.add(&name, &pretty(&Value::Array(listed))).await?;
    Ok(export.with(archive.finish().await?, cursor, last, edge::now()))
}

fn is_full(archive: &Archive<'_>, begun: Timestamp) -> bool {
    archive.len() >= plan::EXPORT_FILE_BYTES || edge::now() >= after(begun, plan::EXPORT_FILE_S)
}

fn pretty(value: &Value) -> Vec<u8> {
    format!("{value:#}\n").into_bytes()
}

/// Everything that is held in rows, but the generations.
async fn account(app: &App, export: &Export, now: Timestamp) -> Result<Value, CloudError> {
    let mut account = Map::new();
    account.insert("made_at".to_owned(), json!(now.to_string()));
    account.insert("user_id".to_owned(), json!(export.user));
    account.insert("account_id".to_owned(), json!(export.account));
    for held in HELD.iter().filter(|held| held.exported && is_of_rows(held.place)) {
        let rows = app.table.held(&export.user, held.place).await?;
        account.insert(held.id.to_owned(), Value::Array(rows.into_iter().map(readable).collect()));
    }
    let entries = app.table.all_entries(&export.account).await?;
    let payments = payments(app, &entries).await?;
    let wallet = app.table.wallet(&export.account).await?;
    let patron = app.table.patron(&export.account).await?;
    let books = json!({
        "available": wallet.available, "held": wallet.held, "debt": wallet.debt, "entries": entries,
        "payments": payments, "stripe_customer": patron.customer, "subscription": patron.subscription,
    });
    account.insert("books".to_owned(), readable(books));
    Ok(Value::Object(account))
}

/// Whether a place of the table of what is held means rows of the person; generations have files of their own.
fn is_of_rows(place: &str) -> bool {
    !place.ends_with('/') && !matches!(place, "" | "ACCT#" | "GEN#")
}

async fn payments(app: &App, entries: &[Entry]) -> Result<Vec<Value>, CloudError> {
    let mut found = Vec::new();
    let named = |entry: &Entry| Some(entry.source.strip_prefix("pay#")?.strip_suffix("#grant")?.to_owned());
    for id in entries.iter().filter_map(named) {
        if let Some(payment) = app.table.purchase(&id).await? {
            found.push(json!(payment));
        }
    }
    Ok(found)
}

/// Rows keep times as milliseconds; people and programs read RFC 3339.
fn readable(mut value: Value) -> Value {
    const TIMES: [&str; 13] = [
        "at",
        "created",
        "opened",
        "used",
        "turned",
        "ends",
        "asked",
        "due",
        "form_ends",
        "deadline",
        "updated",
        "deleted",
        "failing",
    ];
    match &mut value {
        Value::Object(fields) => {
            for (name, field) in fields.iter_mut() {
                let time = TIMES.contains(&name.as_str()).then(|| field.as_i64()).flatten();
                *field = match time.and_then(|ms| Timestamp::from_millisecond(ms).ok()) {
                    Some(time) => json!(time.to_string()),
                    None => readable(field.take()),
                };
            }
            value
        }
        Value::Array(items) => Value::Array(items.iter_mut().map(|item| readable(item.take())).collect()),
        _ => value,
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_become_readable_and_the_rest_stays() {
        let row = json!({ "at": 0, "bytes": 7, "place": { "address": "192.0.2.7" }, "list": [{ "ends": 1000 }] });
        let wanted = json!({
            "at": "1970-01-01T00:00:00Z", "bytes": 7, "place": { "address": "192.0.2.7" },
            "list": [{ "ends": "1970-01-01T00:00:01Z" }],
        });
        assert_eq!(readable(row), wanted);
    }

    #[test]
    fn the_schema_names_everything_that_is_exported() {
        let schema: Value = serde_json::from_str(SCHEMA).unwrap();
        let named = schema["$defs"]["account"]["properties"].as_object().unwrap();
        for held in HELD.iter().filter(|held| held.exported && is_of_rows(held.place)) {
            assert!(named.contains_key(held.id), "{}", held.id);
        }
    }
}
