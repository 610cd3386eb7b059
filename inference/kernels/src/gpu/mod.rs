//! A GPU as a device: products by cuBLASLt, the rest by our own kernels, activations in f32 or bfloat16.

#[cfg(feature = "cuda")]
mod card;
mod check;
#[cfg(test)]
mod emulated;
mod field;
mod machine;
mod product;
#[cfg(feature = "cuda")]
mod products;
mod rows;
#[cfg(test)]
mod tests;

use std::sync::Arc;

#[cfg(feature = "cuda")]
pub use card::{Card, Cuda};
pub use field::{GpuField, GpuLattice};
use machine::{Argument, DEVICE, Kind, Machine, Memory};
use product::Product;
pub use rows::{GpuRows, GpuWeight};
use rows::{Held, fitting};

use crate::device::{Decoder, Device, DeviceError, HEAD};
use crate::tensor::Tensor;

/// Threads of a block that has a row: `ROW` in `kernels.cu`.
const ROW: u32 = 256;

/// Scores kept at once, 160 MB in f32 and 80 in bfloat16: four heads of the backbone.
const SCORES: usize = 40 << 20;

/// How exactly a GPU multiplies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// f32 throughout: for comparing.
    Single,
    /// f32, rounded to TF32's ten bits before each product.
    Tf32,
    /// Weights and what is multiplied in bfloat16; sums, norms and the field in f32.
    Half,
}

impl Precision {
    /// Its name in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Single => "f32",
            Self::Tf32 => "tf32",
            Self::Half => "bf16",
        }
    }

    fn kind(self) -> Kind {
        if self == Self::Half { Kind::Half } else { Kind::Single }
    }
}

/// Is a GPU as a device.
pub struct Gpu<M: Machine> {
    machine: Arc<M>,
    precision: Precision,
    /// How many scores are kept at once: heads are taken together up to this.
    scores: usize,
}

impl<M: Machine> Device for Gpu<M> {
    type Rows = GpuRows<M>;
    type Weight = GpuWeight<M>;
    type Field = GpuField<M>;
    type Lattice = GpuLattice<M>;

    fn name(&self) -> String {
        format!("cuda {} {}", self.machine.name(), self.precision.as_str())
    }

    fn weight(&self, tensor: &Tensor) -> Result<GpuWeight<M>, DeviceError> {
        let single = Memory::of(&self.machine, tensor.values())?;
        let half = (self.precision == Precision::Half).then(|| self.converted(&single, Kind::Half)).transpose()?;
        let vector = tensor.shape().len() == 1;
        Ok(GpuWeight { single: (vector || half.is_none()).then_some(single), half, shape: tensor.shape().to_vec() })
    }

    fn rows(&self, values: &[f32], columns: usize) -> Result<GpuRows<M>, DeviceError> {
        if columns == 0 || values.is_empty() || !values.len().is_multiple_of(columns) {
            return Err(shape("rows", format!("{} numbers in rows of {columns}", values.len())));
        }
        Ok(GpuRows { memory: Memory::of(&self.machine, values)?, count: values.len() / columns, columns })
    }

    fn wait(&self) -> Result<(), DeviceError> {
        self.machine.wait()
    }

    fn read(&self, rows: &GpuRows<M>) -> Result<Vec<f32>, DeviceError> {
        let mut values = crate::room(rows.memory.count, 0.0)?;
        match rows.memory.kind {
            Kind::Single => rows.memory.fetch(&mut values)?,
            Kind::Half => self.converted(&rows.memory, Kind::Single)?.fetch(&mut values)?,
        }
        Ok(values)
    }

    /// Always f32: a copy is what sums are made on.
    fn copy(&self, rows: &GpuRows<M>) -> Result<GpuRows<M>, DeviceError> {
        Ok(GpuRows { memory: self.converted(&rows.memory, Kind::Single)?, ..*rows })
    }

    fn linear(
        &self,
        input: &GpuRows<M>,
        weight: &GpuWeight<M>,
        bias: Option<&GpuWeight<M>>,
    ) -> Result<GpuRows<M>, DeviceError> {
        let kind = self.precision.kind();
        let outer = fitting(input, weight, bias)?;
        let result = self.room(input.count, outer, kind)?;
        self.multiply(input, weight, bias, &result, false)?;
        Ok(result)
    }

    fn linear_onto(
        &self,
        input: &GpuRows<M>,
        weight: &GpuWeight<M>,
        bias: Option<&GpuWeight<M>>,
        sum: &mut GpuRows<M>,
    ) -> Result<(), DeviceError> {
        let outer = fitting(input, weight, bias)?;
        if sum.columns != outer || sum.count != input.count {
            let found = format!("[{}, {outer}] onto [{}, {}]", input.count, sum.count, sum.columns);
            return Err(shape("linear_onto", found));
        }
        self.multiply(input, weight, bias, sum, true)
    }

    #[expect(unsafe_code, reason = "kernels take places")]
    fn layer_norm(
        &self,
        rows: &GpuRows<M>,
        gain: &GpuWeight<M>,
        bias: &GpuWeight<M>,
        epsilon: f32,
    ) -> Result<GpuRows<M>, DeviceError> {
        let columns = rows.columns;
        if gain.shape != [columns] || bias.shape != [columns] {
            return Err(shape("layer_norm", format!("{:?} and {:?} for rows of {columns}", gain.shape, bias.shape)));
        }
        let wide = self.as_kind(rows, Kind::Single)?;
        let kind = self.precision.kind();
        let result = self.room(rows.count, columns, kind)?;
        let arguments = [
            Argument::Place(wide.place()),
            Argument::Place(gain.as_single()?.place()),
            Argument::Place(bias.as_single()?.place()),
            Argument::Real(epsilon),
            Argument::Place(result.memory.place()),
            Argument::Count(counted(columns)?),
        ];
        // SAFETY: a block has a row; it reads its `columns` numbers and as many of gain and bias, and writes as many.
        unsafe {
            self.machine.launch(
                by_kind(kind, ["layer_norm_f32", "layer_norm_bf16"]),
                counted(rows.count)?,
                ROW,
                &arguments,
            )?;
        }
        Ok(result)
    }

    fn attention(&self, query: &GpuRows<M>, key: &GpuRows<M>, value: &GpuRows<M>) -> Result<GpuRows<M>, DeviceError> {
        let (columns, kind) = (query.columns, self.precision.kind());
        let fits = key.columns == columns && value.columns == columns && key.count == value.count;
        let kinds = [query, key, value].map(|rows| rows.memory.kind);
        if !fits || !columns.is_multiple_of(HEAD) || kinds != [kind; 3] {
            let sizes = [query, key, value].map(|rows| [rows.count, rows.columns]);
            return Err(shape("attention", format!("query, key and value of {sizes:?}, {kinds:?}")));
        }
        let (sizes, heads) = ([query.count, key.count, columns], columns / HEAD);
        // Rows of scores begin at multiples of 16 bytes, as fast products want it.
        let step = key.count.next_multiple_of(8);
        let at_once = (self.scores / (query.count * step)).clamp(1, heads);
        let scores = Memory::take(&self.machine, at_once * query.count * step, Kind::Single)?;
        let half = match kind {
            Kind::Single => None,
            Kind::Half => Some(Memory::take(&self.machine, scores.count, kind)?),
        };
        let shares = half.as_ref().unwrap_or(&scores);
        let result = self.room(query.count, columns, kind)?;
        let rounded = self.precision == Precision::Tf32;
        for first in (0..heads).step_by(at_once) {
            let (at, count) = (first * HEAD, at_once.min(heads - first));
            let product = Product { rounded, ..Product::scores(sizes, step, count, kind) };
            // 1 / √64.
            product.run(&*self.machine, 0.125, [key.memory.part(at), query.memory.part(at), scores.part(0)], None)?;
            self.softmax(&scores, shares, [count * query.count, key.count, step])?;
            let product = Product { rounded, ..Product::mixed(sizes, step, count, kind) };
            product.run(&*self.machine, 1.0, [value.memory.part(at), shares.part(0), result.memory.part(at)], None)?;
        }
        Ok(result)
    }

    #[expect(unsafe_code, reason = "kernels take places")]
    fn gelu(&self, rows: &mut GpuRows<M>) -> Result<(), DeviceError> {
        let count = rows.memory.count;
        let arguments = [Argument::Place(rows.memory.place()), Argument::Count(counted(count)?)];
        // SAFETY: each thread reads and writes one of `count` numbers.
        unsafe {
            self.machine.launch(
                by_kind(rows.memory.kind, ["gelu_f32", "gelu_bf16"]),
                blocks(count, ROW)?,
                ROW,
                &arguments,
            )
        }
    }

    #[expect(unsafe_code, reason = "kernels take places")]
    fn geglu(&self, rows: &GpuRows<M>, bias: &GpuWeight<M>) -> Result<GpuRows<M>, DeviceError> {
        if !rows.columns.is_multiple_of(2) || bias.shape != [rows.columns] {
            return Err(shape("geglu", format!("rows of {} and {:?}; an even number", rows.columns, bias.shape)));
        }
        let kind = rows.memory.kind;
        let result = self.room(rows.count, rows.columns / 2, kind)?;
        let count = result.memory.count;
        let arguments = [
            Argument::Place(rows.memory.place()),
            Argument::Place(bias.as_single()?.place()),
            Argument::Place(result.memory.place()),
            Argument::Count(counted(result.columns)?),
            Argument::Count(counted(count)?),
        ];
        // SAFETY: each thread reads two numbers of a row of 2 · columns and of as many biases, and writes one of `count`.
        unsafe {
            self.machine.launch(by_kind(kind, ["geglu_f32", "geglu_bf16"]), blocks(count, ROW)?, ROW, &arguments)?;
        }
        Ok(result)
    }

    fn field(&self, planes: &GpuRows<M>, decoder: &Decoder) -> Result<GpuField<M>, DeviceError> {
        GpuField::new(&self.machine, planes, decoder)
    }

    fn lattice(&self, field: &GpuField<M>, resolution: usize) -> Result<GpuLattice<M>, DeviceError> {
        field.lattice(&self.machine, resolution)
    }

    fn densities(
        &self,
        lattice: &GpuLattice<M>,
        nodes: &[[usize; 3]],
        densities: &mut [f32],
    ) -> Result<(), DeviceError> {
        lattice.densities(&self.machine, nodes, densities)
    }

    fn all_densities(&self, lattice: &GpuLattice<M>) -> Result<Vec<f32>, DeviceError> {
        lattice.all_densities(&self.machine)
    }

    fn sample(&self, field: &GpuField<M>, points: &[[f32; 3]], samples: &mut [[f32; 4]]) -> Result<(), DeviceError> {
        field.sample(&self.machine, points, samples)
    }
}

impl<M: Machine> Gpu<M> {
    /// Makes a device of a machine.
    fn new(machine: M, precision: Precision) -> Self {
        Self { machine: Arc::new(machine), precision, scores: SCORES }
    }

    fn room(&self, count: usize, columns: usize, kind: Kind) -> Result<GpuRows<M>, DeviceError> {
        Ok(GpuRows { memory: Memory::take(&self.machine, count * columns, kind)?, count, columns })
    }

    fn multiply(
        &self,
        input: &GpuRows<M>,
        weight: &GpuWeight<M>,
        bias: Option<&GpuWeight<M>>,
        result: &GpuRows<M>,
        add: bool,
    ) -> Result<(), DeviceError> {
        let (kind, result_kind) = (self.precision.kind(), result.memory.kind);
        let input_memory = self.as_kind(input, kind)?;
        let product = Product {
            add,
            rounded: self.precision == Precision::Tf32,
            ..Product::linear([input.count, input.columns, result.columns], [kind, result_kind])
        };
        let bias = bias.map(|bias| bias.as_kind(result_kind)).transpose()?;
        let parts = [weight.as_kind(kind)?.part(0), input_memory.part(0), result.memory.part(0)];
        product.run(&*self.machine, 1.0, parts, bias.map(|bias| bias.part(0)))
    }

    #[expect(unsafe_code, reason = "kernels take places")]
    fn softmax(
        &self,
        scores: &Memory<M>,
        shares: &Memory<M>,
        [rows, columns, step]: [usize; 3],
    ) -> Result<(), DeviceError> {
        let arguments = [
            Argument::Place(scores.place()),
            Argument::Place(shares.place()),
            Argument::Count(counted(columns)?),
            Argument::Count(counted(step)?),
        ];
        let kernel = by_kind(shares.kind, ["softmax_f32", "softmax_bf16"]);
        // SAFETY: a block has one of `rows` rows, `step` numbers apart in both, of which it reads and writes `columns`.
        unsafe { self.machine.launch(kernel, counted(rows)?, ROW, &arguments) }
    }

    /// The rows' memory as it is, or converted.
    fn as_kind<'a>(&self, rows: &'a GpuRows<M>, kind: Kind) -> Result<Held<'a, M>, DeviceError> {
        if rows.memory.kind == kind {
            return Ok(Held::Theirs(&rows.memory));
        }
        Ok(Held::Ours(self.converted(&rows.memory, kind)?))
    }

    /// The same numbers, of this kind, in other memory.
    #[expect(unsafe_code, reason = "kernels take places")]
    fn converted(&self, memory: &Memory<M>, kind: Kind) -> Result<Memory<M>, DeviceError> {
        if memory.kind == kind {
            return memory.copied();
        }
        let result = Memory::take(&self.machine, memory.count, kind)?;
        let arguments =
            [Argument::Place(memory.place()), Argument::Place(result.place()), Argument::Count(counted(memory.count)?)];
        let kernel = by_kind(kind, ["widen", "narrow"]);
        // SAFETY: each thread reads one of `count` numbers and writes one of as many.
        unsafe { self.machine.launch(kernel, blocks(memory.count, ROW)?, ROW, &arguments)? };
        Ok(result)
    }
}

fn by_kind(kind: Kind, [single, half]: [&'static str; 2]) -> &'static str {
    match kind {
        Kind::Single => single,
        Kind::Half => half,
    }
}

/// Enough blocks for one thread each.
fn blocks(count: usize, threads: u32) -> Result<u32, DeviceError> {
    Ok(counted(count)?.div_ceil(threads))
}

/// A kernel's counts have 32 bits.
fn counted(count: usize) -> Result<u32, DeviceError> {
    u32::try_from(count).map_err(|_| DeviceError::Memory { device: DEVICE, bytes: count.saturating_mul(4) })
}

fn shape(operation: &'static str, found: String) -> DeviceError {
    DeviceError::Shape { operation, found }
}
