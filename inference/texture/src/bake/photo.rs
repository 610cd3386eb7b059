//! The photo as light, at every coarseness, with what is not surely the object taken out.

use image::RgbaImage;
use inference_mesh::Camera;
use inference_mesh::colour::linear_table;
use inference_mesh::number::{at, floor, real};

use super::BakeError;

/// Is the photo a model was made from.
pub struct Photo<'a> {
    /// The framed cut-out: square, straight alpha, sRGB.
    pub image: &'a RgbaImage,
    /// Where it lies over the surface.
    pub camera: Camera,
}

/// A pixel counts from this share of opacity on, and counts fully at the other: what is less is mixed with background.
const SURE: (f32, f32) = (0.7, 0.97);

/// Is light with the weight it has: red, green, blue times the weight, and the weight.
type Light = [f32; 4];

/// Is the photo's light, each level half as fine as the one before.
pub(super) struct Pyramid {
    levels: Vec<Level>,
}

struct Level {
    side: usize,
    pixels: Vec<Light>,
}

impl Pyramid {
    /// Reads a photo.
    pub(super) fn read(image: &RgbaImage) -> Result<Self, BakeError> {
        let (width, height) = image.dimensions();
        if width != height || width == 0 {
            return Err(BakeError::PhotoNotSquare { width, height });
        }
        let side = at(width);
        let linear = linear_table();
        let sure = sure(image);
        let light = |(pixel, sure): (&image::Rgba<u8>, f32)| {
            let [red, green, blue, _] = pixel.0.map(|part| linear[usize::from(part)] * sure);
            [red, green, blue, sure]
        };
        let pixels = image.pixels().zip(sure).map(light).collect();
        let mut levels = vec![Level { side, pixels }];
        while let Some(coarser) = levels.last().and_then(Level::halved) {
            levels.push(coarser);
        }
        Ok(Self { levels })
    }

    /// Gives the pixels on a side.
    pub(super) fn side(&self) -> usize {
        self.levels.first().map_or(0, |level| level.side)
    }

    /// Gives the mean light around a place, 0 to 1 from left to right and top to bottom, and how sure it is, 0 to 1.
    ///
    /// `footprint` is how many pixels of the photo one texel covers on a side; below 1 the light is interpolated.
    pub(super) fn light(&self, place: [f32; 2], footprint: f32) -> ([f32; 3], f32) {
        // A level's pixels overlap by half when they are mixed, hence the half step towards the finer one.
        let coarse = (footprint.max(1.0).log2() - 0.5).clamp(0.0, real(self.levels.len() - 1));
        let level = floor(coarse);
        let share = coarse - real(level);
        let sample = |level: usize| self.levels.get(level).map_or([0.0; 4], |level| level.sharp(place));
        let mut sum = sample(level);
        if share > 0.0 {
            let next = sample(level + 1);
            sum = [0, 1, 2, 3].map(|part| sum[part] * (1.0 - share) + next[part] * share);
        }
        if sum[3] <= 0.05 {
            return ([0.0; 3], 0.0);
        }
        ([sum[0], sum[1], sum[2]].map(|part| (part / sum[3]).clamp(0.0, 1.0)), sum[3].min(1.0))
    }
}

/// Says how sure each pixel is to be the object alone: as little as the least of its neighbours.
fn sure(image: &RgbaImage) -> Vec<f32> {
    let side = at(image.width());
    let opacity: Vec<_> = image.pixels().map(|pixel| f32::from(pixel.0[3]) / 255.0).collect();
    let across = least_of_three(&opacity, side, 1);
    let mut least = least_of_three(&across, side, side);
    for value in &mut least {
        let share = ((*value - SURE.0) / (SURE.1 - SURE.0)).clamp(0.0, 1.0);
        *value = share * share * (3.0 - 2.0 * share);
    }
    least
}

/// Gives the least of each value and the two beside it, along rows (step 1) or columns (step of a row).
fn least_of_three(values: &[f32], side: usize, step: usize) -> Vec<f32> {
    let least = |number: usize| {
        let place = if step == 1 { number % side } else { number / side };
        let before = if place > 0 { values[number - step] } else { values[number] };
        let after = if place + 1 < side { values[number + step] } else { values[number] };
        values[number].min(before).min(after)
    };
    (0..values.len()).map(least).collect()
}

impl Level {
    fn at(&self, column: usize, row: usize) -> Light {
        self.pixels[row.min(self.side - 1) * self.side + column.min(self.side - 1)]
    }

    /// Gives the level of half the side, nothing below one pixel; an odd last row or column counts once more.
    fn halved(&self) -> Option<Self> {
        if self.side <= 1 {
            return None;
        }
        let side = self.side.div_ceil(2);
        let mean = |number: usize| {
            let (column, row) = (number % side * 2, number / side * 2);
            let four = [
                self.at(column, row),
                self.at(column + 1, row),
                self.at(column, row + 1),
                self.at(column + 1, row + 1),
            ];
            [0, 1, 2, 3].map(|part| four.iter().map(|light| light[part]).sum::<f32>() / 4.0)
        };
        Some(Self { side, pixels: (0..side * side).map(mean).collect() })
    }

    /// Gives the light between sixteen pixels by a cubic that goes through them.
    fn sharp(&self, place: [f32; 2]) -> Light {
        let along = |part: f32| (part * real(self.side) - 0.5).clamp(0.0, real(self.side - 1));
        let (x, y) = (along(place[0]), along(place[1]));
        let (column, row) = (floor(x), floor(y));
        let (across, down) = (cubic(x - real(column)), cubic(y - real(row)));
        let mut sum = [0.0; 4];
        for (number, share) in down.into_iter().enumerate() {
            let row = (row + number).saturating_sub(1);
            let mut line = [0.0; 4];
            for (number, share) in across.into_iter().enumerate() {
                let light = self.at((column + number).saturating_sub(1), row);
                line = [0, 1, 2, 3].map(|part| line[part] + light[part] * share);
            }
            sum = [0, 1, 2, 3].map(|part| sum[part] + line[part] * share);
        }
        sum
    }
}

/// Gives the shares of four values in a row, at a place between the second and the third (Catmull and Rom's).
fn cubic(t: f32) -> [f32; 4] {
    let (t2, t3) = (t * t, t * t * t);
    [0.5 * (-t + 2.0 * t2 - t3), 0.5 * (2.0 - 5.0 * t2 + 3.0 * t3), 0.5 * (t + 4.0 * t2 - 3.0 * t3), 0.5 * (t3 - t2)]
}
