//! Whether a triangle of the plane lies on one that is there already.

use inference_mesh::number::{at, floor, index, real};

use crate::vector::turn;

/// So many triangles in one cell count as an overlap: a crowd is split into charts rather than compared pair by pair.
const CROWD: usize = 1024;

/// Is the plane in cells, each with the triangles that lie in it; all of them anticlockwise.
pub(super) struct Plane {
    low: [f32; 2],
    cell: f32,
    columns: usize,
    rows: usize,
    cells: Vec<Vec<u32>>,
    triangles: Vec<[[f32; 2]; 3]>,
}

impl Plane {
    /// Makes an empty plane that has room for some triangles.
    pub(super) fn over(triangles: impl Iterator<Item = [[f32; 2]; 3]>) -> Self {
        let (mut low, mut high, mut count) = ([f32::INFINITY; 2], [f32::NEG_INFINITY; 2], 0);
        for corners in triangles {
            count += 1;
            for corner in corners {
                low = [low[0].min(corner[0]), low[1].min(corner[1])];
                high = [high[0].max(corner[0]), high[1].max(corner[1])];
            }
        }
        Self::new(low, high, count)
    }

    /// Makes an empty plane for about `count` triangles between two corners.
    fn new(low: [f32; 2], high: [f32; 2], count: usize) -> Self {
        let (width, height) = ((high[0] - low[0]).max(f32::MIN_POSITIVE), (high[1] - low[1]).max(f32::MIN_POSITIVE));
        let cell = (width.max(height) / 2048.0).max((width * height / real(count.max(1))).sqrt()).max(1e-30);
        let (columns, rows) = (floor(width / cell) + 1, floor(height / cell) + 1);
        Self { low, cell, columns, rows, cells: vec![Vec::new(); columns * rows], triangles: Vec::new() }
    }

    /// Lays a triangle down unless it would lie on another; says whether it could.
    pub(super) fn lay(&mut self, corners: [[f32; 2]; 3]) -> bool {
        if turn(corners[0], corners[1], corners[2]) <= 0.0 {
            // Without an area it covers nothing.
            return true;
        }
        for row in self.rows_of(corners) {
            for column in self.columns_of(corners, row) {
                let cell = &self.cells[row * self.columns + column];
                if cell.len() >= CROWD || cell.iter().any(|other| overlap(corners, self.triangles[at(*other)])) {
                    return false;
                }
            }
        }
        let number = index(self.triangles.len());
        self.triangles.push(corners);
        for row in self.rows_of(corners) {
            for column in self.columns_of(corners, row) {
                self.cells[row * self.columns + column].push(number);
            }
        }
        true
    }

    fn rows_of(&self, corners: [[f32; 2]; 3]) -> std::ops::RangeInclusive<usize> {
        let place = |corner: [f32; 2]| floor((corner[1] - self.low[1]) / self.cell).min(self.rows - 1);
        let [a, b, c] = corners.map(place);
        a.min(b).min(c)..=a.max(b).max(c)
    }

    /// Gives the columns that a triangle has in a row; one more on each side, against rounding.
    fn columns_of(&self, corners: [[f32; 2]; 3], row: usize) -> std::ops::RangeInclusive<usize> {
        let (top, bottom) = (self.low[1] + real(row) * self.cell, self.low[1] + real(row + 1) * self.cell);
        let (mut least, mut most) = (f32::INFINITY, f32::NEG_INFINITY);
        for side in 0..3 {
            let (from, to) = (corners[side], corners[(side + 1) % 3]);
            let rise = to[1] - from[1];
            for share in [0.0, 1.0, (top - from[1]) / rise, (bottom - from[1]) / rise] {
                let height = from[1] + share * rise;
                if (0.0..=1.0).contains(&share)
                    && height >= top - self.cell * 0.01
                    && height <= bottom + self.cell * 0.01
                {
                    let place = from[0] + share * (to[0] - from[0]);
                    (least, most) = (least.min(place), most.max(place));
                }
            }
        }
        if least > most {
            let [a, b, c] = corners.map(|corner| corner[0]);
            (least, most) = (a.min(b).min(c), a.max(b).max(c));
        }
        let column = |place: f32| floor((place - self.low[0]) / self.cell).min(self.columns - 1);
        column(least)..=column(most)
    }
}

/// Says whether two anticlockwise triangles share more than a border.
///
/// They do not if one side of either has all of the other on its outer side. A shared side gives exactly 0 for its own
/// ends, so neighbours never overlap.
fn overlap(a: [[f32; 2]; 3], b: [[f32; 2]; 3]) -> bool {
    let parts = |one: [[f32; 2]; 3], other: [[f32; 2]; 3]| {
        (0..3).any(|side| other.iter().all(|corner| turn(one[side], one[(side + 1) % 3], *corner) <= 0.0))
    };
    !parts(a, b) && !parts(b, a)
}

#[cfg(test)]
mod tests {
    use super::Plane;

    const FIRST: [[f32; 2]; 3] = [[0.0, 0.0], [0.7, 0.1], [0.1, 0.9]];

    fn plane() -> Plane {
        let mut plane = Plane::new([0.0; 2], [1.0; 2], 10);
        assert!(plane.lay(FIRST));
        plane
    }

    #[test]
    fn a_neighbour_across_a_side_does_not_overlap() {
        assert!(plane().lay([FIRST[2], FIRST[1], [0.9, 0.95]]));
    }

    #[test]
    fn a_triangle_across_another_overlaps_even_without_a_corner_in_it() {
        assert!(!plane().lay([[0.0, 0.4], [1.0, 0.35], [1.0, 0.45]]));
        assert!(!plane().lay(FIRST));
    }

    #[test]
    fn a_triangle_inside_another_overlaps() {
        assert!(!plane().lay([[0.2, 0.2], [0.3, 0.2], [0.2, 0.3]]));
    }
}
