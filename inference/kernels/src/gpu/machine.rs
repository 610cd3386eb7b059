//! What a GPU does for us at the lowest: memory, kernels, products. The rest of this folder is written over it, so that
//! the tests run it on a machine of their own where there is no GPU.

use std::sync::Arc;

use super::product::Product;
use crate::device::DeviceError;

/// What is said of a GPU in errors.
pub(crate) const DEVICE: &str = "the GPU";

/// What a kernel is given.
#[derive(Debug, Clone, Copy)]
pub enum Argument {
    /// A place in the GPU's memory; 0 is none.
    Place(u64),
    /// A count.
    Count(u32),
    /// A number.
    Real(f32),
}

/// All kernels of `kernels.cu` by name.
pub(crate) const KERNELS: [&str; 13] = [
    "narrow",
    "widen",
    "gelu_f32",
    "gelu_bf16",
    "geglu_f32",
    "geglu_bf16",
    "layer_norm_f32",
    "layer_norm_bf16",
    "softmax_f32",
    "softmax_bf16",
    "lattice",
    "densities",
    "samples",
];

/// Is a GPU, or what stands for one. Everything asked for is done in order.
///
/// # Safety
/// Of all its functions with places: they must lie in memory that was taken here and not given back, with as many
/// bytes after them as the function touches.
#[expect(unsafe_code, reason = "places in another memory are not checked by the compiler")]
pub trait Machine: Send + Sync + 'static {
    /// The name of the hardware.
    fn name(&self) -> String;

    /// Takes memory, holding anything.
    fn take(&self, bytes: usize) -> Result<u64, DeviceError>;

    /// Gives memory back, once all that was asked for before is done.
    unsafe fn give_back(&self, place: u64);

    /// Brings bytes there; they may be changed as soon as this returns.
    unsafe fn send(&self, from: &[u8], to: u64) -> Result<(), DeviceError>;

    /// Brings bytes back, when all that was asked for before is done.
    unsafe fn fetch(&self, from: u64, to: &mut [u8]) -> Result<(), DeviceError>;

    /// Copies bytes on the GPU.
    unsafe fn copy(&self, from: u64, to: u64, bytes: usize) -> Result<(), DeviceError>;

    /// Waits until all that was asked for is done.
    fn wait(&self) -> Result<(), DeviceError>;

    /// Runs a kernel on so many blocks of so many threads; the arguments are the kernel's own.
    unsafe fn launch(
        &self,
        kernel: &'static str,
        blocks: u32,
        threads: u32,
        arguments: &[Argument],
    ) -> Result<(), DeviceError>;

    /// Multiplies; the places are those of weight, input, result, and of the bias.
    unsafe fn multiply(
        &self,
        product: &Product,
        scale: f32,
        places: [u64; 3],
        bias: Option<u64>,
    ) -> Result<(), DeviceError>;
}

/// How numbers are kept on the GPU.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// f32.
    Single,
    /// bfloat16.
    Half,
}

impl Kind {
    /// Bytes of a number.
    pub(crate) fn bytes(self) -> usize {
        match self {
            Self::Single => 4,
            Self::Half => 2,
        }
    }
}

/// Is memory on a GPU; it goes back when it is dropped.
pub(crate) struct Memory<M: Machine> {
    machine: Arc<M>,
    place: u64,
    /// How many numbers it holds.
    pub(crate) count: usize,
    pub(crate) kind: Kind,
}

#[expect(unsafe_code, reason = "here places are tied to the memory that they lie in")]
impl<M: Machine> Memory<M> {
    /// Takes room for numbers; they are any numbers, and whoever takes it writes all of it.
    pub(crate) fn take(machine: &Arc<M>, count: usize, kind: Kind) -> Result<Self, DeviceError> {
        let place = machine.take(count.max(1) * kind.bytes())?;
        Ok(Self { machine: machine.clone(), place, count, kind })
    }

    /// Brings numbers there.
    pub(crate) fn of(machine: &Arc<M>, numbers: &[f32]) -> Result<Self, DeviceError> {
        let memory = Self::take(machine, numbers.len(), Kind::Single)?;
        // SAFETY: it was taken for exactly these numbers.
        unsafe { machine.send(bytemuck::cast_slice(numbers), memory.place)? };
        Ok(memory)
    }

    /// Brings counts there, in the room of numbers.
    pub(crate) fn of_counts(machine: &Arc<M>, counts: &[u32]) -> Result<Self, DeviceError> {
        let memory = Self::take(machine, counts.len(), Kind::Single)?;
        // SAFETY: as above; a count has a number's four bytes.
        unsafe { machine.send(bytemuck::cast_slice(counts), memory.place)? };
        Ok(memory)
    }

    /// Brings f32 numbers back.
    pub(crate) fn fetch(&self, numbers: &mut [f32]) -> Result<(), DeviceError> {
        if self.kind != Kind::Single || numbers.len() != self.count {
            let found = format!("{} numbers {:?}, {} wanted", self.count, self.kind, numbers.len());
            return Err(DeviceError::Shape { operation: "fetch", found });
        }
        // SAFETY: it holds exactly these numbers.
        unsafe { self.machine.fetch(self.place, bytemuck::cast_slice_mut(numbers)) }
    }

    /// The same numbers in other memory.
    pub(crate) fn copied(&self) -> Result<Self, DeviceError> {
        let copy = Self::take(&self.machine, self.count, self.kind)?;
        // SAFETY: both hold so many numbers of one kind.
        unsafe { self.machine.copy(self.place, copy.place, self.count * self.kind.bytes())? };
        Ok(copy)
    }

    /// The place of its first number, for kernels.
    pub(crate) fn place(&self) -> u64 {
        self.place
    }

    /// The place of a later number: for products, which check how far they reach.
    pub(crate) fn part(&self, first: usize) -> Part {
        Part {
            place: self.place + u64::try_from(first * self.kind.bytes()).unwrap_or(u64::MAX),
            count: self.count.saturating_sub(first),
            kind: self.kind,
        }
    }
}

/// Is a part of memory, from some number to its end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part {
    pub(crate) place: u64,
    pub(crate) count: usize,
    pub(crate) kind: Kind,
}

impl<M: Machine> Drop for Memory<M> {
    #[expect(unsafe_code, reason = "the one place where memory goes back")]
    fn drop(&mut self) {
        // SAFETY: it was taken here, and nobody else has it.
        unsafe { self.machine.give_back(self.place) }
    }
}
