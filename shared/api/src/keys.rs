//! The bodies of what concerns API keys.

use domain::api_key::{ApiKey, KeyWish, Scope};
use domain::plan;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = Scope)]
#[expect(missing_docs, reason = "the domain's Scope documents them")]
pub enum ScopeWord {
    Read,
    Create,
    Delete,
}

impl From<Scope> for ScopeWord {
    fn from(scope: Scope) -> Self {
        match scope {
            Scope::Read => Self::Read,
            Scope::Create => Self::Create,
            Scope::Delete => Self::Delete,
        }
    }
}

impl From<ScopeWord> for Scope {
    fn from(word: ScopeWord) -> Self {
        match word {
            ScopeWord::Read => Self::Read,
            ScopeWord::Create => Self::Create,
            ScopeWord::Delete => Self::Delete,
        }
    }
}

/// Asks for a key.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewApiKey {
    /// What to call it, 1 to 100 characters.
    #[schema(min_length = 1, max_length = 100, example = "My printer")]
    pub name: String,
    /// A key for tests: its models are one and the same sample, cost nothing, and it sees no others.
    #[serde(default)]
    #[schema(default = false, required = false)]
    pub test: bool,
    /// What it may do.
    #[schema(min_items = 1, max_items = 3)]
    pub scopes: Vec<ScopeWord>,
    /// Days until it ends; without, it lasts until it is revoked.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 366)]
    pub expires_in_days: Option<u32>,
    /// Generations that it may create from midnight to midnight UTC.
    #[serde(default = "usual_creations")]
    #[schema(minimum = 1, maximum = 4800, default = 100, required = false)]
    pub daily_creations: u32,
    /// Generations of it that may be queued or running at once.
    #[serde(default = "usual_concurrency")]
    #[schema(minimum = 1, maximum = 50, default = 10, required = false)]
    pub concurrent: u32,
}

fn usual_concurrency() -> u32 {
    plan::KEY_CONCURRENT
}

fn usual_creations() -> u32 {
    plan::KEY_CREATIONS
}

impl From<NewApiKey> for KeyWish {
    fn from(asked: NewApiKey) -> Self {
        Self {
            name: asked.name,
            test: asked.test,
            scopes: asked.scopes.into_iter().map(Scope::from).collect(),
            days: asked.expires_in_days,
            daily_creations: asked.daily_creations,
            concurrent: asked.concurrent,
        }
    }
}

/// A key, without what is secret of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiKey)]
pub struct ApiKeyView {
    /// Its id: the eight characters after `i3d_live_` or `i3d_test_`.
    #[schema(example = "4gT9xQ2b")]
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// Whether it is for tests.
    pub test: bool,
    /// What it may do.
    pub scopes: Vec<ScopeWord>,
    /// Generations that it may create from midnight to midnight UTC.
    pub daily_creations: u32,
    /// Generations of it that may be queued or running at once.
    pub concurrent: u32,
    /// When it was made.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// When it was last used, to ten minutes.
    #[schema(required = true, format = DateTime)]
    pub used_at: Option<String>,
    /// When it ends, if it does by itself.
    #[schema(required = true, format = DateTime)]
    pub ends_at: Option<String>,
}

impl From<&ApiKey> for ApiKeyView {
    fn from(key: &ApiKey) -> Self {
        Self {
            id: key.id.to_string(),
            name: key.name.clone(),
            test: key.test,
            scopes: key.scopes.iter().copied().map(ScopeWord::from).collect(),
            daily_creations: key.daily_creations,
            concurrent: key.concurrent,
            created_at: key.created.to_string(),
            used_at: key.used.map(|used| used.to_string()),
            ends_at: key.ends.map(|ends| ends.to_string()),
        }
    }
}

/// A key that was just made.
#[derive(Serialize, ToSchema)]
pub struct MadeApiKey {
    /// What is kept of it.
    pub key: ApiKeyView,
    /// The key itself. It is shown here and never again.
    #[schema(pattern = "^i3d_(live|test)_[0-9A-Za-z]{8}_[0-9A-Za-z]{32}_[0-9a-f]{8}$")]
    pub secret: String,
}

/// The keys that can be used, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiKeys {
    /// The keys.
    pub items: Vec<ApiKeyView>,
}
