//! Operations on each row by itself.

use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

use super::lanes::gelu;
use super::real;

/// Rows of one job: enough that dividing the work costs nothing.
const ROWS: usize = 32;

/// Numbers of one job, where rows do not matter.
const NUMBERS: usize = 1 << 15;

/// Writes each row without its mean, divided by √(variance + epsilon), times `gain`, plus `bias`. The columns are a
/// multiple of 64.
pub(crate) fn layer_norm(arch: Arch, input: &[f32], [gain, bias]: [&[f32]; 2], epsilon: f32, output: &mut [f32]) {
    let size = ROWS * gain.len();
    output.par_chunks_mut(size).zip(input.par_chunks(size)).for_each(|(output, input)| {
        arch.dispatch(Normalise { input, gain, bias, epsilon, output });
    });
}

/// Makes every number x · Φ(x).
pub(crate) fn gelu_in_place(arch: Arch, numbers: &mut [f32]) {
    numbers.par_chunks_mut(NUMBERS).for_each(|numbers| arch.dispatch(Gelu(numbers)));
}

/// Writes the first half of each row plus bias, times the GELU of its second half; a half's columns are a multiple of 64.
pub(crate) fn geglu(arch: Arch, input: &[f32], bias: &[f32], output: &mut [f32]) {
    let columns = bias.len() / 2;
    output.par_chunks_mut(ROWS * columns).zip(input.par_chunks(ROWS * columns * 2)).for_each(|(output, input)| {
        arch.dispatch(Geglu { input, bias, output });
    });
}

struct Normalise<'a> {
    input: &'a [f32],
    gain: &'a [f32],
    bias: &'a [f32],
    epsilon: f32,
    output: &'a mut [f32],
}

impl WithSimd for Normalise<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let columns = self.gain.len();
        let ((gain, _), (bias, _)) = (S::as_simd_f32s(self.gain), S::as_simd_f32s(self.bias));
        for (input, output) in self.input.chunks_exact(columns).zip(self.output.chunks_exact_mut(columns)) {
            let ((input, _), (output, _)) = (S::as_simd_f32s(input), S::as_mut_simd_f32s(output));
            let mean = mean(simd, input, columns, |x| x);
            let mean = simd.splat_f32s(mean);
            let variance = self::mean(simd, input, columns, |x| {
                let off = simd.sub_f32s(x, mean);
                simd.mul_f32s(off, off)
            });
            let factor = simd.splat_f32s(1.0 / (variance + self.epsilon).sqrt());
            for (((output, x), gain), bias) in output.iter_mut().zip(input).zip(gain).zip(bias) {
                let normal = simd.mul_f32s(simd.sub_f32s(*x, mean), factor);
                *output = simd.mul_add_f32s(normal, *gain, *bias);
            }
        }
    }
}

/// The mean of a function of some numbers, summed in four rows of vectors: faster and closer than in one.
#[inline(always)]
fn mean<S: Simd>(simd: S, vectors: &[S::f32s], count: usize, of: impl Fn(S::f32s) -> S::f32s) -> f32 {
    let mut sums = [simd.splat_f32s(0.0); 4];
    for (at, vector) in vectors.iter().enumerate() {
        sums[at % 4] = simd.add_f32s(sums[at % 4], of(*vector));
    }
    let sum = simd.add_f32s(simd.add_f32s(sums[0], sums[1]), simd.add_f32s(sums[2], sums[3]));
    simd.reduce_sum_f32s(sum) / real(count)
}

struct Gelu<'a>(&'a mut [f32]);

impl WithSimd for Gelu<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let (vectors, rest) = S::as_mut_simd_f32s(self.0);
        for vector in vectors {
            *vector = gelu(simd, *vector);
        }
        let last = gelu(simd, simd.partial_load_f32s(rest));
        simd.partial_store_f32s(rest, last);
    }
}

struct Geglu<'a> {
    input: &'a [f32],
    bias: &'a [f32],
    output: &'a mut [f32],
}

impl WithSimd for Geglu<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let columns = self.bias.len() / 2;
        let (value_bias, gate_bias) = self.bias.split_at(columns);
        let ((value_bias, _), (gate_bias, _)) = (S::as_simd_f32s(value_bias), S::as_simd_f32s(gate_bias));
        for (input, output) in self.input.chunks_exact(columns * 2).zip(self.output.chunks_exact_mut(columns)) {
            let (values, gates) = input.split_at(columns);
            let ((values, _), (gates, _)) = (S::as_simd_f32s(values), S::as_simd_f32s(gates));
            let (output, _) = S::as_mut_simd_f32s(output);
            let numbers = values.iter().zip(value_bias).zip(gates.iter().zip(gate_bias));
            for (output, ((value, value_bias), (gate, gate_bias))) in output.iter_mut().zip(numbers) {
                let gate = gelu(simd, simd.add_f32s(*gate, *gate_bias));
                *output = simd.mul_f32s(simd.add_f32s(*value, *value_bias), gate);
            }
        }
    }
}
