//! What is held of a person in rows, as a copy says it: page by page, since of some kinds a program makes thousands a day.

use crate::App;
use crate::listing::Listing;
use crate::parts::Rows;
use crate::volume::Volume;
use cloud::CloudError;
use domain::Timestamp;
use domain::export::Export;
use serde_json::{Value, json};

/// Writes row after row from the one after `after`; gives the last one if there are more than the file takes.
pub(crate) async fn write(
    app: &App,
    export: &Export,
    volume: &mut Volume<'_>,
    name: &str,
    rows: Rows,
    mut after: Option<String>,
) -> Result<Option<String>, CloudError> {
    volume.archive.open(name)?;
    let mut listing = Listing::new();
    loop {
        let (page, next) = page(app, export, rows, after.as_deref()).await?;
        for row in page {
            listing.push(&readable(row));
        }
        volume.archive.write(&listing.take()).await?;
        if next.is_none() || volume.is_full() {
            volume.archive.write(&listing.end()).await?;
            return Ok(next);
        }
        after = next;
    }
}

async fn page(
    app: &App,
    export: &Export,
    rows: Rows,
    after: Option<&str>,
) -> Result<(Vec<Value>, Option<String>), CloudError> {
    match rows {
        Rows::Person(kind) => app.table.held(&export.user, kind, after).await,
        Rows::Entries => app.table.held_entries(&export.account, "", after).await,
        Rows::Payments => {
            let (entries, next) = app.table.held_entries(&export.account, "pay#", after).await?;
            Ok((payments(app, &entries).await?, next))
        }
    }
}

/// The purchases that these entries granted.
async fn payments(app: &App, entries: &[Value]) -> Result<Vec<Value>, CloudError> {
    let mut found = Vec::new();
    let named =
        |entry: &Value| Some(entry["source"].as_str()?.strip_prefix("pay#")?.strip_suffix("#grant")?.to_owned());
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
}
