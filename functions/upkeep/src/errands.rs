//! Deliveries to webhooks that are due and that no message has brought: their wait was longer than a queue holds a message
//! back, or whoever should have sent or worked on it died. One that comes twice is made once: its row is claimed.

use crate::{App, Tally};
use api::job::Errand;
use cloud::{CloudError, Due, Waiting};
use domain::{after, plan};

pub(crate) async fn send_again(app: &App, tally: &mut Tally) -> Result<(), CloudError> {
    let overdue = after(edge::now(), -plan::WEBHOOK_RESEND_S);
    for waiting in app.table.due(Due::Webhook, overdue).await? {
        let Waiting::Delivery(user, webhook, event) = waiting else { continue };
        match app.errands.send(Errand::new(user, webhook, event).text(), None).await {
            Ok(()) => tally.deliveries += 1,
            Err(error) => {
                tally.left += 1;
                tracing::error!(why = %error, "a delivery is left for the next run: {error}");
            }
        }
    }
    Ok(())
}
