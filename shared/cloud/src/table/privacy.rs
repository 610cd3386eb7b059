//! What a person may ask about themselves: consents, activity, exports, and the deletion of everything.

use super::people::{Identity, Visit};
use super::row::{ABSENT, Row};
use super::{Asked, Table, row};
use crate::keys::Key;
use crate::{CloudError, keys};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::activity::Activity;
use domain::erasure::Erasure;
use domain::export::Export;
use domain::generation::Generation;
use domain::ids::{AccountId, Dice, ExportId, GenerationId, UserId};
use domain::mail::Occasion;
use domain::person::{Consent, Profile};
use domain::{Timestamp, after, plan};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A page that somebody looked at, who allows that this is written down.
#[derive(Serialize)]
struct Usage<'a> {
    page: &'a str,
    #[serde(with = "jiff::fmt::serde::timestamp::millisecond::required")]
    at: Timestamp,
}

/// What stays of a deleted account: nothing but when.
#[derive(Serialize, Deserialize)]
struct Tombstone {
    #[serde(with = "jiff::fmt::serde::timestamp::millisecond::required")]
    at: Timestamp,
}

impl Table {
    /// Every agreement, choice and withdrawal of a person, newest first.
    pub async fn consents(&self, user: &UserId) -> Result<Vec<Consent>, CloudError> {
        self.all("list consents", keys::user_pk(user), keys::CONSENT).await
    }

    /// A page of the security activity, newest first, that begins after `cursor`; and the cursor of the next one.
    pub async fn activity(
        &self,
        user: &UserId,
        cursor: Option<&str>,
        limit: usize,
    ) -> Result<(Vec<Activity>, Option<String>), CloudError> {
        let operation = "list activity";
        let after = cursor.map(|cursor| Key { pk: keys::user_pk(user), sk: format!("{}{cursor}", keys::ACTIVITY) });
        let limit = i32::try_from(limit).unwrap_or(100);
        let asked = Asked { pk: keys::user_pk(user), kind: keys::ACTIVITY, after, newest_first: true, limit };
        let page = self.page(operation, &asked).await?;
        let found = page.items.into_iter().map(|item| row::read(operation, item)).collect::<Result<_, _>>()?;
        let next = page.next.and_then(|key| key.sk.strip_prefix(keys::ACTIVITY).map(ToOwned::to_owned));
        Ok((found, next))
    }

    /// Writes down that a page was looked at. Only for persons who allow it: the caller has asked.
    pub async fn note_usage(&self, user: &UserId, page: &str, at: Timestamp, dice: Dice) -> Result<(), CloudError> {
        let row = Row::new(keys::usage(user, at, dice), Usage { page, at }).until(after(at, plan::USAGE_S));
        let put = self.put(&row, ABSENT, &[])?;
        self.write("note usage", put).await
    }

    /// The exports of a person, newest first; ones that are over may still be among them.
    pub async fn exports(&self, user: &UserId) -> Result<Vec<Export>, CloudError> {
        self.all("list exports", keys::user_pk(user), keys::EXPORT).await
    }

    /// One export of a person.
    pub async fn export(&self, user: &UserId, export: &ExportId) -> Result<Option<Export>, CloudError> {
        self.get("read export", keys::export(user, export)).await
    }

    /// Asks for an export.
    pub async fn ask_export(&self, export: &Export, visit: &Visit) -> Result<(), CloudError> {
        let puts = vec![self.put(&Row::export(export), ABSENT, &[])?, self.visit_put(&export.user, visit)?];
        self.together("ask for export", puts).await
    }

    /// Writes an export at its next version; once it is ready, with the mail that says so.
    pub async fn keep_export(&self, export: &Export, now: Timestamp) -> Result<(), CloudError> {
        let mut puts = vec![self.next(&Row::export(export), export.version)?];
        if let Some(ends) = export.ends {
            let occasion = Occasion::ExportReady { until: ends.to_string() };
            puts.push(self.mail_put(&export.user, occasion, export.id.as_str(), now)?);
        }
        self.together("keep export", puts).await
    }

    /// The deletion that a person asked for.
    pub async fn erasure(&self, user: &UserId) -> Result<Option<Erasure>, CloudError> {
        self.get("read deletion", keys::erasure(user)).await
    }

    /// Begins a deletion: its row, the profile that says so, the activity and the mail.
    pub async fn begin_erasure(
        &self,
        erasure: &Erasure,
        profile: &Profile,
        visit: &Visit,
        mail: Option<Occasion>,
    ) -> Result<(), CloudError> {
        let mut puts = vec![
            self.put(&Row::erasure(erasure), ABSENT, &[])?,
            self.profile_put(profile)?,
            self.visit_put(&erasure.user, visit)?,
        ];
        if let Some(occasion) = mail {
            let about = erasure.asked.as_millisecond().to_string();
            puts.push(self.mail_put(&erasure.user, occasion, &about, erasure.asked)?);
        }
        self.together("begin deletion", puts).await
    }

    /// Undoes a deletion that has not begun.
    pub async fn undo_erasure(&self, erasure: &Erasure, profile: &Profile, visit: &Visit) -> Result<(), CloudError> {
        let puts = vec![self.profile_put(profile)?, self.visit_put(&erasure.user, visit)?];
        let gone = self.delete(keys::erasure(&erasure.user), erasure.version)?;
        self.replace("undo deletion", puts, Some(gone)).await.map_err(CloudError::from)
    }

    /// Writes a deletion at its next version.
    pub async fn keep_erasure(&self, erasure: &Erasure) -> Result<(), CloudError> {
        let put = self.next(&Row::erasure(erasure), erasure.version)?;
        self.write("keep deletion", put).await
    }

    /// Writes the first step of a deletion, from which nobody signs in any more.
    pub async fn freeze(&self, profile: &Profile) -> Result<(), CloudError> {
        let put = self.profile_put(profile)?;
        self.write("freeze profile", put).await
    }

    /// The end of a deletion: its row becomes two tombstones that lead to nobody. One tells whoever restores a backup what
    /// to delete again, one that free credits were had.
    pub async fn close_erasure(&self, erasure: &Erasure, now: Timestamp) -> Result<(), CloudError> {
        let ends = after(now, plan::TOMBSTONE_S);
        let end = [(":ends", AttributeValue::N(ends.as_second().to_string()))];
        let stone = |key: Key| {
            self.put(
                &Row::new(key, Tombstone { at: now }).until(ends),
                "attribute_not_exists(pk) OR #ttl <= :ends",
                &end,
            )
        };
        let seen = keys::seen_before(&erasure.issuer, &erasure.subject);
        let puts = vec![stone(keys::tombstone(&erasure.user))?, stone(seen)?];
        let gone = self.delete(keys::erasure(&erasure.user), erasure.version)?;
        self.replace("close deletion", puts, Some(gone)).await.map_err(CloudError::from)
    }

    /// Whether somebody of this name at the identity provider had an account, and with it free credits, not long ago.
    pub async fn had_free_credits(&self, issuer: &str, subject: &str) -> Result<bool, CloudError> {
        let found: Option<Tombstone> = self.get("look for tombstone", keys::seen_before(issuer, subject)).await?;
        Ok(found.is_some())
    }

    /// Whether anything of a person is left but the row of the deletion itself.
    pub async fn has_rows(&self, erasure: &Erasure) -> Result<bool, CloudError> {
        let identity = self.identity(&erasure.issuer, &erasure.subject).await?;
        // Somebody who comes back is a new person.
        if identity.is_some_and(|(user, _)| user == erasure.user) {
            return Ok(true);
        }
        let page = self.page("look for rows", &all_of(&erasure.user)).await?;
        let mut names = page.items.iter().filter_map(|item| item.get("sk")?.as_s().ok());
        Ok(names.any(|sk| sk != keys::ERASURE))
    }

    /// Deletes all rows of a person but the row of the deletion itself.
    pub async fn erase_rows(&self, erasure: &Erasure) -> Result<(), CloudError> {
        let identity: Option<Identity> =
            self.get("read identity", keys::identity(&erasure.issuer, &erasure.subject)).await?;
        if identity.is_some_and(|identity| identity.user == erasure.user) {
            self.forget("erase identity", keys::identity(&erasure.issuer, &erasure.subject)).await?;
        }
        let mut asked = all_of(&erasure.user);
        loop {
            let page = self.page("list rows", &asked).await?;
            for item in &page.items {
                let Some(sk) = item.get("sk").and_then(|value| value.as_s().ok()) else { continue };
                if sk != keys::ERASURE {
                    self.forget("erase row", Key { pk: keys::user_pk(&erasure.user), sk: sk.clone() }).await?;
                }
            }
            if page.next.is_none() {
                return Ok(());
            }
            asked.after = page.next;
        }
    }

    /// A page of a person's generations, oldest first, deleted ones that are not forgotten yet too, after `cursor`; and
    /// whether there are more.
    pub async fn history(
        &self,
        user: &UserId,
        cursor: Option<&GenerationId>,
        limit: i32,
    ) -> Result<(Vec<Generation>, bool), CloudError> {
        let operation = "read history";
        let after = cursor.map(|id| keys::generation(user, id));
        let asked = Asked { pk: keys::user_pk(user), kind: keys::GENERATION, after, newest_first: false, limit };
        let page = self.page(operation, &asked).await?;
        let found = page.items.into_iter().map(|item| row::read(operation, item)).collect::<Result<_, _>>()?;
        Ok((found, page.next.is_some()))
    }

    /// A page of the rows of a person of one kind as plain values, without keys: what an export says of them. It begins
    /// after the row that `after` names, and brings the name after which there are more.
    pub async fn held(
        &self,
        user: &UserId,
        kind: &str,
        after: Option<&str>,
    ) -> Result<(Vec<Value>, Option<String>), CloudError> {
        self.plain_page(keys::user_pk(user), kind, after).await
    }

    /// The same of an account's entries whose source begins so.
    pub async fn held_entries(
        &self,
        account: &AccountId,
        source: &str,
        after: Option<&str>,
    ) -> Result<(Vec<Value>, Option<String>), CloudError> {
        self.plain_page(keys::account_pk(account), &format!("{}{source}", keys::ENTRY), after).await
    }

    async fn plain_page(
        &self,
        pk: String,
        kind: &str,
        after: Option<&str>,
    ) -> Result<(Vec<Value>, Option<String>), CloudError> {
        let operation = "read what is held";
        let after = after.map(|sk| Key { pk: pk.clone(), sk: sk.to_owned() });
        let page = self.page(operation, &Asked { pk, kind, after, newest_first: false, limit: 200 }).await?;
        let rows = page.items.into_iter().map(|item| row::read(operation, item).map(without_keys));
        Ok((rows.collect::<Result<_, _>>()?, page.next.map(|key| key.sk)))
    }
}

fn all_of(user: &UserId) -> Asked<'static> {
    Asked { pk: keys::user_pk(user), kind: "", after: None, newest_first: false, limit: 500 }
}

/// A row without what only the table needs.
fn without_keys(mut row: Value) -> Value {
    if let Some(fields) = row.as_object_mut() {
        // Of a key whatever its owner gave and can use; its hash only serves us, and whoever would look for it. What webhooks
        // are signed with is shown once.
        for name in ["pk", "sk", "gsi1pk", "gsi1sk", "ttl", "hash", "secrets"] {
            fields.remove(name);
        }
        // A row's own counter; of a consent it is the text's date.
        if fields.get("version").is_some_and(Value::is_number) {
            fields.remove("version");
        }
    }
    row
}
