//! What every cut-out becomes as the network sees it, and what lies between two known layers of depth.
#![expect(clippy::unwrap_used, reason = "what a test sets up itself may panic")]

use image::{Rgba, RgbaImage};
use inference_mesh::{Model, Paint, Shape, Spot, Surface, check};
use inference_relief::{Layers, ReliefError, from_layers, reconstruct};
use proptest::collection::vec;
use proptest::prelude::*;

const SIDE: u32 = 128;

/// Makes a cut-out where `inside` says so, red on the left and blue on the right.
fn cut_out(inside: impl Fn(f32, f32) -> bool) -> RgbaImage {
    RgbaImage::from_fn(SIDE, SIDE, |x, y| {
        let [x, y] = [x, y].map(|pixel| (real(pixel) + 0.5) / real(SIDE));
        let [red, green, blue] = if x < 0.5 { [200, 30, 30] } else { [30, 30, 200] };
        Rgba([red, green, blue, if inside(x, y) { 255 } else { 0 }])
    })
}

fn real(count: u32) -> f32 {
    f32::from(u16::try_from(count).unwrap())
}

fn is_disc(x: f32, y: f32, radius: f32) -> bool {
    (x - 0.5).hypot(y - 0.5) < radius
}

fn model(shape: &Shape) -> Model {
    let mut surface = Surface::clone(&shape.surface);
    surface.stand();
    let colours =
        colours(shape).into_iter().map(|colour| colour.map(|part| inference_mesh::number::byte(part * 255.0)));
    Model { surface, paint: Paint::Vertices(colours.collect()) }
}

fn colours(shape: &Shape) -> Vec<[f32; 3]> {
    let places = shape.surface.positions.iter().zip(shape.surface.normals());
    let spots: Vec<Spot> = places.map(|(position, normal)| Spot { position: *position, normal }).collect();
    let mut colours = vec![[0.0; 3]; spots.len()];
    shape.colours.paint(&spots, &mut colours).unwrap();
    colours
}

fn assert_sound(shape: &Shape) {
    let model = model(shape);
    let check = check(&model);
    assert!(check.watertight && check.volume > 0.0, "{check:?}");
    assert!(inference_mesh::glb(&model, &serde_json::Value::Null).is_ok());
}

/// Two layers everywhere at these depths, seen through a square of this tangent.
fn slab(first: f32, last: f32, tangent: f32) -> Layers {
    let count = 96 * 96;
    let back = vec![[0.1, 0.9, 0.1]; count];
    Layers { side: 96, tangent, first: vec![first; count], last: vec![last; count], back, seen: vec![true; count] }
}

#[test]
fn a_slab_between_two_planes_has_their_distance_and_grows_away_from_the_eye() {
    let square = cut_out(|x, y| (0.1..0.9).contains(&x) && (0.1..0.9).contains(&y));
    let shape = from_layers(&square, &slab(-0.3, 0.2, 0.25)).unwrap();
    assert_sound(&shape);
    let (low, high) = shape.surface.bounds();
    // Half of the square is 64 ÷ 0.875 cells.
    let half = 64.0 / 0.875;
    assert!((high[2] - 0.3 * half).abs() < 0.1 && (low[2] + 0.2 * half).abs() < 0.1, "{low:?} to {high:?}");
    let wide = |from: f32, to: f32| {
        let places = shape.surface.positions.iter().filter(|place| (from..to).contains(&place[2]));
        places.map(|place| place[0]).fold(0.0, f32::max)
    };
    let (near, far) = (wide(high[2] - 0.5, high[2] + 1.0), wide(low[2] - 1.0, low[2] + 0.5));
    let wanted = (1.0 + 0.2 * 0.25) / (1.0 - 0.3 * 0.25);
    assert!((far / near - wanted).abs() < 0.01, "{far} far, {near} near");
}

#[test]
fn the_camera_sees_every_vertex_on_the_object_and_the_outline_at_its_rim() {
    let photo = cut_out(|x, y| (0.2..0.8).contains(&x) && (0.4..0.9).contains(&y));
    for shape in [reconstruct(&photo).unwrap(), from_layers(&photo, &slab(-0.5, 0.7, 0.3)).unwrap()] {
        let seen: Vec<_> = shape.surface.positions.iter().map(|place| shape.camera.see(*place).unwrap().at).collect();
        let edge = |axis: usize, of: fn(f32, f32) -> f32| seen.iter().map(|at| at[axis]).reduce(of).unwrap();
        let found = [edge(0, f32::min), edge(0, f32::max), edge(1, f32::min), edge(1, f32::max)];
        for (found, expected) in found.into_iter().zip([0.2, 0.8, 0.4, 0.9]) {
            assert!((found - expected).abs() < 0.012, "{found}, not {expected}");
        }
    }
}

#[test]
fn the_front_has_the_photos_colours_and_the_back_the_layers() {
    let photo = cut_out(|x, y| is_disc(x, y, 0.4));
    let shape = from_layers(&photo, &slab(-0.3, 0.3, 0.25)).unwrap();
    let normals = shape.surface.normals();
    for ((place, normal), colour) in shape.surface.positions.iter().zip(&normals).zip(colours(&shape)) {
        let [red, green, blue] = colour;
        if normal[2] > 0.9 && place[0].abs() > 3.0 {
            assert!(if place[0] < 0.0 { red > 2.0 * blue } else { blue > 2.0 * red }, "{place:?} {colour:?}");
        }
        if normal[2] < -0.9 {
            assert!(green > 0.85 && red < 0.2 && blue < 0.2, "{place:?} {colour:?}");
        }
    }
}

#[test]
fn thin_parts_and_holes_survive_layers_that_meet() {
    let photo = cut_out(|x, y| (0.1..0.9).contains(&x) && ((x - 0.5).abs() < 0.02 || is_disc(x, y, 0.12)));
    let shape = from_layers(&photo, &slab(0.0, 0.0, 0.25)).unwrap();
    assert_sound(&shape);
    let (low, high) = shape.surface.bounds();
    assert!(high[1] - low[1] > 120.0 && (1.2..2.0).contains(&(high[2] - low[2])), "{low:?} to {high:?}");
    let ring = reconstruct(&cut_out(|x, y| is_disc(x, y, 0.42) && !is_disc(x, y, 0.2))).unwrap();
    assert_sound(&ring);
    // Euler: vertices − edges + faces is 2 for a ball and 0 for a ring.
    let check = check(&model(&ring));
    assert_eq!(check.vertices + check.faces, check.faces * 3 / 2);
}

#[test]
fn layers_that_say_nothing_sensible_still_give_a_sound_model() {
    let photo = cut_out(|x, y| is_disc(x, y, 0.4));
    for [first, last] in [[f32::NAN, 1.0], [f32::NEG_INFINITY, f32::INFINITY], [1.0, -1.0], [1e30, 1e30]] {
        assert_sound(&from_layers(&photo, &slab(first, last, 0.24)).unwrap());
    }
}

#[test]
fn the_same_picture_gives_the_same_bytes() {
    let photo = cut_out(|x, y| is_disc(x, y, 0.4));
    let write = || inference_mesh::glb(&model(&reconstruct(&photo).unwrap()), &serde_json::Value::Null).unwrap();
    assert_eq!(write(), write());
}

#[test]
fn what_has_no_body_is_refused() {
    let refused = |photo: &RgbaImage| reconstruct(photo).err().unwrap();
    assert_eq!(refused(&RgbaImage::new(30, 20)), ReliefError::NotSquare { width: 30, height: 20 });
    assert_eq!(refused(&cut_out(|_, _| false)), ReliefError::Empty { size: SIDE });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn any_blobs_give_a_sound_model(
        blobs in vec((0.1_f32..0.9, 0.1_f32..0.9, 0.02_f32..0.3, any::<bool>()), 1..12),
    ) {
        let photo = cut_out(|x, y| {
            blobs.iter().fold(false, |is_in, (left, top, radius, adds)| {
                if (x - left).hypot(y - top) < *radius { *adds } else { is_in }
            })
        });
        if let Ok(shape) = reconstruct(&photo) {
            assert_sound(&shape);
        }
    }

    #[test]
    fn any_depths_give_a_sound_model(
        depths in vec((-2.0_f32..2.0, -0.5_f32..1.0), 96 * 96),
        noise in vec(any::<bool>(), 256),
    ) {
        let layers = Layers {
            first: depths.iter().map(|(first, _)| *first).collect(),
            last: depths.iter().map(|(first, more)| first + more).collect(),
            ..slab(0.0, 0.0, 0.24)
        };
        let photo = cut_out(|x, y| {
            let [x, y] = [x, y].map(|part| inference_mesh::number::floor(part * 16.0));
            noise[y * 16 + x]
        });
        if let Ok(shape) = from_layers(&photo, &layers) {
            assert_sound(&shape);
        }
    }
}
