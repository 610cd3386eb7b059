//! `model.safetensors`: a table of names, shapes and places, then the numbers.

use std::sync::Arc;

use inference_kernels::{Mapping, Tensor};
use safetensors::{Dtype, SafeTensors};

use super::{MOST_TENSORS, Tensors};

pub(super) fn read(mapping: &Arc<Mapping>) -> Result<Tensors, String> {
    let (header, table) = SafeTensors::read_metadata(mapping).map_err(|fault| fault.to_string())?;
    // Eight bytes say how long the table is, then it follows.
    let first = header.checked_add(8).ok_or("its table is too long")?;
    let listed = table.tensors();
    if listed.len() > MOST_TENSORS {
        return Err(format!("{} tensors; at most {MOST_TENSORS}", listed.len()));
    }
    let mut tensors = Tensors::new();
    for (name, info) in listed {
        if info.dtype != Dtype::F32 {
            return Err(format!("{name} has numbers of type {:?}; only F32 is read", info.dtype));
        }
        let (start, end) = info.data_offsets;
        let bytes = first.saturating_add(start)..first.saturating_add(end);
        let tensor = Tensor::mapped(mapping, bytes, info.shape.clone()).map_err(|fault| format!("{name}: {fault}"))?;
        tensors.insert(name, tensor);
    }
    Ok(tensors)
}
