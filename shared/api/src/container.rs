//! What `dispatch` and the inference container say to each other.

use domain::ids::GenerationId;
use domain::options::Options;
use serde::{Deserialize, Serialize};

/// The stored ZIP that the container answers with holds these.
pub const MODEL: &str = "model.glb";
/// The picture of the model.
pub const PREVIEW: &str = "preview.webp";
/// How the model was made.
pub const REPORT: &str = "report.json";

/// The media type of a result file.
pub fn media_type(name: &str) -> Option<&'static str> {
    match name {
        MODEL => Some("model/gltf-binary"),
        PREVIEW => Some("image/webp"),
        REPORT => Some("application/json"),
        _ => None,
    }
}

/// The options as they travel in `X-Amzn-SageMaker-Custom-Attributes` (at most 1024 visible ASCII characters).
#[derive(Debug, Serialize)]
pub struct Attributes<'a> {
    v: u8,
    generation: &'a GenerationId,
    #[serde(flatten)]
    options: &'a Options,
}

impl<'a> Attributes<'a> {
    /// The attributes of one run.
    pub fn new(generation: &'a GenerationId, options: &'a Options) -> Self {
        Self { v: 1, generation, options }
    }
}

/// What the container says when it refuses.
#[derive(Debug, Deserialize)]
pub struct Refusal {
    /// The problem's type.
    #[serde(rename = "type")]
    pub kind: String,
    /// What happened.
    pub title: String,
    /// What a person can do.
    pub detail: String,
}

/// The part of the report that is kept in the table.
#[derive(Debug, Deserialize)]
pub struct Report {
    /// The summary of the model.
    pub model: serde_json::Value,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_short_visible_ascii() {
        let generation = GenerationId::parse("gen_01ARZ3NDEKTSV4RRFFQ69G5FAV").unwrap();
        let text = serde_json::to_string(&Attributes::new(&generation, &Options::default())).unwrap();
        insta::assert_snapshot!(text, @r#"{"v":1,"generation":"gen_01ARZ3NDEKTSV4RRFFQ69G5FAV","foreground_percent":85,"texture_size":1024,"seed":0}"#);
        assert!(text.len() < 1024 && text.bytes().all(|byte| (0x21..0x7f).contains(&byte)));
    }
}
