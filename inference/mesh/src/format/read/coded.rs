//! Views that are coded with `EXT_meshopt_compression`, decoded before anything is read.

use std::collections::BTreeMap;

use super::accessor::{MOST_ELEMENTS, within};
use super::description::{Coded, Description, first, unsupported};
use super::{MOST_CODED_BYTES, ReadError};

/// Is the bytes of each coded view, by its number.
pub(super) type Decoded = BTreeMap<usize, Vec<u8>>;

/// Decodes every coded view.
pub(super) fn decode(description: &Description, binary: &[u8]) -> Result<Decoded, ReadError> {
    let mut decoded = Decoded::new();
    let mut sum = 0_u64;
    for (view, coded) in description.buffer_views.iter().enumerate() {
        let Some(coded) = &coded.extensions.meshopt else { continue };
        sum = sum.saturating_add(coded.count.saturating_mul(coded.byte_stride));
        let count = usize::try_from(coded.count).ok().filter(|count| *count <= MOST_ELEMENTS);
        let Some(count) = count.filter(|_| sum <= MOST_CODED_BYTES) else {
            return Err(ReadError::Decoded { view, bytes: sum });
        };
        let bytes = within(description, binary, coded.buffer, view, coded.byte_offset, coded.byte_length)?;
        decoded.insert(view, decode_view(view, coded, count, bytes)?);
    }
    Ok(decoded)
}

fn decode_view(view: usize, coded: &Coded, count: usize, bytes: &[u8]) -> Result<Vec<u8>, ReadError> {
    let broken = || ReadError::Coded { view };
    let filter = coded.filter.as_deref().unwrap_or("NONE");
    match (coded.mode.as_str(), coded.byte_stride, filter) {
        ("TRIANGLES", 2 | 4, "NONE") if !count.is_multiple_of(3) => Err(broken()),
        ("TRIANGLES", 2, "NONE") => {
            let indices: Vec<u16> = meshopt::decode_index_buffer(bytes, count).map_err(|_| broken())?;
            Ok(indices.into_iter().flat_map(u16::to_le_bytes).collect())
        }
        ("TRIANGLES", 4, "NONE") => {
            let indices: Vec<u32> = meshopt::decode_index_buffer(bytes, count).map_err(|_| broken())?;
            Ok(indices.into_iter().flat_map(u32::to_le_bytes).collect())
        }
        ("ATTRIBUTES", 4, "NONE") => vertices::<4>(bytes, count).ok_or_else(broken),
        ("ATTRIBUTES", 8, "NONE") => vertices::<8>(bytes, count).ok_or_else(broken),
        ("ATTRIBUTES", 12, "NONE") => vertices::<12>(bytes, count).ok_or_else(broken),
        ("ATTRIBUTES", 16, "NONE") => vertices::<16>(bytes, count).ok_or_else(broken),
        ("ATTRIBUTES", 4, "OCTAHEDRAL") => {
            let mut normals: Vec<[i8; 4]> = meshopt::decode_vertex_buffer(bytes, count).map_err(|_| broken())?;
            meshopt::decode_filter_oct(&mut normals);
            Ok(normals.into_iter().flatten().flat_map(i8::to_le_bytes).collect())
        }
        (mode, stride, filter) => {
            Err(unsupported(format!("meshopt's {} of {stride} bytes, filter {}", first(mode), first(filter))))
        }
    }
}

fn vertices<const STRIDE: usize>(bytes: &[u8], count: usize) -> Option<Vec<u8>>
where
    [u8; STRIDE]: Default,
{
    let vertices: Vec<[u8; STRIDE]> = meshopt::decode_vertex_buffer(bytes, count).ok()?;
    Some(vertices.into_flattened())
}
