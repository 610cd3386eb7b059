//! Framing: the object in the middle of a square, filling a known share of it.

use crate::bleed::bleed;
use crate::error::PhotoError;
use crate::number::{float, index};
use image::imageops::{self, FilterType};
use image::{GenericImage, Rgba, RgbaImage};

/// The longest side of a framed picture in pixels; larger ones are resized down.
pub const MAX_FRAME_SIDE: u32 = 2048;

/// A pixel above this alpha belongs to the object's box; fainter ones are haze.
const BOX_ALPHA: u8 = 32;

/// The object in its square.
#[derive(Debug, Clone)]
pub struct Framed {
    /// Square, straight alpha, sRGB; under the transparent surroundings the object's own colours go on.
    pub pixels: RgbaImage,
    /// Where the square lies in the cut-out, in its pixels: left, top, side. It may reach beyond.
    pub square: [f32; 3],
}

/// Crops a cut-out to its object, centres it in a square whose side it fills by `foreground_percent`, and resizes
/// the square down to `max_side` if it is larger. An object is never enlarged.
pub fn frame(cut: &RgbaImage, foreground_percent: u32, max_side: u32) -> Result<Framed, PhotoError> {
    let Some((left, top, width, height)) = object_box(cut) else {
        return Err(PhotoError::NoObject { found_permille: 0, least_permille: 1 });
    };
    let longest = width.max(height);
    let side = (longest * 100).div_ceil(foreground_percent.clamp(1, 100));
    let mut square = RgbaImage::from_pixel(side, side, Rgba([0, 0, 0, 0]));
    let object = imageops::crop_imm(cut, left, top, width, height).to_image();
    let (x, y) = ((side - width) / 2, (side - height) / 2);
    // It fits: the square is at least as long as the object's longer side.
    if square.copy_from(&object, x, y).is_err() {
        return Err(PhotoError::NoObject { found_permille: 0, least_permille: 1 });
    }
    // Far enough for any texture filter, also after resizing.
    bleed(&mut square, (side / 24).max(16));
    if side > max_side {
        square = imageops::resize(&square, max_side, max_side, FilterType::Triangle);
    }
    let place = |first: u32, before: u32| float(first) - float(before);
    Ok(Framed { pixels: square, square: [place(left, x), place(top, y), float(side)] })
}

/// Left, top, width and height of the smallest box around everything that is not haze.
fn object_box(cut: &RgbaImage) -> Option<(u32, u32, u32, u32)> {
    let width = index(cut.width());
    let (mut left, mut right, mut top, mut bottom) = (u32::MAX, 0, u32::MAX, 0);
    for (y, row) in (0..).zip(cut.as_raw().chunks_exact((width * 4).max(4))) {
        for (x, pixel) in (0..).zip(row.chunks_exact(4)) {
            if pixel[3] > BOX_ALPHA {
                left = left.min(x);
                right = right.max(x);
                top = top.min(y);
                bottom = bottom.max(y);
            }
        }
    }
    (left <= right && top <= bottom).then(|| (left, top, right - left + 1, bottom - top + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(width: u32, height: u32) -> RgbaImage {
        let mut cut = RgbaImage::from_pixel(400, 300, Rgba([9, 9, 9, 0]));
        for y in 20..20 + height {
            for x in 30..30 + width {
                cut.put_pixel(x, y, Rgba([250, 100, 50, 255]));
            }
        }
        cut
    }

    #[test]
    fn the_longer_side_fills_the_asked_share_and_the_object_is_centred() {
        let framed = frame(&block(170, 80), 85, 2048).unwrap();
        assert_eq!(format!("{:?}", framed.square), "[15.0, -40.0, 200.0]");
        let framed = framed.pixels;
        assert_eq!(framed.dimensions(), (200, 200));
        assert_eq!(object_box(&framed), Some((15, 60, 170, 80)));
    }

    #[test]
    fn a_large_square_is_resized_down_and_its_edge_shows_no_background() {
        let framed = frame(&block(200, 200), 100, 64).unwrap().pixels;
        assert_eq!(framed.dimensions(), (64, 64));
        let framed = frame(&block(200, 200), 50, 64).unwrap().pixels;
        for pixel in framed.pixels().filter(|pixel| pixel.0[3] > 0) {
            assert_eq!(pixel.0[..3], [250, 100, 50]);
        }
    }

    #[test]
    fn nothing_to_frame_is_no_object() {
        assert!(matches!(frame(&RgbaImage::new(50, 50), 85, 2048), Err(PhotoError::NoObject { .. })));
    }
}
