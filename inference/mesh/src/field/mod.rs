//! From a sampled field to the closed surface where it crosses a level.
//!
//! All samples at once ([`dense`]), or only those near the surface ([`coarse_to_fine`]): both end in the same
//! triangles. A node is inside where its value is above the level. Nodes beyond the grid count as outside and the
//! surface lies half a cell before them, so the result is closed even where the body touches the border of the grid.

mod coarse;
mod emit;
mod sides;

use thiserror::Error;

use crate::Surface;
use crate::number::real;
pub use coarse::{Coarse, CoarseError, MOST_AT_ONCE, Traced, coarse_to_fine};
use sides::Sides;

/// The most nodes a grid may have: 512 a side, half a gigabyte of samples.
pub const MOST_NODES: usize = 512 * 512 * 512;

/// The most nodes one axis may have: places stay exact to a thousandth of a cell, and a row is a few words of bits.
pub const LONGEST_SIDE: usize = 4096;

/// Keeps a crossing this far from both ends of its grid edge, so that no two vertices meet and no triangle is flat.
const SHORTEST: f32 = 0.02;

/// What keeps a field from having a surface.
#[derive(Debug, Error, PartialEq)]
pub enum FieldError {
    /// There are more or fewer samples than nodes.
    #[error("{values} samples for a grid of {width} by {height} by {depth} nodes")]
    SizeMismatch {
        /// Samples given.
        values: usize,
        /// Nodes along x.
        width: usize,
        /// Nodes along y.
        height: usize,
        /// Nodes along z.
        depth: usize,
    },
    /// The grid has no node.
    #[error("a grid of {width} by {height} by {depth} nodes has none")]
    NoNodes {
        /// Nodes along x.
        width: usize,
        /// Nodes along y.
        height: usize,
        /// Nodes along z.
        depth: usize,
    },
    /// The grid has too many nodes.
    #[error(
        "a grid of {width} by {height} by {depth} nodes is too large: at most {LONGEST_SIDE} a side, {MOST_NODES} in all"
    )]
    TooLarge {
        /// Nodes along x.
        width: usize,
        /// Nodes along y.
        height: usize,
        /// Nodes along z.
        depth: usize,
    },
    /// The level is infinite or not a number.
    #[error("the level {level} is not a finite number")]
    BadLevel {
        /// What was asked for.
        level: f32,
    },
    /// A sample is infinite or not a number.
    #[error("the sample {value} at node ({x}, {y}, {z}) is not a finite number")]
    NotFinite {
        /// The sample.
        value: f32,
        /// Its node along x.
        x: usize,
        /// Its node along y.
        y: usize,
        /// Its node along z.
        z: usize,
    },
    /// No sample is inside.
    #[error("no sample is above the level {level}: the highest is {highest}")]
    Empty {
        /// The level.
        level: f32,
        /// The highest sample.
        highest: f32,
    },
}

/// Makes the surface where a field of `size` nodes (x, y, z) crosses `level`, in grid units.
///
/// `values[(z * height + y) * width + x]` is the sample of node (x, y, z). The surface is closed and manifold for
/// every field, and its vertices and triangles come in the same order on any number of threads.
pub fn dense(values: &[f32], size: [usize; 3], level: f32) -> Result<Surface, FieldError> {
    check_grid(size, level)?;
    let [width, height, depth] = size;
    if values.len() != width * height * depth {
        return Err(FieldError::SizeMismatch { values: values.len(), width, height, depth });
    }
    let sides = Sides::read(values, size, level)?;
    if sides.is_empty() {
        return Err(FieldError::Empty { level, highest: values.iter().copied().fold(f32::NEG_INFINITY, f32::max) });
    }
    Ok(emit::surface(&sides, level, |[x, y, z]| values[(z * height + y) * width + x]))
}

/// Refuses a grid without nodes, or with more than fit, and a level that is not a number.
fn check_grid([width, height, depth]: [usize; 3], level: f32) -> Result<(), FieldError> {
    if width == 0 || height == 0 || depth == 0 {
        return Err(FieldError::NoNodes { width, height, depth });
    }
    let nodes = width.checked_mul(height).and_then(|layer| layer.checked_mul(depth));
    let fits = width.max(height).max(depth) <= LONGEST_SIDE && nodes.is_some_and(|nodes| nodes <= MOST_NODES);
    if !fits {
        return Err(FieldError::TooLarge { width, height, depth });
    }
    if !level.is_finite() {
        return Err(FieldError::BadLevel { level });
    }
    Ok(())
}

/// Says how far from a node to the next the level is crossed, 0 to 1; `there` is nothing beyond the grid.
fn crossing(level: f32, here: Option<f32>, there: Option<f32>) -> f32 {
    let (Some(here), Some(there)) = (here, there) else { return 0.5 };
    let share = (level - here) / (there - here);
    // Samples near the largest reals overflow to infinity over infinity.
    if share.is_nan() { 0.5 } else { share.clamp(SHORTEST, 1.0 - SHORTEST) }
}

/// Says into how many slabs of layers the work is divided: one for each thread, unless the grid is small.
fn slabs(size: [usize; 3]) -> usize {
    /// Below this many nodes, starting a thread costs more than it saves.
    const LEAST_NODES: usize = 1 << 18;
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let nodes: usize = size.iter().product();
    threads.min(nodes / LEAST_NODES).min(size[2]).clamp(1, 16)
}

/// Gives the place of a padded node, whose first layer lies before the grid.
fn place(node: [usize; 3]) -> [f32; 3] {
    node.map(|part| real(part) - 1.0)
}
