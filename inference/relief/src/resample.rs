//! A part of the photo at another scale, each pixel with how surely it is the object's own colour.

use image::RgbaImage;

use crate::fill::Weighted;
use crate::number::smooth;
use inference_mesh::number::{at, floor, real};

/// Pixels less opaque than this are not trusted to be the object's own colour at all, and only opaque ones fully.
const LEAST_ALPHA: f32 = 0.8;

/// Says how surely a pixel of some opacity shows the object's own colour.
pub(crate) fn trust(alpha: f32) -> f32 {
    smooth(LEAST_ALPHA, 1.0, alpha)
}

/// Reads `width` by `height` pixels, `step` pixels of the photo apart, the first one's corner at `origin_px`.
///
/// A pixel of the photo counts by `trust` in its alpha. Beyond the photo the weight is 0, and the colour then is black.
pub(crate) fn resample(
    framed: &RgbaImage,
    origin_px: [f32; 2],
    step: f32,
    [width, height]: [usize; 2],
    trust: impl Fn(f32) -> f32,
) -> Vec<Weighted> {
    let trust: [f32; 256] = std::array::from_fn(|alpha| trust(real(alpha) / 255.0));
    let stride = at(framed.width()) * 4;
    let across = taps(origin_px[0], step, width, at(framed.width()));
    let along = taps(origin_px[1], step, height, at(framed.height()));

    // Sums of colour times weight, and of the weights.
    let mut sums = vec![[0.0_f32; 4]; width * height];
    let mut row = vec![[0.0_f32; 4]; width];
    let mut feeds = vec![Vec::new(); at(framed.height())];
    for (y, (first, weights)) in along.iter().enumerate() {
        for (source, weight) in (*first..).zip(weights) {
            feeds[source].push((y, *weight));
        }
    }
    for (pixels, feeds) in framed.as_raw().chunks_exact(stride.max(1)).zip(feeds) {
        if feeds.is_empty() {
            continue;
        }
        for (sum, (first, weights)) in row.iter_mut().zip(&across) {
            *sum = [0.0; 4];
            for (pixel, weight) in pixels[first * 4..].chunks_exact(4).zip(weights) {
                let weight = weight * trust[usize::from(pixel[3])];
                sum[0] += f32::from(pixel[0]) * weight;
                sum[1] += f32::from(pixel[1]) * weight;
                sum[2] += f32::from(pixel[2]) * weight;
                sum[3] += weight;
            }
        }
        for (y, weight) in feeds {
            for (sum, part) in sums[y * width..(y + 1) * width].iter_mut().zip(&row) {
                for channel in 0..4 {
                    sum[channel] += part[channel] * weight;
                }
            }
        }
    }
    for sum in &mut sums {
        if sum[3] > 0.0 {
            *sum = [sum[0] / sum[3], sum[1] / sum[3], sum[2] / sum[3], sum[3].min(1.0)];
        }
    }
    sums
}

/// Gives, for each of `count` pixels, the first pixel of the photo that it takes from, and the shares of those on.
///
/// The shares fall off linearly over one step, or over one pixel where the photo is enlarged; those beyond the photo are
/// left out, so that the sum falls below 1 there.
fn taps(origin: f32, step: f32, count: usize, limit: usize) -> Vec<(usize, Vec<f32>)> {
    let radius = step.max(1.0);
    (0..count)
        .map(|pixel| {
            let middle = origin + (real(pixel) + 0.5) * step - 0.5;
            let first = floor((middle - radius).ceil()).min(limit);
            let end = floor((middle + radius).floor() + 1.0).clamp(first, limit);
            let share = |source: usize| (1.0 - (real(source) - middle).abs() / radius).max(0.0);
            // With those beyond the photo, the shares add up to about the radius.
            (first, (first..end).map(|source| share(source) / radius).collect())
        })
        .collect()
}
