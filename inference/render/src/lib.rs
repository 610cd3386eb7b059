//! CPU renderer: the preview of a model, a view from any side, a turning model, and maps for measuring.
//!
//! No GPU, no window, no chance: the same model and view give the same pixels on any number of threads. Sixteen samples
//! a pixel make the outline smooth; colour and light are worked out once for each triangle in a pixel.
//!
//! Whatever a model holds, nothing fails: triangles that [`inference_mesh::check`] would count as broken, that have a
//! corner at no finite place or behind the eye, or that have no colour are not drawn. Time grows with the triangles and
//! the pixels that they cover, memory with the triangles. No picture has more than [`MOST_PX`] pixels a side: a larger
//! one is drawn with that many.

mod camera;
mod crew;
mod layers;
mod light;
mod maps;
mod paint;
mod picture;
mod raster;
mod shadow;
mod webp;

use image::RgbaImage;
use inference_mesh::number::{at, byte, real};
use inference_mesh::{Camera, Model};

use crew::{share_out, threads};
use light::Lamps;
use picture::{Look, Scene};
use raster::Seen;
use shadow::Shadow;

pub use layers::{Layers, draw_layers, layers};
pub use maps::{DepthMap, NormalMap};
pub use webp::{WebpError, animated_webp, lossy_webp};

/// The longest side of a picture in pixels.
pub const MOST_PX: u32 = 4096;

/// The longest side of a turning model's pictures in pixels, and their largest number: half a gigabyte.
pub const MOST_TURNING_PX: u32 = 1024;
/// See [`MOST_TURNING_PX`].
pub const MOST_FRAMES: u32 = 120;

/// How far the preview is turned to the side, in degrees: enough to show that there is one.
const PREVIEW_YAW: f32 = 25.0;

/// How far the preview looks down, in degrees: as one looks at a thing on a table.
const PREVIEW_PITCH: f32 = 14.0;

/// Says what is behind a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Background {
    /// Nothing: straight alpha, and the shadow is transparent black.
    Transparent,
    /// One stored (sRGB) colour, opaque: what the transparent picture looks like when a page lays it over that colour.
    Plain([u8; 3]),
}

/// Draws the preview: `size` pixels square, slightly from the side and from above, straight alpha, no background.
pub fn preview(model: &Model, size: u32) -> RgbaImage {
    view(model, size, PREVIEW_YAW, PREVIEW_PITCH)
}

/// Draws a model from any side, filling a picture of `size` pixels square, on a soft shadow, with straight alpha.
///
/// At yaw 0 and pitch 0 one looks at its front. Yaw turns the eye to the model's +X side, 180° is the back; pitch
/// raises it. The lamps stand around the viewer: every side is lit alike.
pub fn view(model: &Model, size: u32, yaw_degrees: f32, pitch_degrees: f32) -> RgbaImage {
    view_on(model, size, yaw_degrees, pitch_degrees, Background::Transparent)
}

/// Draws a model as [`view`] does, on a background.
pub fn view_on(model: &Model, size: u32, yaw_degrees: f32, pitch_degrees: f32, background: Background) -> RgbaImage {
    let mut picture = draw_view(model, size, [yaw_degrees, pitch_degrees], threads());
    if let Background::Plain(colour) = background {
        lay_over(&mut picture, colour);
    }
    picture
}

fn draw_view(model: &Model, size: u32, [yaw, pitch]: [f32; 2], threads: usize) -> RgbaImage {
    let scene = Scene::new(model, threads);
    let shadow = Shadow::under(&model.surface, scene.extent);
    let look = Look::Lit(Lamps::new(scene.extent, yaw), &shadow);
    scene.draw(&camera::around(&model.surface, yaw, pitch), &look, size.min(MOST_PX), threads)
}

fn lay_over(picture: &mut RgbaImage, colour: [u8; 3]) {
    for pixel in picture.pixels_mut() {
        let share = f32::from(pixel.0[3]) / 255.0;
        for (part, behind) in pixel.0.iter_mut().zip(colour) {
            *part = byte(f32::from(*part) * share + f32::from(behind) * (1.0 - share));
        }
        pixel.0[3] = 255;
    }
}

/// Draws a model that turns once about its upright axis, in equal steps, beginning with the preview's side.
///
/// All pictures are taken from one distance, so that it does not pump, and show what [`view`] shows: straight alpha, a
/// soft shadow. `size` is at most [`MOST_TURNING_PX`] and `frames` at most [`MOST_FRAMES`]; more is not made.
pub fn turntable(model: &Model, size: u32, frames: u32) -> Vec<RgbaImage> {
    draw_turning(model, size, frames, threads())
}

fn draw_turning(model: &Model, size: u32, frames: u32, threads: usize) -> Vec<RgbaImage> {
    let (size, frames) = (size.min(MOST_TURNING_PX), at(frames.min(MOST_FRAMES)));
    let scene = Scene::new(model, threads);
    let shadow = Shadow::under(&model.surface, scene.extent);
    let yaws: Vec<_> = (0..frames).map(|frame| PREVIEW_YAW + 360.0 * real(frame) / real(frames)).collect();
    let cameras = camera::turning(&model.surface, &yaws, PREVIEW_PITCH);
    let mut pictures = vec![RgbaImage::default(); frames];
    share_out(threads, pictures.iter_mut().zip(cameras.iter().zip(&yaws)), |(picture, (camera, yaw))| {
        let look = Look::Lit(Lamps::new(scene.extent, *yaw), &shadow);
        *picture = scene.draw(camera, &look, size, 1);
    });
    pictures
}

/// Gives the camera of [`view`], for [`depth`], [`normals`] and [`photo_view`].
pub fn view_camera(model: &Model, yaw_degrees: f32, pitch_degrees: f32) -> Camera {
    camera::around(&model.surface, yaw_degrees, pitch_degrees)
}

/// Gives a camera like [`view_camera`]'s, its eye `distance` longest sides from the model's middle, that fills a share
/// of the picture: `distance` at least 1 keeps the eye outside of the model.
pub fn framing_camera(model: &Model, yaw_and_pitch_degrees: [f32; 2], distance: f32, filled: f32) -> Camera {
    camera::framing(&model.surface, yaw_and_pitch_degrees, distance, filled)
}

/// Draws a model as the photo's camera sees it: its stored colours without light and shadow, straight alpha, so that
/// it can be compared with the photo.
pub fn photo_view(model: &Model, camera: &Camera, size: u32) -> RgbaImage {
    draw_photo_view(model, camera, size, threads())
}

fn draw_photo_view(model: &Model, camera: &Camera, size: u32, threads: usize) -> RgbaImage {
    Scene::new(model, threads).draw(camera, &Look::Flat(Seen::Facing), size.min(MOST_PX), threads)
}

/// Gives the depth of the first surface at the middle of each pixel.
pub fn depth(model: &Model, camera: &Camera, size: u32) -> DepthMap {
    maps::depth(model, camera, size.min(MOST_PX), Seen::Facing, threads())
}

/// Gives the smooth normal of the first surface at the middle of each pixel: what the light falls on.
pub fn normals(model: &Model, camera: &Camera, size: u32) -> NormalMap {
    maps::normals(model, camera, size.min(MOST_PX), threads())
}

#[cfg(test)]
mod tests {
    use inference_mesh::{Model, Paint, Surface};

    use super::{Seen, Shadow, draw_photo_view, draw_turning, draw_view, maps, view_camera, webp};

    /// A bumpy ring of triangles in many colours.
    fn ring() -> Model {
        let positions = (0..60_u8).map(|n| {
            let (sin, cos) = f32::from(n).sin_cos();
            [cos * 0.5, f32::from(n) / 60.0, sin * 0.4]
        });
        let triangles = (0..58).flat_map(|n| [[n, n + 1, n + 2], [n + 2, n + 1, n]]).collect();
        let colours = (0..60).map(|n| [n * 4, 255 - n * 4, 100]).collect();
        Model { surface: Surface { positions: positions.collect(), triangles }, paint: Paint::Vertices(colours) }
    }

    #[test]
    fn any_number_of_threads_gives_the_same_pixels() {
        let model = ring();
        let camera = view_camera(&model, 30.0, 10.0);
        let draw = |threads: usize| {
            let frames = draw_turning(&model, 40, 5, threads);
            (
                draw_view(&model, 100, [25.0, 14.0], threads),
                draw_photo_view(&model, &camera, 100, threads),
                maps::depth(&model, &camera, 100, Seen::Facing, threads),
                maps::normals(&model, &camera, 100, threads),
                webp::animate(&frames, 80, 75, threads),
                frames,
            )
        };
        let alone = draw(1);
        assert!(alone.0.pixels().any(|pixel| pixel.0[3] == 255));
        assert!(alone == draw(2) && alone == draw(7));
    }

    #[test]
    fn the_shadow_of_one_large_triangle_lies_under_all_of_it() {
        let positions = vec![[-0.5, 0.0, -0.5], [-0.5, 0.0, 0.5], [0.5, 0.0, -0.5]];
        let surface = Surface { positions, triangles: vec![[0, 1, 2]] };
        let shadow = Shadow::under(&surface, super::camera::Extent::of(&surface));
        assert!(shadow.at([-0.2, -0.2]) > 0.3, "{}", shadow.at([-0.2, -0.2]));
        assert!(shadow.at([0.9, 0.9]) < 0.01 && shadow.at([5.0, 0.0]) < f32::MIN_POSITIVE);
    }
}
