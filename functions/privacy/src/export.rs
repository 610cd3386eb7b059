//! A copy of everything that is held of a person, made file by file; nothing is in memory whole.

use crate::parts::{self, Of};
use crate::volume::Volume;
use crate::{App, Budget, Tally, generations, rows};
use cloud::{CloudError, keys};
use domain::export::{Bookmark, Export, ExportState};
use domain::ids::{ExportId, UserId};
use serde_json::{Value, json};

/// What the JSON files look like, for programs.
pub(crate) const SCHEMA: &str = include_str!("export.schema.json");
pub(crate) const README: &str = include_str!("export.readme.txt");

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

/// Writes the next file: the first begins with the account, all go on with part after part from where the one before ended.
async fn one_file(app: &App, export: &Export) -> Result<Export, CloudError> {
    let key = keys::export_file(&export.user, &export.id, &export.next_name());
    let mut volume = Volume::begin(&app.models, &key, export.files.len() + 1).await?;
    volume.archive.add("README.txt", README.as_bytes()).await?;
    volume.archive.add("schema.json", SCHEMA.as_bytes()).await?;
    if export.files.is_empty() {
        let account = account(app, export).await?;
        volume.archive.add("account.json", format!("{account:#}\n").as_bytes()).await?;
    }
    let bookmark = write_parts(app, export, &mut volume).await?;
    Ok(export.with(volume.archive.finish().await?, bookmark, edge::now()))
}

/// Writes parts until the file is full; gives where the next one goes on, or nothing after the last.
async fn write_parts(app: &App, export: &Export, volume: &mut Volume<'_>) -> Result<Option<Bookmark>, CloudError> {
    let parts = parts::all();
    let (first, mut after) = parts::begin(&parts, export.bookmark.as_ref());
    for (place, part) in parts.iter().enumerate().skip(first) {
        let bookmark = |after| Some(Bookmark { part: part.name.to_owned(), after });
        // Not before the first: each file holds a page at least, so that an export always comes to its end.
        if place > first && volume.is_full() {
            return Ok(bookmark(None));
        }
        let name = volume.name_of(part.name);
        let rest = match part.of {
            Of::Rows(rows) => rows::write(app, export, volume, &name, rows, after.take()).await?,
            Of::Generations => generations::write(app, &export.user, volume, &name, after.take().as_deref()).await?,
        };
        if rest.is_some() {
            return Ok(bookmark(rest));
        }
    }
    Ok(None)
}

/// What is there once: whose copy it is, and how the books stand.
async fn account(app: &App, export: &Export) -> Result<Value, CloudError> {
    let wallet = app.table.wallet(&export.account).await?;
    let patron = app.table.patron(&export.account).await?;
    Ok(json!({
        "made_at": edge::now().to_string(), "user_id": export.user, "account_id": export.account,
        "books": {
            "available": wallet.available, "held": wallet.held, "debt": wallet.debt,
            "stripe_customer": patron.customer, "stripe_customers_before": patron.earlier, "subscription": patron.subscription,
        },
    }))
}
