//! The numbers in a file: views into its bytes, and accessors that say what they are.

use super::coded::Decoded;
use super::description::{Accessor, Description, first, part, unsupported};
use super::{MOST_TRIANGLES, ReadError};

/// More elements than this are not read: each triangle could have three vertices of its own.
pub(super) const MOST_ELEMENTS: usize = 3 * MOST_TRIANGLES;

/// Is a file with its bytes, coded views decoded.
pub(super) struct File<'a> {
    pub(super) description: Description,
    pub(super) binary: &'a [u8],
    pub(super) decoded: Decoded,
}

impl File<'_> {
    /// Gives the bytes of a view and the stride it states.
    pub(super) fn view(&self, index: usize) -> Result<(&[u8], Option<u64>), ReadError> {
        let view = part(&self.description.buffer_views, index, "buffer view")?;
        if let Some(bytes) = self.decoded.get(&index) {
            return Ok((bytes, view.byte_stride));
        }
        let bytes = within(&self.description, self.binary, view.buffer, index, view.byte_offset, view.byte_length)?;
        Ok((bytes, view.byte_stride))
    }

    /// Gives how many elements an accessor has, without reading them.
    pub(super) fn count(&self, index: usize) -> Result<usize, ReadError> {
        let accessor = part(&self.description.accessors, index, "accessor")?;
        match usize::try_from(accessor.count) {
            Ok(count) if count <= MOST_ELEMENTS => Ok(count),
            _ => Err(ReadError::TooManyTriangles { triangles: MOST_TRIANGLES + 1 }),
        }
    }

    /// Reads the elements of an accessor as reals, `parts` of them each; normalised integers become −1 to 1.
    pub(super) fn reals<const PARTS: usize>(
        &self,
        index: usize,
        kinds: &[&str],
        used: &'static str,
    ) -> Result<Vec<[f32; PARTS]>, ReadError> {
        let (accessor, elements, size) = self.elements(index, kinds, used)?;
        let (component, normalized) = (accessor.component_type, accessor.normalized);
        let parts = parts_of(&accessor.kind);
        // A colour may lack its alpha: it is then 1.
        let read = |element: &[u8]| {
            let mut values = [1.0_f32; PARTS];
            for (value, bytes) in values.iter_mut().zip(element.chunks_exact(size / parts)) {
                *value = real(bytes, component, normalized);
            }
            values
        };
        Ok(elements.map(read).collect())
    }

    /// Reads the elements of an accessor as indices.
    pub(super) fn indices(&self, index: usize) -> Result<Vec<u32>, ReadError> {
        let used = "list of indices";
        let (accessor, elements, _) = self.elements(index, &["SCALAR"], used)?;
        let read: fn(&[u8]) -> u32 = match accessor.component_type {
            UNSIGNED_BYTE => |bytes| bytes.first().copied().map_or(0, u32::from),
            UNSIGNED_SHORT => |bytes| bytes.first_chunk().map_or(0, |word| u32::from(u16::from_le_bytes(*word))),
            UNSIGNED_INT => |bytes| bytes.first_chunk().map_or(0, |word| u32::from_le_bytes(*word)),
            component => return Err(ReadError::Type { index, kind: first(&accessor.kind), component, used }),
        };
        Ok(elements.map(read).collect())
    }

    /// Gives an accessor, its elements, and their size; all lie within its view.
    fn elements(
        &self,
        index: usize,
        kinds: &[&str],
        used: &'static str,
    ) -> Result<(&Accessor, impl Iterator<Item = &[u8]>, usize), ReadError> {
        let accessor = part(&self.description.accessors, index, "accessor")?;
        if accessor.sparse.is_some() {
            return Err(unsupported("a sparse accessor"));
        }
        let component = accessor.component_type;
        let width = match component {
            BYTE | UNSIGNED_BYTE => 1,
            SHORT | UNSIGNED_SHORT => 2,
            UNSIGNED_INT | FLOAT => 4,
            _ => 0,
        };
        if width == 0 || !kinds.contains(&accessor.kind.as_str()) {
            return Err(ReadError::Type { index, kind: first(&accessor.kind), component, used });
        }
        let lacks = ReadError::Incomplete { what: "accessor", index, part: "buffer view" };
        let (bytes, stride) = self.view(accessor.buffer_view.ok_or(lacks)?)?;
        let count = self.count(index)?;
        let size = width * parts_of(&accessor.kind);
        // A stride below the size would make elements overlap; the specification has none below 4 or above 252.
        let stride = stride.and_then(|stride| usize::try_from(stride).ok()).filter(|stride| *stride <= 252);
        let stride = stride.unwrap_or(size).max(size);
        let begin = usize::try_from(accessor.byte_offset).unwrap_or(usize::MAX);
        let length = if count == 0 { 0 } else { stride * (count - 1) + size };
        let bytes = begin.checked_add(length).and_then(|end| bytes.get(begin..end)).ok_or(ReadError::Beyond {
            what: "accessor",
            index,
            end: accessor.byte_offset.saturating_add(u64::try_from(length).unwrap_or(u64::MAX)),
            there: bytes.len(),
        })?;
        Ok((accessor, bytes.chunks(stride).map(move |element| &element[..size]), size))
    }
}

/// Gives a part of the file's one buffer; `index` is the view's, for the message.
pub(super) fn within<'a>(
    description: &Description,
    binary: &'a [u8],
    buffer: usize,
    index: usize,
    offset: u64,
    length: u64,
) -> Result<&'a [u8], ReadError> {
    let stated = part(&description.buffers, buffer, "buffer")?;
    if stated.uri.is_some() || buffer != 0 {
        return Err(unsupported(format!("buffer {buffer}, which is not in the file")));
    }
    let there = usize::try_from(stated.byte_length).unwrap_or(usize::MAX).min(binary.len());
    let end = offset.saturating_add(length);
    let beyond = ReadError::Beyond { what: "buffer view", index, end, there };
    let (Ok(from), Ok(to)) = (usize::try_from(offset), usize::try_from(end)) else { return Err(beyond) };
    binary[..there].get(from..to).ok_or(beyond)
}

/// Gives the numbers of an element; 1 for a kind that is not read anyway.
fn parts_of(kind: &str) -> usize {
    match kind {
        "VEC2" => 2,
        "VEC3" => 3,
        "VEC4" => 4,
        _ => 1,
    }
}

/// Reads one number; `bytes` is as wide as the component type.
fn real(bytes: &[u8], component: u32, normalized: bool) -> f32 {
    let (value, most) = match (component, bytes) {
        (BYTE, [a]) => (f32::from(i8::from_le_bytes([*a])), 127.0),
        (UNSIGNED_BYTE, [a]) => (f32::from(*a), 255.0),
        (SHORT, [a, b]) => (f32::from(i16::from_le_bytes([*a, *b])), 32_767.0),
        (UNSIGNED_SHORT, [a, b]) => (f32::from(u16::from_le_bytes([*a, *b])), 65_535.0),
        (FLOAT, [a, b, c, d]) => return f32::from_le_bytes([*a, *b, *c, *d]),
        // Only indices may be 32-bit integers: not a number, which is then refused.
        _ => return f32::NAN,
    };
    if normalized { (value / most).max(-1.0) } else { value }
}

// Numbers of the glTF 2.0 specification.
const BYTE: u32 = 5120;
const UNSIGNED_BYTE: u32 = 5121;
const SHORT: u32 = 5122;
const UNSIGNED_SHORT: u32 = 5123;
const UNSIGNED_INT: u32 = 5125;
const FLOAT: u32 = 5126;
