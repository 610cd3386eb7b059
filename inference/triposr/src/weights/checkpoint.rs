//! `model.ckpt`: a ZIP of a pickle, which says what tensors there are, and one stored file of numbers for each.

use std::io::{Cursor, Read};
use std::ops::Range;
use std::sync::Arc;

use inference_kernels::{Mapping, Tensor, TensorError};
use zip::{CompressionMethod, ZipArchive};

use super::Tensors;
use super::pickle::{self, Place};

/// The most bytes that the pickle may have; the official one has 60,000.
const MOST_PICKLE: u64 = 16 << 20;

/// Finds the tensors. The files' checksums are not counted: that would read everything, and the hash of the whole file
/// says more.
pub(super) fn read(mapping: &Arc<Mapping>) -> Result<Tensors, String> {
    let mut archive = ZipArchive::new(Cursor::new(&mapping[..])).map_err(|fault| fault.to_string())?;
    let names = archive.file_names().collect::<Result<Vec<_>, _>>().map_err(|fault| fault.to_string())?;
    let folder = names.iter().find_map(|name| name.strip_suffix("data.pkl")).ok_or("it holds no data.pkl")?.to_owned();
    drop(names);
    let order = archive.index_for_name(&format!("{folder}byteorder"));
    let order = order.map_or_else(|| Ok(b"little".to_vec()), |index| content(&mut archive, index, 16))?;
    if order != b"little" {
        return Err(format!("its byte order is {:?}, not little", String::from_utf8_lossy(&order)));
    }
    let index = archive.index_for_name(&format!("{folder}data.pkl")).ok_or("it holds no data.pkl")?;
    let places = pickle::read(&content(&mut archive, index, MOST_PICKLE)?)?;
    let mut tensors = Tensors::new();
    // Several tensors may lie in one storage: copies of them must not grow beyond what the file holds.
    let mut to_copy = mapping.len();
    for (name, place) in places {
        let file = format!("{folder}data/{}", place.storage);
        let bytes = stored(&mut archive, &file, mapping.len()).map_err(|fault| format!("{name}: {file}: {fault}"))?;
        let tensor =
            tensor(mapping, bytes, &place, &mut to_copy).map_err(|fault| format!("{name}: {file}: {fault}"))?;
        if tensors.insert(name.clone(), tensor).is_some() {
            return Err(format!("{name} is there twice"));
        }
    }
    Ok(tensors)
}

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// The whole of a small file of the archive.
fn content(archive: &mut Archive<'_>, index: usize, most: u64) -> Result<Vec<u8>, String> {
    let file = archive.by_index(index).map_err(|fault| fault.to_string())?;
    if file.size() > most || file.compression() != CompressionMethod::Stored {
        return Err(format!("a file in it has {} bytes, {}; at most {most}, stored", file.size(), file.compression()));
    }
    let mut bytes = Vec::new();
    file.take(most).read_to_end(&mut bytes).map_err(|fault| fault.to_string())?;
    Ok(bytes)
}

/// Where a file's bytes lie.
fn stored(archive: &mut Archive<'_>, name: &str, length: usize) -> Result<Range<usize>, String> {
    let index = archive.index_for_name(name).ok_or("it is missing")?;
    let file = archive.by_index_raw(index).map_err(|fault| fault.to_string())?;
    if file.compression() != CompressionMethod::Stored || file.encrypted() {
        return Err("it is not stored as it is".into());
    }
    let start = file.data_start().and_then(|start| usize::try_from(start).ok()).ok_or("it lies nowhere")?;
    let end = usize::try_from(file.size()).ok().and_then(|size| start.checked_add(size)).ok_or("it is too long")?;
    if end > length { Err("it ends beyond the archive".into()) } else { Ok(start..end) }
}

/// The tensor in a storage; copied, out of `to_copy` bytes for all, only if the archive's writer did not align it.
fn tensor(mapping: &Arc<Mapping>, storage: Range<usize>, place: &Place, to_copy: &mut usize) -> Result<Tensor, String> {
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
