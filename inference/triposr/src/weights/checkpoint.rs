//! `model.ckpt`: a ZIP of a pickle, which says what tensors there are, and one stored file of numbers for each.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::ops::Range;
use std::sync::Arc;

use inference_kernels::{Mapping, Tensor, TensorError};
use zip::read::{Config, ZipFileEntry};
use zip::unstable::read::ZipIterable;
use zip::{CompressionMethod, ZipReadOptions};

use super::pickle::{self, Place};
use super::{MOST_TENSORS, Tensors};

/// The most bytes that the pickle may have; the official one has 60,000.
const MOST_PICKLE: usize = 16 << 20;

/// The most files of an archive: one for each tensor, and the few that say what they are.
pub(super) const MOST_FILES: usize = MOST_TENSORS + 16;

/// Finds the tensors. The files' checksums are not counted: that would read everything, and the hash of the whole file
/// says more.
pub(super) fn read(mapping: &Arc<Mapping>) -> Result<Tensors, String> {
    let files = files(mapping)?;
    let folder = files.keys().find_map(|name| name.strip_suffix("data.pkl")).ok_or("it holds no data.pkl")?;
    let content = |name: &str| files.get(&format!("{folder}{name}")).map(|place| &mapping[place.clone()]);
    let order = content("byteorder").unwrap_or(b"little");
    if order != b"little" {
        let told = &order[..order.len().min(16)];
        return Err(format!("its byte order is {:?}, not little", String::from_utf8_lossy(told)));
    }
    let pickle = content("data.pkl").ok_or("it holds no data.pkl")?;
    if pickle.len() > MOST_PICKLE {
        return Err(format!("data.pkl has {} bytes; at most {MOST_PICKLE}", pickle.len()));
    }
    let mut tensors = Tensors::new();
    // Several tensors may lie in one storage: copies of them must not grow beyond what the file holds.
    let mut to_copy = mapping.len();
    for (name, place) in pickle::read(pickle)? {
        let file = format!("{folder}data/{}", place.storage);
        let storage = files.get(&file).ok_or_else(|| format!("{name}: {file}: it is missing"))?;
        let tensor = tensor(mapping, storage, &place, &mut to_copy);
        let tensor = tensor.map_err(|fault| format!("{name}: {file}: {fault}"))?;
        if tensors.insert(name.clone(), tensor).is_some() {
            return Err(format!("{name} is there twice"));
        }
    }
    Ok(tensors)
}

/// Where each file's bytes lie. One entry is read after the other: `ZipArchive` would make room for as many as the archive says it
/// has.
fn files(bytes: &[u8]) -> Result<BTreeMap<String, Range<usize>>, String> {
    let archive = ZipIterable::try_new(Cursor::new(bytes), Config::default());
    let mut archive = archive.map_err(|fault| fault.to_string())?;
    if archive.len() > MOST_FILES {
        return Err(format!("it holds {} files; at most {MOST_FILES}", archive.len()));
    }
    let mut files = BTreeMap::new();
    for entry in archive.files().map_err(|fault| fault.to_string())? {
        let entry = entry.map_err(|fault| fault.to_string())?;
        let name = entry.name().map_err(|fault| fault.to_string())?.into_owned();
        let place = stored(entry, bytes).map_err(|fault| format!("{name}: {fault}"))?;
        if files.insert(name.clone(), place).is_some() {
            return Err(format!("{name} is there twice"));
        }
    }
    Ok(files)
}

/// Where a file's bytes lie.
fn stored(entry: ZipFileEntry<'_>, bytes: &[u8]) -> Result<Range<usize>, String> {
    if entry.compression() != CompressionMethod::Stored || entry.encrypted() {
        return Err("it is not stored as it is".into());
    }
    let (size, mut reader) = (entry.size(), Cursor::new(bytes));
    let file = entry.with_reader(&mut reader, ZipReadOptions::new()).map_err(|fault| fault.to_string())?;
    let start = file.data_start().and_then(|start| usize::try_from(start).ok()).ok_or("it lies nowhere")?;
    let end = usize::try_from(size).ok().and_then(|size| start.checked_add(size)).ok_or("it is too long")?;
    if end > bytes.len() { Err("it ends beyond the archive".into()) } else { Ok(start..end) }
}

/// The tensor in a storage; copied, out of `to_copy` bytes for all, only if the archive's writer did not align it.
fn tensor(
    mapping: &Arc<Mapping>,
    storage: &Range<usize>,
    place: &Place,
    to_copy: &mut usize,
) -> Result<Tensor, String> {
    if place.count.checked_mul(4) != Some(storage.len()) {
        return Err(format!("it has {} bytes for {} numbers", storage.len(), place.count));
    }
    let size = place.shape.iter().try_fold(4_usize, |size, side| size.checked_mul(*side));
    let start = place.first.checked_mul(4).and_then(|first| first.checked_add(storage.start));
    let end = start.zip(size).and_then(|(start, size)| start.checked_add(size)).filter(|end| *end <= storage.end);
    let (Some(start), Some(end)) = (start, end) else {
        return Err(format!("{:?} from number {} of {} reach beyond it", place.shape, place.first, place.count));
    };
    match Tensor::mapped(mapping, start..end, place.shape.clone()) {
        Err(TensorError::Misaligned { .. }) => {
            let left =
                to_copy.checked_sub(end - start).ok_or("it would be copied, and the file's size has been copied")?;
            *to_copy = left;
            let numbers = mapping[start..end].as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes));
            Tensor::owned(numbers.collect(), place.shape.clone())
        }
        tensor => tensor,
    }
    .map_err(|fault| fault.to_string())
}
