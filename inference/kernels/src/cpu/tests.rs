//! Every kernel against its scalar twin in f64, at each width of vectors that this CPU has, on any shape.

#![expect(clippy::cast_possible_truncation, reason = "texels are few")]

use proptest::prelude::*;
use pulp::Arch;

use super::lanes::{exp, gelu, sigmoid, silu};
use super::{Cpu, CpuRows};
use crate::device::{Decoder, Device, DeviceError, HEAD, HIGHEST_EXPONENT};
use crate::tensor::Tensor;

/// The portable kernels, and the widest that this CPU has; and the one in between, if there is one.
fn each() -> Vec<Cpu> {
    let mut found = vec![Cpu { arch: Arch::Scalar, ..Cpu::new() }, Cpu::new()];
    #[cfg(target_arch = "x86_64")]
    if let (Arch::V4(_), Some(v3)) = (Arch::new(), pulp::x86::V3::try_new()) {
        found.push(Cpu { arch: Arch::V3(v3), ..Cpu::new() });
    }
    found
}

/// Gives numbers of −1 to 1 that a seed decides.
fn numbers(count: usize, seed: u64) -> Vec<f32> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut number = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        f32::from(u16::try_from(state >> 48).unwrap()) / 32768.0 - 1.0
    };
    (0..count).map(|_| number()).collect()
}

fn tensor(shape: &[usize], seed: u64) -> Tensor {
    Tensor::owned(numbers(shape.iter().product(), seed), shape.to_vec()).unwrap()
}

/// Gives weights that keep the size of what passes through 64 of them.
fn quiet(shape: &[usize], seed: u64) -> Tensor {
    let weights = numbers(shape.iter().product(), seed).iter().map(|x| x * 0.2).collect();
    Tensor::owned(weights, shape.to_vec()).unwrap()
}

fn wide(numbers: &[f32]) -> Vec<f64> {
    numbers.iter().map(|number| f64::from(*number)).collect()
}

/// The largest difference, relative to the twin's root mean square.
#[track_caller]
fn assert_close(found: &[f32], twin: &[f64], limit: f64) {
    assert_eq!(found.len(), twin.len());
    let count = u32::try_from(twin.len().max(1)).unwrap();
    let size = (twin.iter().map(|x| x * x).sum::<f64>() / f64::from(count)).sqrt().max(1e-9);
    let off = found.iter().zip(twin).map(|(found, twin)| (f64::from(*found) - twin).abs()).fold(0.0, f64::max);
    assert!(off / size <= limit, "off by {off} where the numbers are {size}");
}

fn product(input: &[f64], weight: &[f64], bias: &[f64], inner: usize) -> Vec<f64> {
    let mut output = Vec::new();
    for row in input.chunks_exact(inner) {
        for (weight, bias) in weight.chunks_exact(inner).zip(bias) {
            output.push(row.iter().zip(weight).map(|(a, b)| a * b).sum::<f64>() + bias);
        }
    }
    output
}

/// erf by its series, or its continued fraction where that is better: to 1e-12.
fn erf(x: f64) -> f64 {
    if x.abs() > 3.0 {
        let mut fraction = 0.0;
        for step in (1..80).rev() {
            fraction = f64::from(step) / 2.0 / (x.abs() + fraction);
        }
        return x.signum() * (1.0 - (-x * x).exp() / std::f64::consts::PI.sqrt() / (x.abs() + fraction));
    }
    let (mut term, mut sum) = (x, x);
    for step in 1..120 {
        term *= -x * x / f64::from(step);
        sum += term / f64::from(2 * step + 1);
    }
    sum * 2.0 / std::f64::consts::PI.sqrt()
}

fn exact_gelu(x: f64) -> f64 {
    x / 2.0 * (1.0 + erf(x / std::f64::consts::SQRT_2))
}

/// Applies a vector's function to many numbers.
struct Apply<'a>(&'a mut [f32], u8);

impl pulp::WithSimd for Apply<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, simd: S) {
        let (vectors, rest) = S::as_mut_simd_f32s(self.0);
        assert!(rest.is_empty());
        for vector in vectors {
            *vector = match self.1 {
                0 => exp(simd, *vector),
                1 => sigmoid(simd, *vector),
                2 => silu(simd, *vector),
                _ => gelu(simd, *vector),
            };
        }
    }
}

#[test]
fn the_functions_of_a_vector_are_right_to_the_last_digits_and_bounded_beyond() {
    let places: Vec<f32> = numbers(1 << 14, 5).iter().map(|x| x * 30.0).collect();
    for cpu in each() {
        for (function, twin) in
            [f64::exp, |x: f64| 1.0 / (1.0 + (-x).exp()), |x: f64| x / (1.0 + (-x).exp()), exact_gelu]
                .iter()
                .enumerate()
        {
            let mut found = places.clone();
            cpu.arch.dispatch(Apply(&mut found, u8::try_from(function).unwrap()));
            for (found, place) in found.iter().zip(&places) {
                let wanted = twin(f64::from(*place));
                let off = (f64::from(*found) - wanted).abs();
                assert!(
                    off <= 3e-7 * wanted.abs() + 4e-7 * f64::from(place.abs().min(8.0)),
                    "{place}: {found}, not {wanted}"
                );
            }
        }
        let mut ends = [f32::INFINITY, f32::NEG_INFINITY, 1e30, -1e30, 0.0, -0.0, 88.0, -87.0].repeat(2);
        cpu.arch.dispatch(Apply(&mut ends, 0));
        assert!(ends.iter().all(|end| end.is_finite() && *end >= 0.0), "{ends:?}");
        assert!(ends[1] < 1e-37 && (ends[4] - 1.0).abs() < 1e-7);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_product_is_its_twin(rows in 1_usize..40, inner in 1_usize..70, outer in 1_usize..70, seed: u64) {
        let (weight, bias) = (tensor(&[outer, inner], seed ^ 1), tensor(&[outer], seed ^ 2));
        let (input, before) = (numbers(rows * inner, seed), numbers(rows * outer, seed ^ 3));
        let twin = product(&wide(&input), &wide(weight.values()), &wide(bias.values()), inner);
        let cpu = Cpu::new();
        let input = cpu.rows(&input, inner).unwrap();
        assert_close(&cpu.linear(&input, &weight, Some(&bias)).unwrap().values, &twin, 1e-5);
        let mut sum = cpu.rows(&before, outer).unwrap();
        cpu.linear_onto(&input, &weight, Some(&bias), &mut sum).unwrap();
        let twin: Vec<f64> = twin.iter().zip(&before).map(|(a, b)| a + f64::from(*b)).collect();
        assert_close(&sum.values, &twin, 1e-5);
    }

    #[test]
    fn attention_is_its_twin(heads in 1_usize..4, queries in 1_usize..120, keys in 1_usize..600, loud in 1_u8..40, seed: u64) {
        let columns = heads * HEAD;
        let scaled = |count, seed| numbers(count * columns, seed).iter().map(|x| x * f32::from(loud)).collect::<Vec<_>>();
        let (query, key, value) = (scaled(queries, seed), numbers(keys * columns, seed ^ 1), scaled(keys, seed ^ 2));
        let mut twin = vec![0.0; queries * columns];
        for head in 0..heads {
            let part = |rows: &[f32], row: usize| wide(&rows[row * columns + head * HEAD..][..HEAD]);
            for row in 0..queries {
                let query = part(&query, row);
                let score = |at| part(&key, at).iter().zip(&query).map(|(a, b)| a * b).sum::<f64>() / 8.0;
                let scores: Vec<f64> = (0..keys).map(score).collect();
                let highest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                let sum: f64 = scores.iter().map(|score| (score - highest).exp()).sum();
                for (at, score) in scores.iter().enumerate() {
                    let weight = (score - highest).exp() / sum;
                    for (number, value) in part(&value, at).iter().enumerate() {
                        twin[row * columns + head * HEAD + number] += weight * value;
                    }
                }
            }
        }
        for cpu in each() {
            let [query, key, value] = [&query, &key, &value].map(|rows| cpu.rows(rows, columns).unwrap());
            assert_close(&cpu.attention(&query, &key, &value).unwrap().values, &twin, 2e-5);
        }
    }

    #[test]
    fn operations_on_rows_are_their_twins(rows in 1_usize..70, blocks in 1_usize..4, seed: u64) {
        let columns = blocks * HEAD;
        let input: Vec<f32> = numbers(rows * columns * 2, seed).iter().map(|x| x * 5.0 + 1.0).collect();
        let (gain, bias) = (tensor(&[columns], seed ^ 1), tensor(&[columns], seed ^ 2));
        let mut normal = Vec::new();
        for row in wide(&input).chunks_exact(columns) {
            let count = f64::from(u32::try_from(columns).unwrap());
            let mean = row.iter().sum::<f64>() / count;
            let factor = 1.0 / (row.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / count + 1e-5).sqrt();
            let line = row.iter().zip(gain.values()).zip(bias.values());
            normal.extend(line.map(|((x, gain), bias)| (x - mean) * factor * f64::from(*gain) + f64::from(*bias)));
        }
        let wide_bias = tensor(&[columns * 2], seed ^ 4);
        let added = wide(wide_bias.values());
        let gated: Vec<f64> = wide(&input)
            .chunks_exact(columns * 2)
            .flat_map(|row| (0..columns).map(|at| (row[at] + added[at]) * exact_gelu(row[columns + at] + added[columns + at])).collect::<Vec<_>>())
            .collect();
        let smooth: Vec<f64> = wide(&input).iter().map(|x| exact_gelu(*x)).collect();
        for cpu in each() {
            let narrow = cpu.rows(&input, columns).unwrap();
            assert_close(&cpu.layer_norm(&narrow, &gain, &bias, 1e-5).unwrap().values, &normal, 3e-6);
            assert_close(&cpu.geglu(&cpu.rows(&input, columns * 2).unwrap(), &wide_bias).unwrap().values, &gated, 1e-6);
            let mut all = narrow;
            cpu.gelu(&mut all).unwrap();
            assert_close(&all.values, &smooth, 1e-6);
        }
    }

    #[test]
    fn a_field_is_its_twin(side in 1_usize..6, channels in 1_usize..9, hidden in 0_usize..4, count in 1_usize..230, seed: u64) {
        let layers = |at: usize| [[3 * channels, HEAD], [HEAD, HEAD], [HEAD, 4]][if at == 0 { 0 } else if at > hidden { 2 } else { 1 }];
        let layers: Vec<(Tensor, Tensor)> = (0..hidden + 2)
            .map(|at| (quiet(&[layers(at)[1], layers(at)[0]], seed ^ 7 ^ u64::try_from(at).unwrap()), tensor(&[layers(at)[1]], seed ^ 0x63)))
            .collect();
        let decoder = Decoder { layers, density_bias: -1.0 };
        let planes = numbers(3 * side * side * channels, seed);
        let points: Vec<[f32; 3]> = numbers(count * 3, seed ^ 5).as_chunks::<3>().0.iter().map(|point| point.map(|x| x * 1.3)).collect();
        let twin: Vec<f64> = points.iter().flat_map(|point| field(&planes, side, channels, &decoder, *point)).collect();
        let resolution = 2 + count % 7;
        let step = 2.0 / super::real(resolution - 1);
        let node = |node: usize| [node / resolution / resolution, node / resolution % resolution, node % resolution];
        let nodes: Vec<[usize; 3]> = (0..resolution.pow(3)).map(node).collect();
        let at_nodes: Vec<f64> = nodes
            .iter()
            .map(|node| field(&planes, side, channels, &decoder, node.map(|part| super::real(part) * step - 1.0))[0])
            .collect();
        for cpu in each() {
            let rows = cpu.rows(&planes, channels).unwrap();
            let field = cpu.field(&rows, &decoder).unwrap();
            let mut samples = vec![[0.0; 4]; count];
            cpu.sample(&field, &points, &mut samples).unwrap();
            assert_close(samples.as_flattened(), &twin, 1e-3);
            let lattice = cpu.lattice(&field, resolution).unwrap();
            let all = cpu.all_densities(&lattice).unwrap();
            assert_close(&all, &at_nodes, 1e-3);
            let mut some = vec![0.0; nodes.len()];
            cpu.densities(&lattice, &nodes, &mut some).unwrap();
            prop_assert_eq!(some, all);
        }
    }
}

/// Density and colour at one point, the long way round: sampled features through every layer.
fn field(planes: &[f32], side: usize, channels: usize, decoder: &Decoder, point: [f32; 3]) -> [f64; 4] {
    let edge = i64::try_from(side).unwrap();
    let mut numbers = Vec::new();
    for (plane, [across, down]) in [[0, 1], [0, 2], [1, 2]].iter().enumerate() {
        let [x, y] =
            [point[*across], point[*down]].map(|at| (f64::from(at) + 1.0) * f64::from(super::real(side)) / 2.0 - 0.5);
        let mut texel = vec![0.0; channels];
        for (row, weight_down) in [(y.floor(), 1.0 - (y - y.floor())), (y.floor() + 1.0, y - y.floor())] {
            for (column, weight_across) in [(x.floor(), 1.0 - (x - x.floor())), (x.floor() + 1.0, x - x.floor())] {
                let (row, column) = (row as i64, column as i64);
                if (0..edge).contains(&row) && (0..edge).contains(&column) {
                    let place = plane * side * side + usize::try_from(row * edge + column).unwrap();
                    for (number, part) in texel.iter_mut().zip(&planes[place * channels..(place + 1) * channels]) {
                        *number += weight_down * weight_across * f64::from(*part);
                    }
                }
            }
        }
        numbers.extend(texel);
    }
    let last = decoder.layers.len() - 1;
    for (at, (weight, bias)) in decoder.layers.iter().enumerate() {
        numbers = product(&numbers, &wide(weight.values()), &wide(bias.values()), numbers.len());
        if at < last {
            for number in &mut numbers {
                *number /= 1.0 + (-*number).exp();
            }
        }
    }
    let density = (numbers[0] + f64::from(decoder.density_bias)).min(f64::from(HIGHEST_EXPONENT)).exp();
    let colour = |at: usize| 1.0 / (1.0 + (-numbers[at]).exp());
    [density, colour(1), colour(2), colour(3)]
}

#[test]
fn the_same_numbers_come_from_one_thread_and_from_many() {
    let (input, weight) = (numbers(300 * 320, 3), tensor(&[256, 320], 4));
    let run = || {
        let cpu = Cpu::new();
        let rows = cpu.rows(&input, 320).unwrap();
        let product = cpu.linear(&rows, &weight, None).unwrap();
        let seen = cpu.attention(&product, &product, &product).unwrap();
        (product.values.to_vec(), seen.values.to_vec())
    };
    let pool = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let alone: (Vec<f32>, Vec<f32>) = pool(1).install(run);
    for threads in [2, 3, 7] {
        assert_eq!(pool(threads).install(run), alone, "{threads} threads");
    }
}

#[test]
fn memory_that_there_is_not_is_an_answer() {
    let cpu = Cpu::new();
    let decoder = Decoder {
        layers: vec![(tensor(&[HEAD, 3], 1), tensor(&[HEAD], 2)), (tensor(&[4, HEAD], 3), tensor(&[4], 4))],
        density_bias: 0.0,
    };
    let field = cpu.field(&cpu.rows(&[1.0; 3], 1).unwrap(), &decoder).unwrap();
    // 2⁵⁰ nodes of a plane, 256 bytes each.
    let said = cpu.lattice(&field, 1 << 25).err().unwrap();
    assert_eq!(said, DeviceError::Memory { device: "the CPU", bytes: 1 << 58 });
}

#[test]
fn shapes_that_do_not_fit_are_named() {
    let cpu = Cpu::new();
    let rows = cpu.rows(&numbers(128 * 2, 1), 128).unwrap();
    let refused = |result: Result<CpuRows, DeviceError>| result.unwrap_err().to_string();
    assert_eq!(refused(cpu.rows(&[0.0; 5], 2)), "rows: 5 numbers in rows of 2");
    assert_eq!(refused(cpu.linear(&rows, &tensor(&[4, 64], 1), None)), "linear: rows of 128 times [4, 64]");
    assert_eq!(
        refused(cpu.layer_norm(&rows, &tensor(&[64], 1), &tensor(&[64], 1), 1e-5)),
        "layer_norm: [64] and [64] for rows of 128"
    );
    assert!(refused(cpu.attention(&rows, &rows, &cpu.rows(&[0.0; 128], 128).unwrap())).starts_with("attention: query"));
    assert_eq!(
        refused(cpu.geglu(&cpu.rows(&[0.0; 64], 64).unwrap(), &tensor(&[64], 1))),
        "geglu: rows of 64 and [64]; a multiple of 128"
    );
}
