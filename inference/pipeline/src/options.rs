//! What a caller may choose about one model: the contract of the container's custom attributes.

use serde::{Deserialize, Serialize};

/// The engines that this build has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EngineName {
    /// The embedded engine: runs on any processor in about a second.
    #[default]
    Relief,
}

/// The choices of one run; all but `v` may be left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// The version of this contract: 1.
    pub v: u32,
    /// The generation that this run belongs to; it appears in the log and in the report, never in the model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generation: Option<String>,
    /// The engine.
    #[serde(default)]
    pub engine: EngineName,
    /// How much of the framed square the object's longer side fills, in percent: 50 to 100.
    #[serde(default = "default_foreground_percent")]
    pub foreground_percent: u32,
    /// The texture's side in pixels: 512, 1024 or 2048.
    #[serde(default = "default_texture_size")]
    pub texture_size: u32,
    /// The seed of engines that draw random numbers; `relief` draws none.
    #[serde(default)]
    pub seed: u32,
}

fn default_foreground_percent() -> u32 {
    85
}

fn default_texture_size() -> u32 {
    1024
}

impl Default for Options {
    fn default() -> Self {
        Self {
            v: 1,
            generation: None,
            engine: EngineName::Relief,
            foreground_percent: default_foreground_percent(),
            texture_size: default_texture_size(),
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
        if !(50..=100).contains(&self.foreground_percent) {
            return limit("foreground_percent", format!("must be from 50 to 100, not {}", self.foreground_percent));
        }
        if ![512, 1024, 2048].contains(&self.texture_size) {
            return limit("texture_size", format!("must be 512, 1024 or 2048, not {}", self.texture_size));
        }
        if self.generation.as_deref().is_some_and(|id| !is_generation_id(id)) {
            let text = "must be `gen_` and up to 60 letters, digits, `_` or `-`";
            return limit("generation", text.into());
        }
        Ok(())
    }
}

/// The server logs this id: nothing but an id may get through.
fn is_generation_id(id: &str) -> bool {
    let Some(rest) = id.strip_prefix("gen_") else { return false };
    (1..=60).contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_but_the_version_may_be_left_out() {
        assert_eq!(Options::from_json(r#"{"v":1}"#), Ok(Options::default()));
    }

    #[test]
    fn every_refusal_names_its_field() {
        let cases = [
            (r#"{"foreground_percent":80}"#, "missing field `v`"),
            (r#"{"v":2}"#, "`v` must be 1, not 2"),
            (r#"{"v":1,"colour":3}"#, "unknown field `colour`"),
            (r#"{"v":1,"engine":"triposr"}"#, "unknown variant `triposr`"),
            (r#"{"v":1,"foreground_percent":49}"#, "`foreground_percent` must be from 50 to 100, not 49"),
            (r#"{"v":1,"foreground_percent":101}"#, "`foreground_percent` must be from 50 to 100, not 101"),
            (r#"{"v":1,"texture_size":1000}"#, "`texture_size` must be 512, 1024 or 2048, not 1000"),
            (r#"{"v":1,"seed":-1}"#, "invalid value: integer `-1`"),
            (r#"{"v":1,"seed":4294967296}"#, "invalid value: integer `4294967296`"),
            (r#"{"v":1,"generation":"gen_a b"}"#, "`generation` must be"),
            (r#"{"v":1,"generation":"gen_"}"#, "`generation` must be"),
            ("", "cannot be read"),
            ("[]", "cannot be read"),
        ];
        for (text, fragment) in cases {
            let refused = Options::from_json(text).unwrap_err().to_string();
            assert!(refused.contains(fragment), "{text} gave: {refused}");
        }
    }
}
