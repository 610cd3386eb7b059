//! The network, layer by layer: the same graph as `inference/training/depth/network.py`, held to it by a test.

use inference_kernels::{Convolution, Cpu, Ending, Picture};

use super::DepthError;
use super::weights::Weights;

/// Numbers in a pixel of what goes in: red, green, blue, cover, distance to the outline.
pub(super) const INPUTS: usize = 5;

/// Numbers in a pixel of what comes out: middle depth, thickness before its softplus, the last surface's red, green and
/// blue before their sigmoid.
pub(super) const OUTPUTS: usize = 5;

/// Kernel, stride, whether it widens first, repeats: the encoder's stages.
const STAGES: [(usize, usize, bool, usize); 7] = [
    (3, 1, false, 1),
    (3, 2, true, 2),
    (5, 2, true, 2),
    (3, 2, true, 3),
    (5, 1, true, 3),
    (5, 2, true, 4),
    (3, 1, true, 1),
];

/// After these stages lies what the decoder takes.
const KEPT: [usize; 5] = [0, 1, 2, 4, 6];

/// The encoder's pictures are large numbers; the decoder takes this share of them.
const CALM: f32 = 0.15;

/// What is left of the decoder's numbers below 0, as in [`Ending::Leaky`].
const LEAK: f32 = 0.1;

/// Is the network with its weights.
pub(crate) struct Network {
    cpu: Cpu,
    stem: Convolution,
    blocks: Vec<Block>,
    bottom: Convolution,
    whole: Convolution,
    ups: Vec<Convolution>,
    last: Convolution,
}

/// Is an inverted residual.
struct Block {
    expand: Option<Convolution>,
    depthwise: Convolution,
    project: Convolution,
    adds: bool,
    kept: bool,
}

impl Network {
    /// Reads a file of weights.
    pub(crate) fn read(file: &[u8]) -> Result<Self, DepthError> {
        let weights = Weights::read(file)?;
        let mut blocks = Vec::new();
        for (stage, (kernel, stride, widens, repeats)) in STAGES.into_iter().enumerate() {
            for repeat in 0..repeats {
                let name = format!("encoder.blocks.{}", blocks.len());
                let stride = if repeat == 0 { stride } else { 1 };
                let part = |part: &str, kernel, stride, ending| {
                    convolution(&weights, &format!("{name}.{part}"), [kernel, stride, (kernel - stride) / 2], ending)
                };
                let expand = if widens { Some(part("expand", 1, 1, Ending::Relu6)?) } else { None };
                blocks.push(Block {
                    expand,
                    depthwise: part("depthwise", kernel, stride, Ending::Relu6)?,
                    project: part("project", 1, 1, Ending::Linear)?,
                    // The first of a stage changes the number of channels.
                    adds: repeat > 0,
                    kept: repeat + 1 == repeats && KEPT.contains(&stage),
                });
            }
        }
        let ups = (0..4).map(|level| convolution(&weights, &format!("ups.{level}"), [3, 1, 1], Ending::Leaky));
        Ok(Self {
            cpu: Cpu::new(),
            stem: convolution(&weights, "encoder.stem", [3, 2, 0], Ending::Relu6)?,
            blocks,
            bottom: convolution(&weights, "bottom", [1, 1, 0], Ending::Linear)?,
            whole: convolution(&weights, "whole", [1, 1, 0], Ending::Linear)?,
            ups: ups.collect::<Result<_, _>>()?,
            last: convolution(&weights, "last", [3, 1, 1], Ending::Linear)?,
        })
    }

    /// Runs it over a square picture of [`INPUTS`] channels, whose side is a multiple of 32.
    pub(super) fn run(&self, picture: &Picture) -> Result<Picture, DepthError> {
        let mut state = self.cpu.convolve(picture, &self.stem)?;
        let mut kept = Vec::new();
        for block in &self.blocks {
            let widened = match &block.expand {
                Some(expand) => Some(self.cpu.convolve(&state, expand)?),
                None => None,
            };
            let looked = self.cpu.convolve(widened.as_ref().unwrap_or(&state), &block.depthwise)?;
            let mut after = self.cpu.convolve(&looked, &block.project)?;
            if block.adds {
                after.add(&state)?;
            }
            state = after;
            if block.kept {
                kept.push(state.clone().times(CALM));
            }
        }
        let state = kept.pop().unwrap_or(state);
        let whole = self.cpu.convolve(&mean(&state), &self.whole)?;
        let mut state = self.cpu.convolve(&state, &self.bottom)?;
        for pixel in state.values.chunks_exact_mut(whole.channels.max(1)) {
            for (number, everywhere) in pixel.iter_mut().zip(&whole.values) {
                let sum = *number + everywhere;
                *number = sum.max(sum * LEAK);
            }
        }
        for up in &self.ups {
            state = state.doubled()?;
            if let Some(beside) = kept.pop() {
                state = state.beside(&beside)?;
            }
            state = self.cpu.convolve(&state, up)?;
        }
        Ok(shuffled(&self.cpu.convolve(&state, &self.last)?))
    }
}

/// Reads a convolution; `before` zeros go to the left of it and above.
fn convolution(
    weights: &Weights<'_>,
    name: &str,
    [kernel, stride, before]: [usize; 3],
    ending: Ending,
) -> Result<Convolution, DepthError> {
    let (weight, _) = weights.tensor(&format!("{name}.weight"))?;
    let (bias, _) = weights.tensor(&format!("{name}.bias"))?;
    Ok(Convolution { kernel, stride, before, weight, bias, depthwise: name.ends_with("depthwise"), ending })
}

/// Gives the mean over the whole picture, as a picture of one pixel.
fn mean(picture: &Picture) -> Picture {
    let mut values = vec![0.0; picture.channels];
    for pixel in picture.values.chunks_exact(picture.channels.max(1)) {
        for (sum, number) in values.iter_mut().zip(pixel) {
            *sum += number;
        }
    }
    let count = inference_mesh::number::real((picture.width * picture.height).max(1));
    for sum in &mut values {
        *sum /= count;
    }
    Picture { width: 1, height: 1, channels: picture.channels, values }
}

/// Makes four pixels of each: its channels come in fours, for the upper left, upper right, lower left and lower right.
fn shuffled(picture: &Picture) -> Picture {
    let (width, height, channels) = (picture.width * 2, picture.height * 2, picture.channels / 4);
    let mut values = Vec::with_capacity(picture.values.len());
    for y in 0..height {
        for x in 0..width {
            let pixel = ((y / 2) * picture.width + x / 2) * picture.channels;
            let part = y % 2 * 2 + x % 2;
            values.extend((0..channels).map(|channel| picture.values[pixel + channel * 4 + part]));
        }
    }
    Picture { width, height, channels, values }
}
