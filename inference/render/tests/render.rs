//! What a model looks like.
#![expect(clippy::unwrap_used, reason = "what a test sets up itself may panic")]

use image::{Rgb, RgbImage, RgbaImage};
use inference_mesh::{Charts, Model, Paint, Surface};
use inference_render::{Background, preview, view, view_on};

/// A unit cube on the ground, each side with a colour of its own.
fn cube() -> Model {
    let corner = |number: u8, bit: u8| f32::from(number >> bit & 1);
    let positions = (0..8).map(|n| [corner(n, 0) - 0.5, corner(n, 1), corner(n, 2) - 0.5]).collect();
    // Front, back, right, left, top, bottom: anticlockwise from outside.
    let sides = [[4, 5, 7, 6], [1, 0, 2, 3], [5, 1, 3, 7], [0, 4, 6, 2], [6, 7, 3, 2], [0, 1, 5, 4]];
    let triangles = sides.iter().flat_map(|[a, b, c, d]| [[*a, *b, *c], [*a, *c, *d]]).collect();
    let texture = RgbImage::from_fn(6, 1, |x, _| Rgb(COLOURS[usize::try_from(x).unwrap()]));
    let points = (0..6_u8).map(|side| [(f32::from(side) + 0.5) / 6.0, 0.5]).collect();
    let charts = (0..6).flat_map(|side| [[side; 3]; 2]).collect();
    let charts = Charts { points, triangles: charts };
    Model { surface: Surface { positions, triangles }, paint: Paint::Texture { charts, image: texture } }
}

const COLOURS: [[u8; 3]; 6] = [[200, 0, 0], [0, 200, 0], [0, 0, 200], [200, 200, 0], [200, 0, 200], [0, 200, 200]];

fn middle(picture: &RgbaImage) -> [bool; 3] {
    let pixel = picture.get_pixel(picture.width() / 2, picture.height() / 2);
    assert_eq!(pixel.0[3], 255);
    [0, 1, 2].map(|channel: usize| pixel.0[channel] > 60)
}

#[test]
fn each_yaw_and_pitch_shows_its_side() {
    let seen = [(0.0, 0.0), (180.0, 0.0), (90.0, 0.0), (-90.0, 0.0), (0.0, 90.0), (0.0, -90.0)];
    for ((yaw, pitch), colour) in seen.into_iter().zip(COLOURS) {
        assert_eq!(middle(&view(&cube(), 64, yaw, pitch)), colour.map(|part| part > 60), "yaw {yaw}, pitch {pitch}");
    }
}

#[test]
fn the_model_fills_the_picture_and_the_corners_are_empty() {
    for yaw in [0.0, 33.0, 120.0] {
        let picture = view(&cube(), 100, yaw, 0.0);
        let opaque: Vec<_> = picture.enumerate_pixels().filter(|(_, _, pixel)| pixel.0[3] == 255).collect();
        let (left, right) = (opaque.iter().map(|p| p.0).min().unwrap(), opaque.iter().map(|p| p.0).max().unwrap());
        let (top, bottom) = (opaque.iter().map(|p| p.1).min().unwrap(), opaque.iter().map(|p| p.1).max().unwrap());
        let longest = (right - left).max(bottom - top);
        assert!((82..=90).contains(&longest), "{longest} pixels at yaw {yaw}");
        assert!((49..=51).contains(&u32::midpoint(left, right)) && (49..=51).contains(&u32::midpoint(top, bottom)));
        assert_eq!(picture.get_pixel(0, 0).0[3], 0);
    }
}

#[test]
fn the_outline_is_smoothed_and_the_shadow_is_black_and_soft() {
    let picture = preview(&cube(), 128);
    assert_eq!(picture.dimensions(), (128, 128));
    let shadow = picture.pixels().filter(|pixel| (1..=120).contains(&pixel.0[3]) && pixel.0[..3] == [0; 3]).count();
    assert!(shadow > 50, "{shadow} pixels of shadow");
}

#[test]
fn the_same_view_gives_the_same_pixels() {
    assert_eq!(preview(&cube(), 96), preview(&cube(), 96));
}

#[test]
fn nothing_and_nonsense_are_drawn_as_nothing() {
    assert!(preview(&Model::default(), 16).pixels().all(|pixel| pixel.0[3] == 0));
    assert_eq!(preview(&cube(), 0).dimensions(), (0, 0));
    let mut broken = cube();
    broken.surface.triangles = vec![[0, 1, 99]];
    broken.surface.positions[0] = [f32::NAN; 3];
    assert_eq!(preview(&broken, 16).dimensions(), (16, 16));
    let mut bare = cube();
    bare.paint = Paint::Vertices(Vec::new());
    assert_eq!(view(&bare, 16, 0.0, 0.0).get_pixel(8, 8).0[3], 0);
}

#[test]
fn a_plain_background_is_opaque_and_is_what_a_page_shows_behind_the_picture() {
    let clear = view(&cube(), 64, 30.0, 10.0);
    let plain = view_on(&cube(), 64, 30.0, 10.0, Background::Plain([250, 240, 10]));
    assert!(plain.pixels().all(|pixel| pixel.0[3] == 255));
    assert_eq!(plain.get_pixel(0, 0).0, [250, 240, 10, 255]);
    let solid: Vec<_> = clear.pixels().zip(plain.pixels()).filter(|(clear, _)| clear.0[3] == 255).collect();
    assert!(solid.len() > 1000 && solid.iter().all(|(clear, plain)| clear == plain));
}

#[test]
fn a_slanted_outline_has_many_steps() {
    let picture = view(&cube(), 64, 0.0, 30.0);
    let steps: std::collections::BTreeSet<_> = picture.rows().take(32).flatten().map(|pixel| pixel.0[3]).collect();
    assert!(steps.len() >= 10, "{steps:?}");
}

#[test]
fn a_fine_pattern_far_away_is_its_mean() {
    let mut model = cube();
    let Paint::Texture { charts, image } = &mut model.paint else { unreachable!() };
    *image = RgbImage::from_fn(512, 512, |x, y| Rgb([if (x + y) % 2 == 0 { 255 } else { 0 }; 3]));
    charts.points = vec![[0.0, 1.0], [1.0, 1.0], [1.0, 0.0], [0.0, 0.0]];
    charts.triangles = (0..6).flat_map(|_| [[0, 1, 2], [0, 2, 3]]).collect();
    let camera = inference_render::view_camera(&model, 0.0, 0.0);
    let picture = inference_render::photo_view(&model, &camera, 64);
    let middle: Vec<u8> = (16..48).map(|x| picture.get_pixel(x, x).0[0]).collect();
    assert!(middle.iter().all(|stored| (184..=192).contains(stored)), "{middle:?}");
}
