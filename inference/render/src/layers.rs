//! What is seen first and last along each line of sight: what the depth network learns from, and is scored with.

use image::RgbaImage;
use inference_mesh::{Camera, Model};

use crate::maps::{self, DepthMap, NormalMap};
use crate::picture::{Look, Scene};
use crate::raster::Seen;
use crate::{MOST_PX, threads};

/// Holds the first and the last surface of a model through one camera.
///
/// Triangles are seen from both sides: many models in the world are not closed.
#[derive(Debug, Clone, PartialEq)]
pub struct Layers {
    /// Depth of the first surface at the middle of each pixel, infinite where there is none.
    pub first: DepthMap,
    /// Depth of the last one.
    pub last: DepthMap,
    /// The stored colours of the first surface, without light; straight alpha.
    pub front: RgbaImage,
    /// Those of the last one, in the same places of the picture.
    pub back: RgbaImage,
    /// Normals of the first surface's triangles, towards the eye, in the model's space.
    pub normals: NormalMap,
}

/// Draws both layers, `size` pixels square.
pub fn layers(model: &Model, camera: &Camera, size: u32) -> Layers {
    draw_layers(model, camera, size, threads())
}

/// Draws both layers on so many threads; one, where many models are drawn at once.
pub fn draw_layers(model: &Model, camera: &Camera, size: u32, threads: usize) -> Layers {
    let size = size.min(MOST_PX);
    let scene = Scene::new(model, threads);
    Layers {
        first: maps::depth(model, camera, size, Seen::First, threads),
        last: maps::depth(model, camera, size, Seen::Last, threads),
        front: scene.draw(camera, &Look::Flat(Seen::First), size, threads),
        back: scene.draw(camera, &Look::Flat(Seen::Last), size, threads),
        normals: maps::facets(model, camera, size, threads),
    }
}
