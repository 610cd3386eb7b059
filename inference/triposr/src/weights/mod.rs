//! The weights' file: `model.safetensors`, or `model.ckpt` as PyTorch writes it; read in place, trusted in nothing.

mod checkpoint;
mod error;
mod pickle;
mod safe;
mod shelf;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

use inference_kernels::{Mapping, Tensor};
use rayon::prelude::*;
use sha2::{Digest, Sha256};

pub use error::WeightsError;
pub(crate) use shelf::Shelf;

/// The files that are looked for, the first that is there is taken.
const FILES: [&str; 2] = ["model.safetensors", "model.ckpt"];

/// The most tensors a file may have; the official one has 549.
const MOST_TENSORS: usize = 10_000;

/// Numbers looked at by one job.
const AT_ONCE: usize = 1 << 20;

/// Tensors by their names.
type Tensors = BTreeMap<String, Tensor>;

/// Is a file of weights, mapped.
#[derive(Debug)]
pub struct Weights {
    mapping: Arc<Mapping>,
    tensors: Tensors,
}

impl Weights {
    /// Maps the weights of a directory and finds its tensors. Nothing in a checkpoint is executed.
    pub fn open(directory: &Path) -> Result<Self, WeightsError> {
        let found = FILES.iter().map(|name| directory.join(name)).find(|path| path.exists());
        let path = found.ok_or_else(|| WeightsError::Missing { directory: directory.into() })?;
        let mapping = Mapping::open(&path).map_err(|source| WeightsError::Unreadable { path: path.clone(), source })?;
        let mapping = Arc::new(mapping);
        let read = if path.extension().is_some_and(|ending| ending == "ckpt") { checkpoint::read } else { safe::read };
        let tensors = read(&mapping).map_err(|reason| WeightsError::Broken { path: path.clone(), reason })?;
        Ok(Self { mapping, tensors })
    }

    /// Refuses numbers that are infinite or none: one of them would make every photo's model empty.
    pub fn check_finite(&self) -> Result<(), WeightsError> {
        for (name, tensor) in &self.tensors {
            let jobs = tensor.values().par_chunks(AT_ONCE).enumerate();
            let found = jobs.find_map_first(|(job, numbers)| {
                // All at once first: this loop becomes a few instructions for many numbers.
                let sound = numbers.iter().fold(true, |sound, number| sound & number.is_finite());
                let place = || numbers.iter().position(|number| !number.is_finite());
                if sound { None } else { place().map(|place| job * AT_ONCE + place) }
            });
            if let Some(index) = found {
                return Err(WeightsError::NotFinite { name: name.clone(), index });
            }
        }
        Ok(())
    }

    /// Offers the tensors to those who know their names.
    pub(crate) fn shelf(&self) -> Shelf<'_> {
        Shelf::of(&self.tensors)
    }

    /// Counts the SHA-256 of the whole file, in hex; about a second for the official one.
    pub fn sha256(&self) -> String {
        Self::hash(&self.mapping)
    }

    /// Gives what the hash is counted of, to count it elsewhere.
    pub(crate) fn mapping(&self) -> Arc<Mapping> {
        self.mapping.clone()
    }

    /// Counts a SHA-256, in hex.
    pub(crate) fn hash(bytes: &[u8]) -> String {
        let mut hex = String::with_capacity(64);
        for byte in Sha256::digest(bytes) {
            // Writing to a string cannot fail.
            let _ = write!(hex, "{byte:02x}");
        }
        hex
    }
}
