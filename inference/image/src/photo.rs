//! Decoding one photo within limits: everything that can be refused is refused before its pixels are unpacked.

use crate::error::PhotoError;
use crate::header::{Format, riff, walk};
use crate::number::index;
use image::codecs::{jpeg::JpegDecoder, png::PngDecoder, webp::WebPDecoder};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, RgbaImage};
use std::io::Cursor;

/// What one photo may be; the defaults are the service's limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes of the file.
    pub bytes: u64,
    /// The shortest side in pixels.
    pub min_side: u32,
    /// The longest side in pixels.
    pub max_side: u32,
    /// The most pixels.
    pub max_pixels: u64,
    /// The most bytes that the decoder may hold at a time.
    pub max_alloc: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 10_485_760, min_side: 16, max_side: 8192, max_pixels: 40_000_000, max_alloc: 256 * 1024 * 1024 }
    }
}

/// One decoded photo: upright, 8 bits a channel, straight alpha, without any metadata.
#[derive(Debug, Clone)]
pub struct Photo {
    /// The pixels, as a person would see them.
    pub pixels: RgbaImage,
    /// The format of the file it came from.
    pub format: Format,
}

impl Photo {
    /// Tells whether the photo brings its own cut-out: at least 1 % of its pixels are see-through (alpha below 16)
    /// and at least 1 % are solid (alpha above 240). A stray transparent corner or a faint watermark is not enough.
    pub fn brings_alpha(&self) -> bool {
        let clear = self.pixels.pixels().filter(|pixel| pixel.0[3] < 16).count();
        let solid = self.pixels.pixels().filter(|pixel| pixel.0[3] > 240).count();
        let all = index(self.pixels.width()) * index(self.pixels.height());
        clear * 100 >= all && solid * 100 >= all
    }
}

/// Decodes a photo that was declared as `content_type`, or says which limit it breaks.
///
/// The checks go from cheap to dear: bytes, first bytes against the declared type, sides, frames, wholeness, memory;
/// only then pixels. The EXIF orientation is applied and all metadata is dropped. 16-bit, grey, palette and CMYK
/// pictures all become 8-bit RGBA; colour profiles are ignored.
pub fn decode(bytes: &[u8], content_type: &str, limits: &Limits) -> Result<Photo, PhotoError> {
    if bytes.is_empty() {
        return Err(PhotoError::Empty);
    }
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    if size > limits.bytes {
        return Err(PhotoError::TooLarge { bytes: size, limit: limits.bytes });
    }
    let Some(format) = Format::sniff(bytes) else {
        return Err(PhotoError::NotAnImage { reason: "its first bytes belong to none of them".into() });
    };
    // Parameters such as `; charset` say nothing about a picture.
    let declared = content_type.split(';').next().unwrap_or_default().trim();
    if !declared.eq_ignore_ascii_case(format.media_type()) {
        return Err(PhotoError::TypeMismatch { declared: declared.into(), found: format });
    }
    let header = walk(bytes, format);
    let Some((width, height)) = header.sides else {
        return Err(PhotoError::Truncated { bytes: size });
    };
    check_sides(width, height, limits)?;
    if header.animated {
        return Err(PhotoError::Animated);
    }
    if !header.whole {
        return Err(PhotoError::Truncated { bytes: size });
    }
    let cursor = Cursor::new(bytes);
    let fault = |error| named(error, size, limits);
    let picture = match format {
        Format::Jpeg => upright(JpegDecoder::new(cursor).map_err(fault)?, size, limits)?,
        Format::Png => {
            let decoder = PngDecoder::with_limits(cursor, decoder_limits(limits)).map_err(fault)?;
            upright(decoder, size, limits)?
        }
        Format::Webp => {
            let contained = Cursor::new(riff(bytes).unwrap_or(bytes));
            upright(WebPDecoder::new(contained).map_err(fault)?, size, limits)?
        }
    };
    Ok(Photo { pixels: picture.into_rgba8(), format })
}

fn check_sides(width: u32, height: u32, limits: &Limits) -> Result<(), PhotoError> {
    let sides = limits.min_side..=limits.max_side;
    if sides.contains(&width) && sides.contains(&height) && u64::from(width) * u64::from(height) <= limits.max_pixels {
        return Ok(());
    }
    Err(PhotoError::Sides {
        width,
        height,
        min_side: limits.min_side,
        max_side: limits.max_side,
        max_pixels: limits.max_pixels,
    })
}

/// The same limits in the decoder's words.
fn decoder_limits(limits: &Limits) -> image::Limits {
    let mut inner = image::Limits::default();
    inner.max_image_width = Some(limits.max_side);
    inner.max_image_height = Some(limits.max_side);
    inner.max_alloc = Some(limits.max_alloc);
    inner
}

/// Unpacks the pixels and turns them the right way up.
fn upright(mut decoder: impl ImageDecoder, size: u64, limits: &Limits) -> Result<DynamicImage, PhotoError> {
    let fault = |error| named(error, size, limits);
    // The decoder's own idea of the sides counts as well: it is what will be allocated.
    let (width, height) = decoder.dimensions();
    check_sides(width, height, limits)?;
    let bytes = decoder.total_bytes();
    if bytes > limits.max_alloc {
        return Err(PhotoError::TooMuchMemory { bytes, limit: limits.max_alloc });
    }
    decoder.set_limits(decoder_limits(limits)).map_err(fault)?;
    let orientation = orientation(&decoder.exif_metadata().map_err(fault)?.unwrap_or_default());
    let mut picture = DynamicImage::from_decoder(decoder).map_err(fault)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

/// How to turn a picture by what its EXIF says. JPEG alone puts a mark before it, but programs (older Pillows) took that
/// over into WebP and PNG, where the decoder does not look behind it.
fn orientation(exif: &[u8]) -> Orientation {
    let unmarked = exif.strip_prefix(b"Exif\0\0").unwrap_or(exif);
    Orientation::from_exif_chunk(unmarked).unwrap_or(Orientation::NoTransforms)
}

/// Puts a decoder's fault into our words.
fn named(error: ImageError, size: u64, limits: &Limits) -> PhotoError {
    match error {
        ImageError::IoError(fault) if fault.kind() == std::io::ErrorKind::UnexpectedEof => {
            PhotoError::Truncated { bytes: size }
        }
        ImageError::Limits(_) => PhotoError::TooMuchMemory { bytes: limits.max_alloc + 1, limit: limits.max_alloc },
        other => PhotoError::NotAnImage { reason: other.to_string() },
    }
}
