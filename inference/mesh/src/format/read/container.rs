//! The outermost layer of a GLB: a header, a chunk of JSON, and a chunk of bytes.

use super::{MOST_BYTES, MOST_DESCRIPTION_BYTES, ReadError};

/// Splits a GLB into its description and its bytes, which are empty if it has none.
pub(super) fn open(file: &[u8]) -> Result<(&[u8], &[u8]), ReadError> {
    let bytes = file.len();
    if bytes > MOST_BYTES {
        return Err(ReadError::TooLarge { bytes });
    }
    if file.get(..4) != Some(b"glTF") || word(file, 4) != Some(2) {
        return Err(ReadError::NotGlb { bytes });
    }
    let stated = word(file, 8).ok_or(ReadError::NotGlb { bytes })?;
    if stated != bytes {
        return Err(ReadError::Length { what: "the file", stated, there: bytes });
    }
    let (kind, description, rest) = chunk(&file[12..])?.ok_or(ReadError::NoDescription)?;
    if kind != b"JSON" {
        return Err(ReadError::NoDescription);
    }
    if description.len() > MOST_DESCRIPTION_BYTES {
        return Err(ReadError::LongDescription { bytes: description.len() });
    }
    // Only the second chunk may be the bytes; others are there to be passed over.
    match chunk(rest)? {
        Some((b"BIN\0", binary, _)) => Ok((description, binary)),
        _ => Ok((description, &[])),
    }
}

/// Is a chunk's kind, its contents, and what comes after it.
type Chunk<'a> = (&'a [u8], &'a [u8], &'a [u8]);

fn chunk(rest: &[u8]) -> Result<Option<Chunk<'_>>, ReadError> {
    if rest.is_empty() {
        return Ok(None);
    }
    let there = rest.len().saturating_sub(8);
    let stated = word(rest, 0).unwrap_or(usize::MAX);
    let short = ReadError::Length { what: "a chunk", stated, there };
    let (Some(kind), Some(contents)) = (rest.get(4..8), rest.get(8..).and_then(|contents| contents.get(..stated)))
    else {
        return Err(short);
    };
    Ok(Some((kind, contents, &rest[8 + stated..])))
}

fn word(bytes: &[u8], at: usize) -> Option<usize> {
    let word = bytes.get(at..at + 4)?.try_into().ok()?;
    usize::try_from(u32::from_le_bytes(word)).ok()
}
