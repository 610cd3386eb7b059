//! A machine for the tests: `kernels.cu` compiled for this CPU, products as cuBLASLt's documentation says them, memory
//! that holds no numbers until some are written and tells when more was written than was taken.

#![expect(
    unsafe_code,
    clippy::cast_ptr_alignment,
    reason = "places are aligned to 64 bytes, and numbers to their size"
)]

use std::alloc::{Layout, alloc, dealloc};
use std::collections::HashMap;
use std::ffi::{CString, c_char, c_void};
use std::process::Command;
use std::sync::{Mutex, OnceLock};

use super::machine::{Argument, DEVICE, Kind, Machine};
use super::product::{self, Product};
use crate::device::DeviceError;

/// Bytes after each piece of memory that must stay as they are.
const EDGE: usize = 64;

/// What memory holds that was not written: no number, in both kinds.
const NOTHING: u8 = 0xff;

type Launch = unsafe extern "C" fn(*const c_char, u32, u32, *mut *mut c_void) -> bool;

/// Is the machine; kernels run one at a time.
pub(super) struct Emulated {
    pub(super) taken: Mutex<HashMap<u64, usize>>,
    /// A kernel that does nothing, as on a card that is broken.
    pub(super) broken: Option<&'static str>,
    /// Bytes that it has.
    pub(super) most: usize,
}

static RUNNING: Mutex<()> = Mutex::new(());

impl Emulated {
    pub(super) fn new() -> Self {
        Self { taken: Mutex::default(), broken: None, most: usize::MAX }
    }

    /// Bytes that were taken and not given back.
    pub(super) fn in_use(&self) -> usize {
        self.taken.lock().unwrap().values().sum()
    }
}

/// Compiles the kernels and loads them, once.
fn library() -> Launch {
    static LIBRARY: OnceLock<Launch> = OnceLock::new();
    *LIBRARY.get_or_init(|| {
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/cuda/emulated.cpp");
        let library = std::env::temp_dir().join(format!("emulated-kernels-{}.so", std::process::id()));
        let mut compile = Command::new("c++");
        compile.args(["-std=c++17", "-O2", "-shared", "-fPIC", "-Wno-unknown-pragmas", "-o"]).arg(&library).arg(source);
        assert!(compile.status().expect("c++ is needed, as for the crates that build C++").success());
        // SAFETY: the library is ours and has no initialisers; it stays loaded.
        let loaded = unsafe { libloading::Library::new(&library) }.unwrap();
        std::fs::remove_file(&library).unwrap();
        let loaded: &'static libloading::Library = Box::leak(Box::new(loaded));
        // SAFETY: that is its one function, of this type.
        *unsafe { loaded.get::<Launch>(b"emulated_launch") }.unwrap()
    })
}

fn layout(bytes: usize) -> Layout {
    Layout::from_size_align(bytes + EDGE, 64).unwrap()
}

fn pointer(place: u64) -> *mut u8 {
    std::ptr::with_exposed_provenance_mut(usize::try_from(place).unwrap())
}

impl Machine for Emulated {
    fn name(&self) -> String {
        "emulated".into()
    }

    fn take(&self, bytes: usize) -> Result<u64, DeviceError> {
        if self.in_use() + bytes > self.most {
            return Err(DeviceError::Memory { device: DEVICE, bytes });
        }
        // SAFETY: the size is not zero; all of it is written at once.
        let memory = unsafe {
            let memory = alloc(layout(bytes));
            memory.write_bytes(NOTHING, bytes + EDGE);
            memory
        };
        let place = u64::try_from(memory.expose_provenance()).unwrap();
        self.taken.lock().unwrap().insert(place, bytes);
        Ok(place)
    }

    unsafe fn give_back(&self, place: u64) {
        let bytes = self.taken.lock().unwrap().remove(&place).expect("it was taken");
        // SAFETY: it was taken with this size.
        let kept = unsafe {
            let edge = std::slice::from_raw_parts(pointer(place).add(bytes), EDGE).to_vec();
            dealloc(pointer(place), layout(bytes));
            edge
        };
        assert!(kept.iter().all(|byte| *byte == NOTHING), "more was written than the {bytes} bytes taken");
    }

    unsafe fn send(&self, from: &[u8], to: u64) -> Result<(), DeviceError> {
        // SAFETY: the contract.
        unsafe { pointer(to).copy_from_nonoverlapping(from.as_ptr(), from.len()) };
        Ok(())
    }

    unsafe fn fetch(&self, from: u64, to: &mut [u8]) -> Result<(), DeviceError> {
        // SAFETY: the contract.
        unsafe { to.as_mut_ptr().copy_from_nonoverlapping(pointer(from), to.len()) };
        Ok(())
    }

    unsafe fn copy(&self, from: u64, to: u64, bytes: usize) -> Result<(), DeviceError> {
        // SAFETY: the contract.
        unsafe { pointer(to).copy_from_nonoverlapping(pointer(from), bytes) };
        Ok(())
    }

    fn wait(&self) -> Result<(), DeviceError> {
        Ok(())
    }

    unsafe fn launch(
        &self,
        kernel: &'static str,
        blocks: u32,
        threads: u32,
        arguments: &[Argument],
    ) -> Result<(), DeviceError> {
        if self.broken == Some(kernel) {
            return Ok(());
        }
        let mut places: Vec<*mut c_void> = arguments
            .iter()
            .map(|argument| match argument {
                Argument::Place(place) => (&raw const *place).cast_mut().cast(),
                Argument::Count(count) => (&raw const *count).cast_mut().cast(),
                Argument::Real(number) => (&raw const *number).cast_mut().cast(),
            })
            .collect();
        let name = CString::new(kernel).unwrap();
        let library = library();
        let running = RUNNING.lock().unwrap();
        // SAFETY: the contract.
        let ended = unsafe { library(name.as_ptr(), blocks, threads, places.as_mut_ptr()) };
        drop(running);
        assert!(ended, "{kernel} is no kernel, or its threads do not meet");
        Ok(())
    }

    unsafe fn multiply(
        &self,
        product: &Product,
        scale: f32,
        [weight, input, result]: [u64; 3],
        bias: Option<u64>,
    ) -> Result<(), DeviceError> {
        let [a, b, c] = product.layouts();
        let (sums, columns, rows) = (if a.turned { a.rows } else { a.columns }, b.columns, c.rows);
        assert_eq!((if a.turned { a.columns } else { a.rows }, b.rows, c.columns), (rows, sums, columns));
        for matrix in 0..product.count {
            for (row, column) in (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column))) {
                // SAFETY: the contract: all of these are within what the product reaches.
                unsafe {
                    let mut sum = 0.0;
                    for at in 0..sums {
                        let (first, second) = if a.turned { (at, row) } else { (row, at) };
                        sum += f64::from(number(weight, &a, matrix, first, second))
                            * f64::from(number(input, &b, matrix, at, column));
                    }
                    sum *= f64::from(scale);
                    if product.add {
                        sum += f64::from(number(result, &c, matrix, row, column));
                    }
                    if let Some(bias) = bias {
                        sum += f64::from(number(bias, &c, 0, row, 0));
                    }
                    write(result, &c, matrix, row, column, sum);
                }
            }
        }
        Ok(())
    }
}

fn index(layout: &product::Layout, matrix: usize, row: usize, column: usize) -> usize {
    matrix * layout.leap + column * layout.step + row
}

unsafe fn number(place: u64, layout: &product::Layout, matrix: usize, row: usize, column: usize) -> f32 {
    let at = index(layout, matrix, row, column);
    // SAFETY: whoever calls knows that the number is there.
    unsafe {
        match layout.kind {
            Kind::Single => pointer(place).cast::<f32>().add(at).read(),
            Kind::Half => f32::from_bits(u32::from(pointer(place).cast::<u16>().add(at).read()) << 16),
        }
    }
}

unsafe fn write(place: u64, layout: &product::Layout, matrix: usize, row: usize, column: usize, number: f64) {
    let at = index(layout, matrix, row, column);
    #[expect(clippy::cast_possible_truncation, reason = "rounding is what is wanted")]
    let number = number as f32;
    // SAFETY: whoever calls knows that the number is there.
    unsafe {
        match layout.kind {
            Kind::Single => pointer(place).cast::<f32>().add(at).write(number),
            Kind::Half => {
                let bits = number.to_bits();
                let rounded = (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
                pointer(place).cast::<u16>().add(at).write(u16::try_from(rounded).unwrap());
            }
        }
    }
}
