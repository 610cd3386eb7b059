//! What a caller may choose about one model: the contract of the container's custom attributes.

use serde::{Deserialize, Serialize};

/// The engines that this build has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EngineName {
    /// The embedded engine: its weights are a part of the program; runs on any processor in about a second.
    Relief,
    /// The embedded engine's baseline: inflates the outline, has learned nothing.
    Inflate,
    /// `TripoSR`: learned, needs its weights, and a GPU to be quick.
    Triposr,
}

impl EngineName {
    /// The name as options and reports have it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Relief => "relief",
            Self::Inflate => "inflate",
            Self::Triposr => "triposr",
        }
    }
}

/// How a model is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Coat {
    /// By a picture laid over it.
    #[default]
    Texture,
    /// By one colour for each vertex.
    Vertices,
}

/// The choices of one run; all but `v` may be left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Options {
    /// The version of this contract: 1.
    #[serde(default = "no_version")]
    pub v: u32,
    /// The generation that this run belongs to; it appears in the log and in the report, never in the model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generation: Option<String>,
    /// The trace that this run belongs to; it appears in the log and in the report, never in the model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trace: Option<String>,
    /// The engine; none means the best that is loaded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub engine: Option<EngineName>,
    /// Whether the object is cut out of the photo; otherwise the whole picture is the object. A photo that brings
    /// transparency of its own is always cut out by that.
    pub remove_background: bool,
    /// How much of the framed square the object's longer side fills, in percent: 50 to 100.
    pub foreground_percent: u32,
    /// The most triangles of the model: 100 to 500,000.
    pub faces: u32,
    /// How the model is coloured.
    pub paint: Coat,
    /// The texture's side in pixels: 512, 1024, 2048 or 4096.
    pub texture_size: u32,
    /// Passes of smoothing: 0 to 20.
    pub smooth: u32,
    /// One half is made the mirror of the other.
    pub symmetry: bool,
    /// The underside is pressed flat, so that the model stands by itself.
    pub flat_base: bool,
    /// The model's height in formats that have a physical size, in millimetres: 10 to 1,000. The GLB's is always 1.
    pub height_mm: u32,
    /// Nodes along each axis of the grid in which `triposr` looks for the surface: 64 to 512.
    pub resolution: u32,
    /// The density at which `triposr` draws the surface: 1 to 200.
    pub threshold: u32,
    /// `triposr` evaluates every node of the grid, and not only those near the surface.
    pub exact: bool,
    /// The seed of engines that draw random numbers; ours draw none.
    pub seed: u32,
}

/// What a caller who names no version is taken to have named: none.
fn no_version() -> u32 {
    0
}

impl Default for Options {
    fn default() -> Self {
        Self {
            v: 1,
            generation: None,
            trace: None,
            engine: None,
            remove_background: true,
            foreground_percent: 85,
            faces: 20_000,
            paint: Coat::Texture,
            texture_size: 1024,
            smooth: 0,
            symmetry: false,
            flat_base: false,
            height_mm: 100,
            resolution: 256,
            threshold: 25,
            exact: false,
            seed: 0,
        }
    }
}

/// Why options are refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OptionsError {
    /// Not JSON, a field is unknown or missing, or has another kind of value.
    #[error("the options cannot be read: {0}")]
    Unreadable(String),
    /// A value beyond its limits.
    #[error("`{field}` {limit}")]
    Limit {
        /// The field.
        field: &'static str,
        /// What it must be, and what it was.
        limit: String,
    },
}

impl Options {
    /// Reads options from their JSON and checks every limit.
    pub fn from_json(text: &str) -> Result<Self, OptionsError> {
        let options: Self = serde_json::from_str(text).map_err(|fault| OptionsError::Unreadable(fault.to_string()))?;
        options.check()?;
        Ok(options)
    }

    /// Names the first field beyond its limits.
    pub fn check(&self) -> Result<(), OptionsError> {
        let limit = |field, limit| Err(OptionsError::Limit { field, limit });
        if self.v != 1 {
            return limit("v", format!("must be 1, not {}", self.v));
        }
        let ranges = [
            ("foreground_percent", self.foreground_percent, 50, 100),
            ("faces", self.faces, 100, 500_000),
            ("smooth", self.smooth, 0, 20),
            ("height_mm", self.height_mm, 10, 1000),
            ("resolution", self.resolution, 64, 512),
            ("threshold", self.threshold, 1, 200),
        ];
        for (field, value, least, most) in ranges {
            if !(least..=most).contains(&value) {
                return limit(field, format!("must be from {least} to {most}, not {value}"));
            }
        }
        if ![512, 1024, 2048, 4096].contains(&self.texture_size) {
            return limit("texture_size", format!("must be 512, 1024, 2048 or 4096, not {}", self.texture_size));
        }
        if self.generation.as_deref().is_some_and(|id| !is_generation_id(id)) {
            let text = "must be `gen_` and up to 60 letters, digits, `_` or `-`";
            return limit("generation", text.into());
        }
        if self.trace.as_deref().is_some_and(|trace| !is_trace(trace)) {
            return limit("trace", "must be 35 hexadecimal digits and `-`".into());
        }
        Ok(())
    }
}

/// The server logs this id: nothing but an id may get through.
fn is_generation_id(id: &str) -> bool {
    let Some(rest) = id.strip_prefix("gen_") else { return false };
    (1..=60).contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}

/// The same of a trace.
fn is_trace(trace: &str) -> bool {
    trace.len() == 35 && trace.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    /// What both ends of the contract must take and refuse; the API's tests read the same file.
    const CASES: &str = include_str!("../../../events/container/options.json");

    fn read(mut options: Value) -> Result<Options, OptionsError> {
        options["v"] = json!(1);
        Options::from_json(&options.to_string())
    }

    #[test]
    fn all_but_the_version_may_be_left_out() {
        assert_eq!(Options::from_json(r#"{"v":1}"#), Ok(Options::default()));
        let cases: Value = serde_json::from_str(CASES).unwrap();
        assert_eq!(read(cases["defaults"].clone()), Ok(Options::default()));
    }

    #[test]
    fn the_container_takes_and_refuses_what_the_api_does() {
        let cases: Value = serde_json::from_str(CASES).unwrap();
        for taken in cases["taken"].as_array().unwrap() {
            assert!(read(taken.clone()).is_ok(), "{taken}");
        }
        for (field, values) in cases["refused"].as_object().unwrap() {
            for value in values.as_array().unwrap() {
                assert!(read(json!({ field: value })).is_err(), "{field}: {value}");
            }
        }
    }

    #[test]
    fn every_refusal_names_its_field() {
        let cases = [
            (r#"{"foreground_percent":80}"#, "`v` must be 1, not 0"),
            (r#"{"v":2}"#, "`v` must be 1, not 2"),
            (r#"{"v":1,"colour":3}"#, "unknown field `colour`"),
            (r#"{"v":1,"engine":"magic"}"#, "unknown variant `magic`"),
            (r#"{"v":1,"trace":"1-2"}"#, "`trace` must be 35"),
            (r#"{"v":1,"paint":"gold"}"#, "unknown variant `gold`"),
            (r#"{"v":1,"foreground_percent":49}"#, "`foreground_percent` must be from 50 to 100, not 49"),
            (r#"{"v":1,"faces":500001}"#, "`faces` must be from 100 to 500000, not 500001"),
            (r#"{"v":1,"smooth":21}"#, "`smooth` must be from 0 to 20, not 21"),
            (r#"{"v":1,"resolution":63}"#, "`resolution` must be from 64 to 512, not 63"),
            (r#"{"v":1,"threshold":201}"#, "`threshold` must be from 1 to 200, not 201"),
            (r#"{"v":1,"height_mm":9}"#, "`height_mm` must be from 10 to 1000, not 9"),
            (r#"{"v":1,"texture_size":1000}"#, "`texture_size` must be 512, 1024, 2048 or 4096, not 1000"),
            (r#"{"v":1,"seed":-1}"#, "invalid value: integer `-1`"),
            (r#"{"v":1,"seed":4294967296}"#, "invalid value: integer `4294967296`"),
            (r#"{"v":1,"generation":"gen_a b"}"#, "`generation` must be"),
            (r#"{"v":1,"generation":"gen_"}"#, "`generation` must be"),
            ("", "cannot be read"),
            ("[]", "`v` must be 1, not 0"),
        ];
        for (text, fragment) in cases {
            let refused = Options::from_json(text).unwrap_err().to_string();
            assert!(refused.contains(fragment), "{text} gave: {refused}");
        }
    }
}
