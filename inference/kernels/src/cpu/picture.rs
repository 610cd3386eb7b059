//! Pictures and convolutions over them, for the small networks that run on the CPU only.

use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

use super::{Cpu, linear, shape};
use crate::device::DeviceError;
use crate::room;

/// What is left of a number below 0.
const LEAK: f32 = 0.1;

/// Numbers of one job of what is done to each number by itself.
const NUMBERS: usize = 1 << 14;

/// Is a picture of any number of channels, `[height, width, channels]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Numbers in a pixel.
    pub channels: usize,
    /// All numbers, a pixel's side by side.
    pub values: Vec<f32>,
}

/// What is done to each number after a convolution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Nothing.
    Linear,
    /// Below 0 becomes a tenth of itself.
    Leaky,
    /// Below 0 becomes 0, above 6 becomes 6.
    Relu6,
}

/// Is a convolution over a square window, with zeros around the picture.
#[derive(Debug, Clone)]
pub struct Convolution {
    /// The window's side.
    pub kernel: usize,
    /// Pixels from one window to the next.
    pub stride: usize,
    /// Zeros to the left and above. As many windows are taken as give a `stride`th of the picture, rounded up.
    pub before: usize,
    /// `[outer, kernel, kernel, inner]`; for one window a channel `[kernel, kernel, channels]`.
    pub weight: Vec<f32>,
    /// `[outer]`.
    pub bias: Vec<f32>,
    /// Each channel has its own window and sees no other channel.
    pub depthwise: bool,
    /// What comes after it.
    pub ending: Ending,
}

impl Picture {
    /// Lays the channels of two pictures of one size side by side.
    pub fn beside(&self, other: &Self) -> Result<Self, DeviceError> {
        if (self.width, self.height) != (other.width, other.height) {
            let found = [self, other].map(|picture| [picture.width, picture.height]);
            return Err(shape("beside", format!("pictures of {found:?}")));
        }
        let channels = self.channels + other.channels;
        let mut values = room(self.width * self.height * channels, 0.0)?;
        let both = self.values.chunks_exact(self.channels).zip(other.values.chunks_exact(other.channels));
        for (pixel, (one, two)) in values.chunks_exact_mut(channels).zip(both) {
            pixel[..self.channels].copy_from_slice(one);
            pixel[self.channels..].copy_from_slice(two);
        }
        Ok(Self { channels, values, ..*self })
    }

    /// Makes four pixels of each one.
    pub fn doubled(&self) -> Result<Self, DeviceError> {
        let (row, channels) = (self.width * self.channels, self.channels);
        let mut values = room(self.values.len() * 4, 0.0)?;
        if self.values.is_empty() {
            return Ok(Self { width: self.width * 2, height: self.height * 2, channels, values });
        }
        for (rows, source) in values.chunks_exact_mut(row * 4).zip(self.values.chunks_exact(row)) {
            let (above, below) = rows.split_at_mut(row * 2);
            for (pair, pixel) in above.chunks_exact_mut(channels * 2).zip(source.chunks_exact(channels)) {
                pair[..channels].copy_from_slice(pixel);
                pair[channels..].copy_from_slice(pixel);
            }
            below.copy_from_slice(above);
        }
        Ok(Self { width: self.width * 2, height: self.height * 2, channels, values })
    }

    /// Turns left and right around.
    #[must_use]
    pub fn mirrored(&self) -> Self {
        let mut values = Vec::with_capacity(self.values.len());
        for row in self.values.chunks_exact((self.width * self.channels).max(1)) {
            values.extend(row.chunks_exact(self.channels.max(1)).rev().flatten());
        }
        Self { values, ..*self }
    }

    /// Multiplies every number.
    #[must_use]
    pub fn times(mut self, factor: f32) -> Self {
        for value in &mut self.values {
            *value *= factor;
        }
        self
    }

    /// Adds another picture of the same size.
    pub fn add(&mut self, other: &Self) -> Result<(), DeviceError> {
        let size = |picture: &Self| [picture.width, picture.height, picture.channels];
        if size(self) != size(other) {
            return Err(shape("add", format!("{:?} onto {:?}", size(other), size(self))));
        }
        for (sum, part) in self.values.iter_mut().zip(&other.values) {
            *sum += part;
        }
        Ok(())
    }
}

impl Convolution {
    fn check(&self, picture: &Picture) -> Result<(), DeviceError> {
        let (window, outer) = (self.kernel * self.kernel, self.bias.len());
        let wanted = if self.depthwise { window * outer } else { window * outer * picture.channels };
        let fits = self.weight.len() == wanted && (!self.depthwise || outer == picture.channels);
        let sound = picture.values.len() == picture.width * picture.height * picture.channels;
        if fits && sound && wanted > 0 && self.stride > 0 && self.before < self.kernel {
            return Ok(());
        }
        let found = format!(
            "{} weights of {outer} windows of {}² over {} by {} pixels of {}",
            self.weight.len(),
            self.kernel,
            picture.width,
            picture.height,
            picture.channels
        );
        Err(shape("convolve", found))
    }

    /// Gives the rows or columns of the picture that a window reads, of its own rows or columns.
    fn reach(&self, window: usize, side: usize) -> impl Iterator<Item = (usize, usize)> {
        let first = window * self.stride;
        (0..self.kernel).filter_map(move |tap| {
            let at = (first + tap).checked_sub(self.before)?;
            (at < side).then_some((tap, at))
        })
    }
}

impl Cpu {
    /// Convolves a picture.
    pub fn convolve(&self, picture: &Picture, by: &Convolution) -> Result<Picture, DeviceError> {
        by.check(picture)?;
        let (width, height) = (picture.width.div_ceil(by.stride), picture.height.div_ceil(by.stride));
        let channels = by.bias.len();
        let mut values = room(width * height * channels, 0.0)?;
        if values.is_empty() {
            return Ok(Picture { width, height, channels, values });
        }
        // The bias goes first and what follows is added to it: one pass over memory less.
        values.par_chunks_mut(channels).with_min_len(256).for_each(|pixel| pixel.copy_from_slice(&by.bias));
        if by.depthwise {
            values.par_chunks_mut(width * channels).enumerate().for_each(|(y, row)| {
                self.arch.dispatch(Job { picture, by, y, sums: row });
            });
        } else if by.kernel == 1 && by.stride == 1 {
            let sizes = [width * height, picture.channels, channels];
            linear::product(&picture.values, &by.weight, &mut values, sizes, true);
        } else {
            let inner = by.kernel * by.kernel * picture.channels;
            let mut patches = room(width * height * inner, 0.0)?;
            patches.par_chunks_mut(width * inner).enumerate().for_each(|(y, row)| unroll(picture, by, y, row));
            linear::product(&patches, &by.weight, &mut values, [width * height, inner, channels], true);
        }
        finish(self.arch, by.ending, &mut values);
        Ok(Picture { width, height, channels, values })
    }
}

/// Copies what each window of a row sees side by side; zeros where it sees nothing.
fn unroll(picture: &Picture, by: &Convolution, y: usize, row: &mut [f32]) {
    let channels = picture.channels;
    let inner = by.kernel * by.kernel * channels;
    for (x, patch) in row.chunks_exact_mut(inner).enumerate() {
        for (down, source_y) in by.reach(y, picture.height) {
            for (right, source_x) in by.reach(x, picture.width) {
                let source = (source_y * picture.width + source_x) * channels;
                let place = (down * by.kernel + right) * channels;
                patch[place..place + channels].copy_from_slice(&picture.values[source..source + channels]);
            }
        }
    }
}

/// Adds one row of a depthwise convolution to its bias.
struct Job<'a> {
    picture: &'a Picture,
    by: &'a Convolution,
    y: usize,
    sums: &'a mut [f32],
}

impl WithSimd for Job<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let channels = self.picture.channels;
        for (x, sums) in self.sums.chunks_exact_mut(channels).enumerate() {
            for (down, source_y) in self.by.reach(self.y, self.picture.height) {
                for (right, source_x) in self.by.reach(x, self.picture.width) {
                    let source =
                        &self.picture.values[(source_y * self.picture.width + source_x) * channels..][..channels];
                    let weight = &self.by.weight[(down * self.by.kernel + right) * channels..][..channels];
                    multiply(simd, source, weight, sums);
                }
            }
        }
    }
}

#[inline(always)]
fn multiply<S: Simd>(simd: S, source: &[f32], weight: &[f32], sums: &mut [f32]) {
    let ((source, source_rest), (weight, weight_rest)) = (S::as_simd_f32s(source), S::as_simd_f32s(weight));
    let (sums, sums_rest) = S::as_mut_simd_f32s(sums);
    for (sum, (source, weight)) in sums.iter_mut().zip(source.iter().zip(weight)) {
        *sum = simd.mul_add_e_f32s(*source, *weight, *sum);
    }
    for (sum, (source, weight)) in sums_rest.iter_mut().zip(source_rest.iter().zip(weight_rest)) {
        *sum += source * weight;
    }
}

fn finish(arch: Arch, ending: Ending, values: &mut [f32]) {
    values.par_chunks_mut(NUMBERS).for_each(|values| {
        arch.dispatch(|| match ending {
            Ending::Linear => {}
            Ending::Leaky => values.iter_mut().for_each(|value| *value = value.max(*value * LEAK)),
            Ending::Relu6 => values.iter_mut().for_each(|value| *value = value.clamp(0.0, 6.0)),
        });
    });
}

#[cfg(test)]
mod tests {
    use super::{Convolution, Ending, Picture};
    use crate::Cpu;
    use proptest::prelude::*;

    /// The definition, number by number.
    fn twin(picture: &Picture, by: &Convolution) -> Vec<f32> {
        let (width, height) = (picture.width.div_ceil(by.stride), picture.height.div_ceil(by.stride));
        let outer = by.bias.len();
        let inner = if by.depthwise { 1 } else { picture.channels };
        let mut values = Vec::new();
        for number in 0..width * height * outer {
            let (x, y, channel) = (number / outer % width, number / outer / width, number % outer);
            let mut sum = by.bias[channel];
            for tap in 0..by.kernel * by.kernel * inner {
                let (right, down, from) = (tap / inner % by.kernel, tap / inner / by.kernel, tap % inner);
                let place = [x * by.stride + right, y * by.stride + down].map(|at| at.checked_sub(by.before));
                let [Some(x), Some(y)] = place else { continue };
                if x < picture.width && y < picture.height {
                    let (at, weight) = if by.depthwise {
                        (channel, tap * outer + channel)
                    } else {
                        (from, channel * by.kernel * by.kernel * inner + tap)
                    };
                    sum += picture.values[(y * picture.width + x) * picture.channels + at] * by.weight[weight];
                }
            }
            values.push(match by.ending {
                Ending::Linear => sum,
                Ending::Leaky => {
                    if sum < 0.0 {
                        sum * 0.1
                    } else {
                        sum
                    }
                }
                Ending::Relu6 => sum.clamp(0.0, 6.0),
            });
        }
        values
    }

    fn numbers(seed: u32, count: usize) -> Vec<f32> {
        (0..count)
            .map(|at| {
                (f32::from(u16::try_from(at % 977).unwrap()) * 0.37 + f32::from(u16::try_from(seed % 91).unwrap()))
                    .sin()
            })
            .collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_convolution_is_its_definition(
            (width, height, channels, outer) in (1..12_usize, 1..12_usize, 1..21_usize, 1..9_usize),
            (kernel, stride, before) in prop_oneof![Just((1, 1, 0)), Just((3, 1, 1)), Just((3, 2, 0)), Just((5, 2, 1)), Just((5, 1, 2))],
            depthwise in any::<bool>(),
            ending in prop_oneof![Just(Ending::Linear), Just(Ending::Leaky), Just(Ending::Relu6)],
            seed in any::<u32>(),
        ) {
            let picture = Picture { width, height, channels, values: numbers(seed, width * height * channels) };
            let outer = if depthwise { channels } else { outer };
            let inner = if depthwise { 1 } else { channels };
            let weight = numbers(seed / 7, kernel * kernel * inner * outer);
            let by = Convolution { kernel, stride, before, weight, bias: numbers(seed / 3, outer), depthwise, ending };
            let found = Cpu::new().convolve(&picture, &by).unwrap();
            let wanted = twin(&picture, &by);
            prop_assert_eq!(found.values.len(), wanted.len());
            for (found, wanted) in found.values.iter().zip(&wanted) {
                prop_assert!((found - wanted).abs() < 1e-4, "{} for {}", found, wanted);
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let picture = Picture { width: 3, height: 2, channels: 2, values: vec![0.0; 12] };
        let bias = vec![0.0; 4];
        let by = Convolution {
            kernel: 1,
            stride: 1,
            before: 0,
            weight: vec![0.0; 7],
            bias,
            depthwise: false,
            ending: Ending::Linear,
        };
        assert!(Cpu::new().convolve(&picture, &by).is_err());
        let smaller = Picture { width: 2, ..picture.clone() };
        assert!(picture.beside(&smaller).is_err() && picture.clone().add(&smaller).is_err());
    }

    #[test]
    fn pictures_are_doubled_mirrored_and_laid_side_by_side() {
        let picture = Picture { width: 2, height: 1, channels: 1, values: vec![1.0, 2.0] };
        let doubled = picture.doubled().unwrap();
        assert_eq!(doubled.values, [1.0, 1.0, 2.0, 2.0, 1.0, 1.0, 2.0, 2.0]);
        let pair = picture.beside(&picture).unwrap();
        assert_eq!(pair.values, [1.0, 1.0, 2.0, 2.0]);
        assert_eq!(picture.mirrored().beside(&picture).unwrap().mirrored().values, [1.0, 2.0, 2.0, 1.0]);
    }
}
