//! Marching cubes over rows of bits: words of 64 nodes are passed over at once where nothing crosses.
//!
//! A vertex's number is the start of its row's vertices plus how many crossings come before it in the row, so no map
//! from grid edges to vertices is kept and slabs of layers are worked on in parallel.

use super::sides::{Sides, count, each, first_bit, next};
use super::{crossing, place, slabs};
use crate::Surface;
use crate::march::cases::{Cases, edge_ends};
use crate::number::{at, index};

/// Makes the surface between inside and outside; `value` gives the samples on both sides of it, by node of the grid.
pub(super) fn surface(sides: &Sides, level: f32, value: impl Fn([usize; 3]) -> f32 + Sync) -> Surface {
    let starts = Starts::count(sides);
    let table = Table::new();
    let layers = sides.size[2] - 1;
    let slab = layers.div_ceil(slabs(sides.size));
    let (starts, table, value) = (&starts, &table, &value);
    let mut parts = std::thread::scope(|scope| {
        let running: Vec<_> = (0..layers)
            .step_by(slab)
            .map(|low| {
                scope.spawn(move || march_slab(sides, starts, table, [low, (low + slab).min(layers)], level, value))
            })
            .collect();
        running.into_iter().map(|thread| thread.join().unwrap_or_default()).collect::<Vec<Surface>>()
    });
    if parts.len() == 1 {
        return parts.pop().unwrap_or_default();
    }
    let mut whole = Surface {
        positions: Vec::with_capacity(parts.iter().map(|part| part.positions.len()).sum()),
        triangles: Vec::with_capacity(parts.iter().map(|part| part.triangles.len()).sum()),
    };
    for part in parts {
        whole.positions.extend(part.positions);
        whole.triangles.extend(part.triangles);
    }
    whole
}

/// Gives the bits of a word of nodes from which the surface is crossed on the way to the next node on each axis.
fn crossings(sides: &Sides, y: usize, z: usize, word: usize) -> [u64; 3] {
    let row = sides.row(y, z);
    let here = row[word];
    let beyond = |y: usize, z: usize| if y < sides.size[1] && z < sides.size[2] { sides.row(y, z)[word] } else { 0 };
    [here ^ next(row, word), here ^ beyond(y + 1, z), here ^ beyond(y, z + 1)]
}

/// Holds, for each row and axis, the number of the first vertex on the row's edges along that axis.
struct Starts(Vec<[u32; 3]>);

impl Starts {
    fn count(sides: &Sides) -> Self {
        let mut starts = Vec::with_capacity(sides.size[1] * sides.size[2]);
        let mut vertices = 0;
        for z in 0..sides.size[2] {
            for y in 0..sides.size[1] {
                let mut found = [0; 3];
                for word in 0..sides.words {
                    for (found, bits) in found.iter_mut().zip(crossings(sides, y, z, word)) {
                        *found += count(bits);
                    }
                }
                starts.push([vertices, vertices + found[0], vertices + found[0] + found[1]]);
                vertices += found[0] + found[1] + found[2];
            }
        }
        Self(starts)
    }
}

/// Holds the triangles of each case, with every edge as the run of vertices it is found in and its step along x.
struct Table(Vec<Vec<[(usize, u32); 3]>>);

impl Table {
    fn new() -> Self {
        let cases = Cases::new();
        let edge = |edge: usize| {
            let (corner, axis) = edge_ends(edge);
            let (x, y, z) = (corner & 1, corner >> 1 & 1, corner >> 2 & 1);
            // Runs 0 to 3 lie along x in the four rows of a cell, 4 and 5 along y, 6 and 7 along z.
            let run = match axis {
                0 => y | z << 1,
                1 => 4 + z,
                _ => 6 + y,
            };
            (run, index(x))
        };
        Self((0..256).map(|case| cases.of(case).iter().map(|triangle| triangle.map(edge)).collect()).collect())
    }
}

fn march_slab(
    sides: &Sides,
    starts: &Starts,
    table: &Table,
    [low, high]: [usize; 2],
    level: f32,
    value: &impl Fn([usize; 3]) -> f32,
) -> Surface {
    let mut surface = Surface::default();
    for z in low..high {
        for y in 0..sides.size[1] {
            vertices(sides, [y, z], level, value, &mut surface.positions);
            if y + 1 < sides.size[1] {
                triangles(sides, starts, table, [y, z], &mut surface.triangles);
            }
        }
    }
    surface
}

/// Writes the vertices of a row: those along x, then along y, then along z.
fn vertices(
    sides: &Sides,
    [y, z]: [usize; 2],
    level: f32,
    value: &impl Fn([usize; 3]) -> f32,
    found: &mut Vec<[f32; 3]>,
) {
    let [width, height, depth] = sides.size;
    let sample = |[x, y, z]: [usize; 3]| {
        let within = (1..width - 1).contains(&x) && (1..height - 1).contains(&y) && (1..depth - 1).contains(&z);
        within.then(|| value([x - 1, y - 1, z - 1]))
    };
    for axis in 0..3 {
        for word in 0..sides.words {
            for bit in each(crossings(sides, y, z, word)[axis]) {
                let here = [at(first_bit(word) + bit), y, z];
                let mut there = here;
                there[axis] += 1;
                let mut cut = place(here);
                cut[axis] += crossing(level, sample(here), sample(there));
                found.push(cut);
            }
        }
    }
}

/// Writes the triangles of a row of cells.
fn triangles(sides: &Sides, starts: &Starts, table: &Table, [y, z]: [usize; 2], found: &mut Vec<[u32; 3]>) {
    let rows = [sides.row(y, z), sides.row(y + 1, z), sides.row(y, z + 1), sides.row(y + 1, z + 1)];
    let start = |y: usize, z: usize| starts.0[z * sides.size[1] + y];
    let (here, above, beyond, across) = (start(y, z), start(y + 1, z), start(y, z + 1), start(y + 1, z + 1));
    let mut first = [here[0], above[0], beyond[0], across[0], here[1], beyond[1], here[2], above[2]];
    for word in 0..sides.words {
        let nodes = rows.map(|row| row[word]);
        let following = rows.map(|row| next(row, word));
        let mut any = 0;
        let mut all = u64::MAX;
        for row in 0..4 {
            any |= nodes[row] | following[row];
            all &= nodes[row] & following[row];
        }
        let cells = any & !all;
        if cells == 0 {
            continue;
        }
        let runs = [
            nodes[0] ^ following[0],
            nodes[1] ^ following[1],
            nodes[2] ^ following[2],
            nodes[3] ^ following[3],
            nodes[0] ^ nodes[1],
            nodes[2] ^ nodes[3],
            nodes[0] ^ nodes[2],
            nodes[1] ^ nodes[3],
        ];
        for bit in each(cells) {
            let before = (1_u64 << bit) - 1;
            let mut case = 0;
            for row in 0..4 {
                case |= (nodes[row] >> bit & 1) << (row * 2) | (following[row] >> bit & 1) << (row * 2 + 1);
            }
            // The vertices on both ends of each run in this cell.
            let mut ends = [[0; 2]; 8];
            for run in 0..8 {
                let number = first[run] + count(runs[run] & before);
                ends[run] = [number, number + u32::from(runs[run] >> bit & 1 == 1)];
            }
            for triangle in &table.0[usize::from(u8::try_from(case).unwrap_or(0))] {
                found.push(triangle.map(|(run, step)| ends[run][at(step)]));
            }
        }
        for run in 0..8 {
            first[run] += count(runs[run]);
        }
    }
}
