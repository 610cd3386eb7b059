//! The steps of the grid go, the shape stays: smoothing that neither shrinks a surface nor changes its triangles.

use crate::Surface;
use crate::check::Flatness;
use crate::number::{at, real};
use crate::sets::{pieces, volumes};

/// More passes than this are not done.
pub const MOST_PASSES: usize = 100;

/// How far a vertex goes towards the middle of its neighbours, and then back again: Taubin's two steps, which let
/// shapes wider than a few edges pass and take away what is narrower.
const STEPS: [f32; 2] = [0.5, -0.53];

/// Smooths a surface in so many passes, at most [`MOST_PASSES`]; every piece encloses the same volume as before.
///
/// Only places change, never a triangle. A vertex whose triangles would lose their height stays where it was. A
/// surface with a broken index or a place that is not finite comes back unchanged.
pub fn smooth(surface: &Surface, passes: usize) -> Surface {
    let broken = surface.triangles.iter().flatten().any(|vertex| at(*vertex) >= surface.positions.len());
    if broken || surface.positions.iter().flatten().any(|part| !part.is_finite()) {
        return surface.clone();
    }
    let neighbours = Neighbours::of(surface);
    let mut positions = surface.positions.clone();
    let mut moved = positions.clone();
    for step in 0..passes.min(MOST_PASSES) * 2 {
        neighbours.move_towards(&positions, &mut moved, STEPS[step % 2]);
        std::mem::swap(&mut positions, &mut moved);
    }
    let mut smoothed = Surface { positions, triangles: surface.triangles.clone() };
    keep_volumes(surface, &mut smoothed);
    keep_heights(surface, &mut smoothed);
    smoothed
}

/// Holds the neighbours of each vertex, one run after the other.
struct Neighbours {
    starts: Vec<u32>,
    all: Vec<u32>,
}

impl Neighbours {
    /// Takes the vertex that follows in each triangle: around a closed fan these are all neighbours, once each.
    fn of(surface: &Surface) -> Self {
        let mut starts = vec![0_u32; surface.positions.len() + 1];
        for vertex in surface.triangles.iter().flatten() {
            starts[at(*vertex) + 1] += 1;
        }
        for vertex in 1..starts.len() {
            starts[vertex] += starts[vertex - 1];
        }
        let mut next = starts.clone();
        let mut all = vec![0; surface.triangles.len() * 3];
        for [a, b, c] in &surface.triangles {
            for (from, to) in [(a, b), (b, c), (c, a)] {
                all[at(next[at(*from)])] = *to;
                next[at(*from)] += 1;
            }
        }
        Self { starts, all }
    }

    fn move_towards(&self, positions: &[[f32; 3]], moved: &mut [[f32; 3]], step: f32) {
        for (vertex, moved) in moved.iter_mut().enumerate() {
            let run = &self.all[at(self.starts[vertex])..at(self.starts[vertex + 1])];
            let here = positions[vertex];
            *moved = here;
            if run.is_empty() {
                continue;
            }
            let mut sum = [0.0; 3];
            for neighbour in run {
                for (sum, part) in sum.iter_mut().zip(positions[at(*neighbour)]) {
                    *sum += part;
                }
            }
            for axis in 0..3 {
                moved[axis] += step * (sum[axis] / real(run.len()) - here[axis]);
            }
        }
    }
}

/// Scales every piece about its middle until it encloses what it did before; a piece that turned inside out goes back.
fn keep_volumes(before: &Surface, after: &mut Surface) {
    let (piece_of, count) = pieces(before);
    let old = volumes(before, &piece_of, count);
    let new = volumes(after, &piece_of, count);
    let mut middles = vec![([0.0_f64; 3], 0.0_f64); count];
    for (position, piece) in after.positions.iter().zip(&piece_of) {
        let (sum, vertices) = &mut middles[at(*piece)];
        *vertices += 1.0;
        for axis in 0..3 {
            sum[axis] += f64::from(position[axis]);
        }
    }
    for ((position, piece), old_position) in after.positions.iter_mut().zip(&piece_of).zip(&before.positions) {
        let piece = at(*piece);
        let scale = (old[piece] / new[piece]).cbrt();
        // A flat piece has no volume to keep.
        if new[piece] == 0.0 && old[piece] == 0.0 {
            continue;
        }
        if !(scale.is_finite() && scale > 0.0) {
            *position = *old_position;
            continue;
        }
        let (sum, vertices) = middles[piece];
        for axis in 0..3 {
            let middle = sum[axis] / vertices;
            position[axis] = single(middle + (f64::from(position[axis]) - middle) * scale);
        }
    }
}

/// Puts vertices back whose triangles lost their height, and then their neighbours, until none has.
fn keep_heights(before: &Surface, after: &mut Surface) {
    const MOST_ROUNDS: usize = 8;
    let flatness = Flatness::of(before);
    for round in 0..=MOST_ROUNDS {
        let was_high =
            |triangle: &[u32; 3]| before.corners(*triangle).is_some_and(|corners| !flatness.is_flat(corners));
        let lost: Vec<[u32; 3]> = (after.triangles.iter())
            .filter(|triangle| after.corners(**triangle).is_none_or(|corners| flatness.is_flat(corners)))
            .filter(|triangle| was_high(triangle))
            .copied()
            .collect();
        if lost.is_empty() {
            return;
        }
        if round == MOST_ROUNDS {
            after.positions.clone_from(&before.positions);
            return;
        }
        for vertex in lost.into_iter().flatten() {
            after.positions[at(vertex)] = before.positions[at(vertex)];
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "rounds to the nearest, which is what we want")]
fn single(value: f64) -> f32 {
    value as f32
}
