//! What a person may choose about a generation.

use serde::{Deserialize, Serialize};

/// The choices of one generation; every field has a default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// How much of the framed square the object's longer side fills, in percent: 50 to 100.
    pub foreground_percent: u8,
    /// The texture's side in pixels: 512, 1024 or 2048.
    pub texture_size: u16,
    /// The seed of engines that draw random numbers.
    pub seed: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self { foreground_percent: 85, texture_size: 1024, seed: 0 }
    }
}

/// One field outside its limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The field's name.
    pub field: &'static str,
    /// What it must be.
    pub limit: String,
}

impl Options {
    /// Every field outside its limits, so that a person mends all at once.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if !(50..=100).contains(&self.foreground_percent) {
            let limit = format!("must be between 50 and 100, not {}", self.foreground_percent);
            faults.push(Fault { field: "foreground_percent", limit });
        }
        if ![512, 1024, 2048].contains(&self.texture_size) {
            let limit = format!("must be 512, 1024 or 2048, not {}", self.texture_size);
            faults.push(Fault { field: "texture_size", limit });
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_faults_are_named_at_once() {
        let options = Options { foreground_percent: 20, texture_size: 700, seed: 1 };
        let named: Vec<_> = options.faults().into_iter().map(|fault| fault.field).collect();
        assert_eq!(named, ["foreground_percent", "texture_size"]);
        assert!(Options::default().faults().is_empty());
    }
}
