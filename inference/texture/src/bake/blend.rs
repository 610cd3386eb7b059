//! One colour of two: the photo's where it saw the surface well, the engine's elsewhere.

use inference_mesh::colour::{linear_table, stored_byte};
use inference_mesh::number::{byte, floor, real};
use inference_mesh::{Colours, ColoursError, Spot, Surface};

use super::BakeError;
use super::depth::Depth;
use super::photo::{Photo, Pyramid};
use crate::vector::dot;

/// The cosine to the eye at which the photo begins to count, and the one from which it counts alone.
const FACING: (f32, f32) = (0.1, 0.45);

/// Above this share the photo counts alone, and the engine is not asked.
const ALONE: f32 = 0.998;

/// The values of the table from light to bytes.
const STEPS: usize = 1 << 16;

/// Is a photo that is ready to be asked for the colours of a surface.
pub(super) struct Eye {
    pub(super) camera: inference_mesh::Camera,
    pyramid: Pyramid,
    depth: Depth,
}

impl Eye {
    /// Reads the photo, and finds out what of the surface it shows.
    pub(super) fn open(surface: &Surface, photo: &Photo<'_>) -> Result<Self, BakeError> {
        let pyramid = Pyramid::read(photo.image)?;
        let depth = Depth::draw(surface, &photo.camera, pyramid.side());
        Ok(Self { camera: photo.camera, pyramid, depth })
    }

    /// Gives the pixels of the photo on a side.
    pub(super) fn side(&self) -> f32 {
        real(self.pyramid.side())
    }

    /// Gives the light of a spot in the photo and how much it counts, 0 to 1.
    pub(super) fn light(&self, spot: &Spot, footprint: f32) -> ([f32; 3], f32) {
        let nothing = ([0.0; 3], 0.0);
        let cosine = dot(spot.normal, self.camera.towards(spot.position));
        let Some(seen) = self.camera.see(spot.position) else { return nothing };
        let share = ((cosine - FACING.0) / (FACING.1 - FACING.0)).clamp(0.0, 1.0);
        let within = seen.at.iter().all(|part| (0.0..=1.0).contains(part));
        if share.is_nan() || share <= 0.0 || !within {
            return nothing;
        }
        let facing = share * share * (3.0 - 2.0 * share);
        let open = self.depth.sees(seen, cosine);
        if open <= 0.0 {
            return nothing;
        }
        let (light, sure) = self.pyramid.light(seen.at, footprint);
        (light, facing * open * sure)
    }
}

/// Mixes and stores colours.
pub(super) struct Blender<'a> {
    colours: &'a dyn Colours,
    linear: [f32; 256],
    bytes: Vec<u8>,
}

impl<'a> Blender<'a> {
    pub(super) fn new(colours: &'a dyn Colours) -> Self {
        let bytes = (0..=STEPS).map(|step| stored_byte(real(step) / real(STEPS))).collect();
        Self { colours, linear: linear_table(), bytes }
    }

    /// Gives the stored colour of each spot; the footprint of a spot is its size in pixels of the photo.
    pub(super) fn blend(
        &self,
        eye: Option<&Eye>,
        spots: &[Spot],
        footprints: &[f32],
    ) -> Result<Vec<[u8; 3]>, ColoursError> {
        let see = |(spot, footprint): (&Spot, &f32)| eye.map_or(([0.0; 3], 0.0), |eye| eye.light(spot, *footprint));
        let seen: Vec<_> = spots.iter().zip(footprints).map(see).collect();
        let asked: Vec<_> =
            seen.iter().zip(spots).filter(|((_, share), _)| *share < ALONE).map(|(_, spot)| *spot).collect();
        let mut engine = vec![[0.0; 3]; asked.len()];
        self.colours.paint(&asked, &mut engine)?;
        let mut engine = engine.into_iter();
        let mixed = seen.into_iter().map(|(light, share)| {
            if share >= ALONE {
                return light.map(|part| self.byte(part));
            }
            let own = engine.next().unwrap_or_default();
            if share <= 0.0 {
                return own.map(|part| byte(part * 255.0));
            }
            let own = own.map(|part| self.light(part));
            [0, 1, 2].map(|channel| self.byte(own[channel] + (light[channel] - own[channel]) * share))
        });
        Ok(mixed.collect())
    }

    /// Gives the light of a stored value, 0 to 1, between the two of the table.
    fn light(&self, stored: f32) -> f32 {
        let place = (stored * 255.0).clamp(0.0, 255.0);
        let step = floor(place).min(254);
        self.linear[step] + (self.linear[step + 1] - self.linear[step]) * (place - real(step)).max(0.0)
    }

    fn byte(&self, light: f32) -> u8 {
        self.bytes[floor(light.clamp(0.0, 1.0) * real(STEPS) + 0.5).min(STEPS)]
    }
}
