//! Whether a GPU computes what the CPU does: a card that is broken, or a library that is another than it says, is found
//! before the first photo.

use super::machine::{DEVICE, Machine};
use super::{Gpu, Precision};
use crate::cpu::Cpu;
use crate::device::{Decoder, Device, DeviceError, NEURONS};
use crate::tensor::Tensor;

/// Columns of the rows that are tried.
const COLUMNS: usize = 128;

impl<M: Machine> Gpu<M> {
    /// Runs every operation once on few numbers, here and on the CPU.
    pub(crate) fn check(&self) -> Result<(), DeviceError> {
        let limit = if self.precision == Precision::Single { 1e-4 } else { 0.05 };
        for (operation, found, wanted) in answers(self)?
            .into_iter()
            .zip(answers(&Cpu::new())?)
            .map(|((operation, found), (_, wanted))| (operation, found, wanted))
        {
            let off = found.iter().zip(&wanted).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            let size = wanted.iter().fold(0.0, |size: f32, number| size.max(number.abs()));
            // Written so that what is not a number is no answer either.
            let right = found.len() == wanted.len() && off <= limit * size && found.iter().all(|x| x.is_finite());
            if !right {
                let reason = format!("{operation} is off by {off} where the numbers are {size}");
                return Err(DeviceError::Broken { device: DEVICE, reason });
            }
        }
        Ok(())
    }
}

/// Some answer of each operation, all of them numbers of about one.
fn answers<D: Device>(device: &D) -> Result<Vec<(&'static str, Vec<f32>)>, DeviceError> {
    let mut answers = Vec::new();
    let mut rows = device.rows(&waves(40 * COLUMNS, 1.0), COLUMNS)?;
    let (gain, bias) = (device.weight(&tensor(&[COLUMNS])?)?, device.weight(&tensor(&[COLUMNS])?)?);
    let matrix = device.weight(&tensor(&[COLUMNS, COLUMNS])?)?;
    let wide = device.weight(&tensor(&[2 * COLUMNS, COLUMNS])?)?;
    let wide_bias = device.weight(&tensor(&[2 * COLUMNS])?)?;

    let normal = device.layer_norm(&rows, &gain, &bias, 1e-5)?;
    answers.push(("layer_norm", device.read(&normal)?));
    let product = device.linear(&normal, &matrix, Some(&bias))?;
    answers.push(("linear", device.read(&product)?));
    let seen = device.attention(&product, &product, &normal)?;
    answers.push(("attention", device.read(&seen)?));
    device.linear_onto(&seen, &matrix, Some(&bias), &mut rows)?;
    answers.push(("linear_onto", device.read(&rows)?));
    let gated = device.geglu(&device.linear(&normal, &wide, None)?, &wide_bias)?;
    answers.push(("geglu", device.read(&gated)?));
    let mut smooth = device.linear(&normal, &matrix, None)?;
    device.gelu(&mut smooth)?;
    answers.push(("gelu", device.read(&smooth)?));

    let layer = |outer, inner| Ok::<_, DeviceError>((tensor(&[outer, inner])?, tensor(&[outer])?));
    let layers = vec![layer(NEURONS, 24)?, layer(NEURONS, NEURONS)?, layer(4, NEURONS)?];
    let planes = device.rows(&waves(3 * 16 * 8, 1.0), 8)?;
    let field = device.field(&planes, &Decoder { layers, density_bias: -1.0 })?;
    let mut samples = vec![[0.0; 4]; 50];
    device.sample(&field, waves(150, 1.1).as_chunks().0, &mut samples)?;
    answers.push(("sample", samples.into_flattened()));
    let lattice = device.lattice(&field, 6)?;
    answers.push(("all_densities", device.all_densities(&lattice)?));
    let mut some = vec![0.0; 3];
    device.densities(&lattice, &[[0, 0, 5], [5, 1, 2], [3, 3, 3]], &mut some)?;
    answers.push(("densities", some));
    Ok(answers)
}

fn tensor(shape: &[usize]) -> Result<Tensor, DeviceError> {
    let numbers = waves(shape.iter().product(), 0.15);
    Tensor::owned(numbers, shape.to_vec())
        .map_err(|fault| DeviceError::Shape { operation: "check", found: fault.to_string() })
}

/// Numbers up to a size, in no pattern that a fault could keep.
fn waves(count: usize, size: f32) -> Vec<f32> {
    let turn = |at: usize| u16::try_from(at * 40_503 % 65_536).unwrap_or_default();
    (0..count).map(|at| (f32::from(turn(at)) / 65_536.0 * std::f32::consts::TAU).sin() * size).collect()
}
