//! What a photo's structure says before a single pixel is decoded: format, sides, frames, and whether it is whole.
//!
//! Decoders answer some of this too, but late and each in its own words; a JPEG decoder even fills a cut-off photo
//! with grey. Walking the containers ourselves costs microseconds and allocates nothing.

use serde::Serialize;

/// The formats that are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Joint Photographic Experts Group, baseline and progressive.
    Jpeg,
    /// Portable Network Graphics, one frame.
    Png,
    /// WebP, lossy and lossless, one frame.
    Webp,
}

impl Format {
    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
        }
    }

    /// The format that the first bytes announce.
    pub fn sniff(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(b"\xff\xd8\xff") {
            return Some(Self::Jpeg);
        }
        if bytes.starts_with(PNG_MAGIC) {
            return Some(Self::Png);
        }
        if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
            return Some(Self::Webp);
        }
        None
    }
}

const PNG_MAGIC: &[u8] = b"\x89PNG\r\n\x1a\n";

/// The structure of one photo, as far as it could be followed.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header {
    /// Width and height, once found.
    pub(crate) sides: Option<(u32, u32)>,
    /// More than one frame.
    pub(crate) animated: bool,
    /// The container's own end was reached.
    pub(crate) whole: bool,
}

/// Follows the structure of a photo as far as its bytes go; never fails, never allocates.
pub(crate) fn walk(bytes: &[u8], format: Format) -> Header {
    match format {
        Format::Jpeg => walk_jpeg(bytes),
        Format::Png => walk_png(bytes),
        Format::Webp => walk_webp(bytes),
    }
}

/// PNG is a list of chunks: length, name, body, checksum.
fn walk_png(bytes: &[u8]) -> Header {
    let mut header = Header::default();
    let mut before_pixels = true;
    let mut at = PNG_MAGIC.len();
    while let (Some(length), Some(name)) = (be_u32(bytes, at), bytes.get(at + 4..at + 8)) {
        match name {
            b"IHDR" if header.sides.is_none() => header.sides = be_u32(bytes, at + 8).zip(be_u32(bytes, at + 12)),
            // An animation control chunk counts only before the pixels; afterwards readers must ignore it.
            b"acTL" if before_pixels => header.animated = true,
            b"IDAT" => before_pixels = false,
            _ => {}
        }
        let next = at.saturating_add(usize::try_from(length).unwrap_or(usize::MAX)).saturating_add(12);
        if next > bytes.len() {
            return header;
        }
        if name == b"IEND" {
            header.whole = true;
            return header;
        }
        at = next;
    }
    header
}

/// JPEG is a list of marker segments; after a start of scan follow entropy-coded bytes up to the next real marker.
fn walk_jpeg(bytes: &[u8]) -> Header {
    let mut header = Header::default();
    let mut at = 2;
    let mut in_scan = false;
    while let Some(&byte) = bytes.get(at) {
        if byte != 0xff {
            // Inside a scan this is a pixel; outside it is a stray byte that decoders skip, too.
            at += 1;
            continue;
        }
        let Some(&marker) = bytes.get(at + 1) else { return header };
        match marker {
            // A fill byte: the marker starts one later.
            0xff => at += 1,
            // A stuffed zero and the restart marks belong to the scan; the other two stand alone.
            0x00 | 0x01 | 0xd0..=0xd8 => at += 2,
            0xd9 => {
                header.whole = in_scan;
                return header;
            }
            _ => {
                let Some(length) = be_u16(bytes, at + 2) else { return header };
                if is_frame_start(marker) && header.sides.is_none() {
                    header.sides = be_u16(bytes, at + 7).zip(be_u16(bytes, at + 5)).map(|(w, h)| (w.into(), h.into()));
                }
                in_scan |= marker == 0xda;
                at = at.saturating_add(2 + usize::from(length).max(2));
            }
        }
    }
    header
}

/// The start-of-frame markers; C4, C8 and CC are tables and extensions.
fn is_frame_start(marker: u8) -> bool {
    matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc)
}

/// A RIFF file up to where it says that it ends; nothing if that lies beyond its bytes. A decoder reads on, and would find chunks
/// that were never walked.
pub(crate) fn riff(bytes: &[u8]) -> Option<&[u8]> {
    let length = usize::try_from(le_u32(bytes, 4)?).ok()?.checked_add(8)?;
    bytes.get(..length)
}

/// WebP is a RIFF file: a list of chunks, each a name, a length and a body of an even length. With `VP8X` first, the sides
/// of the canvas stand there and those of its picture once more; a decoder makes room for both, so the larger ones count.
fn walk_webp(bytes: &[u8]) -> Header {
    let mut header = Header::default();
    let contained = riff(bytes);
    header.whole = contained.is_some_and(|contained| contained.len() > 20);
    let bytes = contained.unwrap_or(bytes);
    let mut at = 12;
    while let (Some(chunk), Some(length)) = (bytes.get(at..), bytes.get(at..).and_then(|chunk| le_u32(chunk, 4))) {
        let sides = match chunk.get(..4) {
            Some(b"VP8X") => {
                header.animated |= chunk.get(8).is_some_and(|flags| flags & 0b10 != 0);
                le_u24(chunk, 12).zip(le_u24(chunk, 15)).map(|(w, h)| (w + 1, h + 1))
            }
            Some(b"VP8L") if chunk.get(8) == Some(&0x2f) => {
                le_u32(chunk, 9).map(|bits| ((bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1))
            }
            Some(b"VP8 ") if chunk.get(11..14) == Some(b"\x9d\x01\x2a") => {
                le_u32(chunk, 14).map(|bits| (bits & 0x3fff, (bits >> 16) & 0x3fff))
            }
            _ => None,
        };
        let larger = |(w, h): (u32, u32), (width, height): (u32, u32)| (w.max(width), h.max(height));
        header.sides = header.sides.zip(sides).map(|(found, sides)| larger(found, sides)).or(header.sides).or(sides);
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        // A decoder makes room for what metadata say of their length before it reads them.
        header.whole &= length <= chunk.len().saturating_sub(8);
        at = at.saturating_add(8).saturating_add(length).saturating_add(length % 2);
    }
    header
}

fn be_u16(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn be_u32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

fn le_u32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

fn le_u24(bytes: &[u8], at: usize) -> Option<u32> {
    let [a, b, c] = bytes.get(at..at.checked_add(3)?)?.try_into().ok()?;
    Some(u32::from_le_bytes([a, b, c, 0]))
}
