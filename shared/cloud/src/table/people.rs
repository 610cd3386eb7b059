//! Identities and profiles.

use super::row::{ABSENT, Row};
use super::{Slot, Stopped, Table};
use crate::{CloudError, keys};
use aws_sdk_dynamodb::types::Put;
use domain::activity::Activity;
use domain::credits::Posting;
use domain::ids::{AccountId, Dice, UserId};
use domain::person::{Consent, Profile};
use domain::session::Session;
use domain::{after, plan};
use serde::{Deserialize, Serialize};

/// One line of the security activity, with the dice that keep it apart from others of the same moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// The line.
    pub activity: Activity,
    /// The dice.
    pub dice: Dice,
}

/// Who an identity provider's subject is with us.
#[derive(Serialize, Deserialize)]
pub(super) struct Identity {
    pub(super) user: UserId,
    pub(super) account: AccountId,
}

impl Table {
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
        profile: &Profile,
        grant: &Posting,
        session: &Session,
        visit: &Visit,
    ) -> Result<(), CloudError> {
        let identity = Identity { user: profile.user.clone(), account: profile.account.clone() };
        let puts = vec![
            self.put(&Row::new(keys::identity(&profile.issuer, &profile.subject), identity), ABSENT, &[])?,
            self.put(&Row::new(keys::profile(&profile.user), profile), ABSENT, &[])?,
            self.put(&Row::wallet(&grant.wallet), ABSENT, &[])?,
            self.put(&Row::entry(&grant.wallet.account, &grant.entry), ABSENT, &[])?,
            self.put(&Row::session(session), ABSENT, &[])?,
            self.visit_put(&profile.user, visit)?,
        ];
        match self.transact("sign up", puts).await {
            Ok(()) => Ok(()),
            Err(Stopped::Slots(slots)) if slots.first() == Some(&Slot::Condition) => Err(CloudError::Raced),
            Err(Stopped::Slots(_)) => Err(CloudError::Busy { operation: "sign up", code: "conflict".to_owned() }),
            Err(Stopped::Cloud(error)) => Err(error),
        }
    }

    /// Opens a session of a known person and takes over what the provider says now. [`CloudError::Raced`] if the profile
    /// moved meanwhile: it may be gone, or forbid it.
    pub async fn sign_in(&self, profile: &Profile, session: &Session, visit: &Visit) -> Result<(), CloudError> {
        let puts = vec![
            self.profile_put(profile)?,
            self.put(&Row::session(session), ABSENT, &[])?,
            self.visit_put(&profile.user, visit)?,
        ];
        self.together("sign in", puts).await
    }

    /// Writes a profile at its next version, with the consents and the line of activity that belong to the change.
    pub async fn change_profile(
        &self,
        profile: &Profile,
        consents: &[Consent],
        visit: &Visit,
    ) -> Result<(), CloudError> {
        let mut puts = vec![self.profile_put(profile)?, self.visit_put(&profile.user, visit)?];
        for consent in consents {
            puts.push(self.put(&Row::new(keys::consent(&profile.user, consent), consent), ABSENT, &[])?);
        }
        self.together("change profile", puts).await
    }

    /// Writes one line of the security activity.
    pub async fn note(&self, user: &UserId, visit: &Visit) -> Result<(), CloudError> {
        let put = self.visit_put(user, visit)?;
        self.write("note activity", put).await
    }

    pub(super) fn profile_put(&self, profile: &Profile) -> Result<Put, CloudError> {
        self.next(&Row::new(keys::profile(&profile.user), profile), profile.version)
    }

    pub(super) fn visit_put(&self, user: &UserId, visit: &Visit) -> Result<Put, CloudError> {
        let Visit { activity, dice } = visit;
        let row = Row::new(keys::activity(user, activity.at, *dice), activity);
        self.put(&row.until(after(activity.at, plan::ACTIVITY_S)), ABSENT, &[])
    }

    /// Writes all or nothing; whatever was refused has moved.
    pub(super) async fn together(&self, operation: &'static str, puts: Vec<Put>) -> Result<(), CloudError> {
        self.transact(operation, puts).await.map_err(CloudError::from)
    }
}
