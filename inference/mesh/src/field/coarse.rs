//! The same surface from fewer samples: a coarse lattice first, then only the blocks that the surface may pass.

use thiserror::Error;

use super::sides::Sides;
use super::{FieldError, check_grid, emit};
use crate::Surface;
use crate::number::{at, index};

/// The most nodes handed to the field at once: enough to fill a network's batches, and a few megabytes.
pub const MOST_AT_ONCE: usize = 1 << 16;

/// Says how [`coarse_to_fine`] looks for the surface.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coarse {
    /// The side of a block in cells, 1 to 64: every how manyeth node the lattice has one. 4 or 8 is a good choice.
    pub step: usize,
    /// How much the field may differ between a node and the nearest corner of its block; not below 0.
    pub margin: f32,
}

/// Is a surface, and what it took to find it.
#[derive(Debug, Clone, PartialEq)]
pub struct Traced {
    /// The surface, in grid units.
    pub surface: Surface,
    /// Nodes at which the field was evaluated, each once.
    pub evaluated: usize,
    /// Nodes of the grid.
    pub nodes: usize,
}

/// What keeps a field that is evaluated bit by bit from having a surface.
#[derive(Debug, Error, PartialEq)]
pub enum CoarseError<E> {
    /// The grid or its samples are bad.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// The step or the margin makes no sense.
    #[error("a step of {step} nodes and a margin of {margin} were asked for; 1 to 64, and not below 0")]
    BadCoarse {
        /// The step asked for.
        step: usize,
        /// The margin asked for.
        margin: f32,
    },
    /// The field could not be evaluated.
    #[error("the field could not be evaluated")]
    Evaluate(#[source] E),
}

/// Makes the surface of [`super::dense`] from only those samples that lie near it.
///
/// `evaluate` writes the field at each of the nodes (x, y, z) it is given, at most [`MOST_AT_ONCE`], each node once.
/// A lattice of every `step`-th node is evaluated first, then all nodes of the blocks whose corners differ in side or
/// come within `margin` of the level, then, as long as the surface leaves an evaluated block through a face, the block
/// behind that face.
///
/// Guarantee: if no sample differs by more than `margin` from the nearest corner of its block, the surface is exactly
/// the dense one, in the same order. If some do, what is missing are whole pieces (or dents) smaller than a block that
/// nothing evaluated touches; what is there is still closed, and every vertex is where the dense one would be.
pub fn coarse_to_fine<E>(
    size: [usize; 3],
    level: f32,
    coarse: Coarse,
    mut evaluate: impl FnMut(&[[usize; 3]], &mut [f32]) -> Result<(), E>,
) -> Result<Traced, CoarseError<E>> {
    check_grid(size, level)?;
    let Coarse { step, margin } = coarse;
    if !(1..=64).contains(&step) || margin.is_nan() || margin < 0.0 {
        return Err(CoarseError::BadCoarse { step, margin });
    }
    let mut samples = Samples::new(size);
    let blocks = Blocks::new(size, step);
    let lattice = blocks.lattice();
    samples.take(lattice, &mut evaluate)?;

    let mut wave: Vec<usize> =
        (0..blocks.count()).filter(|block| blocks.may_hold(*block, &samples, level, margin)).collect();
    let mut opened = vec![false; blocks.count()];
    while !wave.is_empty() {
        for block in &wave {
            opened[*block] = true;
        }
        for some in wave.chunks((MOST_AT_ONCE / (step + 1).pow(3)).max(1)) {
            let nodes = some.iter().flat_map(|block| blocks.nodes(*block)).collect();
            samples.take(nodes, &mut evaluate)?;
        }
        let mut following = Vec::new();
        for block in wave {
            following.extend(blocks.left_through(block, &samples, level).filter(|block| !opened[*block]));
        }
        following.sort_unstable();
        following.dedup();
        wave = following;
    }

    let sides = blocks.sides(&samples, &opened, level);
    if sides.is_empty() {
        return Err(FieldError::Empty { level, highest: samples.highest }.into());
    }
    let surface = emit::surface(&sides, level, |node| samples.get(node));
    Ok(Traced { surface, evaluated: samples.evaluated, nodes: size.iter().product() })
}

/// The side of a page of samples, in nodes.
const PAGE: usize = 8;

/// Holds the samples taken so far: pages of 8³ nodes, made where the first sample of one is taken.
struct Samples {
    size: [usize; 3],
    pages_across: [usize; 3],
    /// For each page, one more than its number; 0 if there is none.
    pages: Vec<u32>,
    values: Vec<f32>,
    known: Vec<u64>,
    evaluated: usize,
    highest: f32,
}

impl Samples {
    fn new(size: [usize; 3]) -> Self {
        let pages_across = size.map(|side| side.div_ceil(PAGE));
        Self {
            size,
            pages_across,
            pages: vec![0; pages_across.iter().product()],
            values: Vec::new(),
            known: vec![0; size.iter().product::<usize>().div_ceil(64)],
            evaluated: 0,
            highest: f32::NEG_INFINITY,
        }
    }

    fn number(&self, [x, y, z]: [usize; 3]) -> usize {
        (z * self.size[1] + y) * self.size[0] + x
    }

    fn page_of(&self, node: [usize; 3]) -> (usize, usize) {
        let [x, y, z] = node.map(|part| part / PAGE);
        let [inner_x, inner_y, inner_z] = node.map(|part| part % PAGE);
        ((z * self.pages_across[1] + y) * self.pages_across[0] + x, (inner_z * PAGE + inner_y) * PAGE + inner_x)
    }

    /// Gives a sample that was taken; 0 for one that was not.
    fn get(&self, node: [usize; 3]) -> f32 {
        let (page, inner) = self.page_of(node);
        let page = at(self.pages[page]);
        if page == 0 { 0.0 } else { self.values[(page - 1) * PAGE.pow(3) + inner] }
    }

    /// Takes the samples of those nodes that are not known yet.
    fn take<E>(
        &mut self,
        mut nodes: Vec<[usize; 3]>,
        evaluate: &mut impl FnMut(&[[usize; 3]], &mut [f32]) -> Result<(), E>,
    ) -> Result<(), CoarseError<E>> {
        nodes.retain(|node| {
            let number = self.number(*node);
            let (word, bit) = (&mut self.known[number / 64], 1 << (number % 64));
            let is_new = *word & bit == 0;
            *word |= bit;
            is_new
        });
        let mut values = vec![0.0; nodes.len().min(MOST_AT_ONCE)];
        for nodes in nodes.chunks(MOST_AT_ONCE) {
            let values = &mut values[..nodes.len()];
            values.fill(f32::NAN);
            evaluate(nodes, values).map_err(CoarseError::Evaluate)?;
            for (node, value) in nodes.iter().zip(values.iter()) {
                self.put(*node, *value)?;
            }
        }
        self.evaluated += nodes.len();
        Ok(())
    }

    fn put(&mut self, node: [usize; 3], value: f32) -> Result<(), FieldError> {
        if !value.is_finite() {
            let [x, y, z] = node;
            return Err(FieldError::NotFinite { value, x, y, z });
        }
        self.highest = self.highest.max(value);
        let (page, inner) = self.page_of(node);
        if self.pages[page] == 0 {
            self.values.resize(self.values.len() + PAGE.pow(3), 0.0);
            self.pages[page] = index(self.values.len() / PAGE.pow(3));
        }
        self.values[(at(self.pages[page]) - 1) * PAGE.pow(3) + inner] = value;
        Ok(())
    }
}

/// Divides a grid into blocks, whose corners are the lattice.
struct Blocks {
    /// The lattice's coordinates on each axis: every `step`-th node, and the last one.
    lines: [Vec<usize>; 3],
}

impl Blocks {
    fn new(size: [usize; 3], step: usize) -> Self {
        let lines = size.map(|side| {
            let mut lines: Vec<usize> = (0..side).step_by(step).collect();
            if (side - 1) % step != 0 {
                lines.push(side - 1);
            }
            lines
        });
        Self { lines }
    }

    /// Gives how many blocks an axis has: one, without cells, if it has a single node.
    fn across(&self, axis: usize) -> usize {
        (self.lines[axis].len() - 1).max(1)
    }

    fn count(&self) -> usize {
        self.across(0) * self.across(1) * self.across(2)
    }

    fn place(&self, block: usize) -> [usize; 3] {
        [block % self.across(0), block / self.across(0) % self.across(1), block / self.across(0) / self.across(1)]
    }

    /// Gives the first and the last node of a block on each axis; neighbours share them.
    fn ends(&self, block: usize) -> [[usize; 2]; 3] {
        let place = self.place(block);
        [0, 1, 2].map(|axis| {
            let lines = &self.lines[axis];
            [lines[place[axis]], lines[(place[axis] + 1).min(lines.len() - 1)]]
        })
    }

    fn lattice(&self) -> Vec<[usize; 3]> {
        let [across, up, through] = &self.lines;
        let mut nodes = Vec::with_capacity(across.len() * up.len() * through.len());
        for z in through {
            for y in up {
                nodes.extend(across.iter().map(|x| [*x, *y, *z]));
            }
        }
        nodes
    }

    fn nodes(&self, block: usize) -> impl Iterator<Item = [usize; 3]> {
        nodes_within(self.ends(block))
    }

    fn corners(&self, block: usize) -> [[usize; 3]; 8] {
        let ends = self.ends(block);
        std::array::from_fn(|corner| [0, 1, 2].map(|axis| ends[axis][corner >> axis & 1]))
    }

    /// Says whether the surface may pass through a block, by its corners.
    fn may_hold(&self, block: usize, samples: &Samples, level: f32, margin: f32) -> bool {
        let corners = self.corners(block).map(|corner| samples.get(corner));
        let inside = corners.iter().filter(|value| **value > level).count();
        // The sum is rounded, so that a value just at the margin counts as within.
        inside % 8 != 0 || corners.iter().any(|value| (value - level).abs() <= margin * (1.0 + f32::EPSILON))
    }

    /// Gives the neighbours of an evaluated block behind whose faces the surface goes on.
    fn left_through(&self, block: usize, samples: &Samples, level: f32) -> impl Iterator<Item = usize> {
        let place = self.place(block);
        let ends = self.ends(block);
        let strides = [1, self.across(0), self.across(0) * self.across(1)];
        (0..6).filter_map(move |face| {
            let (axis, far) = (face / 2, face % 2);
            let neighbour = if far == 1 {
                (place[axis] + 1 < self.across(axis)).then(|| block + strides[axis])?
            } else {
                (place[axis] > 0).then(|| block - strides[axis])?
            };
            let mut face = ends;
            face[axis] = [ends[axis][far]; 2];
            let mut nodes = nodes_within(face).map(|node| samples.get(node) > level);
            let first = nodes.next()?;
            nodes.any(|side| side != first).then_some(neighbour)
        })
    }

    /// Says on which side every node is: as sampled, or as its block's corners are.
    fn sides(&self, samples: &Samples, opened: &[bool], level: f32) -> Sides {
        let mut sides = Sides::outside(samples.size);
        for (block, opened) in opened.iter().enumerate() {
            if *opened {
                for node in self.nodes(block).filter(|node| samples.get(*node) > level) {
                    sides.set_inside(node);
                }
            } else if samples.get(self.corners(block)[0]) > level {
                for node in self.nodes(block) {
                    sides.set_inside(node);
                }
            }
        }
        sides
    }
}

fn nodes_within([across, up, through]: [[usize; 2]; 3]) -> impl Iterator<Item = [usize; 3]> {
    (through[0]..=through[1])
        .flat_map(move |z| (up[0]..=up[1]).flat_map(move |y| (across[0]..=across[1]).map(move |x| [x, y, z])))
}
