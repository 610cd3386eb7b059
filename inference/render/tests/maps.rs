//! What depth, normals and the photo's view say, and what any input does.

use inference_mesh::{Camera, Model, Paint, Surface};
use inference_render::{depth, normals, photo_view, preview, turntable, view_camera};
use proptest::prelude::*;

const RINGS: u16 = 96;

/// A sphere of radius 1/2 on the ground.
fn sphere() -> Model {
    let angle = |part: u16| std::f32::consts::PI * f32::from(part) / f32::from(RINGS);
    let place = |ring: u16, spoke: u16| {
        let ((high_sin, high_cos), (sin, cos)) = (angle(ring).sin_cos(), angle(spoke).sin_cos());
        [0.5 * high_sin * sin, 0.5 + 0.5 * high_cos, 0.5 * high_sin * cos]
    };
    let positions: Vec<_> = (0..=RINGS).flat_map(|ring| (0..RINGS * 2).map(move |spoke| place(ring, spoke))).collect();
    let number = |ring: u16, spoke: u16| u32::from(ring * RINGS * 2 + spoke % (RINGS * 2));
    let squares = (0..RINGS).flat_map(|ring| (0..RINGS * 2).map(move |spoke| (ring, spoke)));
    let triangles = squares.flat_map(|(ring, spoke)| {
        let [a, b] = [number(ring, spoke), number(ring, spoke + 1)];
        let [c, d] = [number(ring + 1, spoke), number(ring + 1, spoke + 1)];
        [[a, c, d], [a, d, b]]
    });
    let paint = Paint::Vertices(vec![[90, 120, 150]; positions.len()]);
    Model { surface: Surface { triangles: triangles.collect(), positions }, paint }
}

/// Sees from (-1, 1.5) to (1, -0.5), along -Z from z = 3.
const STRAIGHT: Camera = Camera {
    origin: [0.0, 0.5, 3.0],
    right: [0.5, 0.0, 0.0],
    down: [0.0, -0.5, 0.0],
    forward: [0.0, 0.0, -1.0],
    perspective: false,
};

#[test]
fn depth_and_normals_of_a_sphere_are_right_straight_and_in_perspective() {
    for camera in [STRAIGHT, Camera { right: [1.0, 0.0, 0.0], down: [0.0, -1.0, 0.0], perspective: true, ..STRAIGHT }] {
        let (depth, normals) = (depth(&sphere(), &camera, 101), normals(&sphere(), &camera, 101));
        let mut seen = 0;
        for (x, y, pixel) in depth.enumerate_pixels() {
            let [u, v] = [x, y].map(|part| (f32::from(u16::try_from(part).unwrap()) + 0.5) / 101.0 - 0.5);
            // Where the line of sight meets the sphere, from the equation of second degree.
            let scale = if camera.perspective { 1.0 } else { 2.0 };
            let [ray, start] =
                if camera.perspective { [[u, -v], [0.0; 2]] } else { [[0.0; 2], [u * scale, -v * scale]] };
            let whole = ray[0] * ray[0] + ray[1] * ray[1] + 1.0;
            let half = start[0] * ray[0] + start[1] * ray[1] - 3.0;
            let rest = start[0] * start[0] + start[1] * start[1] + 9.0 - 0.25;
            let root = half * half - whole * rest;
            if root < 0.0 {
                continue;
            }
            let wanted = (-half - root.sqrt()) / whole;
            let at = [start[0] + ray[0] * wanted, start[1] + ray[1] * wanted, 3.0 - wanted];
            // At the rim a facet or the next pixel is seen.
            if at[2] < 0.15 {
                continue;
            }
            seen += 1;
            assert!((pixel.0[0] - wanted).abs() < 0.01 * wanted, "{} for {wanted} at {x}, {y}", pixel.0[0]);
            let normal = normals.get_pixel(x, y).0;
            let alike: f32 = (0..3).map(|axis| normal[axis] * at[axis] * 2.0).sum();
            assert!(alike > 0.999, "{normal:?} at {at:?}");
        }
        assert!(seen > 500, "{seen}");
        assert!(
            depth.get_pixel(0, 0).0[0].is_infinite()
                && normals.get_pixel(0, 0).0.iter().all(|part| part.abs() < f32::MIN_POSITIVE)
        );
    }
}

#[test]
fn the_photos_view_has_the_stored_colours_in_the_photos_places() {
    let picture = photo_view(&sphere(), &STRAIGHT, 100);
    assert_eq!(picture.get_pixel(50, 50).0, [90, 120, 150, 255]);
    assert_eq!(picture.get_pixel(27, 50).0, [90, 120, 150, 255]);
    assert_eq!([picture.get_pixel(22, 50).0, picture.get_pixel(50, 78).0], [[0; 4]; 2]);
}

#[test]
fn a_camera_that_mirrors_sees_the_front_and_one_that_is_flat_sees_nothing() {
    let mirror = Camera { right: [-0.5, 0.0, 0.0], ..STRAIGHT };
    assert!((depth(&sphere(), &mirror, 51).get_pixel(25, 25).0[0] - 2.5).abs() < 0.01);
    let flat = Camera { right: [0.0; 3], ..STRAIGHT };
    assert!(depth(&sphere(), &flat, 51).pixels().all(|pixel| pixel.0[0].is_infinite()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_surface_and_any_camera_are_drawn_without_a_fault(
        positions in prop::collection::vec([part(), part(), part()], 0..12),
        triangles in prop::collection::vec([0..14_u32, 0..14, 0..14], 0..20),
        arrows in prop::array::uniform4([part(), part(), part()]),
        perspective in any::<bool>(),
        size in 0..40_u32,
    ) {
        let paint = Paint::Vertices(vec![[200; 3]; positions.len()]);
        let model = Model { surface: Surface { positions, triangles }, paint };
        let [origin, right, down, forward] = arrows;
        let camera = Camera { origin, right, down, forward, perspective };
        prop_assert_eq!(preview(&model, size).dimensions(), (size, size));
        prop_assert_eq!(photo_view(&model, &camera, size).dimensions(), (size, size));
        prop_assert_eq!(depth(&model, &camera, size).dimensions(), (size, size));
        prop_assert_eq!(normals(&model, &view_camera(&model, 20.0, 0.0), size).dimensions(), (size, size));
        prop_assert_eq!(turntable(&model, size, 3).len(), 3);
    }
}

/// Mostly a small number, sometimes none.
fn part() -> impl Strategy<Value = f32> {
    prop_oneof![8 => -2.0..2.0_f32, 1 => any::<f32>(), 1 => Just(f32::NAN), 1 => Just(0.0)]
}
