//! The backbone's first norm. Its input is learned and no photo changes it, so it is computed once and in f64.

use crate::layout::Norm;

/// What the backbone's group norm adds to the variance.
const EPSILON: f64 = 1e-6;

/// Groups of the backbone's group norm.
const GROUPS: usize = 32;

/// Normalises groups of channels over all tokens, in place; `tokens` are `[_, channels]`.
pub(crate) fn group_norm(tokens: &mut [f32], channels: usize, norm: &Norm) {
    let group = channels / GROUPS;
    for first in (0..channels).step_by(group) {
        let numbers =
            || tokens.chunks_exact(channels).flat_map(|row| &row[first..first + group]).map(|x| f64::from(*x));
        let (count, sum) = numbers().fold((0.0, 0.0), |(count, sum), x| (count + 1.0, sum + x));
        let mean = sum / count;
        let variance = numbers().map(|x| (x - mean) * (x - mean)).sum::<f64>() / count;
        let factor = 1.0 / (variance + EPSILON).sqrt();
        for row in tokens.chunks_exact_mut(channels) {
            let affine = norm.weight.values().iter().zip(norm.bias.values());
            for (number, (gain, bias)) in row.iter_mut().zip(affine).skip(first).take(group) {
                *number = narrow((f64::from(*number) - mean) * factor) * gain + bias;
            }
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a normalised number needs no more digits")]
fn narrow(number: f64) -> f32 {
    number as f32
}
