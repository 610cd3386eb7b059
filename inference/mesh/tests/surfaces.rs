//! Cleaned, smoothed, mirrored, set down and simplified: closed and manifold throughout.

use inference_mesh::base::BaseError;
use inference_mesh::field::dense;
use inference_mesh::mirror::MirrorError;
use inference_mesh::number::{at, real};
use inference_mesh::simplify::SimplifyError;
use inference_mesh::{Check, Model, Paint, Surface, check, clean, flat_base, mirror, simplify, smooth};
use proptest::collection::vec;
use proptest::prelude::*;

fn checked(surface: &Surface) -> Check {
    check(&Model { surface: surface.clone(), paint: Paint::default() })
}

fn surface_of(side: usize, field: impl Fn([f32; 3]) -> f32) -> Surface {
    let mut values = Vec::new();
    for z in 0..side {
        for y in 0..side {
            values.extend((0..side).map(|x| field([x, y, z].map(real))));
        }
    }
    dense(&values, [side; 3], 0.0).unwrap_or_default()
}

fn ball(place: [f32; 3], at: [f32; 3], radius: f32) -> f32 {
    radius - (0..3).map(|i| (place[i] - at[i]).powi(2)).sum::<f32>().sqrt()
}

/// Is a ring about y with two balls on it, one hole through it.
fn ring() -> Surface {
    surface_of(48, |[x, y, z]| {
        let around = (x - 24.0).hypot(z - 24.0) - 14.0;
        let tube = 5.0 - around.hypot(y - 24.0);
        tube.max(ball([x, y, z], [38.0, 24.0, 24.0], 7.0)).max(ball([x, y, z], [10.0, 26.0, 22.0], 8.0))
    })
}

/// Gives twice the number of bodies less twice the number of handles.
fn euler(surface: &Surface) -> isize {
    surface.positions.len().cast_signed() - surface.triangles.len().cast_signed() / 2
}

fn junk() -> impl Strategy<Value = Surface> {
    let part = prop_oneof![-2.0_f32..2.0, Just(f32::NAN), Just(f32::INFINITY), Just(0.0), Just(f32::MAX)];
    (vec([part.clone(), part.clone(), part], 0..9), vec([0_u32..10, 0..10, 0..10], 0..30))
        .prop_map(|(positions, triangles)| Surface { positions, triangles })
}

#[test]
fn crumbs_cavities_and_what_floats_in_them_go() {
    let surface = surface_of(48, |place| {
        let shell = 3.0 - ball(place, [20.0; 3], 15.0).abs();
        let within = ball(place, [20.0; 3], 9.5);
        let crumb = ball(place, [43.0, 43.0, 5.0], 3.0);
        let second = ball(place, [41.0, 41.0, 40.0], 5.9).max(ball(place, [41.0, 30.0, 41.0], 5.9));
        shell.max(within).max(crumb).max(second)
    });
    let before = checked(&surface);
    assert!(before.watertight && before.cavities == 1 && before.components >= 4, "{before:?}");
    let cleaned = clean(&surface);
    let after = checked(&cleaned.surface);
    assert!(after.watertight, "{after:?}");
    assert_eq!((after.components, after.cavities, cleaned.cavities_removed), (1, 0, 1));
    assert_eq!(cleaned.pieces_removed, before.components - 2);
    assert!(after.volume > 20_000.0, "the hollow is filled: {after:?}");
}

#[test]
fn a_second_body_of_more_than_a_tenth_stays() {
    let surface = surface_of(40, |place| {
        ball(place, [12.0; 3], 10.0).max(ball(place, [32.0; 3], 5.5)).max(ball(place, [34.0, 6.0, 6.0], 3.5))
    });
    let cleaned = clean(&surface);
    assert_eq!((cleaned.pieces_removed, checked(&cleaned.surface).components), (1, 2));
    assert_eq!(clean(&cleaned.surface).surface, cleaned.surface);
}

#[test]
fn a_triangle_without_height_is_drawn_together() {
    let mut surface = ring();
    // A vertex moved onto the middle of an opposite edge flattens the triangle between them.
    let [a, b, c] = surface.triangles[1000];
    let middle = [0, 1, 2].map(|i| f32::midpoint(surface.positions[at(a)][i], surface.positions[at(b)][i]));
    surface.positions[at(c)] = middle;
    assert_eq!(checked(&surface).degenerate, 1);
    let check = checked(&clean(&surface).surface);
    assert!(check.watertight && check.components == 1, "{check:?}");
}

#[test]
fn smoothing_takes_the_steps_and_keeps_the_volume() {
    // A ball of cubes: all or nothing in every node.
    let surface = surface_of(40, |place| if ball(place, [20.0; 3], 14.0) > 0.0 { 1.0 } else { -1.0 });
    let rough = |surface: &Surface| {
        let distances = surface.positions.iter().map(|place| -ball(*place, [20.0; 3], 14.0));
        distances.map(|off| off * off).sum::<f32>()
    };
    let smoothed = smooth(&surface, 10);
    let (before, after) = (checked(&surface), checked(&smoothed));
    assert!(after.watertight && (after.volume / before.volume - 1.0).abs() < 0.005, "{before:?} {after:?}");
    assert_eq!(surface.triangles, smoothed.triangles);
    assert!(rough(&smoothed) < rough(&surface) * 0.5, "{} {}", rough(&smoothed), rough(&surface));
    assert_eq!(smooth(&surface, 0), surface);
}

#[test]
fn a_mirrored_body_is_symmetric_and_closed() {
    let mut surface = ring();
    for place in &mut surface.positions {
        place[0] -= 24.0;
    }
    let mirrored = mirror(&surface, 0.0).unwrap();
    let check = checked(&mirrored);
    assert!(check.watertight && check.components == 1, "{check:?}");
    let key = |[x, y, z]: [f32; 3]| [x.to_bits(), y.to_bits(), z.to_bits()];
    let mut here: Vec<_> = mirrored.positions.iter().map(|place| key(*place)).collect();
    let mut there: Vec<_> = mirrored.positions.iter().map(|[x, y, z]| key([0.0 - x, *y, *z])).collect();
    here.sort_unstable();
    there.sort_unstable();
    assert!(here == there, "the two sides differ");
    assert!(here.iter().filter(|place| place[0] == 0).count() > 40);
    // The half with the larger ball stays.
    let low = mirrored.positions.iter().map(|place| place[0]).fold(f32::INFINITY, f32::min);
    assert!((low + 22.0).abs() < 0.1, "{low}");
}

#[test]
fn a_plane_beside_the_body_is_refused() {
    assert!(matches!(mirror(&ring(), 400.0), Err(MirrorError::Beside { .. })));
    assert!(matches!(mirror(&ring(), f32::NAN), Err(MirrorError::Beside { .. })));
    assert!(matches!(mirror(&Surface::default(), 0.0), Err(MirrorError::NotWatertight { .. })));
}

#[test]
fn a_pressed_base_is_flat_and_the_rest_untouched() {
    let surface = surface_of(48, |place| ball(place, [24.0; 3], 20.0));
    let pressed = flat_base(&surface, 0.1).unwrap();
    let check = checked(&pressed);
    assert!(check.watertight && pressed.triangles == surface.triangles, "{check:?}");
    let (low, high) = pressed.bounds();
    let (before, after) = surface.bounds();
    let top = before[1] + (after[1] - before[1]) * 0.1;
    let base = pressed.positions.iter().zip(&surface.positions).filter(|(_, old)| old[1] < top);
    assert!(base.clone().count() > 100);
    for (place, _) in base {
        assert!(place[1] - low[1] < 0.002 * (high[0] - low[0]), "{place:?}");
    }
    for (place, old) in pressed.positions.iter().zip(&surface.positions).filter(|(_, old)| old[1] >= top) {
        assert_eq!(place.map(f32::to_bits), old.map(f32::to_bits));
    }
    for share in [0.0, -1.0, 0.6, f32::NAN] {
        assert!(matches!(flat_base(&surface, share), Err(BaseError::BadShare { .. })));
    }
}

#[test]
fn a_simplified_ring_keeps_its_hole_at_every_count() {
    let surface = smooth(&ring(), 5);
    let before = checked(&surface);
    for faces in [100, 300, 1000, 3000] {
        let simplified = simplify(&surface, faces, None).unwrap();
        let after = checked(&simplified.surface);
        assert!(after.watertight && after.components == 1, "{faces}: {after:?}");
        assert_eq!(euler(&simplified.surface), 0);
        assert!(after.faces <= faces && after.faces + 2 > faces, "{faces}: {}", after.faces);
        assert!(
            (after.volume / before.volume - 1.0).abs() < if faces == 100 { 0.2 } else { 0.05 },
            "{faces}: {after:?}"
        );
        assert!(simplified.error > 0.0 && simplified.error < 0.1, "{faces}: {}", simplified.error);
        assert_eq!(simplify(&surface, faces, None), Ok(simplified), "the same again");
    }
    let all = simplify(&surface, 500_000, None).unwrap();
    assert_eq!((&all.surface, all.error.to_bits()), (&surface, 0));
}

#[test]
fn the_border_between_two_colours_stays_where_it_was() {
    let surface = surface_of(56, |place| ball(place, [28.0; 3], 24.0));
    let colours: Vec<_> =
        surface.positions.iter().map(|place| if place[1] > 31.3 { [1.0, 0.2, 0.0] } else { [0.0, 0.2, 1.0] }).collect();
    // How wrong the colours are over the whole surface, on average.
    let wrong = |simplified: &Surface, colours: &dyn Fn(u32) -> f32| {
        let (mut sum, mut area) = (0.0, 0.0);
        for triangle in &simplified.triangles {
            let corners = simplified.corners(*triangle).unwrap();
            let [u, v] = [1, 2].map(|corner: usize| [0, 1, 2].map(|i| corners[corner][i] - corners[0][i]));
            let across = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
            let size = across.iter().map(|part| part * part).sum::<f32>().sqrt();
            for (s, t) in [(0.1, 0.1), (0.8, 0.1), (0.1, 0.8), (0.33, 0.33), (0.1, 0.45), (0.45, 0.1), (0.45, 0.45)] {
                let truth = f32::from(u8::from(corners[0][1] + s * u[1] + t * v[1] > 31.3));
                let [first, second, third] = triangle.map(colours);
                sum += size * (first + s * (second - first) + t * (third - first) - truth).abs();
                area += size;
            }
        }
        sum / area
    };
    let plain = simplify(&surface, 2500, None).unwrap();
    let kept = simplify(&surface, 2500, Some(&colours)).unwrap();
    assert!(checked(&kept.surface).watertight && plain.colours.is_none());
    let written = kept.colours.unwrap();
    assert_eq!(written.len(), kept.surface.positions.len());
    let plain = wrong(&plain.surface, &|vertex| f32::from(u8::from(plain.surface.positions[at(vertex)][1] > 31.3)));
    let kept = wrong(&kept.surface, &|vertex| written[at(vertex)][0]);
    assert!(kept < plain * 0.6, "{kept} of {plain}");
}

#[test]
fn what_cannot_be_simplified_is_refused_by_name() {
    let surface = ring();
    for faces in [0, 99, 500_001] {
        assert_eq!(simplify(&surface, faces, None), Err(SimplifyError::BadFaces { faces }));
    }
    let open = Surface { triangles: surface.triangles[1..].to_vec(), positions: surface.positions.clone() };
    assert!(matches!(simplify(&open, 100, None), Err(SimplifyError::NotWatertight { open_edges: 3, .. })));
    let uncoloured = simplify(&surface, 100, Some(&[]));
    assert!(matches!(uncoloured, Err(SimplifyError::Uncoloured { coloured: 0, .. })));
    let mut colours = vec![[0.5; 3]; surface.positions.len()];
    colours[7][1] = f32::NAN;
    assert_eq!(simplify(&surface, 100, Some(&colours)), Err(SimplifyError::BadColour { vertex: 7 }));
    let many = surface_of(40, |place| {
        place.map(|part| (part * std::f32::consts::FRAC_PI_4).sin()).iter().product::<f32>() - 0.1
    });
    let pieces = checked(&many).components;
    assert!(pieces > 50);
    assert!(
        matches!(simplify(&many, 100, None), Err(SimplifyError::OutOfReach { reached, .. }) if reached == pieces * 4)
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_step_keeps_a_random_body_watertight(
        // Never empty: a ball of this radius holds a sample of the grid wherever it is, a smaller one may slip between them.
        first in ([3.0_f32..29.0, 3.0_f32..29.0, 3.0_f32..29.0], 0.9_f32..9.0),
        others in vec(([3.0_f32..29.0, 3.0_f32..29.0, 3.0_f32..29.0], 0.3_f32..9.0), 0..8),
        bars in vec(([3.0_f32..29.0, 3.0_f32..29.0], 0_usize..3), 0..5),
        faces in 100_usize..2000,
        plane in 8.0_f32..24.0,
        share in 0.01_f32..0.3,
    ) {
        let surface = surface_of(32, |place| {
            let solid = others.iter().chain([&first]).map(|(at, radius)| ball(place, *at, *radius)).fold(f32::NEG_INFINITY, f32::max);
            // Bars through the body make handles.
            let bar = |(at, axis): &([f32; 2], usize)| {
                let (u, v) = (place[(axis + 1) % 3] - at[0], place[(axis + 2) % 3] - at[1]);
                1.3 - u.abs().max(v.abs())
            };
            bars.iter().map(bar).fold(solid, f32::max)
        });
        let cleaned = clean(&surface).surface;
        let pieces = checked(&cleaned).components;
        let smoothed = smooth(&cleaned, 5);
        let based = flat_base(&smoothed, share).unwrap();
        for (name, step) in [("clean", &cleaned), ("smooth", &smoothed), ("base", &based)] {
            let check = checked(step);
            prop_assert!(check.watertight && check.cavities == 0 && check.components == pieces, "{name}: {check:?}");
        }
        let volumes = (checked(&cleaned).volume, checked(&smoothed).volume);
        prop_assert!((volumes.0 / volumes.1 - 1.0).abs() < 0.005, "{volumes:?}");
        match mirror(&smoothed, plane) {
            Ok(mirrored) => prop_assert!(checked(&mirrored).watertight, "{:?}", checked(&mirrored)),
            Err(refused) => prop_assert!(matches!(refused, MirrorError::Beside { .. }), "{refused}"),
        }
        match simplify(&based, faces, None) {
            Ok(simplified) => {
                let check = checked(&simplified.surface);
                prop_assert!(check.watertight && check.components == pieces && check.faces <= faces, "{check:?}");
                prop_assert_eq!(euler(&simplified.surface), euler(&based));
            }
            Err(refused) => prop_assert!(matches!(refused, SimplifyError::OutOfReach { .. }), "{refused}"),
        }
    }

    #[test]
    fn junk_never_panics(surface in junk(), plane in -1.0_f32..1.0, share in 0.01_f32..0.5) {
        let _ = checked(&surface);
        let cleaned = clean(&surface);
        prop_assert!(cleaned.surface.positions.iter().flatten().all(|part| part.is_finite()));
        let smoothed = smooth(&surface, 3);
        prop_assert_eq!(&smoothed.triangles, &surface.triangles);
        prop_assert!(flat_base(&surface, share).is_ok());
        let watertight = checked(&surface).watertight;
        prop_assert!(watertight || mirror(&surface, plane).is_err());
        prop_assert!(watertight || simplify(&surface, 100, None).is_err());
    }
}
