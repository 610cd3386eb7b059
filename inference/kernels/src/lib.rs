//! The few operations that the engines share, on the CPU and on NVIDIA's GPUs (feature `cuda`).
//!
//! A graph is written once over [`Device`] and runs on each of its implementations. This is the only crate of
//! inference with unsafe code; every unsafe block states why it is sound, and every kernel is tested against a scalar
//! twin on random shapes.

mod cpu;
mod device;
#[cfg(any(feature = "cuda", test))]
#[cfg_attr(not(feature = "cuda"), expect(unreachable_pub, reason = "then only the tests use it"))]
mod gpu;
mod mapping;
mod tensor;

pub use cpu::{Convolution, Cpu, CpuField, CpuLattice, CpuRows, Ending, Picture};
pub use device::{Decoder, Device, DeviceError, HEAD, HIGHEST_EXPONENT, NEURONS};
#[cfg(feature = "cuda")]
pub use gpu::{Card, Cuda, Gpu, GpuField, GpuLattice, GpuRows, GpuWeight, Precision};
pub use mapping::Mapping;
pub use tensor::{Tensor, TensorError};

/// Takes memory, or says how much there is not.
fn room<T: Clone>(count: usize, value: T) -> Result<Vec<T>, DeviceError> {
    let mut values = Vec::new();
    let bytes = count.saturating_mul(size_of::<T>());
    values.try_reserve_exact(count).map_err(|_| DeviceError::Memory { device: "the CPU", bytes })?;
    values.resize(count, value);
    Ok(values)
}
