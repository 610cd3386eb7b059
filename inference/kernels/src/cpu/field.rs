//! A field of three planes: density and colour of any point, through a small perceptron.
//!
//! The first layer is linear in the sampled features, so each texel is multiplied with it once and the products are
//! sampled instead; on a grid, where two coordinates decide each sample, even the sampling is done once.

use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

use super::lanes::{PANEL, Row, Sums, TILE, exp, multiply, sigmoid, silu, vectors_across};
use super::linear::product;
use super::{floor, real};
use crate::device::{Decoder, DeviceError, HIGHEST_EXPONENT, NEURONS};
use crate::room;

/// Points of one group: their numbers and a layer's weights stay in the first-level cache.
const GROUP: usize = 96;

/// Points of one job: enough groups that dividing the work costs nothing.
const JOB: usize = GROUP * 16;

/// The coordinates that each plane is laid over.
const PLANES: [[usize; 2]; 3] = [[0, 1], [0, 2], [1, 2]];

/// Is a field on the CPU.
pub struct CpuField {
    perceptron: Perceptron,
    /// The texels of each plane times the first layer, `[side · side, 64]`.
    planes: [Vec<Row>; 3],
    side: usize,
}

/// Is a field at the nodes of one grid.
pub struct CpuLattice {
    perceptron: Perceptron,
    /// The sampled planes, `[resolution · resolution, 64]`: the first coordinate, then the second; the first plane's
    /// rows have the first layer's bias.
    planes: [Vec<Row>; 3],
    resolution: usize,
}

/// Is what follows the first layer's product.
#[derive(Clone)]
struct Perceptron {
    /// The first layer's bias.
    first: Row,
    /// `[in, out]` and bias of each hidden layer.
    hidden: Vec<(Vec<Row>, Row)>,
    /// `[out, in]` and bias of the last layer.
    last: ([Row; 4], [f32; 4]),
    density_bias: f32,
}

impl CpuField {
    /// Multiplies the texels of three planes `[3 · side · side, channels]` with the first layer.
    pub(crate) fn new(planes: &[f32], channels: usize, decoder: &Decoder) -> Result<Self, DeviceError> {
        let shape = |found: String| DeviceError::Shape { operation: "field", found };
        let texels = planes.len() / (3 * channels);
        let side = texels.isqrt();
        if side == 0 || side * side * 3 * channels != planes.len() {
            return Err(shape(format!("{} numbers are not three square planes of {channels} channels", planes.len())));
        }
        let perceptron = Perceptron::read(decoder, channels)?;
        let [first, ..] = &decoder.layers[..] else { return Err(shape("no layer".into())) };
        let mut tables = [const { Vec::new() }; 3];
        for (plane, table) in tables.iter_mut().enumerate() {
            let weights = first.0.values().chunks_exact(3 * channels);
            let slice: Vec<f32> =
                weights.flat_map(|row| &row[plane * channels..(plane + 1) * channels]).copied().collect();
            *table = room(texels, [0.0; PANEL])?;
            let texels_of_plane = &planes[plane * texels * channels..(plane + 1) * texels * channels];
            product(texels_of_plane, &slice, table.as_flattened_mut(), [texels, channels, NEURONS], false);
        }
        Ok(Self { perceptron, planes: tables, side })
    }

    /// Samples the planes at the nodes of a grid from −1 to 1.
    pub(crate) fn lattice(&self, resolution: usize) -> Result<CpuLattice, DeviceError> {
        if resolution < 2 {
            let found = format!("a grid of {resolution} nodes a side; at least 2");
            return Err(DeviceError::Shape { operation: "lattice", found });
        }
        let place = |node: usize| real(node) / real(resolution - 1) * 2.0 - 1.0;
        let mut planes = [const { Vec::new() }; 3];
        for (number, plane) in planes.iter_mut().enumerate() {
            *plane = room(resolution * resolution, if number == 0 { self.perceptron.first } else { [0.0; PANEL] })?;
            plane.par_chunks_mut(resolution).enumerate().for_each(|(first, rows)| {
                for (second, row) in rows.iter_mut().enumerate() {
                    self.add_sample(number, [place(first), place(second)], row);
                }
            });
        }
        Ok(CpuLattice { perceptron: self.perceptron.clone(), planes, resolution })
    }

    /// Writes density, red, green and blue at each point.
    pub(crate) fn sample(&self, arch: Arch, points: &[[f32; 3]], samples: &mut [[f32; 4]]) {
        samples.par_chunks_mut(JOB).zip(points.par_chunks(JOB)).for_each(|(samples, points)| {
            let mut rows = vec![[0.0; PANEL]; GROUP];
            for (samples, points) in samples.chunks_mut(GROUP).zip(points.chunks(GROUP)) {
                for (row, point) in rows.iter_mut().zip(points) {
                    *row = self.perceptron.first;
                    for (plane, [first, second]) in PLANES.iter().enumerate() {
                        self.add_sample(plane, [point[*first], point[*second]], row);
                    }
                }
                arch.dispatch(Points { perceptron: &self.perceptron, rows: &mut rows, samples });
            }
        });
    }

    /// Adds the bilinear sample of a plane at two coordinates; texels are areas, and beyond the border all is zero.
    fn add_sample(&self, plane: usize, [first, second]: [f32; 2], row: &mut Row) {
        let [(left, right), (above, below)] = [first, second].map(|coordinate| self.texels(coordinate));
        for (line, weight_down) in [above, below] {
            for (column, weight_across) in [left, right] {
                let weight = weight_down * weight_across;
                let texel = line.zip(column).map(|(line, column)| &self.planes[plane][line * self.side + column]);
                for (number, texel) in row.iter_mut().zip(texel.into_iter().flatten()) {
                    *number += weight * texel;
                }
            }
        }
    }

    /// The two texels that a coordinate lies between, nothing for one beyond the border, and their weights.
    fn texels(&self, coordinate: f32) -> ((Option<usize>, f32), (Option<usize>, f32)) {
        let side = real(self.side);
        // One more, so that the texel before the first is number 0; far away is as good as just beyond.
        let place = ((coordinate + 1.0) * side / 2.0 + 0.5).clamp(0.0, side + 1.0);
        let whole = floor(place);
        let share = place - real(whole);
        let texel = |number: usize| number.checked_sub(1).filter(|number| *number < self.side);
        ((texel(whole), 1.0 - share), (texel(whole + 1), share))
    }
}

impl CpuLattice {
    /// Writes the density at each node.
    pub(crate) fn densities(&self, arch: Arch, nodes: &[[usize; 3]], densities: &mut [f32]) {
        densities.par_chunks_mut(JOB).zip(nodes.par_chunks(JOB)).for_each(|(densities, nodes)| {
            let mut rows = vec![[0.0; PANEL]; GROUP];
            for (densities, nodes) in densities.chunks_mut(GROUP).zip(nodes.chunks(GROUP)) {
                let parts = nodes.iter().map(|[x, y, z]| self.parts([*x, *y, *z]));
                arch.dispatch(Nodes { perceptron: &self.perceptron, parts, rows: &mut rows, densities });
            }
        });
    }

    /// Gives the density at all nodes, z fastest.
    pub(crate) fn all_densities(&self, arch: Arch) -> Result<Vec<f32>, DeviceError> {
        let side = self.resolution;
        let mut densities = room(side * side * side, 0.0)?;
        densities.par_chunks_mut(side * side).enumerate().for_each(|(x, layer)| {
            let mut rows = vec![[0.0; PANEL]; GROUP];
            for (group, densities) in layer.chunks_mut(GROUP).enumerate() {
                let first = group * GROUP;
                let parts = (first..first + densities.len()).map(|at| self.parts([x, at / side, at % side]));
                arch.dispatch(Nodes { perceptron: &self.perceptron, parts, rows: &mut rows, densities });
            }
        });
        Ok(densities)
    }

    /// Gives the nodes along each axis.
    pub(crate) fn resolution(&self) -> usize {
        self.resolution
    }

    fn parts(&self, [x, y, z]: [usize; 3]) -> [&Row; 3] {
        let side = self.resolution;
        [&self.planes[0][x * side + y], &self.planes[1][x * side + z], &self.planes[2][y * side + z]]
    }
}

impl Perceptron {
    fn read(decoder: &Decoder, channels: usize) -> Result<Self, DeviceError> {
        let [first, hidden @ .., last] = decoder.checked(channels)? else {
            return Err(DeviceError::Shape { operation: "decoder", found: "no layer".into() });
        };
        let row = |numbers: &[f32]| {
            let mut row = [0.0; PANEL];
            row.copy_from_slice(numbers);
            row
        };
        let turned = |weight: &[f32]| {
            let input = |input: usize| std::array::from_fn(|output| weight[output * NEURONS + input]);
            (0..NEURONS).map(input).collect()
        };
        let rows = last.0.values().as_chunks::<PANEL>().0;
        Ok(Self {
            first: row(first.1.values()),
            hidden: hidden.iter().map(|(weight, bias)| (turned(weight.values()), row(bias.values()))).collect(),
            last: (std::array::from_fn(|output| rows[output]), std::array::from_fn(|output| last.1.values()[output])),
            density_bias: decoder.density_bias,
        })
    }

    /// The first `SiLU` and all hidden layers, in place; rows beyond `count` hold anything.
    #[inline(always)]
    fn hidden<S: Simd>(&self, simd: S, rows: &mut [Row], count: usize) {
        if vectors_across::<S>() == 4 {
            self.hidden_across::<S, 4>(simd, rows, count);
        } else {
            self.hidden_across::<S, 2>(simd, rows, count);
        }
    }

    #[inline(always)]
    fn hidden_across<S: Simd, const V: usize>(&self, simd: S, rows: &mut [Row], count: usize) {
        let tiles = count.next_multiple_of(TILE);
        for row in &mut rows[..count] {
            let (vectors, _) = S::as_mut_simd_f32s(row);
            for vector in vectors {
                *vector = silu(simd, *vector);
            }
        }
        for (weights, bias) in &self.hidden {
            for tile in rows[..tiles].chunks_exact_mut(TILE) {
                let before: [Row; TILE] = std::array::from_fn(|row| tile[row]);
                let left: [&[f32]; TILE] = std::array::from_fn(|row| &before[row][..]);
                for column in (0..PANEL).step_by(V * S::F32_LANES) {
                    let (bias, _) = S::as_simd_f32s(&bias[column..column + V * S::F32_LANES]);
                    let sums: Sums<S, V> = [std::array::from_fn(|vector| bias[vector]); TILE];
                    let sums = multiply(simd, left, weights, column, sums);
                    for (line, row) in sums.iter().zip(tile.iter_mut()) {
                        let (place, _) = S::as_mut_simd_f32s(&mut row[column..column + V * S::F32_LANES]);
                        for (place, sum) in place.iter_mut().zip(line) {
                            *place = silu(simd, *sum);
                        }
                    }
                }
            }
        }
    }

    /// One output of the last layer.
    #[inline(always)]
    fn last<S: Simd>(&self, simd: S, row: &Row, output: usize) -> f32 {
        let ((row, _), (weights, _)) = (S::as_simd_f32s(row), S::as_simd_f32s(&self.last.0[output]));
        let mut sum = simd.splat_f32s(0.0);
        for (number, weight) in row.iter().zip(weights) {
            sum = simd.mul_add_f32s(*number, *weight, sum);
        }
        simd.reduce_sum_f32s(sum) + self.last.1[output]
    }
}

/// Is the density of a group of nodes.
struct Nodes<'a, P> {
    perceptron: &'a Perceptron,
    parts: P,
    rows: &'a mut [Row],
    densities: &'a mut [f32],
}

impl<'a, P: Iterator<Item = [&'a Row; 3]>> WithSimd for Nodes<'a, P> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        for (row, parts) in self.rows.iter_mut().zip(self.parts) {
            let [a, b, c] = parts.map(|part| S::as_simd_f32s(part).0);
            let (row, _) = S::as_mut_simd_f32s(row);
            for (((number, a), b), c) in row.iter_mut().zip(a).zip(b).zip(c) {
                *number = simd.add_f32s(simd.add_f32s(*a, *b), *c);
            }
        }
        self.perceptron.hidden(simd, self.rows, self.densities.len());
        for (density, row) in self.densities.iter_mut().zip(self.rows.iter()) {
            *density = self.perceptron.last(simd, row, 0);
        }
        densify(simd, self.densities, self.perceptron.density_bias);
    }
}

/// Makes each number exp(min(number + bias, highest)).
#[inline(always)]
fn densify<S: Simd>(simd: S, numbers: &mut [f32], bias: f32) {
    let (bias, highest) = (simd.splat_f32s(bias), simd.splat_f32s(HIGHEST_EXPONENT));
    let density = |number| exp(simd, simd.min_f32s(simd.add_f32s(number, bias), highest));
    let (vectors, rest) = S::as_mut_simd_f32s(numbers);
    for vector in vectors {
        *vector = density(*vector);
    }
    let last = density(simd.partial_load_f32s(rest));
    simd.partial_store_f32s(rest, last);
}

/// Is the density and the colour of a group of points whose rows hold the first layer.
struct Points<'a> {
    perceptron: &'a Perceptron,
    rows: &'a mut [Row],
    samples: &'a mut [[f32; 4]],
}

impl WithSimd for Points<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        self.perceptron.hidden(simd, self.rows, self.samples.len());
        let mut densities = [0.0; GROUP];
        for ((sample, density), row) in self.samples.iter_mut().zip(&mut densities).zip(self.rows.iter()) {
            for (output, number) in sample.iter_mut().enumerate() {
                *number = self.perceptron.last(simd, row, output);
            }
            *density = sample[0];
        }
        densify(simd, &mut densities, self.perceptron.density_bias);
        let (vectors, rest) = S::as_mut_simd_f32s(self.samples.as_flattened_mut());
        for vector in vectors {
            *vector = sigmoid(simd, *vector);
        }
        let last = sigmoid(simd, simd.partial_load_f32s(rest));
        simd.partial_store_f32s(rest, last);
        for (sample, density) in self.samples.iter_mut().zip(densities) {
            sample[0] = density;
        }
    }
}
