//! Samples to pixels: colour, light, shadow and a soft outline.

use image::RgbaImage;
use inference_mesh::number::{at, byte, real};
use inference_mesh::{Camera, Model};

use crate::camera::{Extent, Rays};
use crate::crew::share_out;
use crate::light::Lamps;
use crate::paint::{Coat, Painter};
use crate::raster::{BAND_ROWS, NOTHING, Outline, Pixel, SIXTEEN, Seen, Sight};
use crate::shadow::Shadow;

/// The share of the picture at its edges over which the shadow fades out.
const SHADOW_MARGIN: f32 = 0.07;

/// Is a model with all that does not depend on from where it is seen.
pub(crate) struct Scene<'a> {
    pub(crate) model: &'a Model,
    pub(crate) extent: Extent,
    normals: Vec<[f32; 3]>,
    painter: Painter<'a>,
}

/// Is how a model is shown.
pub(crate) enum Look<'a> {
    /// As it is stored, without light and shadow; which of its triangles.
    Flat(Seen),
    /// In the light of lamps, on its shadow.
    Lit(Lamps, &'a Shadow),
}

impl<'a> Scene<'a> {
    pub(crate) fn new(model: &'a Model, threads: usize) -> Self {
        Self {
            model,
            extent: Extent::of(&model.surface),
            normals: model.surface.normals(),
            painter: Painter::new(model, threads),
        }
    }

    /// Draws it through a camera: `size` pixels square, straight alpha.
    pub(crate) fn draw(&self, camera: &Camera, look: &Look<'_>, size: u32, threads: usize) -> RgbaImage {
        let row = at(size);
        let mut picture = RgbaImage::new(size, size);
        if size == 0 {
            return picture;
        }
        let seen = if let Look::Flat(seen) = look { *seen } else { Seen::Facing };
        let sight = Sight::new(&self.model.surface, camera, row, seen);
        let rays = Rays::of(camera);
        let bands = picture.chunks_mut(row * 4 * BAND_ROWS).enumerate();
        share_out(threads, bands, |(band, bytes)| {
            let pixels = sight.band(band, &SIXTEEN);
            let mut faces = Faces { scene: self, sight: &sight, last: None };
            for (number, (pixel, bytes)) in pixels.iter().zip(bytes.chunks_exact_mut(4)).enumerate() {
                let centre = [real(number % row) + 0.5, real(band * BAND_ROWS + number / row) + 0.5];
                let (light, covered) = faces.mix(pixel, centre, look);
                let mut alpha = covered;
                if let Look::Lit(_, shadow) = look
                    && covered < 1.0
                {
                    alpha += (1.0 - covered) * dark(shadow, &rays, centre.map(|part| part / real(row)));
                }
                if alpha > 0.0 {
                    let colour = light.map(|sum| self.painter.tones.stored(sum / alpha));
                    bytes[..3].copy_from_slice(&colour);
                    bytes[3] = byte(255.0 * alpha);
                }
            }
        });
        picture
    }
}

/// Says how dark the ground is that is seen at a place; the shadow ends before the picture does.
fn dark(shadow: &Shadow, rays: &Rays, place: [f32; 2]) -> f32 {
    let to_edge = place.iter().map(|part| part.min(1.0 - part)).fold(0.5, f32::min);
    let share = (to_edge / SHADOW_MARGIN).clamp(0.0, 1.0);
    let fade = share * share * (3.0 - 2.0 * share);
    fade * rays.ground(place, shadow.level()).map_or(0.0, |ground| shadow.at(ground))
}

/// Works out colours; keeps the last triangle, because the next pixel often shows it too.
struct Faces<'a> {
    scene: &'a Scene<'a>,
    sight: &'a Sight<'a>,
    last: Option<(u32, Outline, Option<Coat>)>,
}

impl Faces<'_> {
    /// Gives the sum of the light in a pixel and the share of it that is covered: each triangle is lit once.
    fn mix(&mut self, pixel: &Pixel<16>, centre: [f32; 2], look: &Look<'_>) -> ([f32; 3], f32) {
        let (mut light, mut covered) = ([0.0_f32; 3], 0.0);
        let mut left: u16 = 0;
        for sample in 0..16 {
            left |= u16::from(pixel.faces[sample] != NOTHING) << sample;
        }
        while left != 0 {
            let face = pixel.faces[at(left.trailing_zeros())];
            let mut same: u16 = 0;
            for sample in 0..16 {
                same |= u16::from(pixel.faces[sample] == face) << sample;
            }
            left &= !same;
            let share = real(at(same.count_ones())) / 16.0;
            let place = if same == u16::MAX { centre } else { middle(same, centre) };
            let Some(colour) = self.light(face, place, look) else { continue };
            light = [0, 1, 2].map(|channel| light[channel] + colour[channel].min(1.0) * share);
            covered += share;
        }
        (light, covered)
    }

    fn light(&mut self, face: u32, place: [f32; 2], look: &Look<'_>) -> Option<[f32; 3]> {
        if self.last.as_ref().is_none_or(|(last, ..)| *last != face) {
            self.last = Some((face, self.sight.outline(face)?, self.scene.painter.coat(face)));
        }
        let (_, outline, coat) = self.last.as_ref()?;
        let parts = outline.parts(place);
        let colour = self.scene.painter.light(coat.as_ref()?, parts, outline.area);
        let Look::Lit(lamps, _) = look else { return Some(colour) };
        let surface = &self.scene.model.surface;
        let (mut normal, mut height) = ([0.0; 3], 0.0);
        for (vertex, part) in surface.triangles[at(face)].iter().zip(parts) {
            let own = self.scene.normals[at(*vertex)];
            normal = [0, 1, 2].map(|axis| normal[axis] + own[axis] * part);
            height += surface.positions[at(*vertex)][1] * part;
        }
        let brightness = lamps.shade(normal, height);
        Some(colour.map(|part| part * brightness))
    }
}

/// Gives the middle of some samples of a pixel: it lies in the triangle that covers them.
fn middle(samples: u16, centre: [f32; 2]) -> [f32; 2] {
    let (mut sum, mut count) = ([0.0; 2], 0.0);
    for (sample, place) in SIXTEEN.iter().enumerate() {
        if samples >> sample & 1 == 1 {
            sum = [sum[0] + place[0], sum[1] + place[1]];
            count += 1.0;
        }
    }
    [centre[0] + sum[0] / count, centre[1] + sum[1] / count]
}
