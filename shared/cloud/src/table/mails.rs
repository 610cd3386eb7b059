//! The outbox: mails that wait, beside the person's other rows, without an address.

use super::Table;
use super::row::{ABSENT, Row};
use crate::{CloudError, keys};
use aws_sdk_dynamodb::types::Put;
use domain::ids::UserId;
use domain::mail::{Letter, Occasion};
use domain::{Timestamp, after, plan};

impl Table {
    /// Writes a mail down to be sent soon; a second one about the same thing is the same one.
    pub async fn post(&self, user: &UserId, occasion: Occasion, about: &str, now: Timestamp) -> Result<(), CloudError> {
        let put = self.mail_put(user, occasion, about, now)?;
        match self.write("post mail", put).await {
            Ok(()) | Err(CloudError::Raced) => Ok(()),
            Err(error) => Err(error),
        }
    }

    pub(super) fn mail_put(
        &self,
        user: &UserId,
        occasion: Occasion,
        about: &str,
        now: Timestamp,
    ) -> Result<Put, CloudError> {
        let key = keys::mail(user, &occasion, about);
        let id = key.sk.clone();
        let row = Row::new(key, Letter { occasion, at: now }).due(keys::DUE_MAIL, now, &id);
        self.put(&row.until(after(now, plan::MAIL_S)), ABSENT, &[])
    }

    /// A mail by its name in the person's rows, if it still waits.
    pub async fn mail(&self, user: &UserId, name: &str) -> Result<Option<Letter>, CloudError> {
        self.get("read mail", keys::waiting_mail(user, name)).await
    }

    /// Forgets a mail that was sent, or must not be.
    pub async fn drop_mail(&self, user: &UserId, name: &str) -> Result<(), CloudError> {
        self.forget("drop mail", keys::waiting_mail(user, name)).await
    }
}
