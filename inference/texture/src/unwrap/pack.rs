//! The charts' places in the texture: as large as fits.

use inference_mesh::Charts;
use inference_mesh::number::{at, real};

use super::UnwrapError;
use super::flatten::Flat;
use crate::packer::{self, Packed};
use crate::vector::turn;

/// Texels that stay free around each chart, beyond those that are read at its border.
pub(crate) const PADDING_PX: u32 = 2;

/// How often a scale is tried.
const TRIES: usize = 8;

/// A layout that fills this share of the texture's side is not improved further.
const FULL: f32 = 0.975;

/// The share of the texture that the first try hopes to fill.
const HOPED: f64 = 0.62;

/// The share of the area that may come out too small for the packer to see it.
const MOST_LOST: f64 = 1e-4;

/// Packs the charts at the largest scale that a few tries find.
pub(super) fn pack(flat: &Flat, texture_size: u32) -> Result<Charts, UnwrapError> {
    let side = real(at(texture_size));
    let texels = f64::from(texture_size) * f64::from(texture_size);
    let mut scale = narrow((HOPED * texels / (flat.area / 2.0)).sqrt());
    let (mut largest, mut fitting, mut best) = (f32::INFINITY, 0.0, None);
    for _ in 0..TRIES {
        let points: Vec<_> = flat.points.iter().map(|point| point.map(|part| part * scale)).collect();
        let packed = packer::pack(&points, &flat.corners, &flat.charts, PADDING_PX);
        let taken = packed.as_ref().map_or(f32::INFINITY, |packed| real(at(packed.extent[0].max(packed.extent[1]))));
        if taken <= side && packed.as_ref().is_some_and(|packed| lost(packed, flat) <= MOST_LOST) {
            fitting = scale;
            best = packed;
            if taken >= side * FULL {
                break;
            }
        } else {
            largest = scale;
        }
        // The room taken grows with the scale but for the padding; between a scale that fits and one that does not,
        // the answer is looked for in the middle.
        let guess = scale * (side * (FULL + 1.0) / 2.0 / taken);
        scale = if guess > fitting * 1.002 && guess < largest * 0.998 { guess } else { middle(fitting, largest) };
        if fitting > 0.0 && largest < fitting * 1.01 {
            break;
        }
    }
    let charts = flat.charts.iter().max().map_or(0, |last| at(*last) + 1);
    let packed = best.ok_or(UnwrapError::TooManyCharts { charts, texture_size })?;
    Ok(Charts { points: settled(packed, flat, side), triangles: flat.corners.clone() })
}

/// Gives the share of the area that the packer took for flat and left out.
fn lost(packed: &Packed, flat: &Flat) -> f64 {
    let left_out = |corners: &&[u32; 3]| corners.iter().any(|corner| packed.points[at(*corner)][0] < 0.0);
    let area = |corners: &[u32; 3]| {
        let [a, b, c] = corners.map(|corner| flat.points[at(corner)]);
        f64::from(turn(a, b, c).abs())
    };
    flat.corners.iter().filter(left_out).map(area).sum::<f64>() / flat.area
}

fn middle(fitting: f32, largest: f32) -> f32 {
    if largest.is_finite() { f32::midpoint(fitting, largest) } else { fitting * 1.1 }
}

/// Gives the points as shares of the texture; those of flat triangles only lie with a neighbour.
fn settled(packed: Packed, flat: &Flat, side: f32) -> Vec<[f32; 2]> {
    let mut points = packed.points;
    let placed = |point: [f32; 2]| point[0] >= 0.0;
    let lone = flat.corners.iter().filter(|corners| corners.iter().any(|corner| !placed(points[at(*corner)])));
    let lone: Vec<_> = lone.copied().collect();
    for corners in lone {
        let place = corners.iter().map(|corner| points[at(*corner)]).find(|point| placed(*point));
        for corner in corners {
            if !placed(points[at(corner)]) {
                points[at(corner)] = place.unwrap_or([side / 2.0; 2]);
            }
        }
    }
    points.iter().map(|point| point.map(|part| (part / side).clamp(0.0, 1.0))).collect()
}

/// Gives a scale its shorter form.
#[expect(clippy::cast_possible_truncation, reason = "an infinite scale is packed nowhere and refused")]
fn narrow(value: f64) -> f32 {
    value as f32
}
