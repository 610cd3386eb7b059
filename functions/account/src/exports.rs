//! Exports: asked for here, made by `privacy`, downloaded from the bucket.

use crate::App;
use api::account::{ExportView, Exports};
use api::{Kind, Problem};
use cloud::{CloudError, keys};
use domain::activity::Deed;
use domain::export::{Export, ExportState};
use domain::ids::ExportId;
use domain::{limits, plan};
use edge::{Answer, Caller};
use lambda_http::Request;

pub(crate) async fn ask(app: &App, request: &Request) -> Result<Answer, Problem> {
    let caller = app.door.changer(request).await?;
    let table = &app.door.table;
    let now = edge::now();
    let known = table.exports(&caller.user).await.map_err(edge::cloud)?;
    if known.iter().any(|export| export.state == ExportState::Making) {
        return Err(Problem::new(Kind::ExportRunning, "Wait until it is ready; a mail tells you."));
    }
    app.door.limit(request, limits::EXPORT, Some(&caller)).await?;
    let id = ExportId::fresh(now, edge::dice()?);
    let export = Export::ask(id, caller.user.clone(), caller.account.clone(), now);
    table.ask_export(&export, &app.door.visit(request, Deed::ExportBegun)?).await.map_err(edge::cloud)?;
    let location = format!("/api/me/exports/{}", export.id);
    Ok(Answer::json(202, &ExportView::new(&export, now))?.with("location", location).with("retry-after", "5"))
}

pub(crate) async fn list(app: &App, request: &Request) -> Result<Answer, Problem> {
    let caller = app.door.caller(request).await?;
    let now = edge::now();
    let found = app.door.table.exports(&caller.user).await.map_err(edge::cloud)?;
    let items = found.iter().filter(|export| !export.is_over(now)).map(|export| ExportView::new(export, now));
    Answer::json(200, &Exports { items: items.collect() })
}

pub(crate) async fn show(app: &App, request: &Request) -> Result<Answer, Problem> {
    let caller = app.door.caller(request).await?;
    let export = find(app, &caller, request).await?;
    let answer = Answer::json(200, &ExportView::new(&export, edge::now()))?;
    Ok(if export.state == ExportState::Making { answer.with("retry-after", "5") } else { answer })
}

pub(crate) async fn file(app: &App, request: &Request) -> Result<Answer, Problem> {
    let caller = app.door.caller(request).await?;
    let export = find(app, &caller, request).await?;
    let name = edge::path(request, "part");
    let there = export.is_ready(edge::now()) && export.files.iter().any(|file| file.name == name);
    if !there {
        return Err(Problem::not_found());
    }
    let visit = app.door.visit(request, Deed::ExportTaken)?;
    app.door.table.note(&caller.user, &visit).await.map_err(edge::cloud)?;
    let key = keys::export_file(&export.user, &export.id, name);
    let day = export.asked.to_string();
    let saved_as = format!("imageto3d-{}-{name}", day.split('T').next().unwrap_or_default());
    let link = app.models.link(&key, plan::DOWNLOAD_LINK_S, Some(&saved_as)).await.map_err(edge::cloud)?;
    Ok(Answer::to(302, link))
}

/// The caller's export that the path names; one that is over, and another's, are not there.
async fn find(app: &App, caller: &Caller, request: &Request) -> Result<Export, Problem> {
    let id: ExportId = edge::id(request, "export")?;
    let found: Result<_, CloudError> = app.door.table.export(&caller.user, &id).await;
    let found = found.map_err(edge::cloud)?;
    found.filter(|export| !export.is_over(edge::now())).ok_or_else(Problem::not_found)
}
