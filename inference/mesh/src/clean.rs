//! What nobody sees or wants goes: floating crumbs, the insides of hollows, vertices without triangles.

use crate::Surface;
use crate::check::Flatness;
use crate::number::{at, index};
use crate::sets::{pieces, volumes};
use crate::simplify::Drawn;

/// A piece of less than this share of the largest piece's volume is a crumb.
pub const LEAST_SHARE: f64 = 0.1;

/// Is a surface of outer shells only.
#[derive(Debug, Clone, PartialEq)]
pub struct Cleaned {
    /// What is left.
    pub surface: Surface,
    /// Pieces that were too small, or lay wholly within another one.
    pub pieces_removed: usize,
    /// Pieces that faced inwards: the walls of hollows that nobody sees.
    pub cavities_removed: usize,
}

/// Keeps the outer shells of a surface whose volume is at least a tenth of the largest one's.
///
/// Pieces are what hangs together by vertices. Pieces of negative volume are cavities and go, and so does what floats
/// within them. Triangles without a height are drawn together where the surface stays closed; vertices of no triangle
/// are dropped, the others keep their order. Triangles that name no vertex, or one that is not at a finite place, are
/// left out, whatever that opens. A surface without any piece of positive volume comes back empty.
pub fn clean(surface: &Surface) -> Cleaned {
    let surface = sound(surface);
    let (piece_of, count) = pieces(&surface);
    let volumes = volumes(&surface, &piece_of, count);
    let mut used = vec![false; count];
    for triangle in &surface.triangles {
        used[at(piece_of[at(triangle[0])])] = true;
    }
    let largest = volumes.iter().copied().fold(0.0, f64::max);
    let mut keep: Vec<bool> = volumes.iter().map(|volume| *volume > 0.0 && *volume >= largest * LEAST_SHARE).collect();
    let cavities_removed = volumes.iter().filter(|volume| **volume < 0.0).count();
    drop_hidden(&surface, &piece_of, &volumes, &mut keep);
    let pieces = used.iter().filter(|used| **used).count();
    let pieces_removed = pieces - cavities_removed - keep.iter().filter(|keep| **keep).count();

    let triangles = surface.triangles.iter().copied().filter(|triangle| keep[at(piece_of[at(triangle[0])])]).collect();
    let surface = mended(compact(&Surface { positions: surface.positions, triangles }));
    Cleaned { surface, pieces_removed, cavities_removed }
}

/// Leaves out triangles that name no vertex, or one that is not at a finite place.
fn sound(surface: &Surface) -> Surface {
    let is_sound = |triangle: &&[u32; 3]| {
        surface.corners(**triangle).is_some_and(|corners| corners.iter().flatten().all(|part| part.is_finite()))
    };
    Surface {
        positions: surface.positions.clone(),
        triangles: surface.triangles.iter().filter(is_sound).copied().collect(),
    }
}

/// Drops the vertices of no triangle.
fn compact(surface: &Surface) -> Surface {
    let mut used = vec![false; surface.positions.len()];
    for vertex in surface.triangles.iter().flatten() {
        used[at(*vertex)] = true;
    }
    let mut numbers = Vec::with_capacity(used.len());
    let mut positions = Vec::new();
    for (used, position) in used.into_iter().zip(&surface.positions) {
        numbers.push(index(positions.len()));
        if used {
            positions.push(*position);
        }
    }
    let triangles = surface.triangles.iter().map(|triangle| triangle.map(|vertex| numbers[at(vertex)])).collect();
    Surface { positions, triangles }
}

/// Draws triangles without a height together, as far as the surface allows.
pub(crate) fn mended(surface: Surface) -> Surface {
    let flatness = Flatness::of(&surface);
    let is_flat = |triangle: &[u32; 3]| surface.corners(*triangle).is_some_and(|corners| flatness.is_flat(corners));
    if !surface.triangles.iter().any(is_flat) {
        return surface;
    }
    let mut drawn = Drawn::new(&surface, None);
    drawn.mend(|corners| flatness.is_flat(corners));
    drawn.finish().0
}

/// Drops pieces that lie within another one that stays: what floated in a hollow.
fn drop_hidden(surface: &Surface, piece_of: &[u32], volumes: &[f64], keep: &mut [bool]) {
    let kept: Vec<usize> = (0..keep.len()).filter(|piece| keep[*piece]).collect();
    if kept.len() < 2 {
        return;
    }
    let mut bounds = vec![([f32::INFINITY; 3], [f32::NEG_INFINITY; 3], None); keep.len()];
    for (position, piece) in surface.positions.iter().zip(piece_of) {
        let (low, high, first) = &mut bounds[at(*piece)];
        for axis in 0..3 {
            low[axis] = low[axis].min(position[axis]);
            high[axis] = high[axis].max(position[axis]);
        }
        first.get_or_insert(*position);
    }
    for inner in &kept {
        let (low, high, Some(place)) = bounds[*inner] else { continue };
        keep[*inner] = !kept.iter().any(|outer| {
            let around = &bounds[*outer];
            let boxed = (0..3).all(|axis| around.0[axis] < low[axis] && high[axis] < around.1[axis]);
            boxed && volumes[*outer] > volumes[*inner] && turns(surface, piece_of, *outer, place) > 0.5
        });
    }
}

/// Says how often a piece goes around a place: 1 inside, 0 outside.
fn turns(surface: &Surface, piece_of: &[u32], piece: usize, place: [f32; 3]) -> f64 {
    let mut angle = 0.0;
    for triangle in surface.triangles.iter().filter(|triangle| at(piece_of[at(triangle[0])]) == piece) {
        let Some(corners) = surface.corners(*triangle) else { continue };
        let [a, b, c] = corners.map(|corner| [0, 1, 2].map(|axis| f64::from(corner[axis]) - f64::from(place[axis])));
        let [length_a, length_b, length_c] = [a, b, c].map(|side| dot(side, side).sqrt());
        let across = [b[1] * c[2] - b[2] * c[1], b[2] * c[0] - b[0] * c[2], b[0] * c[1] - b[1] * c[0]];
        let along = length_a * length_b * length_c + dot(a, b) * length_c + dot(b, c) * length_a + dot(c, a) * length_b;
        angle += 2.0 * dot(a, across).atan2(along);
    }
    angle / (4.0 * std::f64::consts::PI)
}

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}
