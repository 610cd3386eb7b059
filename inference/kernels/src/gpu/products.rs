//! Products by cuBLASLt: how each is done best is asked once and kept.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ffi::c_void;
use std::sync::{Mutex, PoisonError};

use cudarc::cublaslt::{result, sys};
use cudarc::driver;

use super::card::said;
use super::machine::Kind;
use super::product::{Layout, Product};
use crate::device::DeviceError;

/// What cuBLASLt may use beside, in bytes: what NVIDIA recommends for the newest cards.
const WORKSPACE: usize = 32 << 20;

/// How matrices begin at the least, in bytes: heads lie side by side.
const ALIGNMENT: u32 = 16;

/// Is cuBLASLt with its memory and its ways; lives as long as the process.
pub(super) struct Products {
    handle: sys::cublasLtHandle_t,
    workspace: u64,
    /// By product, and whether there is a bias.
    ways: Mutex<HashMap<(Product, bool), Way>>,
}

/// Is how a product is done.
#[derive(Clone, Copy)]
struct Way {
    description: sys::cublasLtMatmulDesc_t,
    /// Of weight, input, result.
    layouts: [sys::cublasLtMatrixLayout_t; 3],
    algorithm: sys::cublasLtMatmulAlgo_t,
}

#[expect(unsafe_code, reason = "handles of cuBLASLt are pointers")]
// SAFETY: handles may be used from any thread; the descriptions, which change, are only used under the lock.
unsafe impl Send for Products {}
#[expect(unsafe_code, reason = "handles of cuBLASLt are pointers")]
// SAFETY: as above.
unsafe impl Sync for Products {}

#[expect(unsafe_code, reason = "cuBLASLt's own functions")]
impl Products {
    pub(super) fn new() -> Result<Self, DeviceError> {
        let handle = result::create_handle().map_err(said)?;
        // SAFETY: plain memory, never given back.
        let workspace = unsafe { driver::result::malloc_sync(WORKSPACE) }.map_err(said)?;
        Ok(Self { handle, workspace, ways: Mutex::default() })
    }

    /// Multiplies.
    ///
    /// # Safety
    /// The places of weight, input, result and bias must hold what the product reaches.
    pub(super) unsafe fn run(
        &self,
        product: &Product,
        scale: f32,
        [weight, input, output]: [u64; 3],
        bias: Option<u64>,
    ) -> Result<(), DeviceError> {
        let mut ways = self.ways.lock().unwrap_or_else(PoisonError::into_inner);
        let way = match ways.entry((*product, bias.is_some())) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(place) => *place.insert(self.best(product, bias.is_some()).map_err(said)?),
        };
        if let Some(bias) = bias {
            let attribute = sys::cublasLtMatmulDescAttributes_t::CUBLASLT_MATMUL_DESC_BIAS_POINTER;
            describe(way.description, attribute, &bias).map_err(said)?;
        }
        let add = if product.add { 1.0_f32 } else { 0.0 };
        let [weight_layout, input_layout, output_layout] = way.layouts;
        // SAFETY: layouts and description are of this product; places hold it; both factors are read before it returns.
        unsafe {
            result::matmul(
                self.handle,
                way.description,
                (&raw const scale).cast(),
                (&raw const add).cast(),
                weight as *const c_void,
                weight_layout,
                input as *const c_void,
                input_layout,
                output as *const c_void,
                output_layout,
                output as *mut c_void,
                output_layout,
                &raw const way.algorithm,
                self.workspace as *mut c_void,
                WORKSPACE,
                std::ptr::null_mut(),
            )
        }
        .map_err(said)
    }

    /// Asks how a product is done best. What it makes is kept for the process's life: there are some twenty products.
    fn best(&self, product: &Product, bias: bool) -> Result<Way, result::CublasError> {
        use sys::cublasLtMatmulDescAttributes_t as Attribute;
        use sys::cublasLtMatmulPreferenceAttributes_t as Wish;
        let compute = if product.rounded {
            sys::cublasComputeType_t::CUBLAS_COMPUTE_32F_FAST_TF32
        } else {
            sys::cublasComputeType_t::CUBLAS_COMPUTE_32F
        };
        let description = result::create_matmul_desc(compute, sys::cudaDataType_t::CUDA_R_32F)?;
        let layouts = product.layouts();
        describe(description, Attribute::CUBLASLT_MATMUL_DESC_TRANSA, &i32::from(layouts[0].turned))?;
        if bias {
            let epilogue = sys::cublasLtEpilogue_t::CUBLASLT_EPILOGUE_BIAS;
            describe(description, Attribute::CUBLASLT_MATMUL_DESC_EPILOGUE, &epilogue)?;
        }
        let [weight, input, output] = layouts.map(|layout| made(&layout, product.count));
        let layouts = [weight?, input?, output?];
        let wishes = result::create_matmul_pref()?;
        wish(wishes, Wish::CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, &WORKSPACE)?;
        for matrix in [
            Wish::CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES,
            Wish::CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES,
            Wish::CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES,
            Wish::CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES,
        ] {
            wish(wishes, matrix, &ALIGNMENT)?;
        }
        let [a, b, c] = layouts;
        // SAFETY: all of them were just made.
        let found = unsafe { result::get_matmul_algo_heuristic(self.handle, description, a, b, c, c, wishes) };
        // SAFETY: made above, and used no more.
        unsafe { result::destroy_matmul_pref(wishes)? };
        Ok(Way { description, layouts, algorithm: found?.algo })
    }
}

fn made(layout: &Layout, count: usize) -> Result<sys::cublasLtMatrixLayout_t, result::CublasError> {
    use sys::cublasLtMatrixLayoutAttribute_t as Attribute;
    let kind = match layout.kind {
        Kind::Single => sys::cudaDataType_t::CUDA_R_32F,
        Kind::Half => sys::cudaDataType_t::CUDA_R_16BF,
    };
    let made = result::create_matrix_layout(kind, wide(layout.rows), wide(layout.columns), signed(layout.step))?;
    if count > 1 {
        let count = i32::try_from(count).unwrap_or(i32::MAX);
        arrange(made, Attribute::CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT, &count)?;
        arrange(made, Attribute::CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET, &signed(layout.leap))?;
    }
    Ok(made)
}

#[expect(unsafe_code, reason = "cuBLASLt's own functions")]
fn describe<T>(
    description: sys::cublasLtMatmulDesc_t,
    attribute: sys::cublasLtMatmulDescAttributes_t,
    value: &T,
) -> Result<(), result::CublasError> {
    // SAFETY: the description is alive; the value is copied, and its size tells whether it is the attribute's.
    unsafe { result::set_matmul_desc_attribute(description, attribute, (&raw const *value).cast(), size_of::<T>()) }
}

#[expect(unsafe_code, reason = "cuBLASLt's own functions")]
fn arrange<T>(
    layout: sys::cublasLtMatrixLayout_t,
    attribute: sys::cublasLtMatrixLayoutAttribute_t,
    value: &T,
) -> Result<(), result::CublasError> {
    // SAFETY: as above.
    unsafe { result::set_matrix_layout_attribute(layout, attribute, (&raw const *value).cast(), size_of::<T>()) }
}

#[expect(unsafe_code, reason = "cuBLASLt's own functions")]
fn wish<T>(
    wishes: sys::cublasLtMatmulPreference_t,
    attribute: sys::cublasLtMatmulPreferenceAttributes_t,
    value: &T,
) -> Result<(), result::CublasError> {
    // SAFETY: as above.
    unsafe { result::set_matmul_pref_attribute(wishes, attribute, (&raw const *value).cast(), size_of::<T>()) }
}

fn wide(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

fn signed(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
