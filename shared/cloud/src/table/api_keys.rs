//! Keys for programs: each a row beside the person's others, and a row that leads from its hash to it.

use super::Table;
use super::row::{ABSENT, Row};
use crate::table::Visit;
use crate::{CloudError, keys};
use domain::api_key::{ApiKey, KeyId};
use domain::ids::UserId;
use domain::person::Profile;
use serde::{Deserialize, Serialize};

/// Whose key a hash is.
#[derive(Serialize, Deserialize)]
struct Known {
    user: UserId,
    id: KeyId,
}

impl Table {
    /// The key of a hash, if it was not revoked. Both reads are consistent, so that a revocation bites at once; the caller
    /// judges whether the key has ended.
    pub async fn api_key_by_hash(&self, hash: &str) -> Result<Option<ApiKey>, CloudError> {
        let known: Option<Known> = self.get("look up key", keys::api_key_hash(hash)).await?;
        let Some(Known { user, id }) = known else { return Ok(None) };
        let found: Option<ApiKey> = self.get("read key", keys::api_key(&user, &id)).await?;
        Ok(found.filter(|key| key.hash == hash))
    }

    /// One key of a person.
    pub async fn api_key(&self, user: &UserId, id: &KeyId) -> Result<Option<ApiKey>, CloudError> {
        self.get("read key", keys::api_key(user, id)).await
    }

    /// All keys of a person, ended ones that are not forgotten yet too.
    pub async fn api_keys(&self, user: &UserId) -> Result<Vec<ApiKey>, CloudError> {
        self.all("list keys", keys::user_pk(user), keys::API_KEY).await
    }

    /// Writes a new key. The profile at its next version makes two at once take turns: else both could be the last one.
    pub async fn open_api_key(&self, key: &ApiKey, profile: &Profile, visit: &Visit) -> Result<(), CloudError> {
        let known = Known { user: key.user.clone(), id: key.id.clone() };
        let known = Row::new(keys::api_key_hash(&key.hash), known).until(key.ends);
        let puts = vec![
            self.profile_put(profile)?,
            self.put(&Row::api_key(key), ABSENT, &[])?,
            self.put(&known, ABSENT, &[])?,
            self.visit_put(&key.user, visit)?,
        ];
        self.together("open key", puts).await
    }

    /// Keeps when a key was last used, unless it was revoked meanwhile: then [`CloudError::Raced`].
    pub async fn keep_api_key(&self, key: &ApiKey) -> Result<(), CloudError> {
        let put = self.put(&Row::api_key(key), "attribute_exists(pk)", &[])?;
        self.write("keep key", put).await
    }

    /// Revokes a key: from here on it opens nothing.
    pub async fn revoke_api_key(&self, key: &ApiKey, visit: &Visit) -> Result<(), CloudError> {
        self.end_api_key(key).await?;
        self.note(&key.user, visit).await
    }

    /// Revokes all keys of a person.
    pub async fn end_api_keys(&self, user: &UserId) -> Result<(), CloudError> {
        for key in self.api_keys(user).await? {
            self.end_api_key(&key).await?;
        }
        Ok(())
    }

    /// The hash goes first: what is cut short in between can be done again.
    async fn end_api_key(&self, key: &ApiKey) -> Result<(), CloudError> {
        self.forget("forget hash of key", keys::api_key_hash(&key.hash)).await?;
        self.forget("revoke key", keys::api_key(&key.user, &key.id)).await
    }
}
