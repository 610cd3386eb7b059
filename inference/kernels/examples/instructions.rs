//! Runs one operation some times on one thread: `instructions.py` counts what that costs.
//!
//!     instructions OPERATION TIMES
#![expect(clippy::print_stdout, reason = "its result is printed, so that it is computed")]

use std::error::Error;

use inference_kernels::{Cpu, Decoder, Device, Tensor};

/// Rows, and keys of the attention.
const ROWS: usize = 192;
const COLUMNS: usize = 256;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [operation, times] = &arguments[..] else { return Err("instructions OPERATION TIMES".into()) };
    rayon::ThreadPoolBuilder::new().num_threads(1).build_global()?;
    let cpu = Cpu::new();
    let rows = cpu.rows(&numbers(ROWS * COLUMNS), COLUMNS)?;
    let mut sum = cpu.copy(&rows)?;
    let wide = cpu.rows(&numbers(ROWS * 2 * COLUMNS), 2 * COLUMNS)?;
    let (weight, bias) = (tensor(&[COLUMNS, COLUMNS])?, tensor(&[COLUMNS])?);
    let wide_bias = tensor(&[2 * COLUMNS])?;
    let mut layers = vec![(tensor(&[64, 24])?, tensor(&[64])?)];
    layers
        .extend((0..8).map(|_| Ok((tensor(&[64, 64])?, tensor(&[64])?))).collect::<Result<Vec<_>, Box<dyn Error>>>()?);
    layers.push((tensor(&[4, 64])?, tensor(&[4])?));
    let field = cpu.field(&cpu.rows(&numbers(3 * 16 * 16 * 8), 8)?, &Decoder { layers, density_bias: -1.0 })?;
    let lattice = cpu.lattice(&field, 12)?;
    let points: Vec<[f32; 3]> = numbers(3 * 960).as_chunks().0.to_vec();
    let mut samples = vec![[0.0; 4]; points.len()];
    let mut last = 0.0;
    for _ in 0..times.parse()? {
        let result = match operation.as_str() {
            "linear" => cpu.read(&cpu.linear(&rows, &weight, Some(&bias))?)?,
            "linear_onto" => {
                cpu.linear_onto(&rows, &weight, None, &mut sum)?;
                cpu.read(&sum)?
            }
            "layer_norm" => cpu.read(&cpu.layer_norm(&rows, &bias, &bias, 1e-5)?)?,
            "attention" => cpu.read(&cpu.attention(&rows, &rows, &rows)?)?,
            "gelu" => {
                cpu.gelu(&mut sum)?;
                cpu.read(&sum)?
            }
            "geglu" => cpu.read(&cpu.geglu(&wide, &wide_bias)?)?,
            "densities" => cpu.all_densities(&lattice)?,
            "sample" => {
                cpu.sample(&field, &points, &mut samples)?;
                samples.as_flattened().to_vec()
            }
            other => return Err(format!("{other} is no operation").into()),
        };
        last += result.last().copied().unwrap_or_default();
    }
    println!("{} {last}", cpu.name());
    Ok(())
}

fn tensor(shape: &[usize]) -> Result<Tensor, Box<dyn Error>> {
    Ok(Tensor::owned(numbers(shape.iter().product()), shape.to_vec())?)
}

/// Numbers of −0.2 to 0.2, always the same.
fn numbers(count: usize) -> Vec<f32> {
    let number = |at: usize| f32::from(u16::try_from(at * 40_503 % 65_536).unwrap_or_default()) / 163_840.0 - 0.2;
    (0..count).map(number).collect()
}
