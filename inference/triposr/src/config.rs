//! `config.yaml`: the network's sizes, and the choices that the code here is made for.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_saphyr::{budget, options};

/// The file's name in the weights' directory.
const FILE: &str = "config.yaml";

/// A configuration is a page.
const MOST_BYTES: u64 = 64 * 1024;

/// What the file says, as far as it changes numbers.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Config {
    /// The side of the network's picture in pixels.
    pub cond_image_size: usize,
    /// The image encoder.
    pub image_tokenizer: ImageTokenizer,
    /// The planes' learned tokens.
    pub tokenizer: Tokenizer,
    /// The transformer from the image's tokens to the planes'.
    pub backbone: Backbone,
    /// From tokens to texels.
    pub post_processor: PostProcessor,
    /// From texels to density and colour.
    pub decoder: DecoderSizes,
    /// The field.
    pub renderer: Renderer,
}

/// The image encoder; the sizes are those of `facebook/dino-vitb16` unless said.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default)]
pub struct ImageTokenizer {
    /// The network whose shape it has.
    pub pretrained_model_name_or_path: String,
    /// Numbers of a token.
    pub hidden_size: usize,
    /// Layers.
    pub num_hidden_layers: usize,
    /// Heads of attention.
    pub num_attention_heads: usize,
    /// Numbers between the two products of a layer.
    pub intermediate_size: usize,
}

impl Default for ImageTokenizer {
    fn default() -> Self {
        Self {
            pretrained_model_name_or_path: ENCODER.into(),
            hidden_size: 768,
            num_hidden_layers: 12,
            num_attention_heads: 12,
            intermediate_size: 3072,
        }
    }
}

/// The planes' learned tokens.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Tokenizer {
    /// Tokens along each side of a plane.
    pub plane_size: usize,
    /// Numbers of a token.
    pub num_channels: usize,
}

/// The transformer from the image's tokens to the planes'.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Backbone {
    /// Numbers of a token.
    pub in_channels: usize,
    /// Heads of attention.
    pub num_attention_heads: usize,
    /// Numbers of a head.
    pub attention_head_dim: usize,
    /// Blocks.
    pub num_layers: usize,
    /// Numbers of an image token.
    pub cross_attention_dim: usize,
}

/// From tokens to texels.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct PostProcessor {
    /// Numbers of a token.
    pub in_channels: usize,
    /// Numbers of a texel.
    pub out_channels: usize,
}

/// From texels to density and colour.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct DecoderSizes {
    /// Numbers sampled from three planes.
    pub in_channels: usize,
    /// Numbers of a hidden layer.
    pub n_neurons: usize,
    /// Layers before the last.
    pub n_hidden_layers: usize,
    /// The function between them.
    pub activation: String,
}

/// The field.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Renderer {
    /// Half the side of the cube, in the network's units.
    pub radius: f32,
    /// How the planes' samples are put together.
    pub feature_reduction: String,
    /// What makes a density of a number.
    pub density_activation: String,
    /// What is added to the number before.
    pub density_bias: f32,
    /// Samples along a ray of the reference's own picture.
    pub num_samples_per_ray: usize,
}

/// Why a configuration is refused.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// It cannot be read.
    #[error("cannot read {} ({source})", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// It is no page of settings.
    #[error("{} has {bytes} bytes; a configuration has at most {MOST_BYTES}", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its bytes.
        bytes: u64,
    },
    /// It is not YAML, or something is missing.
    #[error("the configuration cannot be understood: {0}")]
    Unclear(String),
    /// It asks for what this code does not do.
    #[error("the configuration's `{field}` must be {wanted}, not {found}")]
    Other {
        /// The setting.
        field: &'static str,
        /// What it must be.
        wanted: String,
        /// What it is.
        found: String,
    },
}

/// The one encoder.
const ENCODER: &str = "facebook/dino-vitb16";

impl Config {
    /// Reads `config.yaml` of a directory.
    pub fn open(directory: &Path) -> Result<Self, ConfigError> {
        let path = directory.join(FILE);
        let unreadable = |source| ConfigError::Unreadable { path: path.clone(), source };
        let bytes = std::fs::metadata(&path).map_err(unreadable)?.len();
        if bytes > MOST_BYTES {
            return Err(ConfigError::TooLarge { path, bytes });
        }
        Self::read(&std::fs::read_to_string(&path).map_err(unreadable)?)
    }

    /// Reads a configuration and refuses what the code here would get wrong.
    pub fn read(text: &str) -> Result<Self, ConfigError> {
        // The reader keeps keys and what is under an anchor once more for each level above: unbounded, 30 KB took 440 MB.
        let page = budget! { max_nodes: 1000, max_depth: 4, max_anchors: 0, max_aliases: 0 };
        let config: Self = serde_saphyr::from_str_with_options(text, options! { budget: page })
            .map_err(|fault| ConfigError::Unclear(fault.to_string()))?;
        config.check_choices()?;
        config.check_sizes()?;
        Ok(config)
    }

    fn check_choices(&self) -> Result<(), ConfigError> {
        let choices = [
            (
                "image_tokenizer.pretrained_model_name_or_path",
                &self.image_tokenizer.pretrained_model_name_or_path,
                ENCODER,
            ),
            ("decoder.activation", &self.decoder.activation, "silu"),
            ("renderer.feature_reduction", &self.renderer.feature_reduction, "concat"),
            ("renderer.density_activation", &self.renderer.density_activation, "exp"),
        ];
        for (field, found, wanted) in choices {
            if found != wanted {
                return Err(ConfigError::Other { field, wanted: wanted.into(), found: found.clone() });
            }
        }
        Ok(())
    }

    fn check_sizes(&self) -> Result<(), ConfigError> {
        let (encoder, backbone) = (&self.image_tokenizer, &self.backbone);
        let ranges = [
            ("cond_image_size", self.cond_image_size, 16, 1024),
            ("image_tokenizer.num_hidden_layers", encoder.num_hidden_layers, 1, 48),
            ("image_tokenizer.num_attention_heads", encoder.num_attention_heads, 1, 32),
            ("image_tokenizer.intermediate_size", encoder.intermediate_size, 64, 16_384),
            ("tokenizer.plane_size", self.tokenizer.plane_size, 1, 128),
            ("backbone.num_layers", backbone.num_layers, 1, 64),
            ("backbone.num_attention_heads", backbone.num_attention_heads, 1, 32),
            ("post_processor.out_channels", self.post_processor.out_channels, 1, 256),
            ("decoder.n_hidden_layers", self.decoder.n_hidden_layers, 1, 32),
            ("renderer.num_samples_per_ray", self.renderer.num_samples_per_ray, 128, 128),
        ];
        for (field, found, least, most) in ranges {
            if !(least..=most).contains(&found) {
                let wanted = if least == most { most.to_string() } else { format!("from {least} to {most}") };
                return Err(ConfigError::Other { field, wanted, found: found.to_string() });
            }
        }
        let width = 64 * backbone.num_attention_heads;
        let equals = [
            ("cond_image_size", self.cond_image_size, self.cond_image_size / 16 * 16),
            ("image_tokenizer.hidden_size", encoder.hidden_size, 64 * encoder.num_attention_heads),
            ("image_tokenizer.intermediate_size", encoder.intermediate_size, encoder.intermediate_size / 64 * 64),
            ("backbone.attention_head_dim", backbone.attention_head_dim, 64),
            ("backbone.in_channels", backbone.in_channels, width),
            ("backbone.cross_attention_dim", backbone.cross_attention_dim, encoder.hidden_size),
            ("tokenizer.num_channels", self.tokenizer.num_channels, width),
            ("post_processor.in_channels", self.post_processor.in_channels, width),
            ("decoder.in_channels", self.decoder.in_channels, 3 * self.post_processor.out_channels),
            ("decoder.n_neurons", self.decoder.n_neurons, 64),
        ];
        for (field, found, wanted) in equals {
            if found != wanted {
                return Err(ConfigError::Other { field, wanted: wanted.to_string(), found: found.to_string() });
            }
        }
        if !(0.01..=100.0).contains(&self.renderer.radius) || !(-20.0..=20.0).contains(&self.renderer.density_bias) {
            let found = format!("{} and {}", self.renderer.radius, self.renderer.density_bias);
            let wanted = "0.01 to 100 and −20 to 20".into();
            return Err(ConfigError::Other { field: "renderer.radius and density_bias", wanted, found });
        }
        Ok(())
    }

    /// The official configuration.
    #[cfg(test)]
    pub(crate) fn official() -> Self {
        Self::read(include_str!("../tests/official.yaml")).unwrap()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFICIAL: &str = include_str!("../tests/official.yaml");

    #[test]
    fn the_official_configuration_is_understood() {
        let config = Config::read(OFFICIAL).unwrap();
        assert_eq!((config.cond_image_size, config.image_tokenizer.hidden_size), (512, 768));
        assert_eq!((config.backbone.num_layers, config.decoder.in_channels), (16, 120));
        assert!((config.renderer.radius - 0.87).abs() < 1e-6 && (config.renderer.density_bias + 1.0).abs() < 1e-6);
    }

    #[test]
    fn what_would_change_the_numbers_is_refused_by_name() {
        let many = format!("more: [{}]\n  radius: 0.87", "1,".repeat(1000));
        let cases = [
            ("activation: silu", "activation: relu", "`decoder.activation` must be silu, not relu"),
            ("reduction: concat", "reduction: mean", "`renderer.feature_reduction` must be concat, not mean"),
            ("attention_head_dim: 64", "attention_head_dim: 32", "`backbone.attention_head_dim` must be 64, not 32"),
            ("plane_size: 32", "plane_size: 4096", "`tokenizer.plane_size` must be from 1 to 128, not 4096"),
            ("in_channels: 120", "in_channels: 40", "`decoder.in_channels` must be 120, not 40"),
            ("cond_image_size: 512", "cond_image_size: 500", "`cond_image_size` must be 496, not 500"),
            ("num_layers: 16", "num_layers: -1", "cannot be understood"),
            ("radius: 0.87", "radius: .nan", "radius"),
            ("tokenizer:\n  plane_size: 32", "tokenizer:\n  side: 32", "plane_size"),
            // A page of settings is short and flat.
            ("radius: 0.87", "more: &radius 0.87\n  radius: 0.87", "anchor"),
            ("radius: 0.87", "more: [[[1]]]\n  radius: 0.87", "depth"),
            ("radius: 0.87", &many, "nodes"),
        ];
        for (right, wrong, named) in cases {
            assert!(OFFICIAL.contains(right), "{right}");
            let refused = Config::read(&OFFICIAL.replacen(right, wrong, 1)).unwrap_err().to_string();
            assert!(refused.contains(named), "{wrong}: {refused}");
        }
        assert!(Config::read("").is_err() && Config::read("[1, 2").is_err());
        let unread = OFFICIAL.replacen("radius: 0.87", "more: [[1, 2]]\n  radius: 0.87", 1);
        assert!(Config::read(&unread).is_ok(), "what nobody reads may be there");
    }
}
