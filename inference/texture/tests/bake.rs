//! What a painted texture promises: the photo's front, no seam, no empty texel.

mod common;

use std::sync::Mutex;

use common::{Plain, bumps, front, photo, rings, solid, sphere, turn};
use image::{RgbImage, Rgba, RgbaImage};
use inference_mesh::colour::linear_table;
use inference_mesh::number::{at, floor, real};
use inference_mesh::{Camera, Charts, Colours, ColoursError, Spot, Surface};
use inference_texture::{BakeError, Photo, bake, unwrap, vertex_colours};
use proptest::prelude::*;

/// Reads a texture between its texels, stored values.
fn sample(image: &RgbImage, point: [f32; 2]) -> [f32; 3] {
    let side = at(image.width());
    let [x, y] = point.map(|part| (part * real(side) - 0.5).clamp(0.0, real(side - 1)));
    let (column, row) = (floor(x), floor(y));
    let (right, down) = (x - real(column), y - real(row));
    let one = |column: usize, row: usize, channel: usize| {
        f32::from(image.as_raw()[(row.min(side - 1) * side + column.min(side - 1)) * 3 + channel])
    };
    [0, 1, 2].map(|channel| {
        let above = one(column, row, channel) * (1.0 - right) + one(column + 1, row, channel) * right;
        let below = one(column, row + 1, channel) * (1.0 - right) + one(column + 1, row + 1, channel) * right;
        above * (1.0 - down) + below * down
    })
}

/// Draws the textured front over the photo and gives the signal to noise ratio in decibels, and the pixels compared.
fn front_psnr(surface: &Surface, charts: &Charts, texture: &RgbImage, photo: &RgbaImage) -> (f64, u32) {
    let side = at(photo.width());
    let mut nearest = vec![(f32::INFINITY, [0.0_f32; 3]); side * side];
    for (number, triangle) in surface.triangles.iter().enumerate() {
        let [Some(a), Some(b), Some(c)] = triangle.map(|vertex| front().see(surface.positions[at(vertex)])) else {
            continue;
        };
        let seen = [a, b, c];
        let [a, b, c] = seen.map(|seen| seen.at.map(|part| part * real(side)));
        let area = turn(a, b, c);
        let points = charts.triangles[number].map(|point| charts.points[at(point)]);
        let low = [0, 1].map(|axis| floor(a[axis].min(b[axis]).min(c[axis])));
        let high = [0, 1].map(|axis| floor(a[axis].max(b[axis]).max(c[axis])).min(side - 1));
        for row in low[1]..=high[1] {
            for column in low[0]..=high[0] {
                let place = [real(column) + 0.5, real(row) + 0.5];
                let shares = [turn(b, c, place) / area, turn(c, a, place) / area, turn(a, b, place) / area];
                let depth = (0..3).map(|corner| shares[corner] * seen[corner].depth).sum::<f32>();
                let pixel = &mut nearest[row * side + column];
                if shares.iter().all(|share| *share >= 0.0) && depth < pixel.0 {
                    let point = [0, 1].map(|axis| (0..3).map(|corner| shares[corner] * points[corner][axis]).sum());
                    *pixel = (depth, sample(texture, point));
                }
            }
        }
    }
    let (mut sum, mut count) = (0.0_f64, 0_u32);
    for ((depth, colour), pixel) in nearest.iter().zip(photo.pixels()) {
        if depth.is_finite() {
            count += 1;
            sum += (0..3).map(|part| f64::from(colour[part] - f32::from(pixel.0[part])).powi(2)).sum::<f64>() / 3.0;
        }
    }
    (10.0 * (255.0 * 255.0 / (sum / f64::from(count))).log10(), count)
}

#[test]
fn the_front_is_as_sharp_as_the_photo() {
    let image = photo(512);
    for (name, surface, least) in [("bumps", solid(64, bumps), 30.0), ("sphere", solid(64, sphere), 19.0)] {
        let mut before = 0.0;
        for size in [512, 1024, 2048] {
            let charts = unwrap(&surface, size).unwrap();
            let seen = Photo { image: &image, camera: front() };
            let grey = Plain(Some([0.5; 3]));
            let texture = bake(&surface, &charts, size, &grey, Some(&seen)).unwrap();
            let plain = bake(&surface, &charts, size, &grey, None).unwrap();
            let (sharp, pixels) = front_psnr(&surface, &charts, &texture, &image);
            let (dull, _) = front_psnr(&surface, &charts, &plain, &image);
            println!("{name} at {size}: {sharp:.2} dB, engine alone {dull:.2} dB, {pixels} pixels");
            assert!(pixels > 50_000 && sharp > dull + 5.0 && sharp > before - 0.3);
            before = sharp;
        }
        assert!(before > least, "{name}: {before}");
    }
}

#[test]
fn both_sides_of_a_seam_have_one_colour() {
    let surface = solid(40, rings);
    let charts = unwrap(&surface, 1024).unwrap();
    let texture = bake(&surface, &charts, 1024, &Plain(None), None).unwrap();
    let mut sides = Vec::new();
    for (triangle, points) in surface.triangles.iter().zip(&charts.triangles) {
        for side in 0..3 {
            let (from, to) = (side, (side + 1) % 3);
            let (from, to) = if triangle[from] < triangle[to] { (from, to) } else { (to, from) };
            sides.push(((triangle[from], triangle[to]), (points[from], points[to])));
        }
    }
    sides.sort_unstable();
    let (mut seams, mut worst) = (0, 0.0_f32);
    for pair in sides.chunk_by(|a, b| a.0 == b.0) {
        let [(_, first), (_, second)] = pair else { panic!("the surface is closed") };
        if first == second {
            continue;
        }
        seams += 1;
        for share in [0.0, 0.25, 0.5, 0.75, 1.0] {
            let colour = |(from, to): (u32, u32)| {
                let (from, to) = (charts.points[at(from)], charts.points[at(to)]);
                sample(&texture, [0, 1].map(|axis| from[axis] + (to[axis] - from[axis]) * share))
            };
            let (first, second) = (colour(*first), colour(*second));
            worst = (0..3).map(|part| (first[part] - second[part]).abs()).fold(worst, f32::max);
        }
    }
    println!("{seams} seam edges, largest difference {worst} of 255");
    assert!(seams > 50 && worst < 4.0);
}

#[test]
fn no_texel_is_empty_and_the_same_input_gives_the_same_bytes() {
    let surface = solid(30, rings);
    let charts = unwrap(&surface, 256).unwrap();
    let image = photo(200);
    let seen = Photo { image: &image, camera: front() };
    let red = Plain(Some([1.0, 0.5, 0.25]));
    let texture = bake(&surface, &charts, 256, &red, None).unwrap();
    assert!(texture.pixels().all(|pixel| pixel.0 == [255, 128, 64]));
    let first = bake(&surface, &charts, 256, &red, Some(&seen)).unwrap();
    assert_eq!(first, bake(&surface, &charts, 256, &red, Some(&seen)).unwrap());
    assert_ne!(first, texture);
}

#[test]
fn what_the_photo_does_not_show_keeps_the_engines_colour() {
    // A disc of red before a wall: the wall behind it must not get the red of the photo.
    let surface = solid(48, |[x, y, z]| {
        let disc = (0.3 - (x * x + y * y).sqrt()).min(0.1 - (z - 0.6).abs());
        disc.max((0.8 - x.abs()).min(0.8 - y.abs()).min(0.1 - (z + 0.6).abs()))
    });
    let image = RgbaImage::from_pixel(256, 256, Rgba([255, 0, 0, 255]));
    let seen = Photo { image: &image, camera: front() };
    let colours = vertex_colours(&surface, &Plain(Some([0.0, 0.0, 1.0])), Some(&seen)).unwrap();
    for (place, colour) in surface.positions.iter().zip(colours) {
        let aside = (place[0] * place[0] + place[1] * place[1]).sqrt();
        if place[2] < 0.0 && (aside < 0.26 || place[2] < -0.65) {
            assert_eq!(colour, [0, 0, 255], "{place:?} is hidden");
        }
        if aside < 0.2 && place[2] > 0.65 || (0.4..0.7).contains(&aside) && place[2] > -0.52 {
            assert_eq!(colour, [255, 0, 0], "{place:?} is seen");
        }
    }
}

#[test]
fn half_transparent_pixels_do_not_count() {
    let surface = solid(30, sphere);
    let image = RgbaImage::from_pixel(64, 64, Rgba([255, 255, 255, 128]));
    let seen = Photo { image: &image, camera: front() };
    let colours = vertex_colours(&surface, &Plain(Some([0.0; 3])), Some(&seen)).unwrap();
    assert!(colours.iter().all(|colour| *colour == [0; 3]));
    assert!((linear_table()[255] - 1.0).abs() < 1e-6);
}

#[test]
fn the_engine_is_asked_only_where_the_photo_does_not_speak_alone() {
    struct Counted(Mutex<usize>);
    impl Colours for Counted {
        fn paint(&self, spots: &[Spot], _: &mut [[f32; 3]]) -> Result<(), ColoursError> {
            *self.0.lock().unwrap() += spots.len();
            Ok(())
        }
    }
    let surface = solid(40, bumps);
    let image = photo(256);
    let seen = Photo { image: &image, camera: front() };
    let count = |photo| {
        let counted = Counted(Mutex::new(0));
        vertex_colours(&surface, &counted, photo).unwrap();
        counted.0.into_inner().unwrap()
    };
    assert_eq!(count(None), surface.positions.len());
    assert!(count(Some(&seen)) < surface.positions.len() * 9 / 10);
}

#[test]
fn bad_input_is_named_with_its_numbers() {
    let surface = solid(10, sphere);
    let charts = unwrap(&surface, 128).unwrap();
    let refused = |surface: &Surface, charts: &Charts, size: u32, photo: Option<&Photo<'_>>| {
        bake(surface, charts, size, &Plain(None), photo).unwrap_err()
    };
    assert_eq!(refused(&surface, &charts, 5000, None), BakeError::TextureSize { texture_size: 5000 });
    assert_eq!(refused(&Surface::default(), &charts, 128, None), BakeError::Empty { vertices: 0 });
    let triangles = surface.triangles.len();
    let other = Charts::default();
    assert_eq!(refused(&surface, &other, 128, None), BakeError::Uncharted { triangles, charted: 0 });
    let mut off = charts.clone();
    off.points[2] = [1.5, 0.0];
    let points = off.points.len();
    assert_eq!(refused(&surface, &off, 128, None), BakeError::OffTexture { point: 2, points });
    off.triangles[1][0] = 90_000;
    let wrong = BakeError::PointOutOfRange { triangle: 1, index: 90_000, points };
    assert_eq!(refused(&surface, &off, 128, None), wrong);
    let wide = RgbaImage::new(8, 4);
    let seen = Photo { image: &wide, camera: front() };
    assert_eq!(refused(&surface, &charts, 128, Some(&seen)), BakeError::PhotoNotSquare { width: 8, height: 4 });
    let vertices = surface.positions.len();
    assert_eq!(vertex_colours(&surface, &Plain(None), Some(&seen)).unwrap().len(), vertices);
    let broken = Surface { positions: vec![[f32::NAN; 3]; 3], triangles: vec![[0, 1, 7], [0, 1, 2]] };
    assert_eq!(vertex_colours(&broken, &Plain(None), None).unwrap(), [[0; 3]; 3]);
}

/// A part of a place in the texture, now and then any number at all.
fn part() -> impl Strategy<Value = f32> {
    prop_oneof![199 => 0.0_f32..=1.0, 1 => proptest::num::f32::ANY]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_numbers_at_all_are_baked_or_refused_by_name(
        positions in proptest::collection::vec(proptest::array::uniform3(proptest::num::f32::ANY), 1..12),
        triangles in proptest::collection::vec([[0_u32..12, 0..12, 0..12], [0_u32..6, 0..6, 0..6]], 1..12),
        points in proptest::collection::vec([part(), part()], 5..8),
        origin in proptest::array::uniform3(-2.0_f32..2.0),
        right in proptest::array::uniform3(proptest::num::f32::ANY),
        perspective in any::<bool>(),
    ) {
        let surface = Surface { positions, triangles: triangles.iter().map(|[corners, _]| *corners).collect() };
        let charts = Charts { points, triangles: triangles.iter().map(|[_, corners]| *corners).collect() };
        let picture = photo(16);
        let camera = Camera { origin, right, perspective, ..front() };
        let seen = Photo { image: &picture, camera };
        match bake(&surface, &charts, 64, &Plain(None), Some(&seen)) {
            Ok(image) => prop_assert_eq!(image.dimensions(), (64, 64)),
            Err(fault) => prop_assert!(!fault.to_string().is_empty()),
        }
        let colours = vertex_colours(&surface, &Plain(None), Some(&seen)).unwrap();
        prop_assert_eq!(colours.len(), surface.positions.len());
    }
}
