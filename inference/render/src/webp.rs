//! Pictures as WebP with alpha: small files, at a quality where one sees no difference.
//!
//! The pictures of an animation are compressed one by one, on every core, and put into one file here: the model covers
//! most of the picture and moves in every one of them, so there is nothing to gain from the picture before.

use image::RgbaImage;
use inference_mesh::number::at;
use thiserror::Error;
use webp::{Encoder, WebPConfig};

use crate::crew::{share_out, threads};

/// The format's longest side in pixels.
const MOST_SIDE: u32 = 16_383;

/// The longest time that a picture of an animation can stand, in milliseconds.
const MOST_MILLISECONDS: u32 = 0xFF_FFFF;

/// What keeps pictures from being written as WebP.
#[derive(Debug, Clone, Error, PartialEq, Eq)]
pub enum WebpError {
    /// There is no picture.
    #[error("an animation needs at least one picture")]
    Empty,
    /// A side is 0 or beyond the format.
    #[error("the picture is {width} by {height} pixels; WebP holds 1 to {MOST_SIDE} a side")]
    Side {
        /// Its width in pixels.
        width: u32,
        /// Its height in pixels.
        height: u32,
    },
    /// The pictures of one animation are not of one size.
    #[error("picture {number} is not as large as the first, {width} by {height} pixels")]
    Uneven {
        /// The first such picture, counted from 0.
        number: usize,
        /// The first picture's width in pixels.
        width: u32,
        /// The first picture's height in pixels.
        height: u32,
    },
    /// A quality beyond the scale.
    #[error("the quality must be from 0 to 100, not {quality}")]
    Quality {
        /// What was asked for.
        quality: u8,
    },
    /// A picture would stand too short or too long.
    #[error("a picture must stand from 1 to {MOST_MILLISECONDS} milliseconds, not {milliseconds}")]
    Time {
        /// What was asked for.
        milliseconds: u32,
    },
    /// The encoder gave up.
    #[error("the encoder ended with {reason}")]
    Encoder {
        /// Its own name for the reason.
        reason: String,
    },
    /// The file would be larger than its format can say.
    #[error("the file would be {bytes} bytes; a WebP counts them in 32 bits")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
}

/// Writes a picture as lossy WebP with alpha; the same picture and quality (0 to 100) give the same bytes.
pub fn lossy_webp(picture: &RgbaImage, quality: u8) -> Result<Vec<u8>, WebpError> {
    let (width, height) = picture.dimensions();
    if !(1..=MOST_SIDE).contains(&width) || !(1..=MOST_SIDE).contains(&height) {
        return Err(WebpError::Side { width, height });
    }
    if quality > 100 {
        return Err(WebpError::Quality { quality });
    }
    let refused = |reason: String| WebpError::Encoder { reason };
    let mut config = WebPConfig::new().map_err(|()| refused("another version".to_owned()))?;
    config.quality = f32::from(quality);
    // The outline and the shadow are smooth: few levels of alpha are not seen, and are a third of the file.
    config.alpha_quality = 80;
    // Half the time of the default, 4.
    config.method = 2;
    let encoded = Encoder::from_rgba(picture, width, height).encode_advanced(&config);
    encoded.map(|bytes| bytes.to_vec()).map_err(|reason| refused(format!("{reason:?}")))
}

/// Writes pictures of one size as an endless animation, each standing for some milliseconds.
pub fn animated_webp(frames: &[RgbaImage], milliseconds: u32, quality: u8) -> Result<Vec<u8>, WebpError> {
    animate(frames, milliseconds, quality, threads())
}

pub(crate) fn animate(
    frames: &[RgbaImage],
    milliseconds: u32,
    quality: u8,
    threads: usize,
) -> Result<Vec<u8>, WebpError> {
    let (width, height) = frames.first().ok_or(WebpError::Empty)?.dimensions();
    if let Some(number) = frames.iter().position(|frame| frame.dimensions() != (width, height)) {
        return Err(WebpError::Uneven { number, width, height });
    }
    if !(1..=MOST_MILLISECONDS).contains(&milliseconds) {
        return Err(WebpError::Time { milliseconds });
    }
    let mut encoded = vec![Ok(Vec::new()); frames.len()];
    share_out(threads, frames.iter().zip(&mut encoded), |(frame, encoded)| *encoded = lossy_webp(frame, quality));

    let encoded = encoded.into_iter().collect::<Result<Vec<_>, _>>()?;

    let canvas = [width - 1, height - 1].map(three_bytes).concat();
    let mut body = b"WEBP".to_vec();
    add_chunk(&mut body, *b"VP8X", &[&[ANIMATED | WITH_ALPHA, 0, 0, 0][..], &canvas].concat());
    // A transparent ground, and no last round.
    add_chunk(&mut body, *b"ANIM", &[0; 6]);
    for frame in encoded {
        let mut content = [&[0; 6][..], &canvas, &three_bytes(milliseconds), &[REPLACES_ALL]].concat();
        for (name, chunk) in chunks(&frame) {
            if [b"ALPH", b"VP8 ", b"VP8L"].contains(&&name) {
                add_chunk(&mut content, name, chunk);
            }
        }
        add_chunk(&mut body, *b"ANMF", &content);
    }
    let length = u32::try_from(body.len()).map_err(|_| WebpError::TooLarge { bytes: body.len() })?;
    Ok([&b"RIFF"[..], &length.to_le_bytes(), &body].concat())
}

// Flags of the container's specification.
const ANIMATED: u8 = 0x02;
const WITH_ALPHA: u8 = 0x10;
const REPLACES_ALL: u8 = 0x02;

fn three_bytes(number: u32) -> [u8; 3] {
    let [low, middle, high, _] = number.to_le_bytes();
    [low, middle, high]
}

/// Appends a chunk: its name, its length, its content, and a byte more if that is odd.
fn add_chunk(file: &mut Vec<u8>, name: [u8; 4], content: &[u8]) {
    let length = u32::try_from(content.len()).unwrap_or(u32::MAX);
    file.extend(name);
    file.extend(length.to_le_bytes());
    file.extend(content);
    file.resize(file.len().next_multiple_of(2), 0);
}

/// Gives the chunks of a file that holds one picture.
fn chunks(file: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    let mut rest = file.get(12..).unwrap_or_default();
    std::iter::from_fn(move || {
        let (name, after) = rest.split_first_chunk::<4>()?;
        let (length, after) = after.split_first_chunk::<4>()?;
        let length = at(u32::from_le_bytes(*length));
        let content = after.get(..length)?;
        rest = after.get(length.next_multiple_of(2)..).unwrap_or_default();
        Some((*name, content))
    })
}
