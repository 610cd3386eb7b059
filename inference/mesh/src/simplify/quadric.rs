//! How far a place is from many planes at once, and a colour from many gradients.

use std::array::from_fn;

/// A place or direction in the unit cube that surfaces are simplified in.
pub(super) type Place = [f64; 3];

/// Sums squared distances from planes, weighted by the areas that lie in them: p·A·p + 2 b·p + c.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Quadric {
    /// The symmetric A: xx, xy, xz, yy, yz, zz.
    a: [f64; 6],
    b: Place,
    c: f64,
    /// The areas.
    weight: f64,
}

/// Sums the colours' gradients, weighted as the planes are: for each channel its slope and its value at the origin.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tint([[f64; 4]; 3]);

/// How far apart the places of two wholly different colours count as, as a share of the longest side: a colour may be
/// wrong over a hundredth of the model, but not over a tenth.
pub(super) const COLOUR_WEIGHT: f64 = 0.03;

/// How strongly a step keeps to the middle of its edge where the planes do not say where to go.
const PULL: f64 = 1e-4;

/// What the length of an edge adds to its cost, so that flat parts are drawn together evenly.
const LENGTH_WEIGHT: f64 = 1e-5;

impl Quadric {
    /// Gives the quadric of one triangle, and its tint if its corners have colours.
    pub(super) fn of(corners: [Place; 3], colours: Option<[[f32; 3]; 3]>) -> (Self, Tint) {
        let [first, second, third] = corners;
        let (u, v) = (less(second, first), less(third, first));
        let across = cross(u, v);
        let doubled = dot(across, across).sqrt();
        if doubled <= 0.0 {
            return (Self::default(), Tint::default());
        }
        let normal = across.map(|part| part / doubled);
        let area = doubled / 2.0;
        let mut quadric = Self { weight: area, ..Self::default() };
        quadric.add_plane(normal, -dot(normal, first), area);
        let mut tint = Tint::default();
        if let Some(colours) = colours {
            // Slopes along the triangle: the vectors whose products with u and v are (1, 0) and (0, 1).
            let (along_u, along_v) = (cross(v, normal).map(|p| p / doubled), cross(normal, u).map(|p| p / doubled));
            for channel in 0..3 {
                let [low, near, far] = colours.map(|colour| f64::from(colour[channel]) * COLOUR_WEIGHT);
                let slope: Place = from_fn(|i| along_u[i] * (near - low) + along_v[i] * (far - low));
                let base = low - dot(slope, first);
                quadric.add_plane(slope, base, area);
                tint.0[channel] = [slope[0] * area, slope[1] * area, slope[2] * area, base * area];
            }
        }
        (quadric, tint)
    }

    fn add_plane(&mut self, n: Place, d: f64, area: f64) {
        let products = [n[0] * n[0], n[0] * n[1], n[0] * n[2], n[1] * n[1], n[1] * n[2], n[2] * n[2]];
        for (sum, product) in self.a.iter_mut().zip(products) {
            *sum += product * area;
        }
        for (sum, part) in self.b.iter_mut().zip(n) {
            *sum += part * d * area;
        }
        self.c += d * d * area;
    }

    /// Adds another one.
    pub(super) fn add(&mut self, other: &Self) {
        for (sum, part) in self.a.iter_mut().zip(other.a) {
            *sum += part;
        }
        for (sum, part) in self.b.iter_mut().zip(other.b) {
            *sum += part;
        }
        self.c += other.c;
        self.weight += other.weight;
    }

    /// Leaves every place the best colour it can have, so that only the place is left to choose.
    pub(super) fn with_best_colours(mut self, tint: &Tint) -> Self {
        if self.weight > 0.0 {
            for [x, y, z, base] in tint.0 {
                let slope = [x, y, z].map(|part| part / self.weight);
                self.add_plane(slope, base / self.weight, -self.weight);
            }
        }
        self
    }

    /// Gives the best place for an edge to be drawn together to, and what that costs.
    pub(super) fn best(&self, start: Place, end: Place) -> (Place, f64) {
        let middle: Place = from_fn(|i| f64::midpoint(start[i], end[i]));
        let along = less(end, start);
        let length = dot(along, along);
        let pull = PULL * self.weight;
        let [xx, xy, xz, yy, yz, zz] = self.a;
        let (xx, yy, zz) = (xx + pull, yy + pull, zz + pull);
        // Solves (A + pull) step = -(A middle + b) by Cramer's rule; the matrix is positive definite.
        let slope = self.slope(middle);
        let (cx, cy, cz) = (yy * zz - yz * yz, xz * yz - xy * zz, xy * yz - xz * yy);
        let determinant = xx * cx + xy * cy + xz * cz;
        let step = if determinant > 0.0 {
            let inverse = -1.0 / determinant;
            [
                (cx * slope[0] + cy * slope[1] + cz * slope[2]) * inverse,
                (cy * slope[0] + (xx * zz - xz * xz) * slope[1] + (xy * xz - xx * yz) * slope[2]) * inverse,
                (cz * slope[0] + (xy * xz - xx * yz) * slope[1] + (xx * yy - xy * xy) * slope[2]) * inverse,
            ]
        } else {
            [0.0; 3]
        };
        let place: Place = if dot(step, step) <= 4.0 * length { from_fn(|i| middle[i] + step[i]) } else { middle };
        (place, self.at(place).max(0.0) + LENGTH_WEIGHT * self.weight * length)
    }

    /// Gives A·p + b.
    fn slope(&self, p: Place) -> Place {
        let [xx, xy, xz, yy, yz, zz] = self.a;
        [
            xx * p[0] + xy * p[1] + xz * p[2] + self.b[0],
            xy * p[0] + yy * p[1] + yz * p[2] + self.b[1],
            xz * p[0] + yz * p[1] + zz * p[2] + self.b[2],
        ]
    }

    fn at(&self, p: Place) -> f64 {
        dot(self.slope(p), p) + dot(self.b, p) + self.c
    }

    /// Gives the best colour at a place, between the two that are there.
    pub(super) fn colour(&self, tint: &Tint, place: Place, ends: [[f32; 3]; 2]) -> [f32; 3] {
        from_fn(|channel| {
            let [x, y, z, base] = tint.0[channel];
            let (low, high) = (ends[0][channel].min(ends[1][channel]), ends[0][channel].max(ends[1][channel]));
            let best = (dot([x, y, z], place) + base) / self.weight / COLOUR_WEIGHT;
            if best.is_finite() { single(best).clamp(low, high) } else { low }
        })
    }
}

impl Tint {
    /// Adds another one.
    pub(super) fn add(&mut self, other: &Self) {
        for (sums, parts) in self.0.iter_mut().zip(other.0) {
            for (sum, part) in sums.iter_mut().zip(parts) {
                *sum += part;
            }
        }
    }
}

/// Rounds to the reals that surfaces are made of.
#[expect(clippy::cast_possible_truncation, reason = "rounds to the nearest, which is what we want")]
pub(super) fn single(value: f64) -> f32 {
    value as f32
}

pub(super) fn less(a: Place, b: Place) -> Place {
    from_fn(|i| a[i] - b[i])
}

pub(super) fn dot(a: Place, b: Place) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

pub(super) fn cross(a: Place, b: Place) -> Place {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

#[cfg(test)]
mod tests {
    use super::{Quadric, Tint, dot};

    #[test]
    fn three_planes_meet_in_their_corner() {
        let mut sum = Quadric::default();
        for corners in [
            [[0.2, 0.0, 0.0], [0.2, 1.0, 0.0], [0.2, 0.0, 1.0]],
            [[0.0, 0.3, 0.0], [0.0, 0.3, 1.0], [1.0, 0.3, 0.0]],
            [[0.0, 0.0, 0.4], [1.0, 0.0, 0.4], [0.0, 1.0, 0.4]],
        ] {
            sum.add(&Quadric::of(corners, None).0);
        }
        let (place, cost) = sum.best([0.0, 0.3, 0.4], [0.4, 0.3, 0.4]);
        let off = [place[0] - 0.2, place[1] - 0.3, place[2] - 0.4];
        assert!(dot(off, off).sqrt() < 1e-3 && cost < 1e-5, "{place:?} {cost}");
    }

    #[test]
    fn one_gradient_costs_nothing_along_its_plane_and_gives_its_own_colours() {
        let corners = [[0.0; 3], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]];
        let (quadric, tint) = Quadric::of(corners, Some([[0.0; 3], [1.0; 3], [0.0; 3]]));
        let best = quadric.with_best_colours(&tint);
        assert!(best.at([0.25, 0.5, 0.0]).abs() < 1e-12);
        let colour = quadric.colour(&tint, [0.25, 0.5, 0.0], [[0.0; 3], [1.0; 3]]);
        assert!(colour.iter().all(|part| (part - 0.25).abs() < 1e-6), "{colour:?}");
        assert_eq!(Tint::default().0, [[0.0; 4]; 3]);
    }
}
