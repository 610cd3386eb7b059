//! Where a model stands in the formats that have a size.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::ConvertError;
use crate::Surface;

/// Says which way a format has up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Up {
    /// As in the GLB: the front towards +Z.
    Y,
    /// As on a print bed: x to the right, the front towards −Y.
    Z,
}

/// Scales a surface to `height_mm` times `unit_mm`, and stands it on the ground, centred.
///
/// Two vertices never come to lie on one place: rounding to 32 bits could merge neighbours and tear the surface, so a
/// place that is taken is left by the smallest possible step upwards. Zeros are positive, for readers that merge bytes.
pub(super) fn placed(
    surface: &Surface,
    up: Up,
    height_mm: u32,
    units_per_mm: f64,
) -> Result<Vec<[f32; 3]>, ConvertError> {
    let (low, high) = surface.bounds();
    let (low, high) = (low.map(f64::from), high.map(f64::from));
    let height = high[1] - low[1];
    let unscalable = ConvertError::Unscalable { height, height_mm };
    let scale = f64::from(height_mm) * units_per_mm / height;
    if height.is_nan() || height <= 0.0 || !scale.is_finite() {
        return Err(unscalable);
    }
    let origin = [f64::midpoint(low[0], high[0]), low[1], f64::midpoint(low[2], high[2])];
    let mut free = Places::new(if up == Up::Y { 1 } else { 2 }, surface.positions.len());
    let mut placed = Vec::with_capacity(surface.positions.len());
    for position in &surface.positions {
        let [x, y, z] = [0, 1, 2].map(|axis| (f64::from(position[axis]) - origin[axis]) * scale);
        let place = match up {
            Up::Y => [x, y, z],
            Up::Z => [x, -z, y],
        }
        .map(nearest);
        if !place.iter().all(|part| part.is_finite()) {
            return Err(unscalable);
        }
        placed.push(free.take(place));
    }
    Ok(placed)
}

/// Gives places away, each once.
struct Places {
    /// Along which axis a taken place is left.
    axis: usize,
    /// For each taken place, a higher coordinate on that axis; whatever lies between the two is taken as well.
    next: HashMap<[u32; 3], f32>,
    /// The taken places that the last one was looked for at.
    met: Vec<[u32; 3]>,
}

impl Places {
    fn new(axis: usize, capacity: usize) -> Self {
        Self { axis, next: HashMap::with_capacity(capacity), met: Vec::new() }
    }

    /// Takes the first place at or above the wanted one that is free.
    fn take(&mut self, wanted: [f32; 3]) -> [f32; 3] {
        self.met.clear();
        let mut place = wanted;
        let above = loop {
            let bits = place.map(f32::to_bits);
            match self.next.entry(bits) {
                Entry::Vacant(free) => break *free.insert(place[self.axis].next_up()),
                Entry::Occupied(taken) => {
                    self.met.push(bits);
                    place[self.axis] = *taken.get();
                }
            }
        };
        // Step by step, a file whose vertices all round to one place would take hours.
        for met in &self.met {
            self.next.insert(*met, above);
        }
        place
    }
}

/// Leaves out triangles that name a vertex twice: they have no surface, and printing formats forbid them.
///
/// Their two remaining sides are one edge in both directions, so that a closed surface stays closed.
pub(super) fn with_three_corners(surface: &Surface) -> impl Iterator<Item = (usize, [u32; 3])> + '_ {
    let distinct = |[a, b, c]: [u32; 3]| a != b && b != c && c != a;
    surface.triangles.iter().copied().enumerate().filter(move |(_, triangle)| distinct(*triangle))
}

/// Rounds to 32 bits, and negative zero to zero.
#[expect(clippy::cast_possible_truncation, reason = "rounding is what is wanted; too large becomes infinite")]
fn nearest(value: f64) -> f32 {
    value as f32 + 0.0
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::number::real;

    /// A hundred thousand wanted places: one over and over, or a few beside and above each other.
    fn wanted(different: usize) -> impl Iterator<Item = [f32; 3]> {
        (0..100_000_usize).map(move |number| {
            let which = number.wrapping_mul(7919) % different;
            [real(which % 3), 5.0, f32::from_bits(u32::try_from(which / 3).unwrap_or(0))]
        })
    }

    #[test]
    fn each_gets_the_place_that_single_steps_lead_to() {
        for different in [20, 1000, 5000, 100_000] {
            let mut places = Places::new(2, 0);
            let mut taken = HashSet::new();
            for mut place in wanted(different).take(5000) {
                let given = places.take(place);
                while !taken.insert(place.map(f32::to_bits)) {
                    place[2] = place[2].next_up();
                }
                assert_eq!(given.map(f32::to_bits), place.map(f32::to_bits));
            }
        }
    }

    #[test]
    fn a_place_that_all_want_costs_each_a_few_steps() {
        for different in [1, 2, 100, 10_000, 100_000] {
            let mut places = Places::new(2, 0);
            let mut steps = 0;
            for place in wanted(different) {
                places.take(place);
                steps += places.met.len();
            }
            assert!(steps < 2_000_000, "{steps} steps for 100,000 vertices that want {different} places");
        }
    }
}
