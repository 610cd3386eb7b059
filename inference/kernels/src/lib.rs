//! The few operations that the engines share, on the CPU; other devices will stand beside it.
//!
//! A graph is written once over [`Device`] and runs on each of its implementations. This is the only crate of
//! inference with unsafe code; every unsafe block states why it is sound, and every kernel is tested against a scalar
//! twin on random shapes.

mod cpu;
mod device;
mod mapping;
mod tensor;

pub use cpu::{Cpu, CpuField, CpuLattice, CpuRows};
pub use device::{Decoder, Device, DeviceError, HEAD, HIGHEST_EXPONENT, NEURONS};
pub use mapping::Mapping;
pub use tensor::{Tensor, TensorError};
