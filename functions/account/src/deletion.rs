//! The end of an account: asked for here with a fresh sign-in, undone here, done by `privacy`.

use crate::{App, TRIES, done, kept_moving, written};
use api::account::Deletion;
use api::{Kind, Problem};
use domain::activity::Deed;
use domain::erasure::Erasure;
use domain::mail::Occasion;
use domain::person::Standing;
use edge::Answer;
use lambda_http::Request;

pub(crate) async fn begin(app: &App, request: &Request) -> Result<Answer, Problem> {
    let caller = app.door.changer(request).await?;
    if !caller.session()?.is_fresh(edge::now()) {
        let detail = "Deleting an account asks for a sign-in of the last ten minutes.";
        return Err(Problem::new(Kind::SignInAgain, detail));
    }
    let table = &app.door.table;
    let visit = app.door.visit(request, Deed::DeletionBegun)?;
    for _ in 0..TRIES {
        if let Some(known) = table.erasure(&caller.user).await.map_err(edge::cloud)? {
            return begun(&known);
        }
        let profile = app.profile(&caller).await?;
        let erasure = Erasure::ask(&profile, edge::now());
        let mail = Occasion::DeletionBegun { on: erasure.due.to_string() };
        let closing = profile.standing(Standing::Closing);
        if written(table.begin_erasure(&erasure, &closing, &visit, Some(mail)).await)? {
            return begun(&erasure);
        }
    }
    Err(kept_moving())
}

fn begun(erasure: &Erasure) -> Result<Answer, Problem> {
    Answer::json(202, &Deletion::new(erasure.due))
}

pub(crate) async fn undo(app: &App, request: &Request) -> Result<Answer, Problem> {
    let caller = app.door.changer(request).await?;
    let table = &app.door.table;
    let visit = app.door.visit(request, Deed::DeletionUndone)?;
    for _ in 0..TRIES {
        let erasure = table.erasure(&caller.user).await.map_err(edge::cloud)?;
        let erasure = erasure.filter(|erasure| erasure.can_be_undone(edge::now())).ok_or_else(Problem::not_found)?;
        let staying = app.profile(&caller).await?.standing(erasure.before);
        if written(table.undo_erasure(&erasure, &staying, &visit).await)? {
            return Ok(done());
        }
    }
    Err(kept_moving())
}
