//! What every cut-out becomes when it is inflated, and what is refused.
#![expect(clippy::unwrap_used, reason = "what a test sets up itself may panic")]

use image::{Rgba, RgbaImage};
use inference_mesh::{Model, Paint, Spot, check};
use inference_relief::ReliefError;
use inference_render::view;
use proptest::collection::vec;
use proptest::prelude::*;

const SIDE: u32 = 128;

/// Makes a model whose vertices have the colours of the shape, standing as every model does.
fn reconstruct(framed: &RgbaImage) -> Result<Model, ReliefError> {
    let mut shape = inference_relief::inflate(framed)?;
    let places = shape.surface.positions.iter().zip(shape.surface.normals());
    let spots: Vec<Spot> = places.map(|(position, normal)| Spot { position: *position, normal }).collect();
    let mut colours = vec![[0.0; 3]; spots.len()];
    shape.colours.paint(&spots, &mut colours).unwrap();
    let bytes = colours.iter().map(|colour| colour.map(|part| inference_mesh::number::byte(part * 255.0)));
    let paint = Paint::Vertices(bytes.collect());
    shape.surface.stand();
    Ok(Model { surface: shape.surface, paint })
}

/// Makes a cut-out of one colour where `inside` says so.
fn cut_out(inside: impl Fn(f32, f32) -> bool) -> RgbaImage {
    painted(inside, |_, _| [180, 120, 60])
}

fn painted(inside: impl Fn(f32, f32) -> bool, colour: impl Fn(f32, f32) -> [u8; 3]) -> RgbaImage {
    RgbaImage::from_fn(SIDE, SIDE, |x, y| {
        let share =
            |pixel: u32| (f32::from(u16::try_from(pixel).unwrap()) + 0.5) / f32::from(u16::try_from(SIDE).unwrap());
        let [red, green, blue] = colour(share(x), share(y));
        Rgba([red, green, blue, if inside(share(x), share(y)) { 255 } else { 0 }])
    })
}

fn is_disc(x: f32, y: f32, radius: f32) -> bool {
    (x - 0.5).hypot(y - 0.5) < radius
}

fn assert_sound(model: &Model) {
    let check = check(model);
    assert!(check.watertight && check.volume > 0.0, "{check:?}");
    let (low, high) = model.surface.bounds();
    let longest = (0..3).map(|axis| high[axis] - low[axis]).fold(0.0, f32::max);
    assert!((longest - 1.0).abs() < 1e-5 && low[1].abs() < 1e-6, "{low:?} to {high:?}");
    assert!((low[0] + high[0]).abs() < 1e-5 && (low[2] + high[2]).abs() < 1e-5, "{low:?} to {high:?}");
    assert!(inference_mesh::glb(model, &serde_json::Value::Null).is_ok());
}

#[test]
fn a_disc_becomes_a_round_body_in_one_piece() {
    let model = reconstruct(&cut_out(|x, y| is_disc(x, y, 0.4))).unwrap();
    assert_sound(&model);
    assert_eq!(check(&model).components, 1);
    let (low, high) = model.surface.bounds();
    let depth = high[2] - low[2];
    assert!((0.3..0.8).contains(&depth), "{depth} deep");
}

#[test]
fn a_ring_keeps_its_hole() {
    let model = reconstruct(&cut_out(|x, y| is_disc(x, y, 0.42) && !is_disc(x, y, 0.2))).unwrap();
    assert_sound(&model);
    // Euler: vertices − edges + faces is 2 for a ball and 0 for a ring.
    let check = check(&model);
    assert_eq!(check.vertices + check.faces, check.faces * 3 / 2);
}

#[test]
fn a_wide_plate_is_thinner_for_its_width_than_a_bar() {
    let depth = |inside: fn(f32, f32) -> bool| {
        let model = reconstruct(&cut_out(inside)).unwrap();
        let (low, high) = model.surface.bounds();
        (high[2] - low[2]) / (high[0] - low[0]).min(high[1] - low[1])
    };
    let plate = depth(|x, y| (0.1..0.9).contains(&x) && (0.1..0.9).contains(&y));
    let bar = depth(|x, y| (0.4..0.6).contains(&x) && (0.1..0.9).contains(&y));
    assert!(plate < bar && bar < 1.2, "plate {plate}, bar {bar}");
}

#[test]
fn squares_that_touch_by_a_corner_are_parted() {
    let model =
        reconstruct(&cut_out(|x, y| (0.1..0.9).contains(&x) && (0.1..0.9).contains(&y) && (x < 0.5) == (y < 0.5)));
    assert_sound(&model.unwrap());
}

#[test]
fn crumbs_beside_the_object_are_dropped() {
    let model = reconstruct(&cut_out(|x, y| is_disc(x, y, 0.3) || (x < 0.04 && y < 0.04))).unwrap();
    assert_sound(&model);
    assert_eq!(check(&model).components, 1);
}

#[test]
fn an_opaque_picture_becomes_a_cushion() {
    assert_sound(&reconstruct(&cut_out(|_, _| true)).unwrap());
}

#[test]
fn the_same_picture_gives_the_same_bytes() {
    let photo = painted(|x, y| is_disc(x, y, 0.4), |x, _| if x < 0.3 { [250, 9, 40] } else { [7, 80, 200] });
    let write = || inference_mesh::glb(&reconstruct(&photo).unwrap(), &serde_json::Value::Null).unwrap();
    assert_eq!(write(), write());
}

/// The mean colour of the opaque pixels within a part of a picture, in shares of its sides.
fn mean(picture: &RgbaImage, across: std::ops::Range<f32>, down: std::ops::Range<f32>) -> [f32; 3] {
    let (mut sum, mut count) = ([0.0; 3], 0.0);
    for (x, y, pixel) in picture.enumerate_pixels() {
        let share =
            |pixel: u32, side: u32| f32::from(u16::try_from(pixel).unwrap()) / f32::from(u16::try_from(side).unwrap());
        let place = (share(x, picture.width()), share(y, picture.height()));
        if pixel.0[3] == 255 && across.contains(&place.0) && down.contains(&place.1) {
            sum = [0, 1, 2].map(|channel: usize| sum[channel] + f32::from(pixel.0[channel]));
            count += 1.0;
        }
    }
    assert!(count > 0.0, "nothing is drawn there");
    sum.map(|part| part / count)
}

/// A disc with a green top, a red left and a blue right.
fn tricolour() -> Model {
    let photo = painted(
        |x, y| is_disc(x, y, 0.42),
        |x, y| match (x < 0.5, y < 0.33) {
            (_, true) => [10, 200, 10],
            (true, false) => [200, 10, 10],
            (false, false) => [10, 10, 200],
        },
    );
    reconstruct(&photo).unwrap()
}

#[test]
fn from_the_front_the_photo_is_the_right_way_round() {
    let front = view(&tricolour(), 128, 0.0, 0.0);
    let [left, right] = [mean(&front, 0.2..0.4, 0.5..0.7), mean(&front, 0.6..0.8, 0.5..0.7)];
    let top = mean(&front, 0.4..0.6, 0.12..0.25);
    assert!(left[0] > 2.0 * left[2] && right[2] > 2.0 * right[0], "left {left:?}, right {right:?}");
    assert!(top[1] > 2.0 * top[0] && top[1] > 2.0 * top[2], "top {top:?}");
}

#[test]
fn from_the_back_the_sides_are_swapped_and_the_top_is_on_top() {
    let back = view(&tricolour(), 128, 180.0, 0.0);
    let [left, right] = [mean(&back, 0.1..0.3, 0.5..0.7), mean(&back, 0.7..0.9, 0.5..0.7)];
    let top = mean(&back, 0.4..0.6, 0.1..0.2);
    assert!(left[2] > left[0] && right[0] > right[2], "left {left:?}, right {right:?}");
    assert!(top[1] > top[0] && top[1] > top[2], "top {top:?}");
}

#[test]
fn what_the_outline_does_not_reach_is_not_on_the_back() {
    let photo =
        painted(|x, y| is_disc(x, y, 0.42), |x, y| if is_disc(x, y, 0.15) { [240, 240, 20] } else { [20, 40, 160] });
    let model = reconstruct(&photo).unwrap();
    let [front, back] = [0.0, 180.0].map(|yaw| mean(&view(&model, 128, yaw, 0.0), 0.45..0.55, 0.45..0.55));
    assert!(front[0] > 2.0 * front[2], "front {front:?}");
    assert!(back[2] > 2.0 * back[0], "back {back:?}");
}

#[test]
fn the_background_does_not_show_on_the_rim() {
    // What is transparent is green, and so is a half-transparent fringe.
    let mut photo =
        painted(|x, y| is_disc(x, y, 0.4), |x, y| if is_disc(x, y, 0.395) { [200, 30, 30] } else { [0, 255, 0] });
    for pixel in photo.pixels_mut().filter(|pixel| pixel.0[1] == 255 && pixel.0[3] == 255) {
        pixel.0[3] = 140;
    }
    let model = reconstruct(&photo).unwrap();
    for yaw in [0.0, 60.0, 90.0, 180.0] {
        for pixel in view(&model, 128, yaw, 0.0).pixels().filter(|pixel| pixel.0[3] == 255) {
            assert!(pixel.0[1] < 100, "{pixel:?} at {yaw} degrees");
        }
    }
}

#[test]
fn the_camera_sees_every_vertex_on_the_object_and_the_outline_at_its_rim() {
    let photo = cut_out(|x, y| (0.2..0.8).contains(&x) && (0.4..0.9).contains(&y));
    let shape = inference_relief::inflate(&photo).unwrap();
    let seen: Vec<_> = shape.surface.positions.iter().map(|place| shape.camera.see(*place).unwrap().at).collect();
    let edge = |axis: usize, of: fn(f32, f32) -> f32| seen.iter().map(|at| at[axis]).reduce(of).unwrap();
    let found = [edge(0, f32::min), edge(0, f32::max), edge(1, f32::min), edge(1, f32::max)];
    for (found, expected) in found.into_iter().zip([0.2, 0.8, 0.4, 0.9]) {
        assert!((found - expected).abs() < 0.012, "{found}, not {expected}");
    }
    // Nearer is in front: the deepest point of the front is the nearest to the camera.
    let nearest = shape.surface.positions.iter().max_by(|a, b| a[2].total_cmp(&b[2])).unwrap();
    assert!(shape.camera.see(*nearest).unwrap().depth < 0.0);
}

#[test]
fn what_has_no_body_is_refused_with_its_numbers() {
    let refused = |photo: &RgbaImage| reconstruct(photo).unwrap_err();
    assert_eq!(refused(&RgbaImage::new(0, 0)), ReliefError::NotSquare { width: 0, height: 0 });
    assert_eq!(refused(&RgbaImage::new(30, 20)), ReliefError::NotSquare { width: 30, height: 20 });
    assert_eq!(refused(&cut_out(|_, _| false)), ReliefError::Empty { size: SIDE });
    let mut speck = RgbaImage::new(SIDE, SIDE);
    speck.put_pixel(5, 5, Rgba([9, 9, 9, 255]));
    assert_eq!(refused(&speck), ReliefError::TooSmall { width: 1, height: 1 });
    // Dust far finer than a cell of the model: no node is half covered.
    let dust = RgbaImage::from_fn(1024, 1024, |x, y| Rgba([9, 9, 9, if x % 8 == 0 && y % 8 == 0 { 255 } else { 0 }]));
    assert_eq!(refused(&dust), ReliefError::TooThin { width: 1017, height: 1017 });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_blobs_give_a_sound_model(
        blobs in vec((0.1_f32..0.9, 0.1_f32..0.9, 0.02_f32..0.3, any::<bool>()), 1..12),
    ) {
        let photo = cut_out(|x, y| {
            blobs.iter().fold(false, |is_in, (left, top, radius, adds)| {
                if (x - left).hypot(y - top) < *radius { *adds } else { is_in }
            })
        });
        match reconstruct(&photo) {
            Ok(model) => assert_sound(&model),
            Err(refused) => prop_assert!(!matches!(refused, ReliefError::NotSquare { .. }), "a square picture is refused"),
        }
    }

    #[test]
    fn any_strokes_give_a_sound_model(
        strokes in vec((0.1_f32..0.9, 0.1_f32..0.9, -1.0_f32..1.0, 0.01_f32..0.08), 1..8),
    ) {
        let photo = cut_out(|x, y| {
            (0.1..0.9).contains(&x)
                && strokes.iter().any(|(left, top, slope, width)| ((y - top) - slope * (x - left)).abs() < *width)
        });
        if let Ok(model) = reconstruct(&photo) {
            assert_sound(&model);
        }
    }

    #[test]
    fn any_noise_gives_a_sound_model(alphas in vec(any::<u8>(), 24 * 24)) {
        let photo = RgbaImage::from_fn(24, 24, |x, y| Rgba([90, 90, 90, alphas[usize::try_from(y * 24 + x).unwrap()]]));
        if let Ok(model) = reconstruct(&photo) {
            assert_sound(&model);
        }
    }
}
