//! A surface whose edges are drawn together one by one, and stays closed and manifold while they are.

use std::array::from_fn;

use super::quadric::{Place, Quadric, Tint, dot, less, single};
use super::strictness::{LOOSE, MENDING, Strictness, is_fine};
use crate::Surface;
use crate::number::{at, index};

/// Rounds of mending, at most.
const MOST_MENDINGS: usize = 8;

/// Vertices with more triangles than this together are left alone: looking through them again and again takes long.
const MOST_AROUND: usize = 1024;

/// Marks a triangle that is gone.
const GONE: [u32; 3] = [u32::MAX; 3];

/// Is the surface on its way.
pub(crate) struct Drawn {
    /// Places as they will be given back.
    written: Vec<[f32; 3]>,
    /// The same places in the unit cube.
    places: Vec<Place>,
    frame: Frame,
    triangles: Vec<[u32; 3]>,
    living: usize,
    /// For each vertex, where its triangles start in `around`, and how many there are (some of them gone).
    runs: Vec<(u32, u32)>,
    around: Vec<u32>,
    quadrics: Vec<Quadric>,
    colours: Vec<[f32; 3]>,
    tints: Vec<Tint>,
    /// For each vertex, itself or the vertex it was drawn to.
    went: Vec<u32>,
    /// For each vertex, whether it has moved in this wave.
    moved: Vec<bool>,
    /// For each vertex, the number of the last look that met it.
    met: Vec<u32>,
    look: u32,
}

/// Maps between the surface's places and the unit cube.
#[derive(Debug, Clone, Copy)]
struct Frame {
    low: Place,
    longest: f64,
}

impl Frame {
    fn within(&self, place: [f32; 3]) -> Place {
        from_fn(|axis| (f64::from(place[axis]) - self.low[axis]) / self.longest)
    }

    fn without(&self, place: Place) -> [f32; 3] {
        from_fn(|axis| single(place[axis] * self.longest + self.low[axis]))
    }
}

impl Drawn {
    /// Starts with a surface; its indices must be in range, and `colours` as many as its vertices.
    pub(crate) fn new(surface: &Surface, colours: Option<&[[f32; 3]]>) -> Self {
        let (low, high) = surface.bounds();
        let longest = (0..3).map(|axis| f64::from(high[axis]) - f64::from(low[axis])).fold(0.0, f64::max);
        // The middle, so that squares stay small.
        let middle = from_fn(|axis| f64::midpoint(f64::from(low[axis]), f64::from(high[axis])));
        let frame = Frame { low: middle, longest: if longest > 0.0 { longest } else { 1.0 } };
        let vertices = surface.positions.len();
        let mut drawn = Self {
            written: surface.positions.clone(),
            places: surface.positions.iter().map(|place| frame.within(*place)).collect(),
            frame,
            triangles: surface.triangles.clone(),
            living: surface.triangles.len(),
            runs: Vec::new(),
            around: Vec::new(),
            quadrics: vec![Quadric::default(); vertices],
            colours: colours.map_or_else(Vec::new, <[_]>::to_vec),
            tints: if colours.is_some() { vec![Tint::default(); vertices] } else { Vec::new() },
            went: (0..index(vertices)).collect(),
            moved: vec![false; vertices],
            met: vec![0; vertices],
            look: 0,
        };
        for triangle in &surface.triangles {
            let colours = colours.map(|colours| triangle.map(|vertex| colours[at(vertex)]));
            let (quadric, tint) = Quadric::of(triangle.map(|vertex| drawn.places[at(vertex)]), colours);
            for vertex in triangle {
                drawn.quadrics[at(*vertex)].add(&quadric);
                if let Some(sum) = drawn.tints.get_mut(at(*vertex)) {
                    sum.add(&tint);
                }
            }
        }
        drawn.tidy();
        drawn
    }

    /// Gives how many triangles are left.
    pub(crate) fn faces(&self) -> usize {
        self.living
    }

    /// Drops what is gone, and lets all vertices move again.
    pub(crate) fn tidy(&mut self) {
        self.triangles.retain(|triangle| *triangle != GONE);
        self.moved.fill(false);
        self.runs.clear();
        self.runs.resize(self.places.len(), (0, 0));
        for vertex in self.triangles.iter().flatten() {
            self.runs[at(*vertex)].1 += 1;
        }
        let mut start = 0;
        for run in &mut self.runs {
            run.0 = start;
            start += run.1;
            run.1 = 0;
        }
        self.around.clear();
        self.around.resize(at(start), 0);
        for (number, triangle) in self.triangles.iter().enumerate() {
            for vertex in triangle {
                let run = &mut self.runs[at(*vertex)];
                self.around[at(run.0 + run.1)] = index(number);
                run.1 += 1;
            }
        }
    }

    /// Gives every edge once, the smaller vertex first.
    pub(super) fn edges(&self) -> Vec<[u32; 2]> {
        let mut edges = Vec::with_capacity(self.triangles.len() * 3 / 2);
        for [a, b, c] in &self.triangles {
            // Each edge is met from both sides, once in each direction.
            edges.extend([[*a, *b], [*b, *c], [*c, *a]].into_iter().filter(|[from, to]| from < to));
        }
        edges
    }

    /// Gives what it costs to draw an edge together.
    pub(super) fn cost(&self, a: u32, b: u32) -> f32 {
        single(self.best(a, b).1)
    }

    fn best(&self, a: u32, b: u32) -> (Place, f64) {
        let mut sum = self.quadrics[at(a)];
        sum.add(&self.quadrics[at(b)]);
        if !self.tints.is_empty() {
            let mut tint = self.tints[at(a)];
            tint.add(&self.tints[at(b)]);
            sum = sum.with_best_colours(&tint);
        }
        sum.best(self.places[at(a)], self.places[at(b)])
    }

    /// Draws an edge together if neither end has moved in this wave and the surface stays what it is.
    pub(super) fn draw_together(&mut self, a: u32, b: u32, level: Strictness) -> bool {
        if self.moved[at(a)] || self.moved[at(b)] || !self.keeps_topology(a, b) {
            return false;
        }
        let best = self.best(a, b).0;
        let ends = [self.places[at(a)], self.places[at(b)]];
        let middle = from_fn(|axis| f64::midpoint(ends[0][axis], ends[1][axis]));
        // Most steps are refused because of a corner next to them, and another place would not help.
        let places = if level.cosine <= LOOSE.cosine { &[best, middle, ends[0], ends[1]][..] } else { &[best][..] };
        for place in places {
            let written = self.frame.without(*place);
            let place = self.frame.within(written);
            if self.keeps_shape(a, b, place, level) {
                self.join(a, b, written, place);
                return true;
            }
        }
        false
    }

    /// Draws one edge of each triangle that `is_flat` together, the shortest that can be; in a few rounds.
    pub(crate) fn mend(&mut self, is_flat: impl Fn([[f32; 3]; 3]) -> bool) {
        for _ in 0..MOST_MENDINGS {
            let mut mended = false;
            for number in 0..self.triangles.len() {
                let corners = self.triangles[number];
                if corners != GONE && is_flat(corners.map(|corner| self.written[at(corner)])) {
                    mended |= self.mend_one(corners);
                }
            }
            self.tidy();
            if !mended {
                return;
            }
        }
    }

    fn mend_one(&mut self, [a, b, c]: [u32; 3]) -> bool {
        let mut sides = [[a, b], [b, c], [c, a]].map(|[a, b]| {
            let along = less(self.places[at(a)], self.places[at(b)]);
            (dot(along, along), a.min(b), a.max(b))
        });
        sides.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)).then(one.2.cmp(&other.2)));
        sides.into_iter().any(|(_, a, b)| a != b && self.draw_together(a, b, MENDING))
    }

    fn triangles_of(&self, vertex: u32) -> &[u32] {
        let (start, count) = self.runs[at(vertex)];
        &self.around[at(start)..at(start + count)]
    }

    /// The link condition: exactly the two triangles on the edge go, and nothing else falls together.
    fn keeps_topology(&mut self, a: u32, b: u32) -> bool {
        if self.triangles_of(a).len() + self.triangles_of(b).len() > MOST_AROUND {
            return false;
        }
        // Two numbers a look; after four milliards of looks they start again, and 0 means never.
        self.look = self.look.wrapping_add(2).max(2);
        let (look, seen_twice) = (self.look, self.look + 1);
        let mut on_edge = 0;
        let mut opposite = [a; 2];
        let (start, count) = self.runs[at(a)];
        for triangle in &self.around[at(start)..at(start + count)] {
            let corners = self.triangles[at(*triangle)];
            if corners == GONE {
                continue;
            }
            let holds_b = corners.contains(&b);
            for corner in corners {
                self.met[at(corner)] = look;
                if holds_b && corner != a && corner != b && on_edge < 2 {
                    opposite[on_edge] = corner;
                }
            }
            on_edge += usize::from(holds_b);
        }
        self.met[at(a)] = 0;
        self.met[at(b)] = 0;
        let mut shared = 0;
        let (start, count) = self.runs[at(b)];
        for triangle in &self.around[at(start)..at(start + count)] {
            let corners = self.triangles[at(*triangle)];
            if corners == GONE {
                continue;
            }
            for corner in corners {
                if self.met[at(corner)] == look {
                    self.met[at(corner)] = seen_twice;
                    shared += 1;
                }
            }
        }
        on_edge == 2
            && shared == 2
            && opposite[0] != opposite[1]
            // A vertex of three triangles would be left with two, back to back.
            && opposite.iter().all(|vertex| self.living_around(*vertex) > 3)
    }

    fn living_around(&self, vertex: u32) -> usize {
        self.triangles_of(vertex).iter().filter(|triangle| self.triangles[at(**triangle)] != GONE).count()
    }

    /// Says whether no triangle around an edge turns over or becomes a sliver if its ends go to `place`.
    fn keeps_shape(&self, a: u32, b: u32, place: Place, level: Strictness) -> bool {
        for (this, other) in [(a, b), (b, a)] {
            for triangle in self.triangles_of(this) {
                let corners = self.triangles[at(*triangle)];
                if corners == GONE || corners.contains(&other) {
                    continue;
                }
                let before = corners.map(|corner| self.places[at(corner)]);
                let mut after = before;
                for (corner, place_after) in corners.into_iter().zip(&mut after) {
                    if corner == this {
                        *place_after = place;
                    }
                }
                if !is_fine(before, after, level) {
                    return false;
                }
            }
        }
        true
    }

    fn join(&mut self, a: u32, b: u32, written: [f32; 3], place: Place) {
        let (quadric, tint) = (self.quadrics[at(b)], self.tints.get(at(b)).copied());
        self.quadrics[at(a)].add(&quadric);
        if let Some(tint) = tint {
            self.tints[at(a)].add(&tint);
            let ends = [self.colours[at(a)], self.colours[at(b)]];
            self.colours[at(a)] = self.quadrics[at(a)].colour(&self.tints[at(a)], place, ends);
        }
        self.written[at(a)] = written;
        self.places[at(a)] = place;
        self.went[at(b)] = a;
        self.moved[at(a)] = true;
        self.moved[at(b)] = true;

        // The triangles of both ends, without the two that go, become those of the one that stays.
        let start = self.around.len();
        for vertex in [a, b] {
            let (run, count) = self.runs[at(vertex)];
            for place in at(run)..at(run + count) {
                let number = self.around[place];
                let corners = &mut self.triangles[at(number)];
                if *corners == GONE {
                    continue;
                }
                if corners.contains(&a) && corners.contains(&b) {
                    *corners = GONE;
                    self.living -= 1;
                    continue;
                }
                for corner in corners {
                    if *corner == b {
                        *corner = a;
                    }
                }
                self.around.push(number);
            }
        }
        self.runs[at(a)] = (index(start), index(self.around.len() - start));
        self.runs[at(b)] = (0, 0);
    }

    /// Gives the vertex that an old one went to.
    pub(super) fn where_to(&mut self, mut vertex: u32) -> u32 {
        while self.went[at(vertex)] != vertex {
            self.went[at(vertex)] = self.went[at(self.went[at(vertex)])];
            vertex = self.went[at(vertex)];
        }
        vertex
    }

    /// Gives the corners of some triangles around a vertex, in the unit cube.
    pub(super) fn corners_around(&self, vertex: u32, most: usize) -> impl Iterator<Item = [Place; 3]> {
        let triangles = self.triangles_of(vertex).iter().map(|triangle| self.triangles[at(*triangle)]);
        triangles.filter(|corners| *corners != GONE).take(most).map(|corners| corners.map(|c| self.places[at(c)]))
    }

    /// Gives an old place in the unit cube.
    pub(super) fn within(&self, place: [f32; 3]) -> Place {
        self.frame.within(place)
    }

    /// Gives the surface and its colours; vertices in the order in which the triangles use them.
    pub(crate) fn finish(mut self) -> (Surface, Option<Vec<[f32; 3]>>) {
        self.triangles.retain(|triangle| *triangle != GONE);
        let mut numbers = vec![u32::MAX; self.written.len()];
        let mut positions = Vec::with_capacity(self.triangles.len() / 2 + 2);
        let mut colours = Vec::new();
        for vertex in self.triangles.iter_mut().flatten() {
            let old = at(*vertex);
            if numbers[old] == u32::MAX {
                numbers[old] = index(positions.len());
                positions.push(self.written[old]);
                colours.extend(self.colours.get(old));
            }
            *vertex = numbers[old];
        }
        let colours = (!self.tints.is_empty()).then_some(colours);
        (Surface { positions, triangles: self.triangles }, colours)
    }
}
