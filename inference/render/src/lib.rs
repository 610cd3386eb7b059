//! CPU renderer: the preview of a model, and a view from any side.
//!
//! No GPU, no window, no chance: the same model and view give the same pixels. Half a megapixel takes some tens of
//! milliseconds when optimised.

mod camera;
mod light;
mod raster;

use image::RgbaImage;
use inference_mesh::Model;

/// How far the preview is turned to the side, in degrees: enough to show that there is one.
const PREVIEW_YAW: f32 = 25.0;

/// How far the preview looks down, in degrees: as one looks at a thing on a table.
const PREVIEW_PITCH: f32 = 14.0;

/// Draws the preview: `size` pixels square, slightly from the side and from above, straight alpha, no background.
pub fn preview(model: &Model, size: u32) -> RgbaImage {
    view(model, size, PREVIEW_YAW, PREVIEW_PITCH)
}

/// Draws a model from any side, filling a picture of `size` pixels square, on a soft shadow, with straight alpha.
///
/// At yaw 0 and pitch 0 one looks at its front. Yaw turns the eye to the model's +X side, 180° is the back; pitch
/// raises it. Triangles that [`inference_mesh::check`] would count as broken are not drawn.
pub fn view(model: &Model, size: u32, yaw_degrees: f32, pitch_degrees: f32) -> RgbaImage {
    let camera = camera::Camera::fit(&model.surface, yaw_degrees, pitch_degrees);
    let samples = raster::draw(model, &camera, size);
    let shadow = light::Shadow::under(&model.surface);
    raster::resolve(&samples, &camera, &shadow, size)
}
