//! The GPU itself, through the driver and cuBLASLt. Both are looked for when the program runs: the same binary starts
//! where there is neither.

use std::collections::HashMap;
use std::ffi::{CString, c_void};
use std::panic::catch_unwind;
use std::sync::Arc;

use cudarc::driver::{CudaContext, DriverError, result, sys};

use super::machine::{Argument, DEVICE, KERNELS, Machine};
use super::product::Product;
use super::products::Products;
use super::{Gpu, Precision};
use crate::device::DeviceError;

/// The kernels of `kernels.cu` for every card we know, and for later ones; made by `cuda/build.py`.
#[repr(C, align(64))]
struct Fatbin<T: ?Sized>(T);
static FATBIN: &Fatbin<[u8]> = &Fatbin(*include_bytes!("../../cuda/kernels.fatbin"));

/// The work of one request follows on the other's on the one default stream.
const STREAM: sys::CUstream = std::ptr::null_mut();

/// Is an NVIDIA GPU as a device.
pub type Cuda = Gpu<Card>;

/// Is an NVIDIA GPU.
pub struct Card {
    context: Arc<CudaContext>,
    name: String,
    kernels: HashMap<&'static str, Kernel>,
    products: Products,
}

/// Is a function on the GPU; lives as long as the process.
struct Kernel(sys::CUfunction);

#[expect(unsafe_code, reason = "a handle of the driver is a pointer")]
// SAFETY: the driver's handles may be used from any thread that has the context, and `Card` sees to that.
unsafe impl Send for Kernel {}
#[expect(unsafe_code, reason = "a handle of the driver is a pointer")]
// SAFETY: as above; the driver locks what it must.
unsafe impl Sync for Kernel {}

impl Gpu<Card> {
    /// Finds the first GPU, and proves that it computes right. Without a precision it takes the quickest that the card
    /// has: bfloat16 from compute capability 8.0 on, f32 before.
    ///
    /// Never panics; without a GPU, a driver or cuBLASLt it says what is missing.
    pub fn find(precision: Option<Precision>) -> Result<Self, DeviceError> {
        if !present() {
            return Err(broken("there is no NVIDIA driver, or no cuBLASLt 13 on the path of libraries"));
        }
        // cudarc panics where a library lacks a function.
        catch_unwind(|| Self::open(precision))
            .unwrap_or_else(|_| Err(broken("a function is missing: the driver or cuBLASLt is older than CUDA 13.0")))
    }

    fn open(precision: Option<Precision>) -> Result<Self, DeviceError> {
        let card = Card::open()?;
        let (major, _) = card.context.compute_capability().map_err(said)?;
        let best = if major >= 8 { Precision::Half } else { Precision::Single };
        let precision = precision.unwrap_or(best);
        if precision != Precision::Single && major < 8 {
            return Err(broken(&format!("{} has no {}", card.name, precision.as_str())));
        }
        let gpu = Self::new(card, precision);
        gpu.check()?;
        Ok(gpu)
    }

    /// Bytes of the card's memory in use, by whomever, and all that it has.
    pub fn memory(&self) -> Result<[usize; 2], DeviceError> {
        self.machine.context.bind_to_thread().map_err(said)?;
        let (free, all) = self.machine.context.mem_get_info().map_err(said)?;
        Ok([all - free, all])
    }
}

#[expect(unsafe_code, reason = "opens libraries")]
fn present() -> bool {
    // SAFETY: opening the two libraries runs their initialisers, which are NVIDIA's and need nothing.
    unsafe { sys::is_culib_present() && cudarc::cublaslt::sys::is_culib_present() }
}

#[expect(unsafe_code, reason = "the driver's own functions")]
impl Card {
    fn open() -> Result<Self, DeviceError> {
        let context = CudaContext::new(0).map_err(said)?;
        let name = context.name().map_err(said)?;
        keep_memory(&context).map_err(said)?;
        // SAFETY: the image is a whole fatbin, as the tests check by its hash, and is never unloaded.
        let module = unsafe { result::module::load_data(FATBIN.0.as_ptr().cast()) }.map_err(said)?;
        let mut kernels = HashMap::new();
        for kernel in KERNELS {
            let in_c = CString::new(kernel).map_err(|fault| broken(&fault.to_string()))?;
            // SAFETY: the module was just loaded.
            let function = unsafe { result::module::get_function(module, in_c) }.map_err(said)?;
            kernels.insert(kernel, Kernel(function));
        }
        Ok(Self { products: Products::new()?, context, name, kernels })
    }

    fn bind(&self) -> Result<(), DeviceError> {
        self.context.bind_to_thread().map_err(said)
    }
}

/// Memory that was given back stays with us: the next layer asks for the same again.
#[expect(unsafe_code, reason = "the driver's own functions")]
fn keep_memory(context: &CudaContext) -> Result<(), DriverError> {
    if !context.has_async_alloc() {
        return Ok(());
    }
    let mut most = u64::MAX;
    let attribute = sys::CUmemPool_attribute::CU_MEMPOOL_ATTR_RELEASE_THRESHOLD;
    // SAFETY: the pool is the device's own, and this attribute is a u64, which is only read.
    unsafe {
        let pool = result::device::get_default_mem_pool(context.cu_device())?;
        sys::cuMemPoolSetAttribute(pool, attribute, (&raw mut most).cast()).result()
    }
}

#[expect(unsafe_code, reason = "the driver's own functions; what they need is `Machine`'s contract")]
impl Machine for Card {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn take(&self, bytes: usize) -> Result<u64, DeviceError> {
        self.bind()?;
        // SAFETY: the memory holds anything, as `take` says.
        let taken = unsafe {
            if self.context.has_async_alloc() {
                result::malloc_async(STREAM, bytes)
            } else {
                result::malloc_sync(bytes)
            }
        };
        taken.map_err(|fault| match fault {
            DriverError(sys::CUresult::CUDA_ERROR_OUT_OF_MEMORY) => DeviceError::Memory { device: DEVICE, bytes },
            fault => said(fault),
        })
    }

    unsafe fn give_back(&self, place: u64) {
        // A card that does not even take memory back says so at the next thing it is asked for.
        if self.bind().is_ok() {
            // SAFETY: the place was taken by the same of the two ways.
            let _ = unsafe {
                if self.context.has_async_alloc() {
                    result::free_async(place, STREAM)
                } else {
                    result::free_sync(place)
                }
            };
        }
    }

    unsafe fn send(&self, from: &[u8], to: u64) -> Result<(), DeviceError> {
        self.bind()?;
        // SAFETY: as many bytes are there. From memory that is not pinned the driver has read all when it returns.
        unsafe { result::memcpy_htod_async(to, from, STREAM) }.map_err(said)
    }

    unsafe fn fetch(&self, from: u64, to: &mut [u8]) -> Result<(), DeviceError> {
        self.bind()?;
        // SAFETY: as many bytes are there; they are waited for while `to` is borrowed.
        unsafe { result::memcpy_dtoh_async(to, from, STREAM) }.map_err(said)?;
        self.wait()
    }

    unsafe fn copy(&self, from: u64, to: u64, bytes: usize) -> Result<(), DeviceError> {
        self.bind()?;
        // SAFETY: both have as many bytes.
        unsafe { result::memcpy_dtod_async(to, from, bytes, STREAM) }.map_err(said)
    }

    fn wait(&self) -> Result<(), DeviceError> {
        self.bind()?;
        // SAFETY: the default stream is always there.
        unsafe { result::stream::synchronize(STREAM) }.map_err(said)
    }

    unsafe fn launch(
        &self,
        kernel: &'static str,
        blocks: u32,
        threads: u32,
        arguments: &[Argument],
    ) -> Result<(), DeviceError> {
        let Some(Kernel(function)) = self.kernels.get(kernel) else {
            return Err(broken(&format!("there is no kernel {kernel}")));
        };
        self.bind()?;
        let mut places: Vec<*mut c_void> = arguments
            .iter()
            .map(|argument| match argument {
                Argument::Place(place) => (&raw const *place).cast_mut().cast(),
                Argument::Count(count) => (&raw const *count).cast_mut().cast(),
                Argument::Real(number) => (&raw const *number).cast_mut().cast(),
            })
            .collect();
        // SAFETY: the arguments are the kernel's, as the contract says; the driver copies them before it returns.
        unsafe { result::launch_kernel(*function, (blocks, 1, 1), (threads, 1, 1), 0, STREAM, &mut places) }
            .map_err(said)
    }

    unsafe fn multiply(
        &self,
        product: &Product,
        scale: f32,
        places: [u64; 3],
        bias: Option<u64>,
    ) -> Result<(), DeviceError> {
        self.bind()?;
        // SAFETY: `Product::run` has checked how far the product reaches.
        unsafe { self.products.run(product, scale, places, bias) }
    }
}

/// What the driver said.
pub(super) fn said(fault: impl std::fmt::Debug) -> DeviceError {
    broken(&format!("{fault:?}"))
}

fn broken(reason: &str) -> DeviceError {
    DeviceError::Broken { device: DEVICE, reason: reason.to_owned() }
}
