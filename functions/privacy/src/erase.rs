//! The steps of a deletion. Each may run twice, and each is remembered only after it is done: a run that dies is repeated.

use crate::{App, Budget, Tally};
use cloud::{CloudError, keys};
use domain::credits::Wallet;
use domain::erasure::{Erasure, Step};
use domain::ids::UserId;
use domain::person::Standing;

/// Goes on with a deletion as far as it goes now.
pub(crate) async fn go_on(app: &App, user: &UserId, budget: &mut Budget, tally: &mut Tally) -> Result<(), CloudError> {
    loop {
        let found = app.table.erasure(user).await?;
        // Stripe's step is billing's, which alone has the key.
        let mine = found.filter(|row| row.due <= edge::now() && row.step != Step::Stripe);
        let Some(row) = mine else { return Ok(()) };
        if budget.is_spent() {
            return Ok(());
        }
        let claimed = row.claim(edge::now());
        app.table.keep_erasure(&claimed).await?;
        let next = step(app, &claimed).await?;
        budget.steps -= 1;
        tally.steps += 1;
        let Some(next) = next else {
            app.table.close_erasure(&claimed, edge::now()).await?;
            tally.erased += 1;
            tracing::info!("the account {} is deleted", claimed.account);
            return Ok(());
        };
        app.table.keep_erasure(&next).await?;
    }
}

/// Does one step; gives the row as it goes on, or nothing after the last.
async fn step(app: &App, row: &Erasure) -> Result<Option<Erasure>, CloudError> {
    match row.step {
        Step::Freeze => freeze(app, row).await?,
        Step::Cancel => cancel(app, row).await?,
        Step::Objects => {
            app.uploads.erase(&keys::photos(&row.user)).await?;
            app.models.erase(&keys::models(&row.user)).await?;
            app.models.abandon(&keys::exports(&row.user)).await?;
            app.models.erase(&keys::exports(&row.user)).await?;
        }
        Step::Stripe => return Err(CloudError::Raced),
        Step::Books => books(app, row).await?,
        Step::Rows => app.table.erase_rows(row).await?,
        Step::Verify if is_left(app, row).await? => {
            tracing::warn!("something of the account {} was left or came late: once more", row.account);
            return Ok(Some(row.again(edge::now())));
        }
        Step::Verify => {}
    }
    Ok(row.advance(edge::now()))
}

/// From here on nobody signs in, whoever is signed in no longer is, and no key opens anything.
async fn freeze(app: &App, row: &Erasure) -> Result<(), CloudError> {
    match app.table.profile(&row.user).await {
        Ok(profile) if profile.standing != Standing::Erasing => {
            app.table.freeze(&profile.standing(Standing::Erasing)).await?;
        }
        Ok(_) | Err(CloudError::Gone { .. }) => {}
        Err(error) => return Err(error),
    }
    app.table.end_api_keys(&row.user).await?;
    app.table.end_sessions(&row.user).await
}

/// What has not ended ends, and its credits go back to where they are then closed.
async fn cancel(app: &App, row: &Erasure) -> Result<(), CloudError> {
    let mut cursor = None;
    loop {
        let (page, more) = app.table.history(&row.user, cursor.as_ref(), 100).await?;
        for found in page.iter().filter(|found| !found.status.is_terminal()) {
            let ended = found.cancel(edge::now()).map_err(|_| CloudError::Raced)?;
            // Whoever leaves is told nothing more: the webhooks go with the other rows.
            app.table.end_generation(found, &ended.delete(edge::now())).await?;
        }
        cursor = page.last().map(|last| last.id.clone());
        if !more {
            return Ok(());
        }
    }
}

/// The books stay, since the law asks for them; what is left in them goes, and the customer's number was forgotten before.
async fn books(app: &App, row: &Erasure) -> Result<(), CloudError> {
    let wallet: Result<Wallet, CloudError> = app.table.wallet(&row.account).await;
    match wallet {
        Ok(_) => app.table.expire_wallet(&row.account, edge::now()).await,
        Err(CloudError::Gone { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

async fn is_left(app: &App, row: &Erasure) -> Result<bool, CloudError> {
    Ok(app.table.has_rows(row).await?
        || app.uploads.has_any(&keys::photos(&row.user)).await?
        || app.models.has_any(&keys::models(&row.user)).await?
        || app.models.has_any(&keys::exports(&row.user)).await?)
}
