//! Attention without its matrix of scores: keys in blocks, with the softmax corrected as they come.

use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

use super::lanes::{PANEL, Row, Sums, TILE, exp2, multiply, vectors_across};
use crate::device::HEAD;

/// Query rows of one job.
const ROWS: usize = 96;

/// Keys of one block: with their values they fill an eighth of a usual second-level cache.
const KEYS: usize = 256;

/// 1 / √64, and the step from powers of e to powers of 2.
const SCALE: f32 = 0.125 * std::f32::consts::LOG2_E;

/// Is one head's keys and values, as the tile wants them.
struct Head {
    /// Blocks of 64 keys, each `[64 numbers, 64 keys]`; keys beyond the last are zero.
    keys: Vec<Row>,
    /// `[keys, 64]`, as many as `keys` has.
    values: Vec<Row>,
}

/// Writes softmax(query · keyᵀ / 8) · value of each head into `output`, which is as large as `query`.
///
/// `query` is `[_, columns]`, `key` and `value` are `[count, columns]` with `count` ≥ 1; `columns` is a multiple of 64.
pub(crate) fn attention(arch: Arch, [query, key, value]: [&[f32]; 3], output: &mut [f32], columns: usize) {
    let count = key.len() / columns;
    let heads: Vec<Head> =
        (0..columns / HEAD).into_par_iter().map(|head| Head::pack(key, value, columns, head, count)).collect();
    output.par_chunks_mut(ROWS * columns).zip(query.par_chunks(ROWS * columns)).for_each(|(output, query)| {
        let parts: Vec<Vec<Row>> = heads
            .par_iter()
            .enumerate()
            .map(|(number, head)| {
                let rows = query.chunks_exact(columns).map(|row| scaled(&row[number * HEAD..(number + 1) * HEAD]));
                arch.dispatch(Job { query: whole_tiles(rows), head, count })
            })
            .collect();
        for (row, output) in output.chunks_exact_mut(columns).enumerate() {
            for (part, output) in parts.iter().zip(output.chunks_exact_mut(HEAD)) {
                output.copy_from_slice(&part[row]);
            }
        }
    });
}

fn scaled(row: &[f32]) -> Row {
    let mut scaled = [0.0; HEAD];
    for (scaled, number) in scaled.iter_mut().zip(row) {
        *scaled = number * SCALE;
    }
    scaled
}

/// Fills the last tile with rows of zeros.
fn whole_tiles(rows: impl Iterator<Item = Row>) -> Vec<Row> {
    let mut rows: Vec<Row> = rows.collect();
    rows.resize(rows.len().next_multiple_of(TILE), [0.0; PANEL]);
    rows
}

impl Head {
    fn pack(key: &[f32], value: &[f32], columns: usize, head: usize, count: usize) -> Self {
        let part = head * HEAD..(head + 1) * HEAD;
        let mut keys = vec![[0.0; PANEL]; count.next_multiple_of(PANEL)];
        let mut values = keys.clone();
        for (at, (key, value)) in key.chunks_exact(columns).zip(value.chunks_exact(columns)).enumerate() {
            let first = at / PANEL * PANEL;
            for (number, key) in key[part.clone()].iter().enumerate() {
                keys[first + number][at % PANEL] = *key;
            }
            values[at].copy_from_slice(&value[part.clone()]);
        }
        Self { keys, values }
    }
}

/// Is a few query rows against all keys of a head.
struct Job<'a> {
    query: Vec<Row>,
    head: &'a Head,
    count: usize,
}

impl WithSimd for Job<'_> {
    type Output = Vec<Row>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Vec<Row> {
        if vectors_across::<S>() == 4 { self.run::<S, 4>(simd) } else { self.run::<S, 2>(simd) }
    }
}

/// Is what is known of a row after some keys: the highest score, and the sum of 2^(score − highest), still in the parts
/// of a vector.
#[derive(Clone, Copy)]
struct Seen<S: Simd> {
    highest: f32,
    sums: S::f32s,
}

impl Job<'_> {
    #[inline(always)]
    fn run<S: Simd, const V: usize>(self, simd: S) -> Vec<Row> {
        let mut output = vec![[0.0; PANEL]; self.query.len()];
        let mut seen = vec![Seen::<S> { highest: f32::NEG_INFINITY, sums: simd.splat_f32s(0.0) }; self.query.len()];
        let mut scores = [[0.0; KEYS]; TILE];
        let blocks = self.head.keys.chunks(KEYS).zip(self.head.values.chunks(KEYS)).enumerate();
        for (block, (keys, values)) in blocks {
            let real = (self.count - block * KEYS).min(KEYS);
            let tiles = self.query.chunks_exact(TILE).zip(output.chunks_exact_mut(TILE));
            for ((query, output), seen) in tiles.zip(seen.chunks_exact_mut(TILE)) {
                score::<S, V>(simd, query, keys, &mut scores);
                for row in 0..TILE {
                    let shrink = weigh(simd, &mut scores[row][..keys.len()], real, &mut seen[row]);
                    scale_row(simd, &mut output[row], shrink);
                }
                blend::<S, V>(simd, &scores, values, output);
            }
        }
        for (output, seen) in output.iter_mut().zip(&seen) {
            scale_row(simd, output, simd.splat_f32s(1.0 / simd.reduce_sum_f32s(seen.sums)));
        }
        output
    }
}

/// scores = query · keysᵀ.
#[inline(always)]
fn score<S: Simd, const V: usize>(simd: S, query: &[Row], keys: &[Row], scores: &mut [[f32; KEYS]; TILE]) {
    let query: [&[f32]; TILE] = std::array::from_fn(|row| &query[row][..]);
    for (panel, keys) in keys.chunks_exact(PANEL).enumerate() {
        for column in (0..PANEL).step_by(V * S::F32_LANES) {
            let sums: Sums<S, V> = multiply(simd, query, keys, column, [[simd.splat_f32s(0.0); V]; TILE]);
            for (line, scores) in sums.iter().zip(scores.iter_mut()) {
                let first = panel * PANEL + column;
                let (place, _) = S::as_mut_simd_f32s(&mut scores[first..first + V * S::F32_LANES]);
                for (place, sum) in place.iter_mut().zip(line) {
                    *place = *sum;
                }
            }
        }
    }
}

/// Turns the scores of a row into weights relative to the highest one so far, and says by how much what was summed
/// before shrinks. Scores from `real` on belong to no key.
#[inline(always)]
fn weigh<S: Simd>(simd: S, scores: &mut [f32], real: usize, seen: &mut Seen<S>) -> S::f32s {
    for score in &mut scores[real..] {
        *score = f32::NEG_INFINITY;
    }
    let (vectors, _) = S::as_mut_simd_f32s(scores);
    let mut highest = simd.splat_f32s(seen.highest);
    for vector in vectors.iter() {
        highest = simd.max_f32s(highest, *vector);
    }
    let highest = simd.reduce_max_f32s(highest);
    let middle = simd.splat_f32s(highest);
    // Two sums: each addition waits for the one before.
    let mut sums = [simd.splat_f32s(0.0); 2];
    let (pairs, _) = vectors.as_chunks_mut::<2>();
    for pair in pairs {
        for (vector, sum) in pair.iter_mut().zip(&mut sums) {
            *vector = exp2(simd, simd.sub_f32s(*vector, middle));
            *sum = simd.add_f32s(*sum, *vector);
        }
    }
    let shrink = exp2(simd, simd.splat_f32s(seen.highest - highest));
    let sums = simd.mul_add_f32s(seen.sums, shrink, simd.add_f32s(sums[0], sums[1]));
    *seen = Seen { highest, sums };
    shrink
}

#[inline(always)]
fn scale_row<S: Simd>(simd: S, row: &mut Row, factor: S::f32s) {
    let (vectors, _) = S::as_mut_simd_f32s(row);
    for vector in vectors {
        *vector = simd.mul_f32s(*vector, factor);
    }
}

/// output += weights · values.
#[inline(always)]
fn blend<S: Simd, const V: usize>(simd: S, weights: &[[f32; KEYS]; TILE], values: &[Row], output: &mut [Row]) {
    let weights: [&[f32]; TILE] = std::array::from_fn(|row| &weights[row][..]);
    for column in (0..PANEL).step_by(V * S::F32_LANES) {
        let mut sums: Sums<S, V> = [[simd.splat_f32s(0.0); V]; TILE];
        for (line, output) in sums.iter_mut().zip(output.iter()) {
            let (before, _) = S::as_simd_f32s(&output[column..column + V * S::F32_LANES]);
            for (sum, before) in line.iter_mut().zip(before) {
                *sum = *before;
            }
        }
        let sums = multiply(simd, weights, values, column, sums);
        for (line, output) in sums.iter().zip(output.iter_mut()) {
            let (place, _) = S::as_mut_simd_f32s(&mut output[column..column + V * S::F32_LANES]);
            for (place, sum) in place.iter_mut().zip(line) {
                *place = *sum;
            }
        }
    }
}
