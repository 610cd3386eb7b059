//! What a person may choose about a generation.

use serde::{Deserialize, Serialize};

/// The texture sizes there are, in pixels a side.
pub const TEXTURE_SIZES: [u16; 4] = [512, 1024, 2048, 4096];

/// The choices of one generation; every field has a default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// The engine; without one, the best that the fleet has loaded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub engine: Option<Engine>,
    /// Whether the object is cut out of the photo; otherwise the whole picture is the object. A photo that brings
    /// transparency of its own is always cut out by that.
    pub remove_background: bool,
    /// How much of the framed square the object's longer side fills, in percent: 50 to 100.
    pub foreground_percent: u8,
    /// The most triangles of the model: 100 to 500,000.
    pub faces: u32,
    /// How the model is coloured.
    pub paint: Paint,
    /// The texture's side in pixels, one of [`TEXTURE_SIZES`].
    pub texture_size: u16,
    /// Passes of smoothing: 0 to 20.
    pub smooth: u8,
    /// The left half is made the mirror of the right one, or the other way round.
    pub symmetry: bool,
    /// The underside is pressed flat, so that the model stands by itself.
    pub flat_base: bool,
    /// The model's height in the formats that have a physical size, in millimetres: 10 to 1,000.
    pub height_mm: u16,
    /// The seed of engines that draw random numbers.
    pub seed: u32,
}

/// What makes the shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Engine {
    /// The embedded engine: sees depth with a small network, on any processor.
    Relief,
    /// Its baseline: inflates the outline.
    Inflate,
    /// The large engine, where its weights are loaded.
    Triposr,
}

impl Engine {
    /// All.
    pub const ALL: [Self; 3] = [Self::Relief, Self::Inflate, Self::Triposr];

    /// The word on the wire and in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Relief => "relief",
            Self::Inflate => "inflate",
            Self::Triposr => "triposr",
        }
    }

    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|engine| engine.word() == text)
    }
}

/// How a model is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Paint {
    /// By a picture laid over it.
    #[default]
    Texture,
    /// By one colour for each vertex.
    Vertices,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            engine: None,
            remove_background: true,
            foreground_percent: 85,
            faces: 20_000,
            paint: Paint::Texture,
            texture_size: 1024,
            smooth: 0,
            symmetry: false,
            flat_base: false,
            height_mm: 100,
            seed: 0,
        }
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
        let ranges = [
            ("foreground_percent", u32::from(self.foreground_percent), 50, 100),
            ("faces", self.faces, 100, 500_000),
            ("smooth", u32::from(self.smooth), 0, 20),
            ("height_mm", u32::from(self.height_mm), 10, 1000),
        ];
        let beyond = ranges.into_iter().filter(|(_, value, least, most)| !(least..=most).contains(&value));
        let mut faults: Vec<Fault> = beyond
            .map(|(field, value, least, most)| {
                let limit = format!("must be between {least} and {most}, not {value}");
                Fault { field, limit }
            })
            .collect();
        if !TEXTURE_SIZES.contains(&self.texture_size) {
            let limit = format!("must be 512, 1024, 2048 or 4096, not {}", self.texture_size);
            faults.push(Fault { field: "texture_size", limit });
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::Options;

    #[test]
    fn all_faults_are_named_at_once() {
        let options = Options {
            foreground_percent: 20,
            texture_size: 700,
            faces: 99,
            smooth: 21,
            height_mm: 9,
            ..Options::default()
        };
        let named: Vec<_> = options.faults().into_iter().map(|fault| fault.field).collect();
        assert_eq!(named, ["foreground_percent", "faces", "smooth", "height_mm", "texture_size"]);
        assert!(Options::default().faults().is_empty());
    }
}
