//! Taking tensors by name, and telling all that is wrong at once.

use std::collections::BTreeSet;

use inference_kernels::Tensor;

use super::{Tensors, WeightsError};

/// The most faults that are named; the rest is counted.
const NAMED: usize = 6;

/// Is a shelf of tensors that are taken one by one.
pub(crate) struct Shelf<'a> {
    tensors: Option<&'a Tensors>,
    taken: BTreeSet<String>,
    faults: Vec<String>,
    #[cfg(test)]
    list: Option<&'a mut Vec<(String, Vec<usize>)>>,
}

impl<'a> Shelf<'a> {
    pub(super) fn of(tensors: &'a Tensors) -> Self {
        Self {
            tensors: Some(tensors),
            taken: BTreeSet::new(),
            faults: Vec::new(),
            #[cfg(test)]
            list: None,
        }
    }

    /// An empty shelf that writes down what is asked for.
    #[cfg(test)]
    pub(crate) fn listing(list: &'a mut Vec<(String, Vec<usize>)>) -> Self {
        Self { tensors: None, taken: BTreeSet::new(), faults: Vec::new(), list: Some(list) }
    }

    /// Takes a tensor. If it is not there as it should be, that is remembered, and what is given has the shape.
    pub(crate) fn take(&mut self, name: &str, shape: &[usize]) -> Tensor {
        #[cfg(test)]
        if let Some(list) = &mut self.list {
            list.push((name.into(), shape.into()));
        }
        self.taken.insert(name.into());
        match self.tensors.and_then(|tensors| tensors.get(name)) {
            Some(tensor) if tensor.shape() == shape => tensor.clone(),
            Some(tensor) => {
                self.faults.push(format!("{name} is {:?}, not {shape:?}", tensor.shape()));
                tensor.clone()
            }
            None => {
                self.faults.push(format!("{name} {shape:?} is missing"));
                Tensor::empty()
            }
        }
    }

    /// Lets tensors lie that may be there and are of no use.
    pub(crate) fn pass_over(&mut self, names: &[&str]) {
        self.taken.extend(names.iter().map(ToString::to_string));
    }

    /// Refuses a shelf from which something was missing, or on which something is left.
    pub(crate) fn finish(&mut self) -> Result<(), WeightsError> {
        let left = self.tensors.into_iter().flatten().filter(|(name, _)| !self.taken.contains(*name));
        let left: Vec<String> = left.map(|(name, _)| format!("{name} is not known")).collect();
        let mut faults = std::mem::take(&mut self.faults);
        faults.extend(left);
        let count = faults.len();
        faults.truncate(NAMED);
        if count == 0 { Ok(()) } else { Err(WeightsError::Unfit { faults, count }) }
    }
}
