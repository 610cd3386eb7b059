//! Photos that nobody asked a model of go after a day.

use crate::{App, Tally};
use cloud::{CloudError, Due, Waiting, keys};
use domain::ids::{UploadId, UserId};

pub(crate) async fn forget(app: &App, tally: &mut Tally) -> Result<(), CloudError> {
    for waiting in app.table.due(Due::Unclaimed, edge::now()).await? {
        let Waiting::Upload(user, upload) = waiting else { continue };
        match forget_one(app, &user, &upload).await {
            Ok(()) => tally.photos += 1,
            // A generation took it at this very moment.
            Err(CloudError::Raced) => {}
            Err(error) => {
                tally.left += 1;
                tracing::error!(why = %error, "a photo is left for the next run: {error}");
            }
        }
    }
    Ok(())
}

/// Out of reach, then the photo, then the row: a run that dies in between comes again.
async fn forget_one(app: &App, user: &UserId, id: &UploadId) -> Result<(), CloudError> {
    let Some(upload) = app.table.upload(user, id).await? else { return Ok(()) };
    app.table.forget_upload(&upload).await?;
    app.uploads.erase(&keys::photo(user, id)).await?;
    app.table.end_upload(user, id).await
}
