//! Cutting the object out of its photo.

use crate::error::{CutError, PhotoError, WeightsError};
use crate::matte::Matte;
use crate::network::{Network, SIDE};
use crate::number::{index, unit_to_byte};
use crate::photo::Photo;
use image::imageops::{self, FilterType};
use image::{DynamicImage, ImageBuffer, Luma, RgbaImage};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::path::Path;

/// The name of the weights' file in the model directory.
pub const WEIGHTS_FILE: &str = "u2netp.onnx";

/// The SHA-256 of the one file that is accepted.
pub const WEIGHTS_SHA256: &str = "309c8469258dda742793dce0ebea8e6dd393174f89934733ecc8b14c76f4ddd8";

/// A photo larger than this is reduced first: a framed picture never needs more.
const WORK_SIDE: u32 = 4096;

/// The network must be at least this sure somewhere; otherwise the stretching to full range would raise noise to an
/// object.
const LEAST_PEAK: f32 = 0.4;

/// The object must cover at least this share of the photo, in thousandths.
const LEAST_PERMILLE: u64 = 5;

/// After enlarging, scores between these two become the soft edge; the rest is clear or solid. Narrower than the
/// network's own softness, which is several pixels wide in a large photo.
const EDGE: (f32, f32) = (0.3, 0.7);

/// An object cut out of its photo.
#[derive(Debug, Clone)]
pub struct Cut {
    /// The photo with its background transparent (straight alpha).
    pub pixels: RgbaImage,
    /// The photo's own transparency was used; the network did not run.
    pub from_alpha: bool,
}

impl Cut {
    /// The whole picture, with whatever transparency it brings.
    #[must_use]
    pub fn whole(photo: Photo) -> Self {
        let from_alpha = photo.brings_alpha();
        Self { pixels: reduced(photo.pixels), from_alpha }
    }
}

/// The foreground network with its weights.
pub struct Foreground {
    network: Network,
}

impl Foreground {
    /// Loads the weights from a model directory after checking their hash.
    pub fn load(directory: &Path) -> Result<Self, WeightsError> {
        let path = directory.join(WEIGHTS_FILE);
        let bytes = std::fs::read(&path).map_err(|source| WeightsError::Unreadable { path: path.clone(), source })?;
        let found = sha256_hex(&bytes);
        if found != WEIGHTS_SHA256 {
            return Err(WeightsError::Different { path, found, expected: WEIGHTS_SHA256 });
        }
        Ok(Self { network: Network::build(&bytes, &path)? })
    }

    /// Cuts the object out: by the photo's own transparency if it brings some, else by the network.
    pub fn cut(&self, photo: Photo) -> Result<Cut, CutError> {
        let mut cut = Cut::whole(photo);
        if !cut.from_alpha {
            let matte = self.matte(&cut.pixels)?;
            apply(&mut cut.pixels, matte);
        }
        Ok(cut)
    }

    fn matte(&self, pixels: &RgbaImage) -> Result<Matte, CutError> {
        // The network sees 320 × 320; a quick box reduction first keeps the fine filter cheap on large photos.
        let rough = if pixels.width().max(pixels.height()) > SIDE * 4 {
            imageops::thumbnail(pixels, SIDE * 2, SIDE * 2)
        } else {
            pixels.clone()
        };
        let scores = self.network.scores(&DynamicImage::from(rough).into_rgb8()).map_err(CutError::Network)?;
        let peak = scores.iter().copied().fold(0.0, f32::max);
        let mut matte = Matte { side: index(SIDE), scores };
        if peak < LEAST_PEAK {
            return Err(PhotoError::NoObject { found_permille: 0, least_permille: LEAST_PERMILLE }.into());
        }
        matte.stretch();
        matte.clean();
        let found_permille = matte.core_permille();
        if found_permille < LEAST_PERMILLE {
            return Err(PhotoError::NoObject { found_permille, least_permille: LEAST_PERMILLE }.into());
        }
        Ok(matte)
    }
}

/// The picture with its longer side at most [`WORK_SIDE`].
fn reduced(pixels: RgbaImage) -> RgbaImage {
    let longest = pixels.width().max(pixels.height());
    if longest <= WORK_SIDE {
        return pixels;
    }
    let scaled = |side: u32| (side * WORK_SIDE / longest).max(1);
    imageops::thumbnail(&pixels, scaled(pixels.width()), scaled(pixels.height()))
}

/// Enlarges the matte to the picture and makes it the alpha.
fn apply(pixels: &mut RgbaImage, matte: Matte) {
    let Some(grid) = ImageBuffer::<Luma<f32>, _>::from_raw(SIDE, SIDE, matte.scores) else { return };
    let alpha = imageops::resize(&grid, pixels.width(), pixels.height(), FilterType::Triangle);
    for (pixel, score) in pixels.pixels_mut().zip(alpha.pixels()) {
        pixel.0[3] = unit_to_byte((score.0[0] - EDGE.0) / (EDGE.1 - EDGE.0));
    }
}

/// A SHA-256 as lower-case hex.
pub fn sha256_hex(bytes: &[u8]) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}
