//! Identities, profiles, sessions.

use super::{Slot, Stopped, Table, row::Row};
use crate::{CloudError, keys};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::credits::Posting;
use domain::ids::{AccountId, SessionId, UserId};
use domain::session::{Person, Session};
use serde::{Deserialize, Serialize};

/// What is known of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// The person.
    pub user: UserId,
    /// Whose books bear the person's work.
    pub account: AccountId,
    /// What the identity provider said.
    #[serde(flatten)]
    pub person: Person,
}

#[derive(Serialize, Deserialize)]
struct Identity {
    user: UserId,
    account: AccountId,
}

impl Table {
    /// The session, if its row is still there. The caller compares its end.
    pub async fn session(&self, user: &UserId, session: &SessionId) -> Result<Option<Session>, CloudError> {
        self.get("read session", keys::session(user, session)).await
    }

    /// The profile of a person.
    pub async fn profile(&self, user: &UserId) -> Result<Profile, CloudError> {
        let profile = self.get("read profile", keys::profile(user)).await?;
        profile.ok_or(CloudError::Gone { operation: "read profile" })
    }

    /// Who an identity provider's subject is with us, if known.
    pub async fn identity(&self, issuer: &str, subject: &str) -> Result<Option<(UserId, AccountId)>, CloudError> {
        let found: Option<Identity> = self.get("read identity", keys::identity(issuer, subject)).await?;
        Ok(found.map(|identity| (identity.user, identity.account)))
    }

    /// Makes a new person with wallet, free credits and first session; all or nothing. [`CloudError::Raced`] if the
    /// same subject signed up at the same moment.
    pub async fn sign_up(
        &self,
        issuer: &str,
        subject: &str,
        profile: &Profile,
        grant: &Posting,
        session: &Session,
    ) -> Result<(), CloudError> {
        let absent = "attribute_not_exists(pk)";
        let identity = Identity { user: profile.user.clone(), account: profile.account.clone() };
        let puts = vec![
            self.put(&Row::new(keys::identity(issuer, subject), identity), absent, &[])?,
            self.put(&Row::new(keys::profile(&profile.user), profile), absent, &[])?,
            self.put(&Row::wallet(&grant.wallet), absent, &[])?,
            self.put(&Row::entry(&grant.wallet.account, &grant.entry), absent, &[])?,
            self.put(&Row::session(session), absent, &[])?,
        ];
        match self.transact("sign up", puts).await {
            Ok(()) => Ok(()),
            Err(Stopped::Slots(slots)) if slots.first() == Some(&Slot::Condition) => Err(CloudError::Raced),
            Err(Stopped::Slots(_)) => Err(CloudError::Busy { operation: "sign up", code: "conflict".to_owned() }),
            Err(Stopped::Cloud(error)) => Err(error),
        }
    }

    /// Opens a session of a known person and takes over what the provider says now.
    pub async fn sign_in(&self, profile: &Profile, session: &Session) -> Result<(), CloudError> {
        let absent = "attribute_not_exists(pk)";
        let puts = vec![
            self.put(&Row::new(keys::profile(&profile.user), profile), "attribute_exists(pk)", &[])?,
            self.put(&Row::session(session), absent, &[])?,
        ];
        match self.transact("sign in", puts).await {
            Ok(()) => Ok(()),
            Err(Stopped::Slots(_)) => Err(CloudError::Raced),
            Err(Stopped::Cloud(error)) => Err(error),
        }
    }

    /// Ends a session; it may be gone already.
    pub async fn end_session(&self, user: &UserId, session: &SessionId) -> Result<(), CloudError> {
        let key = keys::session(user, session);
        self.client
            .delete_item()
            .table_name(&self.name)
            .key("pk", AttributeValue::S(key.pk))
            .key("sk", AttributeValue::S(key.sk))
            .send()
            .await
            .map(|_| ())
            .map_err(|error| CloudError::of("end session", &error))
    }
}
