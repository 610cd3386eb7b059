//! The bodies of names, tags and sharing.

use crate::types::ModelSummary;
use domain::generation::Generation;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A name and tags; what is left out is taken away.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Label)]
pub struct LabelBody {
    /// What to call it, 1 to 80 characters; `null` for no name.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 80, example = "Espresso cup")]
    pub title: Option<String>,
    /// Tags of 1 to 30 characters each.
    #[serde(default)]
    #[schema(max_items = 10, required = false)]
    pub tags: Vec<String>,
}

/// What everybody with the link sees of a shared model; nothing of its owner.
#[derive(Debug, Serialize, ToSchema)]
pub struct SharedModel {
    /// Its name, if it has one.
    #[schema(required = true)]
    pub title: Option<String>,
    /// When it was asked for.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// The model in numbers.
    #[schema(required = true, value_type = Option<ModelSummary>)]
    pub model: Option<serde_json::Value>,
}

impl From<&Generation> for SharedModel {
    fn from(generation: &Generation) -> Self {
        Self {
            title: generation.title.clone(),
            created_at: generation.created.to_string(),
            model: generation.model.clone(),
        }
    }
}
