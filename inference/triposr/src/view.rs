//! The reference's own picture of a scene: rays through the density. For comparing colours; products are drawn by the
//! renderer of surfaces.

use inference_kernels::{Device, DeviceError};
use inference_mesh::number::{at, real};

use crate::scene::Scene;

/// Samples along a ray.
const SAMPLES: usize = 128;

/// The eye's distance from the middle.
pub(crate) const DISTANCE: f32 = 1.9;

/// The angle that the picture's height covers, in degrees.
pub(crate) const FIELD_OF_VIEW: f32 = 40.0;

/// The cube is a thousandth smaller, so that the ends of a ray lie inside.
const TIGHTER: f32 = 1.0 - 1e-3;

impl<D: Device> Scene<D> {
    /// Draws the scene from the front, `[side, side]` of red, green and blue before white.
    pub(crate) fn view(&self, side: u32) -> Result<Vec<[f32; 3]>, DeviceError> {
        let focal = 0.5 / (FIELD_OF_VIEW.to_radians() / 2.0).tan();
        let mut picture = Vec::with_capacity(at(side) * at(side));
        for row in 0..side {
            let rays = (0..side).map(|column| {
                let [right, down] = [column, row].map(|part| (real(at(part)) + 0.5) / real(at(side)) - 0.5);
                let ray = [-1.0, right / focal, -down / focal];
                let length = ray.iter().map(|part| part * part).sum::<f32>().sqrt();
                ray.map(|part| part / length)
            });
            picture.extend(self.line(&rays.collect::<Vec<_>>())?);
        }
        Ok(picture)
    }

    fn line(&self, rays: &[[f32; 3]]) -> Result<Vec<[f32; 3]>, DeviceError> {
        let eye = [DISTANCE, 0.0, 0.0];
        let spans: Vec<Option<[f32; 2]>> = rays.iter().map(|ray| self.span(eye, *ray)).collect();
        let mut points = Vec::new();
        for (ray, span) in rays.iter().zip(&spans) {
            let Some([near, far]) = span else { continue };
            for sample in 0..SAMPLES {
                let share = (real(sample) + 0.5) / real(SAMPLES);
                let depth = near * (1.0 - share) + far * share;
                points.push([0, 1, 2].map(|axis: usize| eye[axis] + depth * ray[axis]));
            }
        }
        let mut samples = vec![[0.0; 4]; points.len()];
        self.sample(&points, &mut samples)?;
        let mut rays = samples.chunks_exact(SAMPLES);
        let pixel = |span: &Option<[f32; 2]>| match span.and_then(|_| rays.next()) {
            Some(samples) => blended(samples),
            None => [1.0; 3],
        };
        Ok(spans.iter().map(pixel).collect())
    }

    /// Where a ray enters and leaves the cube; nothing for one that misses it.
    fn span(&self, eye: [f32; 3], ray: [f32; 3]) -> Option<[f32; 2]> {
        let half = self.radius * TIGHTER;
        let (mut near, mut far) = (0.0_f32, f32::INFINITY);
        for axis in 0..3 {
            let along = if ray[axis].abs() < 1e-6 { 1e-6 } else { ray[axis] };
            let ends = [half, -half].map(|side| (side - eye[axis]) / along);
            near = near.max(ends[0].min(ends[1]));
            far = far.min(ends[0].max(ends[1]));
        }
        (far - near > 0.01).then_some([near, far])
    }
}

/// The colour of a ray before white. A step's length is its share of the ray, not its length in space, as in the
/// reference.
fn blended(samples: &[[f32; 4]]) -> [f32; 3] {
    let step = 1.0 / real(SAMPLES);
    let (mut light, mut opacity, mut colour) = (1.0, 0.0, [0.0; 3]);
    for [density, rest @ ..] in samples {
        let alpha = 1.0 - (-step * density).exp();
        let weight = alpha * light;
        for (colour, part) in colour.iter_mut().zip(rest) {
            *colour += weight * part;
        }
        opacity += weight;
        light *= 1.0 - alpha + 1e-10;
    }
    colour.map(|part| part + 1.0 - opacity)
}
