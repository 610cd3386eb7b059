//! The functions of a whole vector: exp, the error function, and what is made of them; and the one tile of a product.

use pulp::Simd;

/// Rows of one tile: with four vectors across it fills 24 of 32 registers.
pub(crate) const TILE: usize = 6;

/// Columns of a panel: a head, and a field's hidden layer.
pub(crate) const PANEL: usize = 64;

/// One row of a panel.
pub(crate) type Row = [f32; PANEL];

/// Added to a number below 2²², it rounds it to a whole one and leaves that in the low bits.
const ROUNDER: f32 = 12_582_912.0;

/// exp(x) to 2 units in the last place; below −87 it stays at exp(−87), above 88 at exp(88).
#[inline(always)]
pub(crate) fn exp<S: Simd>(simd: S, x: S::f32s) -> S::f32s {
    /// exp(r) on ±ln 2 / 2 as a polynomial: the minimax one of Cephes' `expf`.
    const TERMS: [f32; 6] = [1.987_569_1e-4, 1.398_199_9e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5];
    let splat = |value| simd.splat_f32s(value);
    let x = simd.max_f32s(simd.min_f32s(x, splat(88.0)), splat(-87.0));
    let rounded = simd.mul_add_f32s(x, splat(std::f32::consts::LOG2_E), splat(ROUNDER));
    let power = simd.sub_f32s(rounded, splat(ROUNDER));
    // ln 2 in two parts, so that the difference stays exact.
    let rest = simd.mul_add_f32s(power, splat(-0.693_359_4), x);
    let rest = simd.mul_add_f32s(power, splat(2.121_944_4e-4), rest);
    let mut sum = splat(TERMS[0]);
    for term in &TERMS[1..] {
        sum = simd.mul_add_f32s(sum, rest, splat(*term));
    }
    let square = simd.mul_f32s(rest, rest);
    let fraction = simd.add_f32s(simd.mul_add_f32s(sum, square, rest), splat(1.0));
    raise(simd, fraction, rounded)
}

/// 2 to the power of x, to 2 units in the last place; below −126 it stays at 2⁻¹²⁶, above 126 at 2¹²⁶. A third cheaper
/// than [`exp`], and with fewer constants: all stay in registers.
#[inline(always)]
pub(crate) fn exp2<S: Simd>(simd: S, x: S::f32s) -> S::f32s {
    /// 2 to the power of r on ±0.5 as a polynomial: the minimax one of Cephes' `exp2f`.
    const TERMS: [f32; 7] =
        [1.535_336_2e-4, 1.339_887_5e-3, 9.618_437e-3, 5.550_332_5e-2, 2.402_264_8e-1, 6.931_472e-1, 1.0];
    let splat = |value| simd.splat_f32s(value);
    let x = simd.max_f32s(simd.min_f32s(x, splat(126.0)), splat(-126.0));
    let rounded = simd.add_f32s(x, splat(ROUNDER));
    let rest = simd.sub_f32s(x, simd.sub_f32s(rounded, splat(ROUNDER)));
    let mut sum = splat(TERMS[0]);
    for term in &TERMS[1..] {
        sum = simd.mul_add_f32s(sum, rest, splat(*term));
    }
    raise(simd, sum, rounded)
}

/// Adds the whole part of a rounded number to the exponent's bits of another.
#[inline(always)]
fn raise<S: Simd>(simd: S, fraction: S::f32s, rounded: S::f32s) -> S::f32s {
    let shifted = simd.wrapping_dyn_shl_u32s(simd.transmute_u32s_f32s(rounded), simd.splat_u32s(23));
    simd.transmute_f32s_u32s(simd.add_u32s(simd.transmute_u32s_f32s(fraction), shifted))
}

/// 1 + exp(−x); where x is large, the last digits of the power are lost in the sum or in nothing.
#[inline(always)]
fn one_and_exp<S: Simd>(simd: S, x: S::f32s) -> S::f32s {
    let power = exp2(simd, simd.mul_f32s(x, simd.splat_f32s(-std::f32::consts::LOG2_E)));
    simd.add_f32s(simd.splat_f32s(1.0), power)
}

/// 1 / (1 + exp(−x)).
#[inline(always)]
pub(crate) fn sigmoid<S: Simd>(simd: S, x: S::f32s) -> S::f32s {
    simd.div_f32s(simd.splat_f32s(1.0), one_and_exp(simd, x))
}

/// x · sigmoid(x).
#[inline(always)]
pub(crate) fn silu<S: Simd>(simd: S, x: S::f32s) -> S::f32s {
    simd.div_f32s(x, one_and_exp(simd, x))
}

/// x · Φ(x) = x / 2 · (1 + erf(x / √2)); the error function after Abramowitz and Stegun 7.1.26, within 2e-7.
#[inline(always)]
pub(crate) fn gelu<S: Simd>(simd: S, x: S::f32s) -> S::f32s {
    const TERMS: [f32; 5] = [1.061_405_4, -1.453_152_1, 1.421_413_8, -0.284_496_72, 0.254_829_6];
    let splat = |value| simd.splat_f32s(value);
    let size = simd.mul_f32s(simd.abs_f32s(x), splat(std::f32::consts::FRAC_1_SQRT_2));
    let t = simd.div_f32s(splat(1.0), simd.mul_add_f32s(size, splat(0.327_591_1), splat(1.0)));
    let mut sum = splat(TERMS[0]);
    for term in &TERMS[1..] {
        sum = simd.mul_add_f32s(sum, t, splat(*term));
    }
    let tail = simd.mul_f32s(simd.mul_f32s(sum, t), exp(simd, simd.neg_f32s(simd.mul_f32s(size, size))));
    // x · Φ(x) = max(x, 0) − |x| / 2 · (1 − erf(|x| / √2)): no cancellation on either side.
    let half = simd.mul_f32s(simd.abs_f32s(x), splat(0.5));
    simd.sub_f32s(simd.max_f32s(x, splat(0.0)), simd.mul_f32s(half, tail))
}

/// How many vectors a tile is wide, so that it fits into the registers.
#[inline(always)]
pub(crate) const fn vectors_across<S: Simd>() -> usize {
    if S::REGISTER_COUNT >= 32 && S::F32_LANES * 4 <= PANEL { 4 } else { 2 }
}

/// Is a tile of sums in registers, [`TILE`] rows by `V` vectors.
pub(crate) type Sums<S, const V: usize> = [[<S as Simd>::f32s; V]; TILE];

/// Adds left · panel to the sums: `left` are rows as long as the panel is deep, `column` is the tile's first in it.
#[inline(always)]
pub(crate) fn multiply<S: Simd, const V: usize>(
    simd: S,
    left: [&[f32]; TILE],
    panel: &[Row],
    column: usize,
    mut sums: Sums<S, V>,
) -> Sums<S, V> {
    let left = left.map(|row| &row[..panel.len()]);
    for at in 0..panel.len() {
        let (vectors, _) = S::as_simd_f32s(&panel[at][column..column + V * S::F32_LANES]);
        for (line, left) in sums.iter_mut().zip(&left) {
            let factor = simd.splat_f32s(left[at]);
            for (sum, vector) in line.iter_mut().zip(vectors) {
                *sum = simd.mul_add_e_f32s(factor, *vector, *sum);
            }
        }
    }
    sums
}
