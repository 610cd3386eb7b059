//! What `dispatch` and the inference container say to each other.

use domain::ids::GenerationId;
use domain::options::Options;
use serde::{Deserialize, Serialize};

/// The stored ZIP that the container answers with holds these.
pub const MODEL: &str = "model.glb";
/// The picture of the model.
pub const PREVIEW: &str = "preview.webp";
/// The model turning once, as an animated picture.
pub const TURNTABLE: &str = "turntable.webp";
/// How the model was made.
pub const REPORT: &str = "report.json";

/// Everything that the container answers with, the report last: where it is stored, everything is.
pub const RESULTS: [&str; 4] = [MODEL, PREVIEW, TURNTABLE, REPORT];

/// The formats that are made of the model when somebody first asks for them, by file name, with their media types.
pub const FORMATS: [(&str, &str); 6] = [
    ("model-compact.glb", "model/gltf-binary"),
    ("model-obj.zip", "application/zip"),
    ("model.ply", "application/x-ply"),
    ("model.stl", "model/stl"),
    ("model.3mf", "model/3mf"),
    ("model.usdz", "model/vnd.usdz+zip"),
];

/// The media type of a result file, or of a format made of it.
pub fn media_type(name: &str) -> Option<&'static str> {
    match name {
        MODEL => Some("model/gltf-binary"),
        PREVIEW | TURNTABLE => Some("image/webp"),
        REPORT => Some("application/json"),
        _ => FORMATS.iter().find(|(format, _)| *format == name).map(|(_, media_type)| *media_type),
    }
}

/// The options as they travel in `X-Amzn-SageMaker-Custom-Attributes` (at most 1024 visible ASCII characters).
#[derive(Debug, Serialize)]
pub struct Attributes<'a> {
    v: u8,
    generation: &'a GenerationId,
    #[serde(skip_serializing_if = "Option::is_none")]
    trace: Option<&'a str>,
    #[serde(flatten)]
    options: &'a Options,
}

impl<'a> Attributes<'a> {
    /// The attributes of one run, and the trace it belongs to.
    pub fn new(generation: &'a GenerationId, options: &'a Options, trace: Option<&'a str>) -> Self {
        Self { v: 1, generation, trace, options }
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
    /// Which engine made the model.
    engine: String,
    /// The model in numbers.
    model: serde_json::Map<String, serde_json::Value>,
}

impl Report {
    /// The summary of the model, as the table keeps it.
    pub fn summary(mut self) -> serde_json::Value {
        self.model.insert("engine".to_owned(), self.engine.into());
        self.model.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    /// What both ends of the contract must take and refuse; the container's tests read the same file.
    const CASES: &str = include_str!("../../../events/container/options.json");

    #[test]
    fn attributes_are_short_visible_ascii_and_carry_every_default() {
        let generation = GenerationId::parse("gen_01ARZ3NDEKTSV4RRFFQ69G5FAV").unwrap();
        let trace = "1-67891233-abcdef012345678912345678";
        let text = serde_json::to_string(&Attributes::new(&generation, &Options::default(), Some(trace))).unwrap();
        assert!(text.len() < 1024 && text.bytes().all(|byte| (0x21..0x7f).contains(&byte)), "{text}");
        let mut sent: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(sent.as_object_mut().unwrap().remove("generation").unwrap(), generation.to_string());
        assert_eq!(sent.as_object_mut().unwrap().remove("trace").unwrap(), trace);
        let cases: Value = serde_json::from_str(CASES).unwrap();
        assert_eq!(sent, cases["defaults"]);
    }

    #[test]
    fn the_api_takes_and_refuses_what_the_container_does() {
        let cases: Value = serde_json::from_str(CASES).unwrap();
        let good =
            |options: &Value| serde_json::from_value::<Options>(options.clone()).is_ok_and(|o| o.faults().is_empty());
        for taken in cases["taken"].as_array().unwrap() {
            assert!(good(taken), "{taken}");
        }
        for (field, values) in cases["refused"].as_object().unwrap() {
            for value in values.as_array().unwrap() {
                assert!(!good(&serde_json::json!({ field: value })), "{field}: {value}");
            }
        }
    }
}
