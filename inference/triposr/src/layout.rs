//! The weights by their official names and shapes: each is named once, here.

use inference_kernels::Tensor;

use crate::config::Config;
use crate::weights::{Shelf, WeightsError};

/// Every weight of the network.
pub(crate) struct Layout {
    pub(crate) image_tokenizer: ImageTokenizer,
    /// `[3, channels, side, side]`
    pub(crate) planes: Tensor,
    pub(crate) backbone: Backbone,
    pub(crate) upsample: Linear,
    pub(crate) decoder: Vec<(Tensor, Tensor)>,
}

/// A product's weight `[out, in]`, and its bias if it has one.
pub(crate) struct Linear {
    pub(crate) weight: Tensor,
    pub(crate) bias: Option<Tensor>,
}

/// A norm's factor and bias for each channel.
pub(crate) struct Norm {
    pub(crate) weight: Tensor,
    pub(crate) bias: Tensor,
}

/// The image encoder.
pub(crate) struct ImageTokenizer {
    pub(crate) cls: Tensor,
    pub(crate) positions: Tensor,
    pub(crate) projection: Linear,
    pub(crate) layers: Vec<EncoderLayer>,
    pub(crate) norm: Norm,
}

/// A layer of the image encoder.
pub(crate) struct EncoderLayer {
    pub(crate) before: Norm,
    pub(crate) attention: Attention,
    pub(crate) after: Norm,
    pub(crate) expand: Linear,
    pub(crate) shrink: Linear,
}

/// The four products of attention.
pub(crate) struct Attention {
    pub(crate) query: Linear,
    pub(crate) key: Linear,
    pub(crate) value: Linear,
    pub(crate) output: Linear,
}

/// The transformer from the image's tokens to the planes'.
pub(crate) struct Backbone {
    pub(crate) norm: Norm,
    pub(crate) proj_in: Linear,
    pub(crate) blocks: Vec<Block>,
    pub(crate) proj_out: Linear,
}

/// A block of the backbone.
pub(crate) struct Block {
    pub(crate) norms: [Norm; 3],
    pub(crate) alone: Attention,
    pub(crate) across: Attention,
    /// Weight and bias.
    pub(crate) expand: (Tensor, Tensor),
    pub(crate) shrink: Linear,
}

/// Positions that the encoder has learned: one for the class token and one for each of 14 by 14 patches.
const POSITIONS: usize = 197;

impl Layout {
    /// Takes every weight off the shelf; what is missing, misshaped or left over is named, all at once.
    pub(crate) fn take(config: &Config, shelf: &mut Shelf<'_>) -> Result<Self, WeightsError> {
        let (channels, side) = (config.tokenizer.num_channels, config.tokenizer.plane_size);
        let layout = Self {
            image_tokenizer: ImageTokenizer::take(config, shelf),
            planes: shelf.take("tokenizer.embeddings", &[3, channels, side, side]),
            backbone: Backbone::take(config, shelf),
            upsample: upsample(config, shelf),
            decoder: decoder(config, shelf),
        };
        shelf.finish()?;
        Ok(layout)
    }
}

fn linear(shelf: &mut Shelf<'_>, name: &str, [outer, inner]: [usize; 2]) -> Linear {
    Linear { bias: Some(shelf.take(&format!("{name}.bias"), &[outer])), ..plain(shelf, name, [outer, inner]) }
}

fn plain(shelf: &mut Shelf<'_>, name: &str, shape: [usize; 2]) -> Linear {
    Linear { weight: shelf.take(&format!("{name}.weight"), &shape), bias: None }
}

fn norm(shelf: &mut Shelf<'_>, name: &str, width: usize) -> Norm {
    Norm {
        weight: shelf.take(&format!("{name}.weight"), &[width]),
        bias: shelf.take(&format!("{name}.bias"), &[width]),
    }
}

impl ImageTokenizer {
    fn take(config: &Config, shelf: &mut Shelf<'_>) -> Self {
        let sizes = &config.image_tokenizer;
        let width = sizes.hidden_size;
        let model = "image_tokenizer.model";
        // In the file, but of no use: the reference never calls it.
        shelf.pass_over(&[&format!("{model}.pooler.dense.weight"), &format!("{model}.pooler.dense.bias")]);
        let projection = format!("{model}.embeddings.patch_embeddings.projection");
        Self {
            cls: shelf.take(&format!("{model}.embeddings.cls_token"), &[1, 1, width]),
            positions: shelf.take(&format!("{model}.embeddings.position_embeddings"), &[1, POSITIONS, width]),
            projection: Linear {
                weight: shelf.take(&format!("{projection}.weight"), &[width, 3, 16, 16]),
                bias: Some(shelf.take(&format!("{projection}.bias"), &[width])),
            },
            layers: (0..sizes.num_hidden_layers)
                .map(|number| {
                    let layer = format!("{model}.encoder.layer.{number}");
                    let inner = format!("{layer}.attention.attention");
                    EncoderLayer {
                        before: norm(shelf, &format!("{layer}.layernorm_before"), width),
                        attention: Attention {
                            query: linear(shelf, &format!("{inner}.query"), [width, width]),
                            key: linear(shelf, &format!("{inner}.key"), [width, width]),
                            value: linear(shelf, &format!("{inner}.value"), [width, width]),
                            output: linear(shelf, &format!("{layer}.attention.output.dense"), [width, width]),
                        },
                        after: norm(shelf, &format!("{layer}.layernorm_after"), width),
                        expand: linear(shelf, &format!("{layer}.intermediate.dense"), [sizes.intermediate_size, width]),
                        shrink: linear(shelf, &format!("{layer}.output.dense"), [width, sizes.intermediate_size]),
                    }
                })
                .collect(),
            norm: norm(shelf, &format!("{model}.layernorm"), width),
        }
    }
}

impl Backbone {
    fn take(config: &Config, shelf: &mut Shelf<'_>) -> Self {
        let sizes = &config.backbone;
        let (width, context) = (sizes.in_channels, sizes.cross_attention_dim);
        let attention = |shelf: &mut Shelf<'_>, name: &str, seen: usize| Attention {
            query: plain(shelf, &format!("{name}.to_q"), [width, width]),
            key: plain(shelf, &format!("{name}.to_k"), [width, seen]),
            value: plain(shelf, &format!("{name}.to_v"), [width, seen]),
            output: linear(shelf, &format!("{name}.to_out.0"), [width, width]),
        };
        Self {
            norm: norm(shelf, "backbone.norm", width),
            proj_in: linear(shelf, "backbone.proj_in", [width, width]),
            blocks: (0..sizes.num_layers)
                .map(|number| {
                    let block = format!("backbone.transformer_blocks.{number}");
                    Block {
                        norms: [1, 2, 3].map(|number| norm(shelf, &format!("{block}.norm{number}"), width)),
                        alone: attention(shelf, &format!("{block}.attn1"), width),
                        across: attention(shelf, &format!("{block}.attn2"), context),
                        expand: (
                            shelf.take(&format!("{block}.ff.net.0.proj.weight"), &[8 * width, width]),
                            shelf.take(&format!("{block}.ff.net.0.proj.bias"), &[8 * width]),
                        ),
                        shrink: linear(shelf, &format!("{block}.ff.net.2"), [width, 4 * width]),
                    }
                })
                .collect(),
            proj_out: linear(shelf, "backbone.proj_out", [width, width]),
        }
    }
}

/// A transposed convolution: `[in, out, 2, 2]`, unlike a product.
fn upsample(config: &Config, shelf: &mut Shelf<'_>) -> Linear {
    let (inner, outer) = (config.post_processor.in_channels, config.post_processor.out_channels);
    Linear {
        weight: shelf.take("post_processor.upsample.weight", &[inner, outer, 2, 2]),
        bias: Some(shelf.take("post_processor.upsample.bias", &[outer])),
    }
}

fn decoder(config: &Config, shelf: &mut Shelf<'_>) -> Vec<(Tensor, Tensor)> {
    let sizes = &config.decoder;
    let neurons = sizes.n_neurons;
    let shapes = std::iter::once([neurons, sizes.in_channels])
        .chain(std::iter::repeat_n([neurons, neurons], sizes.n_hidden_layers - 1))
        .chain(std::iter::once([4, neurons]));
    // Odd numbers are the functions between the layers.
    let layer = |(number, [outer, inner]): (usize, [usize; 2])| {
        let name = format!("decoder.layers.{}", 2 * number);
        (shelf.take(&format!("{name}.weight"), &[outer, inner]), shelf.take(&format!("{name}.bias"), &[outer]))
    };
    shapes.enumerate().map(layer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_official_network_has_549_tensors_of_419_275_628_numbers() {
        let mut wanted = Vec::new();
        let mut shelf = Shelf::listing(&mut wanted);
        let refused = Layout::take(&Config::official(), &mut shelf);
        assert!(refused.is_err(), "nothing lies on that shelf");
        // The two that are passed over.
        let unused = [vec![768, 768], vec![768]];
        let shapes = || wanted.iter().map(|(_, shape)| shape).chain(&unused);
        let numbers: usize = shapes().map(|shape| shape.iter().product::<usize>()).sum();
        assert_eq!((shapes().count(), numbers), (549, 419_275_628));
        assert!(wanted.iter().any(|(name, _)| name == "backbone.transformer_blocks.15.attn2.to_out.0.weight"));
    }
}
