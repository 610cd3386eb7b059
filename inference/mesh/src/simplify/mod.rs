//! Fewer triangles for the same shape: edges are drawn together, the cheapest first, and every step is checked.
//!
//! The cost of a step is the squared distance from the planes of all triangles that went into its ends (quadric error),
//! and of the colours' gradients if there are any. A step is taken only if the surface stays a closed 2-manifold (link
//! condition), no triangle turns over and none becomes a sliver. Steps are taken in waves: all edges are priced, the
//! cheapest are sorted, and each vertex moves at most once a wave, so no price is ever out of date and no heap is kept.

mod distance;
mod drawn;
mod quadric;
mod strictness;

use thiserror::Error;

use crate::check::check_surface;
use crate::number::{at, index};
use crate::{Check, Surface};
pub(crate) use drawn::Drawn;
use strictness::Strictness;

/// The fewest faces one may ask for.
pub const FEWEST_FACES: usize = 100;

/// The most faces one may ask for.
pub const MOST_FACES: usize = 500_000;

/// Waves after which a surface that still has too many faces is given up.
const MOST_WAVES: usize = 300;

/// What keeps a surface from being simplified.
#[derive(Debug, Error, PartialEq)]
pub enum SimplifyError {
    /// The number of faces asked for makes no sense.
    #[error("{faces} faces were asked for; from {FEWEST_FACES} to {MOST_FACES} can be had")]
    BadFaces {
        /// What was asked for.
        faces: usize,
    },
    /// The surface is not closed, or not a manifold, or has triangles without an area.
    #[error(
        "the surface of {faces} faces is not watertight: {open_edges} open edges, {pinched_vertices} pinched vertices, \
         {degenerate} degenerate and {out_of_range} broken triangles"
    )]
    NotWatertight {
        /// Its triangles.
        faces: usize,
        /// As in [`Check`].
        open_edges: usize,
        /// As in [`Check`].
        pinched_vertices: usize,
        /// As in [`Check`].
        degenerate: usize,
        /// As in [`Check`].
        out_of_range: usize,
    },
    /// The colours are of another surface.
    #[error("{vertices} vertices, but colours for {coloured}")]
    Uncoloured {
        /// Vertices of the surface.
        vertices: usize,
        /// Colours given.
        coloured: usize,
    },
    /// A colour is infinite or not a number.
    #[error("the colour of vertex {vertex} is not a finite number")]
    BadColour {
        /// The first such vertex.
        vertex: usize,
    },
    /// The surface has too many pieces or holes for so few faces.
    #[error("only {reached} faces could be reached, not {faces}: the surface has {pieces} pieces")]
    OutOfReach {
        /// What was asked for.
        faces: usize,
        /// The fewest that keep the surface what it is.
        reached: usize,
        /// Its pieces.
        pieces: usize,
    },
}

/// Is a surface with fewer triangles.
#[derive(Debug, Clone, PartialEq)]
pub struct Simplified {
    /// The surface: closed and manifold, with as many pieces and handles as before.
    pub surface: Surface,
    /// The colours of its vertices, if there were any.
    pub colours: Option<Vec<[f32; 3]>>,
    /// How far the farthest vertex of the old surface is from the new one, as a share of the longest side. Looked for
    /// only around where the vertex went, so it may be nearer, never farther.
    pub error: f32,
}

/// Draws edges together until at most `faces` triangles are left.
///
/// A surface that has no more is given back as it is. `colours` holds one colour (0 to 1 a channel) for each vertex;
/// where they change, the border between them is kept like an edge of the shape.
pub fn simplify(surface: &Surface, faces: usize, colours: Option<&[[f32; 3]]>) -> Result<Simplified, SimplifyError> {
    if !(FEWEST_FACES..=MOST_FACES).contains(&faces) {
        return Err(SimplifyError::BadFaces { faces });
    }
    let check = check_surface(surface);
    refuse_broken(&check)?;
    refuse_colours(surface, colours)?;
    if surface.triangles.len() <= faces {
        return Ok(Simplified { surface: surface.clone(), colours: colours.map(<[_]>::to_vec), error: 0.0 });
    }
    let mut drawn = Drawn::new(surface, colours);
    reduce(&mut drawn, faces);
    let reached = drawn.faces();
    if reached > faces {
        return Err(SimplifyError::OutOfReach { faces, reached, pieces: check.components });
    }
    let error = distance::farthest(surface, &mut drawn);
    let (surface, colours) = drawn.finish();
    Ok(Simplified { surface, colours, error })
}

fn refuse_broken(check: &Check) -> Result<(), SimplifyError> {
    if check.watertight {
        return Ok(());
    }
    Err(SimplifyError::NotWatertight {
        faces: check.faces,
        open_edges: check.open_edges,
        pinched_vertices: check.pinched_vertices,
        degenerate: check.degenerate,
        out_of_range: check.out_of_range,
    })
}

fn refuse_colours(surface: &Surface, colours: Option<&[[f32; 3]]>) -> Result<(), SimplifyError> {
    let Some(colours) = colours else { return Ok(()) };
    if colours.len() != surface.positions.len() {
        return Err(SimplifyError::Uncoloured { vertices: surface.positions.len(), coloured: colours.len() });
    }
    match colours.iter().position(|colour| !colour.iter().all(|part| part.is_finite())) {
        Some(vertex) => Err(SimplifyError::BadColour { vertex }),
        None => Ok(()),
    }
}

/// Takes waves of steps, stricter ones as long as they get on.
fn reduce(drawn: &mut Drawn, faces: usize) {
    let mut levels = Strictness::LEVELS.iter();
    let Some(mut level) = levels.next() else { return };
    // Of all edges, the share that a wave looks at; the rest would cost too much for this wave.
    let mut breadth = NARROW;
    for _ in 0..MOST_WAVES {
        drawn.tidy();
        let surplus = drawn.faces().saturating_sub(faces).div_ceil(2);
        if surplus == 0 {
            return;
        }
        let taken = wave(drawn, surplus, breadth, *level);
        if taken * 50 > surplus.min(drawn.faces() / 8) {
            continue;
        }
        if breadth > 1 {
            breadth = 1;
        } else if let Some(looser) = levels.next() {
            level = looser;
        } else if taken == 0 {
            return;
        }
    }
}

/// One edge in this many is looked at in a wave.
const NARROW: usize = 3;

/// Prices all edges and takes the cheapest steps, at most `surplus` of them; gives how many it took.
fn wave(drawn: &mut Drawn, surplus: usize, breadth: usize, level: Strictness) -> usize {
    let edges = drawn.edges();
    let mut order = price(drawn, &edges);
    // Near the goal the dearest of a third of all edges would be taken; a few times what is needed is enough.
    let most = (order.len() / breadth).min(if breadth > 1 { surplus.saturating_mul(4) } else { usize::MAX });
    if most == 0 {
        return 0;
    }
    if most < order.len() {
        order.select_nth_unstable(most - 1);
        order.truncate(most);
    }
    order.sort_unstable();
    let mut taken = 0;
    for key in order {
        let [a, b] = edges[at(u32::try_from(key & 0xFFFF_FFFF).unwrap_or(0))];
        if drawn.draw_together(a, b, level) {
            taken += 1;
            if taken == surplus {
                break;
            }
        }
    }
    taken
}

/// Of a price, the bits that do not count: two steps of one price are within half of it of each other.
const FINE_BITS: u32 = 22;

/// Gives a key for each edge that sorts by its rough price, then by its number.
fn price(drawn: &Drawn, edges: &[[u32; 2]]) -> Vec<u64> {
    /// Below this many edges a thread is not worth starting.
    const LEAST: usize = 1 << 14;
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).clamp(1, 8);
    let part = edges.len().div_ceil(threads).max(LEAST);
    let mut keys = vec![0_u64; edges.len()];
    std::thread::scope(|scope| {
        for (number, (keys, edges)) in keys.chunks_mut(part).zip(edges.chunks(part)).enumerate() {
            scope.spawn(move || {
                for (place, (key, [a, b])) in keys.iter_mut().zip(edges).enumerate() {
                    // The bits of reals that are not negative sort as the reals do. The fine ones are left out:
                    // among steps that cost nearly the same, neighbours then follow each other in memory, which
                    // halves the time.
                    let cost = drawn.cost(*a, *b).max(0.0);
                    *key = u64::from(cost.to_bits() >> FINE_BITS) << 32 | u64::from(index(number * part + place));
                }
            });
        }
    });
    keys
}
