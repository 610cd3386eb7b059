//! What charts promise, for surfaces of every kind.

#[expect(dead_code, reason = "the photo and the camera are for the tests of baking")]
mod common;

use common::{bumps, rings, solid, sphere, turn};
use inference_mesh::number::{at, floor, real};
use inference_mesh::{Charts, Surface};
use inference_texture::{PADDING_PX, UnwrapError, unwrap};
use proptest::prelude::*;

fn find(root: &mut [usize], mut item: usize) -> usize {
    while root[item] != item {
        root[item] = root[root[item]];
        item = root[item];
    }
    item
}

/// Gives each triangle the number of its chart: triangles that share points are of one.
fn chart_of(charts: &Charts) -> Vec<usize> {
    let mut root: Vec<usize> = (0..charts.points.len()).collect();
    for [a, b, c] in charts.triangles.iter().map(|corners| corners.map(at)) {
        for other in [b, c] {
            let (first, second) = (find(&mut root, a), find(&mut root, other));
            root[first.max(second)] = first.min(second);
        }
    }
    charts.triangles.iter().map(|corners| find(&mut root, at(corners[0]))).collect()
}

/// Draws each triangle's texel middles, and says of which chart and triangle each texel is.
///
/// Fails where two triangles have one texel's middle inside, or two charts are nearer than the padding.
fn draw(charts: &Charts, side: usize) -> Vec<Option<(usize, usize)>> {
    let owners = chart_of(charts);
    let mut texels: Vec<Option<(usize, usize)>> = vec![None; side * side];
    for (number, corners) in charts.triangles.iter().enumerate() {
        let [a, b, c] = corners.map(|point| charts.points[at(point)].map(|part| part * real(side)));
        let area = turn(a, b, c);
        let low = [0, 1].map(|axis| floor(a[axis].min(b[axis]).min(c[axis])));
        let high = [0, 1].map(|axis| floor(a[axis].max(b[axis]).max(c[axis])).min(side - 1));
        for row in low[1]..=high[1] {
            for column in low[0]..=high[0] {
                let place = [real(column) + 0.5, real(row) + 0.5];
                let shares = [turn(b, c, place) / area, turn(c, a, place) / area, turn(a, b, place) / area];
                if shares.iter().all(|share| *share > 1e-3) {
                    let before = texels[row * side + column].replace((owners[number], number));
                    assert!(before.is_none(), "triangles {before:?} and {number} of chart {} overlap", owners[number]);
                }
            }
        }
    }
    let reach = at(PADDING_PX);
    for row in 0..side {
        for column in 0..side {
            let Some((own, _)) = texels[row * side + column] else { continue };
            for y in row..=(row + reach).min(side - 1) {
                for x in column.saturating_sub(reach)..=(column + reach).min(side - 1) {
                    let other = texels[y * side + x];
                    assert!(other.is_none_or(|(chart, _)| chart == own), "charts touch at {column}, {row}");
                }
            }
        }
    }
    texels
}

#[test]
fn charts_keep_their_distance_and_fill_the_texture() {
    let surfaces = [("sphere", solid(40, sphere)), ("bumps", solid(40, bumps)), ("rings", solid(40, rings))];
    for (name, surface) in surfaces {
        for side in [256, 512, 1024] {
            let charts = unwrap(&surface, side).unwrap();
            assert_eq!(charts.triangles.len(), surface.triangles.len());
            let texels = draw(&charts, at(side));
            let share = real(texels.iter().flatten().count()) / real(texels.len());
            let mut owners = chart_of(&charts);
            owners.sort_unstable();
            owners.dedup();
            println!("{name} at {side}: {} charts cover {share:.3}", owners.len());
            assert!(share > 0.4, "{name} at {side}: {share}");
        }
    }
}

#[test]
fn every_triangle_has_an_area_and_nothing_is_stretched_beyond_measure() {
    let surface = solid(40, rings);
    let charts = unwrap(&surface, 1024).unwrap();
    for corners in &charts.triangles {
        let [a, b, c] = corners.map(|point| charts.points[at(point)]);
        assert!(turn(a, b, c).abs() > 0.0);
    }
}

#[test]
fn the_same_surface_gives_the_same_charts() {
    let surface = solid(30, rings);
    assert_eq!(unwrap(&surface, 512).unwrap(), unwrap(&surface, 512).unwrap());
}

#[test]
fn a_spiral_that_hides_itself_is_cut_and_not_folded() {
    // A ramp that winds twice around an axis: from above its turns lie on each other.
    let mut surface = Surface::default();
    for step in 0_u8..120 {
        let angle = f32::from(step) * 0.1;
        for radius in [0.5, 1.0] {
            surface.positions.push([radius * angle.cos(), f32::from(step) * 0.01, radius * angle.sin()]);
        }
    }
    for first in (0..238).step_by(2) {
        surface.triangles.extend([[first, first + 2, first + 1], [first + 1, first + 2, first + 3]]);
    }
    draw(&unwrap(&surface, 512).unwrap(), 512);
}

#[test]
fn bad_input_is_named_with_its_numbers() {
    let mut surface = solid(10, sphere);
    assert_eq!(unwrap(&surface, 63), Err(UnwrapError::TextureSize { texture_size: 63 }));
    assert_eq!(unwrap(&Surface::default(), 512), Err(UnwrapError::Empty { vertices: 0 }));
    let vertices = surface.positions.len();
    surface.triangles[3][1] = 70_000;
    let refused = unwrap(&surface, 512);
    assert_eq!(refused, Err(UnwrapError::VertexOutOfRange { triangle: 3, index: 70_000, vertices }));
    surface.positions[5][2] = f32::NAN;
    assert_eq!(unwrap(&surface, 512), Err(UnwrapError::NotFinite { vertex: 5, vertices }));
    let flat = Surface { positions: vec![[1.0; 3]; 3], triangles: vec![[0, 1, 2]] };
    assert_eq!(unwrap(&flat, 512), Err(UnwrapError::Flat { triangles: 1 }));
    let dust = Surface {
        positions: (0_u16..6000).map(|n| [f32::from(n / 3), f32::from(n % 3 / 2), f32::from(n % 3 % 2)]).collect(),
        triangles: (0..2000).map(|n| [3 * n, 3 * n + 1, 3 * n + 2]).collect(),
    };
    assert_eq!(unwrap(&dust, 64).err(), Some(UnwrapError::TooManyCharts { charts: 2000, texture_size: 64 }));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_triangles_are_charted_within_the_texture_or_refused_by_name(
        positions in proptest::collection::vec(proptest::array::uniform3(-1e3_f32..1e3), 1..24),
        triangles in proptest::collection::vec(proptest::array::uniform3(0_u32..26), 0..40),
    ) {
        let surface = Surface { positions, triangles };
        if let Ok(charts) = unwrap(&surface, 512) {
            prop_assert_eq!(charts.triangles.len(), surface.triangles.len());
            prop_assert!(charts.points.iter().flatten().all(|part| (0.0..=1.0).contains(part)));
            draw(&charts, 512);
        }
    }

    #[test]
    fn any_numbers_at_all_do_no_harm(
        positions in proptest::collection::vec(proptest::array::uniform3(proptest::num::f32::ANY), 1..12),
        triangles in proptest::collection::vec(proptest::array::uniform3(0_u32..12), 1..20),
    ) {
        if let Ok(charts) = unwrap(&Surface { positions, triangles }, 128) {
            prop_assert!(charts.points.iter().flatten().all(|part| (0.0..=1.0).contains(part)));
        }
    }
}
