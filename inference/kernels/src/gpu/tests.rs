//! The whole device next to the CPU, on the emulated machine: same graphs, same numbers. What this cannot show, that
//! the real card and cuBLASLt do as their documentation says, `Gpu::check` shows wherever there is one.

use proptest::prelude::*;
use sha2::{Digest, Sha256};

use super::emulated::Emulated;
use super::machine::KERNELS;
use super::{Gpu, Precision};
use crate::cpu::Cpu;
use crate::device::{Decoder, Device, HEAD, NEURONS};
use crate::tensor::Tensor;

fn gpu(precision: Precision) -> Gpu<Emulated> {
    Gpu::new(Emulated::new(), precision)
}

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
    let quiet = numbers(shape.iter().product(), seed).iter().map(|x| x * 0.2).collect();
    Tensor::owned(quiet, shape.to_vec()).unwrap()
}

#[track_caller]
fn assert_close(name: &str, found: &[f32], wanted: &[f32], limit: f32) {
    assert_eq!(found.len(), wanted.len(), "{name}");
    let size = wanted.iter().fold(1e-6, |size: f32, number| size.max(number.abs()));
    for (at, (found, wanted)) in found.iter().zip(wanted).enumerate() {
        // Not `>`: what is not a number is not close.
        assert!((found - wanted).abs() <= limit * size, "{name}: number {at} is {found}, not {wanted}, of {size}");
    }
}

/// A layer of a network with every operation on rows, so that what one gives is what the next takes.
fn layer<D: Device>(device: &D, [count, context, heads]: [usize; 3], seed: u64) -> Vec<(&'static str, Vec<f32>)> {
    let columns = heads * HEAD;
    let weight = |shape: &[usize], at: u64| device.weight(&tensor(shape, seed ^ at)).unwrap();
    let (gain, bias) = (weight(&[columns], 1), weight(&[columns], 2));
    let mut found = Vec::new();
    let start = device.rows(&numbers(count * columns, seed), columns).unwrap();
    let tokens = device.rows(&numbers(context * HEAD, seed ^ 3), HEAD).unwrap();
    let mut rows = device.copy(&start).unwrap();
    let normal = device.layer_norm(&rows, &gain, &bias, 1e-5).unwrap();
    found.push(("normal", device.read(&normal).unwrap()));
    let query = device.linear(&normal, &weight(&[columns, columns], 4), None).unwrap();
    let key = device.linear(&tokens, &weight(&[columns, HEAD], 5), None).unwrap();
    let value = device.linear(&tokens, &weight(&[columns, HEAD], 6), Some(&bias)).unwrap();
    found.push(("value", device.read(&value).unwrap()));
    let mixed = device.attention(&query, &key, &value).unwrap();
    found.push(("mixed", device.read(&mixed).unwrap()));
    device.linear_onto(&mixed, &weight(&[columns, columns], 7), Some(&bias), &mut rows).unwrap();
    found.push(("added", device.read(&rows).unwrap()));
    let wide = device.linear(&normal, &weight(&[2 * columns, columns], 8), None).unwrap();
    let wide = device.geglu(&wide, &weight(&[2 * columns], 9)).unwrap();
    device.linear_onto(&wide, &weight(&[columns, columns], 10), None, &mut rows).unwrap();
    found.push(("gated", device.read(&rows).unwrap()));
    let mut smooth = device.linear(&normal, &weight(&[columns, columns], 11), Some(&bias)).unwrap();
    device.gelu(&mut smooth).unwrap();
    found.push(("smooth", device.read(&smooth).unwrap()));
    device.wait().unwrap();
    found
}

/// A field at points and at nodes.
fn evaluated<D: Device>(
    device: &D,
    (planes, channels): (&[f32], usize),
    decoder: &Decoder,
    points: &[[f32; 3]],
    (nodes, resolution): (&[[usize; 3]], usize),
) -> [Vec<f32>; 3] {
    let field = device.field(&device.rows(planes, channels).unwrap(), decoder).unwrap();
    let mut samples = vec![[0.0; 4]; points.len()];
    device.sample(&field, points, &mut samples).unwrap();
    let lattice = device.lattice(&field, resolution).unwrap();
    let mut some = vec![0.0; nodes.len()];
    device.densities(&lattice, nodes, &mut some).unwrap();
    [samples.into_flattened(), device.all_densities(&lattice).unwrap(), some]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn a_layer_is_the_cpu_s(count in 1_usize..20, context in 1_usize..20, heads in 1_usize..4, seed: u64) {
        let sizes = [count, context, heads];
        let wanted = layer(&Cpu::new(), sizes, seed);
        for (precision, limit) in [(Precision::Single, 2e-5), (Precision::Tf32, 2e-5), (Precision::Half, 0.04)] {
            let device = gpu(precision);
            for ((name, found), (_, wanted)) in layer(&device, sizes, seed).iter().zip(&wanted) {
                assert_close(name, found, wanted, limit);
            }
            prop_assert_eq!(device.machine.in_use(), 0);
        }
    }

    #[test]
    fn a_field_is_the_cpu_s(side in 1_usize..6, channels in 1_usize..9, hidden in 0_usize..3, count in 1_usize..200, seed: u64) {
        let layer = |outer: usize, inner: usize, at: u64| (tensor(&[outer, inner], seed ^ at), tensor(&[outer], seed ^ at ^ 9));
        let mut layers = vec![layer(NEURONS, 3 * channels, 1)];
        layers.extend((0..hidden).map(|at| layer(NEURONS, NEURONS, 2 + u64::try_from(at).unwrap())));
        layers.push(layer(4, NEURONS, 8));
        let decoder = Decoder { layers, density_bias: -1.0 };
        let planes = numbers(3 * side * side * channels, seed);
        let points: Vec<[f32; 3]> = numbers(count * 3, seed ^ 5).as_chunks::<3>().0.iter().map(|point| point.map(|x| x * 1.3)).collect();
        let resolution = 2 + count % 5;
        let nodes: Vec<[usize; 3]> = (0..count).map(|at| [at % resolution, at / 2 % resolution, at / 3 % resolution]).collect();
        let given = ((&planes[..], channels), (&nodes[..], resolution));
        let wanted = evaluated(&Cpu::new(), given.0, &decoder, &points, given.1);
        for precision in [Precision::Single, Precision::Half] {
            let device = gpu(precision);
            for (found, wanted) in evaluated(&device, given.0, &decoder, &points, given.1).iter().zip(&wanted) {
                // The field is f32 whatever the precision.
                assert_close("field", found, wanted, 2e-5);
            }
            prop_assert_eq!(device.machine.in_use(), 0);
        }
    }
}

#[test]
fn heads_that_do_not_fit_at_once_are_taken_after_each_other() {
    let (heads, count, context) = (5, 7, 11);
    let wanted = layer(&Cpu::new(), [count, context, heads], 1);
    // Rows of 11 scores lie 16 apart: room for two heads, and not for three.
    let device = Gpu { scores: 3 * 16 * count - 1, ..gpu(Precision::Single) };
    for ((name, found), (_, wanted)) in layer(&device, [count, context, heads], 1).iter().zip(&wanted) {
        assert_close(name, found, wanted, 2e-5);
    }
}

#[test]
fn a_machine_that_computes_right_passes_the_check_and_one_that_does_not_is_named() {
    for precision in [Precision::Single, Precision::Tf32, Precision::Half] {
        gpu(precision).check().unwrap();
    }
    for (kernel, operation) in
        [("layer_norm_f32", "layer_norm"), ("softmax_f32", "attention"), ("gelu_f32", "gelu"), ("samples", "sample")]
    {
        let machine = Emulated { broken: Some(kernel), ..Emulated::new() };
        let said = Gpu::new(machine, Precision::Single).check().unwrap_err().to_string();
        assert!(said.starts_with(&format!("the GPU: {operation} is off by")), "{kernel}: {said}");
    }
}

#[test]
fn memory_that_there_is_not_is_an_answer_and_nothing_is_lost() {
    let mut answers = 0;
    // From too little for the first rows to enough for all: each step fails somewhere in some run.
    for most in [0, 30_000, 100_000, 200_000, 300_000, 400_000, 1_000_000] {
        let device = Gpu::new(Emulated { most, ..Emulated::new() }, Precision::Half);
        match device.check() {
            Ok(()) => answers += 1,
            Err(crate::DeviceError::Memory { device: "the GPU", bytes }) => assert!(bytes > 0),
            Err(fault) => panic!("{fault}"),
        }
        assert_eq!(device.machine.in_use(), 0);
    }
    assert!((1..5).contains(&answers), "{answers} of 7");
}

#[cfg(feature = "cuda")]
#[test]
fn a_gpu_that_cannot_be_used_is_an_answer_and_no_panic() {
    match super::Cuda::find(Some(Precision::Single)) {
        Ok(gpu) => gpu.check().unwrap(),
        Err(crate::DeviceError::Broken { reason, .. }) => assert!(!reason.is_empty()),
        Err(fault) => panic!("{fault}"),
    }
}

#[test]
fn shapes_that_do_not_fit_are_named() {
    let device = gpu(Precision::Half);
    let rows = device.rows(&numbers(128 * 2, 1), 128).unwrap();
    let refused =
        |result: Result<_, crate::DeviceError>| result.map(|_: super::GpuRows<Emulated>| ()).unwrap_err().to_string();
    assert_eq!(refused(device.rows(&[0.0; 5], 2)), "rows: 5 numbers in rows of 2");
    let weight = |shape: &[usize]| device.weight(&tensor(shape, 1)).unwrap();
    assert_eq!(refused(device.linear(&rows, &weight(&[4, 64]), None)), "linear: rows of 128 times [4, 64]");
    assert!(refused(device.attention(&rows, &rows, &rows)).starts_with("attention: query, key and value of"));
    assert!(refused(device.geglu(&rows, &weight(&[64]))).starts_with("geglu: rows of 128 and [64]"));
    assert!(refused(device.layer_norm(&rows, &weight(&[64]), &weight(&[64]), 1e-5)).starts_with("layer_norm: [64]"));
}

#[test]
fn the_fatbin_is_of_this_source() {
    let lines = include_str!("../../cuda/kernels.sha256").lines();
    let known: Vec<(&str, &str)> = lines.filter_map(|line| line.split_once("  ")).collect();
    let files: [(&str, &[u8]); 2] = [
        ("kernels.cu", include_bytes!("../../cuda/kernels.cu")),
        ("kernels.fatbin", include_bytes!("../../cuda/kernels.fatbin")),
    ];
    assert_eq!(known.len(), files.len());
    for ((name, bytes), (hash, known)) in files.iter().zip(known) {
        let found = format!("{:x}", Sha256::digest(bytes));
        assert_eq!((found.as_str(), *name), (hash, known), "make fatbin, after a change of kernels.cu");
    }
}

#[test]
fn all_kernels_of_the_source_are_known() {
    let source = include_str!("../../cuda/kernels.cu");
    let mut found: Vec<&str> =
        source.split("extern \"C\" __global__ void ").skip(1).filter_map(|rest| rest.split('(').next()).collect();
    found.sort_unstable();
    let mut known = KERNELS;
    known.sort_unstable();
    assert_eq!(found, known);
}
