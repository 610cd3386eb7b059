//! The surface of a field: closed, in place, and the same from few samples as from all.

use std::convert::Infallible;

use inference_mesh::field::{Coarse, CoarseError, FieldError, coarse_to_fine, dense};
use inference_mesh::number::real;
use inference_mesh::{Check, Model, Paint, Surface, check};
use proptest::collection::vec;
use proptest::prelude::*;

fn checked(surface: Surface) -> Check {
    check(&Model { surface, paint: Paint::default() })
}

fn sampled(size: [usize; 3], field: impl Fn([f32; 3]) -> f32) -> Vec<f32> {
    let mut values = Vec::new();
    for z in 0..size[2] {
        for y in 0..size[1] {
            values.extend((0..size[0]).map(|x| field([x, y, z].map(real))));
        }
    }
    values
}

/// Is a union of balls, and of a plate if one is given; no two places differ by more than their distance.
fn balls(place: [f32; 3], balls: &[([f32; 3], f32)]) -> f32 {
    let away = |at: [f32; 3]| (0..3).map(|i| (place[i] - at[i]).powi(2)).sum::<f32>().sqrt();
    balls.iter().map(|(at, radius)| radius - away(*at)).fold(f32::NEG_INFINITY, f32::max)
}

#[test]
fn a_ball_has_its_volume_and_lies_where_its_samples_are() {
    let size = [70, 40, 33];
    let values = sampled(size, |place| balls(place, &[([40.0, 20.0, 16.0], 12.0)]));
    let surface = dense(&values, size, 0.0).unwrap();
    for place in &surface.positions {
        let off = balls(*place, &[([40.0, 20.0, 16.0], 12.0)]);
        assert!(off.abs() < 0.05, "{place:?} is {off} off");
    }
    let check = checked(surface);
    let expected = 4.0 / 3.0 * std::f64::consts::PI * 12.0_f64.powi(3);
    assert!(check.watertight && (check.volume / expected - 1.0).abs() < 0.01, "{check:?}");
    assert_eq!((check.components, check.cavities), (1, 0));
}

#[test]
fn a_full_field_becomes_a_box_half_a_cell_larger() {
    let check = checked(dense(&[1.0; 6 * 5 * 4], [6, 5, 4], 0.0).unwrap());
    assert!(check.watertight && check.components == 1, "{check:?}");
    // Its edges are cut off, so it is a little less than 6 by 5 by 4.
    assert!(check.volume < 120.0 && check.volume > 105.0, "{check:?}");
}

#[test]
fn a_hollow_is_a_cavity() {
    let size = [24; 3];
    let values = sampled(size, |place| 3.0 - (balls(place, &[([12.0; 3], 7.0)])).abs());
    let check = checked(dense(&values, size, 0.0).unwrap());
    assert!(check.watertight, "{check:?}");
    assert_eq!((check.components, check.cavities), (2, 1));
}

#[test]
fn bad_fields_are_refused_by_name() {
    let refused = |values: &[f32], size, level| dense(values, size, level).unwrap_err();
    assert_eq!(refused(&[0.0; 7], [2; 3], 0.0), FieldError::SizeMismatch { values: 7, width: 2, height: 2, depth: 2 });
    assert_eq!(refused(&[], [0, 2, 2], 0.0), FieldError::NoNodes { width: 0, height: 2, depth: 2 });
    assert_eq!(refused(&[], [513, 512, 512], 0.0), FieldError::TooLarge { width: 513, height: 512, depth: 512 });
    assert_eq!(refused(&[], [usize::MAX; 3], 0.0), {
        FieldError::TooLarge { width: usize::MAX, height: usize::MAX, depth: usize::MAX }
    });
    assert_eq!(refused(&[0.5; 8], [2; 3], 1.0), FieldError::Empty { level: 1.0, highest: 0.5 });
    assert!(matches!(refused(&[0.5; 8], [2; 3], f32::NAN), FieldError::BadLevel { .. }));
    let mut values = vec![0.0; 5 * 4 * 3];
    values[(2 * 4 + 1) * 5 + 3] = f32::NAN;
    assert!(matches!(refused(&values, [5, 4, 3], 0.0), FieldError::NotFinite { x: 3, y: 1, z: 2, .. }));
    values[(2 * 4 + 1) * 5 + 3] = f32::NEG_INFINITY;
    assert!(matches!(refused(&values, [5, 4, 3], 0.0), FieldError::NotFinite { x: 3, y: 1, z: 2, .. }));
}

#[test]
fn a_field_that_cannot_be_evaluated_says_why() {
    let coarse = Coarse { step: 4, margin: 1.0 };
    let failed = coarse_to_fine([9; 3], 0.0, coarse, |_, _| Err("no network")).unwrap_err();
    assert_eq!(failed, CoarseError::Evaluate("no network"));
    let silent = coarse_to_fine([9; 3], 0.0, coarse, |_, _| Ok::<_, Infallible>(())).unwrap_err();
    assert!(matches!(silent, CoarseError::Field(FieldError::NotFinite { x: 0, y: 0, z: 0, .. })), "{silent}");
    let bad = Coarse { step: 0, margin: 1.0 };
    assert!(coarse_to_fine([9; 3], 0.0, bad, |_, _| Ok::<_, Infallible>(())).is_err());
}

#[test]
fn few_samples_are_needed_for_a_smooth_body() {
    let size = [129; 3];
    let body = |place| balls(place, &[([60.0, 64.0, 64.0], 40.0), ([90.0, 64.0, 64.0], 25.0)]);
    let coarse = Coarse { step: 8, margin: 4.0 * 3.0_f32.sqrt() };
    let traced = coarse_to_fine(size, 0.0, coarse, |nodes, values| {
        for (node, value) in nodes.iter().zip(values) {
            *value = body(node.map(real));
        }
        Ok::<_, Infallible>(())
    });
    let traced = traced.unwrap();
    assert_eq!(traced.surface, dense(&sampled(size, body), size, 0.0).unwrap());
    assert!(traced.evaluated * 3 < traced.nodes, "{} of {}", traced.evaluated, traced.nodes);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_samples_give_a_closed_manifold_even_at_the_border(
        size in [1_usize..9, 1_usize..9, 1_usize..9],
        values in vec(prop_oneof![-1.0_f32..1.0, Just(0.0), Just(f32::MAX), Just(f32::MIN)], 512),
        level in -0.5_f32..0.5,
    ) {
        let values = &values[..size.iter().product()];
        match dense(values, size, level) {
            Ok(surface) => {
                let check = checked(surface);
                prop_assert!(check.watertight && check.volume > 0.0, "{check:?}");
            }
            Err(refused) => prop_assert!(matches!(refused, FieldError::Empty { .. }), "{refused}"),
        }
    }

    #[test]
    fn few_samples_give_the_very_same_surface_as_all(
        size in [1_usize..45, 1_usize..45, 1_usize..80],
        bodies in vec(([0.0_f32..45.0, 0.0_f32..45.0, 0.0_f32..80.0], 0.3_f32..12.0), 1..6),
        plate in prop::option::of(0.3_f32..2.0),
        step in 1_usize..10,
        level in -1.0_f32..1.0,
    ) {
        // A plate askew, thinner than a block; its slope is 1, as that of the balls.
        let body = |[x, y, z]: [f32; 3]| {
            let ball = balls([x, y, z], &bodies);
            plate.map_or(ball, |half| ball.max(half - (0.6 * x + 0.8 * y - 20.0).abs()))
        };
        let margin = real(step) / 2.0 * 3.0_f32.sqrt() + 1e-3;
        let mut largest = 0;
        let traced = coarse_to_fine(size, level, Coarse { step, margin }, |nodes, values| {
            largest = largest.max(nodes.len());
            for (node, value) in nodes.iter().zip(values) {
                *value = body(node.map(real));
            }
            Ok::<_, Infallible>(())
        });
        prop_assert!(largest <= inference_mesh::field::MOST_AT_ONCE);
        match (traced, dense(&sampled(size, body), size, level)) {
            (Ok(traced), Ok(surface)) => {
                prop_assert!(traced.evaluated <= traced.nodes);
                prop_assert_eq!(traced.surface, surface);
            }
            (Err(CoarseError::Field(FieldError::Empty { .. })), Err(FieldError::Empty { .. })) => {}
            (traced, surface) => prop_assert!(false, "{traced:?} {surface:?}"),
        }
    }

    #[test]
    fn without_a_true_bound_the_surface_is_followed_and_closed(
        bodies in vec(([0.0_f32..40.0, 0.0_f32..40.0, 0.0_f32..40.0], 0.3_f32..12.0), 1..6),
        step in 1_usize..10,
    ) {
        let traced = coarse_to_fine([40; 3], 0.0, Coarse { step, margin: 0.0 }, |nodes, values| {
            for (node, value) in nodes.iter().zip(values) {
                *value = balls(node.map(real), &bodies);
            }
            Ok::<_, Infallible>(())
        });
        if let Ok(traced) = traced {
            let check = checked(traced.surface);
            prop_assert!(check.watertight, "{check:?}");
        }
    }
}
