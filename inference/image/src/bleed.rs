//! Spreading the object's colours under its transparent surroundings.
//!
//! The pixels around a cut-out still show the background; a texture that is filtered across the edge would pick it
//! up as a coloured rim. So every pixel that is not solid takes the mean of its already coloured neighbours, ring by
//! ring, up to a fixed reach.

use crate::number::index;
use image::RgbaImage;

/// A pixel with at least this alpha shows the object and keeps its colour.
const SOLID: u8 = 230;

/// Recolours the pixels within `reach` rings around the solid ones; alpha stays. Without any solid pixel nothing is
/// changed.
pub(crate) fn bleed(picture: &mut RgbaImage, reach: u32) {
    let (width, height) = (index(picture.width()), index(picture.height()));
    let pixels: &mut [u8] = picture;
    let mut coloured: Vec<bool> = pixels.chunks_exact(4).map(|pixel| pixel[3] >= SOLID).collect();
    let mut rim: Vec<usize> = Vec::new();
    for at in 0..coloured.len() {
        if !coloured[at] && around(at, width, height).any(|near| coloured[near]) {
            rim.push(at);
        }
    }
    let mut queued = coloured.clone();
    for _ in 0..reach {
        if rim.is_empty() {
            return;
        }
        for &at in &rim {
            let mean = mean_of_coloured(pixels, &coloured, around(at, width, height));
            pixels[at * 4..at * 4 + 3].copy_from_slice(&mean);
            queued[at] = true;
        }
        // Only now: the pixels of one ring must not colour each other, or the result would lean to the right.
        for &at in &rim {
            coloured[at] = true;
        }
        let mut farther = Vec::new();
        for &at in &rim {
            for near in around(at, width, height) {
                if !queued[near] {
                    queued[near] = true;
                    farther.push(near);
                }
            }
        }
        rim = farther;
    }
}

fn mean_of_coloured(pixels: &[u8], coloured: &[bool], around: impl Iterator<Item = usize>) -> [u8; 3] {
    let mut sum = [0u16; 3];
    let mut count = 0u16;
    for near in around.filter(|near| coloured[*near]) {
        for (sum, value) in sum.iter_mut().zip(&pixels[near * 4..near * 4 + 3]) {
            *sum += u16::from(*value);
        }
        count += 1;
    }
    let count = count.max(1);
    // A mean of bytes is a byte.
    sum.map(|sum| u8::try_from((sum + count / 2) / count).unwrap_or(u8::MAX))
}

/// The up to eight pixels around one.
fn around(at: usize, width: usize, height: usize) -> impl Iterator<Item = usize> {
    let (row, column) = (at / width, at % width);
    let rows = row.saturating_sub(1)..=(row + 1).min(height - 1);
    let columns = column.saturating_sub(1)..=(column + 1).min(width - 1);
    rows.flat_map(move |r| columns.clone().map(move |c| r * width + c)).filter(move |near| *near != at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgba;

    #[test]
    fn the_background_colour_under_the_edge_is_replaced_and_alpha_stays() {
        let mut picture = RgbaImage::from_pixel(9, 9, Rgba([0, 255, 0, 0]));
        picture.put_pixel(4, 4, Rgba([200, 10, 20, 255]));
        picture.put_pixel(5, 4, Rgba([100, 130, 10, 128]));
        bleed(&mut picture, 2);
        assert_eq!(picture.get_pixel(5, 4), &Rgba([200, 10, 20, 128]));
        assert_eq!(picture.get_pixel(6, 6), &Rgba([200, 10, 20, 0]));
        assert_eq!(picture.get_pixel(7, 7), &Rgba([0, 255, 0, 0]), "beyond the reach nothing changes");
    }
}
