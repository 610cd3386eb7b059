//! Cleaning the network's scores: one object, no holes from noise, edges neither hard nor smeared.
//!
//! All of it happens on the network's own grid, so that the rules mean the same for every photo size.

/// A cell of at least this score belongs to the object's core.
const CORE: f32 = 0.5;
/// Soft cells around a core stay soft down to this score; below it they are background.
const FAINT: f32 = 0.1;
/// How many cells a soft edge may reach beyond its core.
const EDGE_CELLS: u32 = 5;
/// Beside the largest component, those with at least this share of its cells stay (in percent).
const COMPANION_PERCENT: usize = 10;
/// An enclosed hole of at most this share of the object's cells is noise and is filled (in thousandths).
/// Larger ones are real: the handle of a cup.
const PINHOLE_PERMILLE: usize = 3;

/// A square grid of scores, rows first.
pub(crate) struct Matte {
    /// Cells along each side.
    pub(crate) side: usize,
    /// Scores from 0 (background) to 1 (object).
    pub(crate) scores: Vec<f32>,
}

impl Matte {
    /// Stretches the scores to the full range from 0 to 1, as the network's authors do.
    pub(crate) fn stretch(&mut self) {
        let low = self.scores.iter().copied().fold(f32::INFINITY, f32::min);
        let high = self.scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let range = (high - low).max(f32::EPSILON);
        for score in &mut self.scores {
            *score = (*score - low) / range;
        }
    }

    /// Keeps the largest component and its real companions, and fills pinholes.
    pub(crate) fn clean(&mut self) {
        let core: Vec<bool> = self.scores.iter().map(|score| *score >= CORE).collect();
        let parts = components(&core, self.side);
        let largest = parts.iter().map(Vec::len).max().unwrap_or(0);
        let mut kept = vec![false; core.len()];
        for part in parts.iter().filter(|part| part.len() * 100 >= largest * COMPANION_PERCENT) {
            for &cell in part {
                kept[cell] = true;
            }
        }
        let near = grow(&kept, &self.scores, self.side);
        for (score, near) in self.scores.iter_mut().zip(&near) {
            if !near {
                *score = 0.0;
            }
        }
        self.fill_pinholes(&kept);
    }

    /// The share of cells in the core, in thousandths.
    pub(crate) fn core_permille(&self) -> u64 {
        let core = self.scores.iter().filter(|score| **score >= CORE).count();
        u64::try_from(core * 1000 / self.scores.len().max(1)).unwrap_or(u64::MAX)
    }

    fn fill_pinholes(&mut self, kept: &[bool]) {
        let object = kept.iter().filter(|cell| **cell).count();
        let outside: Vec<bool> = kept.iter().map(|cell| !cell).collect();
        for hole in components(&outside, self.side) {
            let open = hole.iter().any(|cell| {
                let (row, column) = (cell / self.side, cell % self.side);
                row == 0 || column == 0 || row + 1 == self.side || column + 1 == self.side
            });
            if !open && hole.len() * 1000 <= object * PINHOLE_PERMILLE {
                for cell in hole {
                    self.scores[cell] = 1.0;
                }
            }
        }
    }
}

/// The 4-connected components of the set cells, each as its cells.
fn components(set: &[bool], side: usize) -> Vec<Vec<usize>> {
    let mut seen = vec![false; set.len()];
    let mut parts = Vec::new();
    for start in 0..set.len() {
        if !set[start] || seen[start] {
            continue;
        }
        seen[start] = true;
        let mut part = vec![start];
        let mut next = 0;
        while let Some(&cell) = part.get(next) {
            next += 1;
            for neighbour in neighbours(cell, side) {
                if set[neighbour] && !seen[neighbour] {
                    seen[neighbour] = true;
                    part.push(neighbour);
                }
            }
        }
        parts.push(part);
    }
    parts
}

/// The kept cells and the soft cells that are tied to them within [`EDGE_CELLS`] steps.
fn grow(kept: &[bool], scores: &[f32], side: usize) -> Vec<bool> {
    let mut near = kept.to_vec();
    let mut rim: Vec<usize> = (0..kept.len()).filter(|cell| kept[*cell]).collect();
    for _ in 0..EDGE_CELLS {
        let mut farther = Vec::new();
        for cell in rim {
            for neighbour in neighbours(cell, side) {
                if !near[neighbour] && scores[neighbour] >= FAINT {
                    near[neighbour] = true;
                    farther.push(neighbour);
                }
            }
        }
        rim = farther;
    }
    near
}

/// The cells left, right, above and below.
fn neighbours(cell: usize, side: usize) -> impl Iterator<Item = usize> {
    let (row, column) = (cell / side, cell % side);
    [
        (column > 0).then(|| cell - 1),
        (column + 1 < side).then(|| cell + 1),
        (row > 0).then(|| cell - side),
        (row + 1 < side).then(|| cell + side),
    ]
    .into_iter()
    .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A grid drawn with `#` for 1, `+` for 0.3 and anything else for 0.
    fn drawn(rows: &[&str]) -> Matte {
        let score = |cell| match cell {
            '#' => 1.0,
            '+' => 0.3,
            _ => 0.0,
        };
        Matte { side: rows.len(), scores: rows.iter().flat_map(|row| row.chars().map(score)).collect() }
    }

    fn drawing(matte: &Matte) -> Vec<String> {
        let cell = |score: &f32| match *score {
            high if high > 0.9 => '#',
            low if low > 0.1 => '+',
            _ => '.',
        };
        matte.scores.chunks(matte.side).map(|row| row.iter().map(cell).collect()).collect()
    }

    #[test]
    fn specks_go_companions_stay_and_soft_edges_follow_their_object() {
        let mut matte = drawn(&[
            "..............",
            ".######+......",
            ".######+.....#",
            ".######+......",
            ".######+......",
            ".######+..++..",
            ".######+......",
            ".######.......",
            ".######..###..",
            ".######..###..",
            ".######..###..",
            ".######.......",
            "..............",
            "..............",
        ]);
        matte.clean();
        let after = drawing(&matte);
        assert_eq!(after[2], ".######+......", "the speck at the right is gone");
        assert_eq!(after[5], ".######+......", "the loose haze is gone");
        assert_eq!(after[8], ".######..###..", "the companion of more than 10 % stays");
    }

    #[test]
    fn a_pinhole_is_filled_and_a_handle_is_not() {
        let mut matte = Matte { side: 40, scores: vec![0.0; 1600] };
        for row in 2..38 {
            for column in 2..38 {
                matte.scores[row * 40 + column] = 1.0;
            }
        }
        matte.scores[10 * 40 + 10] = 0.0;
        for row in 20..26 {
            for column in 20..26 {
                matte.scores[row * 40 + column] = 0.0;
            }
        }
        matte.clean();
        assert!(matte.scores[10 * 40 + 10] > 0.9);
        assert!(matte.scores[22 * 40 + 22] < 0.1);
    }

    #[test]
    fn stretching_reaches_both_ends() {
        let mut matte = Matte { side: 2, scores: vec![0.2, 0.4, 0.5, 0.6] };
        matte.stretch();
        assert!(matte.scores[0].abs() < 1e-6 && (matte.scores[3] - 1.0).abs() < 1e-6);
    }
}
