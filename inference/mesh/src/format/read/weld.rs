//! One position, one vertex: the parts of a file made into one surface.

use std::collections::HashMap;

use super::parts::Part;
use crate::Surface;
use crate::number::{at, index};

/// Is a surface, and which corner of which part each of its vertices was first.
pub(super) struct Welded {
    /// The surface; its triangles are those of the parts, one part after the other.
    pub(super) surface: Surface,
    /// For each vertex, the part and the place in it that it was first seen as.
    pub(super) first: Vec<(usize, u32)>,
}

/// Welds places that are the same bits; vertices are numbered by their first use, and those of no triangle left out.
pub(super) fn weld(parts: &[Part]) -> Welded {
    let mut numbers: HashMap<[u32; 3], u32> = HashMap::new();
    let mut welded = Welded { surface: Surface::default(), first: Vec::new() };
    for (part, of) in parts.iter().enumerate() {
        for triangle in &of.triangles {
            let corners = triangle.map(|corner| {
                let position = of.positions[at(corner)];
                *numbers.entry(position.map(f32::to_bits)).or_insert_with(|| {
                    welded.surface.positions.push(position);
                    welded.first.push((part, corner));
                    index(welded.first.len() - 1)
                })
            });
            welded.surface.triangles.push(corners);
        }
    }
    welded
}
