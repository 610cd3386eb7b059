//! From a cut-out to the network's image, exactly as the reference does it, with its corners cut where it cuts them.

use image::{RgbImage, RgbaImage};
use inference_mesh::number::{at, floor, real};

/// Says where the network's square lies in the cut-out, in pixels; it may reach beyond.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Square {
    /// The cut-out's column at the square's left edge.
    pub left: f32,
    /// The cut-out's row at the square's upper edge.
    pub top: f32,
    /// The square's side.
    pub side: f32,
}

/// Crops a cut-out to its object, puts it into the middle of a square whose `share` it fills, and lays it over grey.
///
/// The object's box is everything with any alpha, without its last row and column; grey is 0.5; and colours are cut,
/// not rounded, to bytes. Nothing, if no pixel has alpha or the object is a single pixel wide or high.
pub fn framed(cut: &RgbaImage, share: f32) -> Option<(RgbImage, Square)> {
    let (left, top, width, height) = object(cut)?;
    let longest = width.max(height);
    let side = floor(real(at(longest)) / share).min(at(longest) * 4).max(at(longest));
    let side = u32::try_from(side).ok()?;
    // Padded twice, as the reference does: to a square of the object, then to the share.
    let inner = [(longest - width) / 2, (longest - height) / 2];
    let [x, y] = inner.map(|inner| inner + (side - longest) / 2);
    let mut square = RgbImage::from_pixel(side, side, image::Rgb([byte(0.5); 3]));
    for row in 0..height {
        for column in 0..width {
            let pixel = cut.get_pixel(left + column, top + row).0.map(|part| f32::from(part) / 255.0);
            let over = |part: usize| byte(pixel[part] * pixel[3] + (1.0 - pixel[3]) * 0.5);
            square.put_pixel(x + column, y + row, image::Rgb([over(0), over(1), over(2)]));
        }
    }
    let place = |first: u32, before: u32| real(at(first)) - real(at(before));
    Some((square, Square { left: place(left, x), top: place(top, y), side: real(at(side)) }))
}

/// Left, top, width and height of the object's box.
fn object(cut: &RgbaImage) -> Option<(u32, u32, u32, u32)> {
    let mut bounds: Option<[u32; 4]> = None;
    for (x, y, pixel) in cut.enumerate_pixels() {
        if pixel.0[3] > 0 {
            let [left, right, top, bottom] = bounds.unwrap_or([x, x, y, y]);
            bounds = Some([left.min(x), right.max(x), top.min(y), bottom.max(y)]);
        }
    }
    let [left, right, top, bottom] = bounds?;
    (right > left && bottom > top).then_some((left, top, right - left, bottom - top))
}

/// Cuts a number of 0 to 1 to a byte.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "cutting is what the reference does")]
fn byte(value: f32) -> u8 {
    (value * 255.0) as u8
}

/// Resizes to `size` a side: `[3, size, size]` of 0 to 1. Bilinear where it enlarges; where it reduces, the filter is as
/// much wider, so that every pixel counts.
pub fn resized(square: &RgbImage, size: usize) -> Vec<f32> {
    let from = at(square.width());
    let weights: Vec<Weights> = (0..size).map(|target| Weights::of(target, from, size)).collect();
    let pixels = square.as_raw();
    let mut image = vec![0.0; 3 * size * size];
    // Across first: [3, from, size].
    let mut across = vec![0.0; 3 * from * size];
    for (line, row) in across.chunks_exact_mut(size).enumerate() {
        let (colour, y) = (line / from, line % from);
        for (number, weights) in row.iter_mut().zip(&weights) {
            *number = weights.sum(|x| f32::from(pixels[(y * from + x) * 3 + colour]) / 255.0);
        }
    }
    for (line, row) in image.chunks_exact_mut(size).enumerate() {
        let (colour, weights) = (line / size, &weights[line % size]);
        for (x, number) in row.iter_mut().enumerate() {
            *number = weights.sum(|y| across[(colour * from + y) * size + x]);
        }
    }
    image
}

/// Is what one target pixel takes of the source.
struct Weights {
    first: usize,
    shares: Vec<f32>,
}

impl Weights {
    fn of(target: usize, from: usize, to: usize) -> Self {
        let step = real(from) / real(to);
        let reach = step.max(1.0);
        let middle = step * (real(target) + 0.5);
        let first = floor(middle - reach + 0.5);
        let end = floor(middle + reach + 0.5).min(from);
        let tent = |source: usize| (1.0 - ((real(source) - middle + 0.5) / reach).abs()).max(0.0);
        let shares: Vec<f32> = (first..end).map(tent).collect();
        let sum: f32 = shares.iter().sum();
        Self { first, shares: shares.into_iter().map(|share| share / sum).collect() }
    }

    fn sum(&self, of: impl Fn(usize) -> f32) -> f32 {
        self.shares.iter().enumerate().map(|(number, share)| share * of(self.first + number)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgba;

    #[test]
    fn the_last_row_and_column_of_the_object_are_dropped_and_the_rest_is_centred() {
        let mut cut = RgbaImage::new(50, 40);
        for y in 10..=20 {
            for x in 5..=39 {
                cut.put_pixel(x, y, Rgba([255, 0, 0, 255]));
            }
        }
        let (square, place) = framed(&cut, 0.85).unwrap();
        // 34 by 10 pixels are left; the side is 34 / 0.85, and 40 is its whole part.
        assert_eq!(square.dimensions(), (40, 40));
        assert_eq!(place, Square { left: 2.0, top: -5.0, side: 40.0 });
        let red = square.enumerate_pixels().filter(|(.., pixel)| pixel.0 == [255, 0, 0]).map(|(x, y, _)| (x, y));
        let red: Vec<_> = red.collect();
        assert_eq!((red.len(), red[0], red[red.len() - 1]), (340, (3, 15), (36, 24)));
        assert_eq!(square.get_pixel(0, 0).0, [127; 3], "0.5 of 255 is cut, not rounded");
    }

    #[test]
    fn a_picture_of_the_wanted_size_stays_as_it_is() {
        let square =
            RgbImage::from_fn(8, 8, |x, y| image::Rgb([u8::try_from(x * 30).unwrap(), 7, u8::try_from(y).unwrap()]));
        let image = resized(&square, 8);
        assert!((image[3] - 90.0 / 255.0).abs() < 1e-7 && (image[64 * 2 + 8 * 5] - 5.0 / 255.0).abs() < 1e-7);
    }

    #[test]
    fn nothing_or_a_line_is_no_object() {
        let mut cut = RgbaImage::new(20, 20);
        assert!(framed(&cut, 0.85).is_none());
        for x in 3..9 {
            cut.put_pixel(x, 4, Rgba([9, 9, 9, 200]));
        }
        assert!(framed(&cut, 0.85).is_none());
    }
}
