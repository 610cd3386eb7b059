//! What a step may do to the triangles around it.

use super::quadric::{Place, cross, dot, less};

/// The least height of a triangle, as a share of the longest side: a few roundings of its corners.
const LEAST_HEIGHT: f64 = 1e-6;

/// Says what a step may do to the triangles around it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Strictness {
    /// The least cosine between a triangle's normals before and after.
    pub(super) cosine: f64,
    /// The least shape of a triangle after, unless it was worse before: 1 is equilateral, 0 is flat.
    shape: f64,
    /// A triangle that has hardly a height may stay so.
    mending: bool,
}

/// Allows every step that leaves no triangle without a height.
pub(super) const LOOSE: Strictness = Strictness { cosine: -2.0, shape: 0.0, mending: false };

/// Allows every step that takes the height of no triangle that has one.
pub(super) const MENDING: Strictness = Strictness { mending: true, ..LOOSE };

impl Strictness {
    /// The levels to try, the strictest first.
    pub(super) const LEVELS: [Self; 4] = [
        Self { cosine: 0.5, shape: 0.1, mending: false },
        Self { cosine: 0.2, shape: 0.02, mending: false },
        Self { cosine: 0.0, shape: 0.0, mending: false },
        LOOSE,
    ];
}

/// Says whether a triangle may change so.
pub(super) fn is_fine(before: [Place; 3], after: [Place; 3], level: Strictness) -> bool {
    let sides = |[a, b, c]: [Place; 3]| [less(b, a), less(c, b), less(a, c)];
    let (old_sides, sides) = (sides(before), sides(after));
    let (old_normal, normal) = (cross(old_sides[0], old_sides[1]), cross(sides[0], sides[1]));
    // Squares throughout: roots would take a good part of the whole simplification's time.
    let (old_squared, squared) = (dot(old_normal, old_normal), dot(normal, normal));
    let longest = sides.iter().map(|side| dot(*side, *side)).fold(0.0, f64::max);
    if squared <= LEAST_HEIGHT * LEAST_HEIGHT * longest || longest <= LEAST_HEIGHT * LEAST_HEIGHT {
        return level.mending && squared >= old_squared;
    }
    if dot(old_normal, normal) < level.cosine * (old_squared * squared).sqrt() {
        return false;
    }
    // Twice the area over the longest side squared: 0.87 for an equilateral triangle.
    let old_longest = old_sides.iter().map(|side| dot(*side, *side)).fold(0.0, f64::max);
    squared >= (level.shape * longest).powi(2) || squared * old_longest.powi(2) >= old_squared * longest.powi(2)
}
