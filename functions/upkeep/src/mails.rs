//! The outbox: what waits is sent, or dropped if it may not go (any more). A mail may come twice, and is never lost.

use crate::{App, Tally};
use cloud::{CloudError, Due, Waiting};
use domain::ids::UserId;

pub(crate) async fn send(app: &App, tally: &mut Tally) -> Result<(), CloudError> {
    for waiting in app.table.due(Due::Mail, edge::now()).await? {
        let Waiting::Mail(user, name) = waiting else { continue };
        match send_one(app, &user, &name).await {
            Ok(sent) => tally.mails += u32::from(sent),
            Err(error) => {
                tally.left += 1;
                tracing::error!(why = %error, "a mail is left for the next run: {error}");
            }
        }
    }
    Ok(())
}

async fn send_one(app: &App, user: &UserId, name: &str) -> Result<bool, CloudError> {
    let Some(letter) = app.table.mail(user, name).await? else { return Ok(false) };
    let profile = match app.table.profile(user).await {
        Err(CloudError::Gone { .. }) => None,
        profile => Some(profile?),
    };
    let to = profile.filter(|profile| letter.occasion.may_go(profile.choices, profile.standing));
    let to = to.and_then(|profile| profile.person.email);
    let sent = match (&app.mailer, to) {
        (Some(mailer), Some(to)) => {
            mailer.send(&to, &letter.occasion.write(&app.site)).await?;
            true
        }
        _ => false,
    };
    app.table.drop_mail(user, name).await?;
    let occasion = letter.occasion.word();
    tracing::info!(occasion, sent, "a mail about {occasion} was {}", if sent { "sent" } else { "dropped" });
    Ok(sent)
}
