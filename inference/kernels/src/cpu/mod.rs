//! The CPU: all cores, the widest vectors that it has, f32 throughout.

#![expect(
    clippy::inline_always,
    reason = "a kernel is compiled once for each width of vectors, with all that it calls"
)]

mod attention;
mod field;
mod lanes;
mod linear;
mod picture;
mod pool;
mod rows;
#[cfg(test)]
mod tests;

use pulp::Arch;
use rayon::prelude::*;

use crate::device::{Decoder, Device, DeviceError, HEAD};
use crate::room;
use crate::tensor::Tensor;
pub use field::{CpuField, CpuLattice};
pub use picture::{Convolution, Ending, Picture};
use pool::{Piece, Pool};

/// Numbers that one thread copies at once.
const COPIED: usize = 1 << 17;

/// Is the CPU as a device.
#[derive(Debug, Clone)]
pub struct Cpu {
    arch: Arch,
    pool: Pool,
}

/// Are activations in main memory, `[rows, columns]`.
#[derive(Debug)]
pub struct CpuRows {
    values: Piece,
    columns: usize,
}

impl Cpu {
    /// Takes the widest vectors that this CPU has.
    pub fn new() -> Self {
        Self { arch: Arch::new(), pool: Pool::default() }
    }
}

impl Default for Cpu {
    fn default() -> Self {
        Self::new()
    }
}

impl Device for Cpu {
    type Rows = CpuRows;
    type Weight = Tensor;
    type Field = CpuField;
    type Lattice = CpuLattice;

    fn name(&self) -> String {
        format!("cpu {}", level(self.arch))
    }

    fn weight(&self, tensor: &Tensor) -> Result<Tensor, DeviceError> {
        Ok(tensor.clone())
    }

    fn rows(&self, values: &[f32], columns: usize) -> Result<CpuRows, DeviceError> {
        if columns == 0 || !values.len().is_multiple_of(columns) {
            return Err(shape("rows", format!("{} numbers in rows of {columns}", values.len())));
        }
        let mut rows = self.pool.take(values.len())?;
        let copy = |(rows, values): (&mut [f32], &[f32])| rows.copy_from_slice(values);
        rows.par_chunks_mut(COPIED).zip(values.par_chunks(COPIED)).for_each(copy);
        Ok(CpuRows { values: rows, columns })
    }

    fn wait(&self) -> Result<(), DeviceError> {
        Ok(())
    }

    fn read(&self, rows: &CpuRows) -> Result<Vec<f32>, DeviceError> {
        let mut values = room(rows.values.len(), 0.0)?;
        values.copy_from_slice(&rows.values);
        Ok(values)
    }

    fn copy(&self, rows: &CpuRows) -> Result<CpuRows, DeviceError> {
        self.rows(&rows.values, rows.columns)
    }

    fn linear(&self, input: &CpuRows, weight: &Tensor, bias: Option<&Tensor>) -> Result<CpuRows, DeviceError> {
        let (outer, count) = (fitting(input, weight, bias)?, input.count());
        let mut values = self.pool.take(count * outer)?;
        if let Some(bias) = bias {
            // The bias goes first and the product is added to it: one pass over memory less.
            values.par_chunks_mut(outer).for_each(|row| row.copy_from_slice(bias.values()));
        }
        linear::product(&input.values, weight.values(), &mut values, [count, input.columns, outer], bias.is_some());
        Ok(CpuRows { values, columns: outer })
    }

    fn linear_onto(
        &self,
        input: &CpuRows,
        weight: &Tensor,
        bias: Option<&Tensor>,
        sum: &mut CpuRows,
    ) -> Result<(), DeviceError> {
        let (outer, count) = (fitting(input, weight, bias)?, input.count());
        if sum.columns != outer || sum.count() != count {
            let found = format!("[{count}, {outer}] onto [{}, {}]", sum.count(), sum.columns);
            return Err(shape("linear_onto", found));
        }
        if let Some(bias) = bias {
            sum.values.par_chunks_mut(outer).for_each(|row| {
                for (number, bias) in row.iter_mut().zip(bias.values()) {
                    *number += bias;
                }
            });
        }
        linear::product(&input.values, weight.values(), &mut sum.values, [count, input.columns, outer], true);
        Ok(())
    }

    fn layer_norm(&self, rows: &CpuRows, gain: &Tensor, bias: &Tensor, epsilon: f32) -> Result<CpuRows, DeviceError> {
        let columns = rows.columns;
        if gain.values().len() != columns || bias.values().len() != columns || !columns.is_multiple_of(HEAD) {
            let found = format!("{:?} and {:?} for rows of {columns}", gain.shape(), bias.shape());
            return Err(shape("layer_norm", found));
        }
        let mut values = self.pool.take(rows.values.len())?;
        rows::layer_norm(self.arch, &rows.values, [gain.values(), bias.values()], epsilon, &mut values);
        Ok(CpuRows { values, columns })
    }

    fn attention(&self, query: &CpuRows, key: &CpuRows, value: &CpuRows) -> Result<CpuRows, DeviceError> {
        let columns = query.columns;
        let fits = key.columns == columns && value.columns == columns && key.count() == value.count();
        if !fits || key.count() == 0 || !columns.is_multiple_of(HEAD) {
            let sizes = [query, key, value].map(|rows| [rows.count(), rows.columns]);
            return Err(shape("attention", format!("query, key and value of {sizes:?}")));
        }
        let mut values = self.pool.take(query.values.len())?;
        attention::attention(self.arch, [&query.values, &key.values, &value.values], &mut values, columns);
        Ok(CpuRows { values, columns })
    }

    fn gelu(&self, rows: &mut CpuRows) -> Result<(), DeviceError> {
        rows::gelu_in_place(self.arch, &mut rows.values);
        Ok(())
    }

    fn geglu(&self, rows: &CpuRows, bias: &Tensor) -> Result<CpuRows, DeviceError> {
        let columns = rows.columns / 2;
        if !rows.columns.is_multiple_of(2 * HEAD) || bias.values().len() != rows.columns {
            let found = format!("rows of {} and {:?}; a multiple of {}", rows.columns, bias.shape(), 2 * HEAD);
            return Err(shape("geglu", found));
        }
        let mut values = self.pool.take(rows.values.len() / 2)?;
        rows::geglu(self.arch, &rows.values, bias.values(), &mut values);
        Ok(CpuRows { values, columns })
    }

    fn field(&self, planes: &CpuRows, decoder: &Decoder) -> Result<CpuField, DeviceError> {
        CpuField::new(&planes.values, planes.columns, decoder)
    }

    fn lattice(&self, field: &CpuField, resolution: usize) -> Result<CpuLattice, DeviceError> {
        field.lattice(resolution)
    }

    fn densities(&self, lattice: &CpuLattice, nodes: &[[usize; 3]], densities: &mut [f32]) -> Result<(), DeviceError> {
        if nodes.len() != densities.len() || nodes.iter().flatten().any(|part| *part >= lattice.resolution()) {
            let found =
                format!("{} nodes of {} a side, room for {}", nodes.len(), lattice.resolution(), densities.len());
            return Err(shape("densities", found));
        }
        lattice.densities(self.arch, nodes, densities);
        Ok(())
    }

    fn all_densities(&self, lattice: &CpuLattice) -> Result<Vec<f32>, DeviceError> {
        lattice.all_densities(self.arch)
    }

    fn sample(&self, field: &CpuField, points: &[[f32; 3]], samples: &mut [[f32; 4]]) -> Result<(), DeviceError> {
        if points.len() != samples.len() {
            return Err(shape("sample", format!("{} points, room for {}", points.len(), samples.len())));
        }
        field.sample(self.arch, points, samples);
        Ok(())
    }
}

impl CpuRows {
    fn count(&self) -> usize {
        self.values.len() / self.columns
    }
}

/// The weight's outer size, if everything fits.
fn fitting(input: &CpuRows, weight: &Tensor, bias: Option<&Tensor>) -> Result<usize, DeviceError> {
    let unfit = || shape("linear", format!("rows of {} times {:?}", input.columns, weight.shape()));
    let &[outer, inner] = weight.shape() else { return Err(unfit()) };
    if inner != input.columns || outer == 0 || bias.is_some_and(|bias| bias.values().len() != outer) {
        return Err(unfit());
    }
    Ok(outer)
}

fn shape(operation: &'static str, found: String) -> DeviceError {
    DeviceError::Shape { operation, found }
}

fn level(arch: Arch) -> &'static str {
    match arch {
        Arch::Scalar => "portable",
        #[cfg(target_arch = "x86_64")]
        Arch::V3(_) => "avx2",
        #[cfg(target_arch = "x86_64")]
        Arch::V4(_) => "avx512",
        _ => "neon",
    }
}

/// Turns a count into a real; exact below 2²⁴.
#[expect(clippy::cast_precision_loss, reason = "sides and columns are far below 2^24")]
fn real(count: usize) -> f32 {
    count as f32
}

/// Rounds a real down to a count; negative numbers and NaN become 0.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates, as we want")]
fn floor(value: f32) -> usize {
    value as usize
}
