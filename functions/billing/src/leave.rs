//! The step of a deletion that is at Stripe: the account's customers go there, and with them subscriptions that run.

use crate::App;
use api::Problem;
use cloud::{CloudError, Due, Waiting};
use domain::erasure::{Erasure, Step};
use domain::ids::UserId;
use edge::Answer;
use money::StripeFault;

/// All that wait. One that Stripe cannot do now is tried again by the next run, until it is done.
pub(crate) async fn forget_customers(app: &App) -> Result<Answer, Problem> {
    let waiting = app.door.table.due(Due::Stripe, edge::now()).await.map_err(edge::cloud)?;
    for waiting in waiting {
        let Waiting::Erasure(user) = waiting else { continue };
        if let Err(why) = forget(app, &user).await {
            tracing::error!(why, "a customer is not deleted at Stripe yet: {why}");
        }
    }
    Ok(Answer::only(204))
}

async fn forget(app: &App, user: &UserId) -> Result<(), String> {
    let table = &app.door.table;
    let said = |error: CloudError| error.to_string();
    let found = table.erasure(user).await.map_err(said)?;
    let mine = found.filter(|row| row.step == Step::Stripe && row.due <= edge::now());
    let Some(row) = mine else { return Ok(()) };
    let patron = table.patron(&row.account).await.map_err(said)?;
    for customer in patron.customers() {
        match app.stripe.delete_customer(customer).await {
            // Deleted before, by somebody or by a run that died right after.
            Ok(()) | Err(StripeFault::NoCustomer) => {}
            Err(fault) => return Err(fault.to_string()),
        }
    }
    // What Stripe tells of the customer from now on finds nothing to be written to.
    table.close_patron(&row.account).await.map_err(said)?;
    let next: Option<Erasure> = row.advance(edge::now());
    match next {
        Some(next) => table.keep_erasure(&next).await.map_err(said),
        None => Ok(()),
    }
}
