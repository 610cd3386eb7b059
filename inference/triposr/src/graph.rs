//! The network, written once for every device: photo → tokens → three planes.

use inference_kernels::{Device, DeviceError, Tensor};

use crate::config::Config;
use crate::group_norm::group_norm;
use crate::layout::{Attention, Layout, Linear, Norm};
use crate::positions;

/// What the encoder's layer norms add to the variance; PyTorch's default would be 1e-5.
const ENCODER_EPSILON: f32 = 1e-12;

/// What the backbone's layer norms add to the variance.
const BACKBONE_EPSILON: f32 = 1e-5;

/// What the network holds at some point, for those who compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The patches with their positions, `[tokens, width]`.
    Embeddings,
    /// After a layer of the encoder.
    Layer(usize),
    /// The image's tokens, normalised.
    Tokens,
    /// After the backbone's group norm and first product, `[3 · side², channels]`.
    Start,
    /// After a block of the backbone.
    Block(usize),
    /// The planes' tokens.
    Planes,
}

/// Sees each stage as it is made.
pub(crate) type Watch<'a, D> = &'a mut dyn FnMut(Stage, &<D as Device>::Rows);

/// The network on one device.
pub(crate) struct Graph<D: Device> {
    pub(crate) device: D,
    encoder: Encoder<D>,
    backbone: Backbone<D>,
    upsample: Matrix<D>,
    /// Numbers of a texel.
    channels: usize,
    /// Texels along each side of a plane before upsampling.
    side: usize,
}

struct Matrix<D: Device> {
    weight: D::Weight,
    bias: Option<D::Weight>,
}

struct Normal<D: Device> {
    gain: D::Weight,
    bias: D::Weight,
}

/// The image encoder: a vision transformer.
struct Encoder<D: Device> {
    size: usize,
    /// What every image adds its patches to: the class token, or the projection's bias, plus the position.
    table: Vec<f32>,
    width: usize,
    projection: D::Weight,
    layers: Vec<EncoderLayer<D>>,
    norm: Normal<D>,
}

struct EncoderLayer<D: Device> {
    before: Normal<D>,
    query: Matrix<D>,
    key: Matrix<D>,
    value: Matrix<D>,
    output: Matrix<D>,
    after: Normal<D>,
    expand: Matrix<D>,
    shrink: Matrix<D>,
}

/// The transformer from the image's tokens to the planes'.
struct Backbone<D: Device> {
    width: usize,
    /// The planes' learned tokens, `[3 · side², channels]`: added again at the end.
    planes: D::Rows,
    /// After the group norm and the first product.
    start: D::Rows,
    /// The same after the first block's self-attention: no image has been seen yet, so it is always the same.
    first: D::Rows,
    blocks: Vec<Block<D>>,
    project: Matrix<D>,
}

struct Block<D: Device> {
    alone: Attend<D>,
    across: Attend<D>,
    norm: Normal<D>,
    expand: D::Weight,
    expand_bias: D::Weight,
    shrink: Matrix<D>,
}

struct Attend<D: Device> {
    norm: Normal<D>,
    query: Matrix<D>,
    key: Matrix<D>,
    value: Matrix<D>,
    output: Matrix<D>,
}

/// The side of an image patch in pixels.
pub(crate) const PATCH: usize = 16;

impl<D: Device> Graph<D> {
    /// Brings the weights to the device and computes what no image changes.
    pub(crate) fn load(device: D, config: &Config, layout: &Layout) -> Result<Self, DeviceError> {
        let encoder = Encoder::load(&device, config, layout)?;
        let backbone = Backbone::load(&device, layout)?;
        let upsample = upsample(&device, layout)?;
        let (channels, side) = (config.post_processor.out_channels, config.tokenizer.plane_size);
        Ok(Self { device, encoder, backbone, upsample, channels, side })
    }

    /// Gives the tokens `[1 + patches, width]` of an image `[3, size, size]` of 0 to 1.
    pub(crate) fn tokens(&self, image: &[f32], watch: Watch<'_, D>) -> Result<D::Rows, DeviceError> {
        self.encoder.run(&self.device, image, watch)
    }

    /// Gives the planes' tokens `[3 · side², channels]`.
    pub(crate) fn planes(&self, tokens: &D::Rows, watch: Watch<'_, D>) -> Result<D::Rows, DeviceError> {
        self.backbone.run(&self.device, tokens, watch)
    }

    /// Runs one block of the backbone, the last: for measuring.
    pub(crate) fn one_block(&self, tokens: &D::Rows) -> Result<(), DeviceError> {
        let Some(block) = self.backbone.blocks.last() else { return Ok(()) };
        let mut rows = self.device.copy(&self.backbone.start)?;
        block.alone.run(&self.device, &mut rows, None)?;
        block.rest(&self.device, &mut rows, tokens)?;
        self.device.wait()
    }

    /// Gives the planes at twice the side, `[3 · (2 side)², texel]`: a transposed convolution whose kernel is as wide as
    /// its step is a product for each token, and its numbers put into place.
    pub(crate) fn upsampled(&self, planes: &D::Rows) -> Result<Vec<f32>, DeviceError> {
        let product = self.device.linear(planes, &self.upsample.weight, self.upsample.bias.as_ref())?;
        let product = self.device.read(&product)?;
        let (side, channels) = (self.side, self.channels);
        let mut texels = vec![0.0; product.len()];
        for (token, numbers) in product.chunks_exact(4 * channels).enumerate() {
            let (plane, row, column) = (token / (side * side), token / side % side, token % side);
            for (corner, texel) in numbers.chunks_exact(channels).enumerate() {
                let (row, column) = (row * 2 + corner / 2, column * 2 + corner % 2);
                let first = ((plane * 2 * side + row) * 2 * side + column) * channels;
                texels[first..first + channels].copy_from_slice(texel);
            }
        }
        Ok(texels)
    }

    /// Gives the columns of a stage's rows.
    pub(crate) fn columns(&self, stage: Stage) -> usize {
        match stage {
            Stage::Embeddings | Stage::Layer(_) | Stage::Tokens => self.encoder.width,
            Stage::Start | Stage::Block(_) | Stage::Planes => self.backbone.width,
        }
    }

    /// Gives a texel's numbers.
    pub(crate) fn channels(&self) -> usize {
        self.channels
    }
}

impl<D: Device> Matrix<D> {
    fn load(device: &D, linear: &Linear) -> Result<Self, DeviceError> {
        let bias = linear.bias.as_ref().map(|bias| device.weight(bias)).transpose()?;
        Ok(Self { weight: device.weight(&linear.weight)?, bias })
    }

    fn of(&self, device: &D, rows: &D::Rows) -> Result<D::Rows, DeviceError> {
        device.linear(rows, &self.weight, self.bias.as_ref())
    }

    fn onto(&self, device: &D, rows: &D::Rows, sum: &mut D::Rows) -> Result<(), DeviceError> {
        device.linear_onto(rows, &self.weight, self.bias.as_ref(), sum)
    }
}

impl<D: Device> Normal<D> {
    fn load(device: &D, norm: &Norm) -> Result<Self, DeviceError> {
        Ok(Self { gain: device.weight(&norm.weight)?, bias: device.weight(&norm.bias)? })
    }

    fn of(&self, device: &D, rows: &D::Rows, epsilon: f32) -> Result<D::Rows, DeviceError> {
        device.layer_norm(rows, &self.gain, &self.bias, epsilon)
    }
}

impl<D: Device> Encoder<D> {
    fn load(device: &D, config: &Config, layout: &Layout) -> Result<Self, DeviceError> {
        let weights = &layout.image_tokenizer;
        let (size, width) = (config.cond_image_size, config.image_tokenizer.hidden_size);
        let positions = positions::interpolate(weights.positions.values(), width, size / PATCH);
        let mut table = positions;
        let bias = weights.projection.bias.as_ref().map_or(&[][..], Tensor::values);
        for (token, row) in table.chunks_exact_mut(width).enumerate() {
            let start = if token == 0 { weights.cls.values() } else { bias };
            for (number, start) in row.iter_mut().zip(start) {
                *number += start;
            }
        }
        let projection = flat(&weights.projection.weight, width)?;
        let layers = weights.layers.iter().map(|layer| {
            Ok(EncoderLayer {
                before: Normal::load(device, &layer.before)?,
                query: Matrix::load(device, &layer.attention.query)?,
                key: Matrix::load(device, &layer.attention.key)?,
                value: Matrix::load(device, &layer.attention.value)?,
                output: Matrix::load(device, &layer.attention.output)?,
                after: Normal::load(device, &layer.after)?,
                expand: Matrix::load(device, &layer.expand)?,
                shrink: Matrix::load(device, &layer.shrink)?,
            })
        });
        Ok(Self {
            size,
            table,
            width,
            projection: device.weight(&projection)?,
            layers: layers.collect::<Result<_, _>>()?,
            norm: Normal::load(device, &weights.norm)?,
        })
    }

    fn run(&self, device: &D, image: &[f32], watch: Watch<'_, D>) -> Result<D::Rows, DeviceError> {
        let patches = device.rows(&positions::patches(image, self.size), 3 * PATCH * PATCH)?;
        let mut rows = device.rows(&self.table, self.width)?;
        device.linear_onto(&patches, &self.projection, None, &mut rows)?;
        watch(Stage::Embeddings, &rows);
        for (number, layer) in self.layers.iter().enumerate() {
            layer.run(device, &mut rows)?;
            watch(Stage::Layer(number), &rows);
        }
        let tokens = self.norm.of(device, &rows, ENCODER_EPSILON)?;
        watch(Stage::Tokens, &tokens);
        Ok(tokens)
    }
}

impl<D: Device> EncoderLayer<D> {
    fn run(&self, device: &D, rows: &mut D::Rows) -> Result<(), DeviceError> {
        let normal = self.before.of(device, rows, ENCODER_EPSILON)?;
        let query = self.query.of(device, &normal)?;
        let key = self.key.of(device, &normal)?;
        let value = self.value.of(device, &normal)?;
        let seen = device.attention(&query, &key, &value)?;
        self.output.onto(device, &seen, rows)?;
        let normal = self.after.of(device, rows, ENCODER_EPSILON)?;
        let mut wide = self.expand.of(device, &normal)?;
        device.gelu(&mut wide)?;
        self.shrink.onto(device, &wide, rows)
    }
}

impl<D: Device> Backbone<D> {
    fn load(device: &D, layout: &Layout) -> Result<Self, DeviceError> {
        let weights = &layout.backbone;
        let embeddings = layout.planes.values();
        // [3, channels, side, side] → [3 · side², channels].
        let channels = layout.planes.shape()[1];
        let texels = layout.planes.shape()[2] * layout.planes.shape()[3];
        let mut tokens = vec![0.0; embeddings.len()];
        for (number, value) in embeddings.iter().enumerate() {
            let (plane, channel, texel) = (number / (channels * texels), number / texels % channels, number % texels);
            tokens[(plane * texels + texel) * channels + channel] = *value;
        }
        let planes = device.rows(&tokens, channels)?;
        group_norm(&mut tokens, channels, &weights.norm);
        let start = Matrix::load(device, &weights.proj_in)?.of(device, &device.rows(&tokens, channels)?)?;
        let blocks = weights.blocks.iter().map(|block| {
            let [first, second, third] = &block.norms;
            Ok(Block {
                alone: Attend::load(device, first, &block.alone)?,
                across: Attend::load(device, second, &block.across)?,
                norm: Normal::load(device, third)?,
                expand: device.weight(&block.expand.0)?,
                expand_bias: device.weight(&block.expand.1)?,
                shrink: Matrix::load(device, &block.shrink)?,
            })
        });
        let blocks: Vec<Block<D>> = blocks.collect::<Result<_, DeviceError>>()?;
        let mut first = device.copy(&start)?;
        if let Some(block) = blocks.first() {
            block.alone.run(device, &mut first, None)?;
        }
        let project = Matrix::load(device, &weights.proj_out)?;
        Ok(Self { width: channels, planes, start, first, blocks, project })
    }

    fn run(&self, device: &D, tokens: &D::Rows, watch: Watch<'_, D>) -> Result<D::Rows, DeviceError> {
        watch(Stage::Start, &self.start);
        let mut rows = device.copy(&self.first)?;
        for (number, block) in self.blocks.iter().enumerate() {
            if number > 0 {
                block.alone.run(device, &mut rows, None)?;
            }
            block.rest(device, &mut rows, tokens)?;
            watch(Stage::Block(number), &rows);
        }
        let mut planes = device.copy(&self.planes)?;
        self.project.onto(device, &rows, &mut planes)?;
        watch(Stage::Planes, &planes);
        Ok(planes)
    }
}

impl<D: Device> Block<D> {
    /// All but the self-attention.
    fn rest(&self, device: &D, rows: &mut D::Rows, tokens: &D::Rows) -> Result<(), DeviceError> {
        self.across.run(device, rows, Some(tokens))?;
        let normal = self.norm.of(device, rows, BACKBONE_EPSILON)?;
        let wide = device.linear(&normal, &self.expand, None)?;
        let wide = device.geglu(&wide, &self.expand_bias)?;
        self.shrink.onto(device, &wide, rows)
    }
}

impl<D: Device> Attend<D> {
    fn load(device: &D, norm: &Norm, attention: &Attention) -> Result<Self, DeviceError> {
        Ok(Self {
            norm: Normal::load(device, norm)?,
            query: Matrix::load(device, &attention.query)?,
            key: Matrix::load(device, &attention.key)?,
            value: Matrix::load(device, &attention.value)?,
            output: Matrix::load(device, &attention.output)?,
        })
    }

    /// Adds what the rows see in the context, or in themselves.
    fn run(&self, device: &D, rows: &mut D::Rows, context: Option<&D::Rows>) -> Result<(), DeviceError> {
        let normal = self.norm.of(device, rows, BACKBONE_EPSILON)?;
        let context = context.unwrap_or(&normal);
        let query = self.query.of(device, &normal)?;
        let key = self.key.of(device, context)?;
        let value = self.value.of(device, context)?;
        let seen = device.attention(&query, &key, &value)?;
        self.output.onto(device, &seen, rows)
    }
}

/// The transposed convolution `[in, texel, 2, 2]` as a matrix `[(row, column, texel), in]`.
fn upsample<D: Device>(device: &D, layout: &Layout) -> Result<Matrix<D>, DeviceError> {
    let (weight, bias) = (&layout.upsample.weight, &layout.upsample.bias);
    let &[inner, channels, ..] = weight.shape() else { return Err(misshaped("upsample", weight)) };
    let mut matrix = Vec::with_capacity(weight.values().len());
    let mut biases = Vec::with_capacity(4 * channels);
    for corner in 0..4 {
        for channel in 0..channels {
            matrix.extend((0..inner).map(|input| weight.values()[(input * channels + channel) * 4 + corner]));
        }
        biases.extend(bias.as_ref().map_or(&[][..], Tensor::values));
    }
    let tensor = |values: Vec<f32>, shape| Tensor::owned(values, shape).map_err(|_| misshaped("upsample", weight));
    let bias = bias.as_ref().map(|_| device.weight(&tensor(biases, vec![4 * channels])?)).transpose()?;
    Ok(Matrix { weight: device.weight(&tensor(matrix, vec![4 * channels, inner])?)?, bias })
}

/// A convolution whose kernel is as wide as its step, as a matrix `[width, numbers of a patch]`.
fn flat(weight: &Tensor, width: usize) -> Result<Tensor, DeviceError> {
    let inner = weight.values().len() / width;
    Tensor::owned(weight.values().to_vec(), vec![width, inner]).map_err(|_| misshaped("projection", weight))
}

fn misshaped(operation: &'static str, weight: &Tensor) -> DeviceError {
    DeviceError::Shape { operation, found: format!("{:?}", weight.shape()) }
}
