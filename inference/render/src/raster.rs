//! Triangles to the samples that they cover.
//!
//! Only what is visible is worked out here, many samples to a pixel; colour comes after it, once for each triangle in a
//! pixel. First surfaces win, unless one asks for the last.

use inference_mesh::number::{at, floor, index, real};
use inference_mesh::{Camera, Surface};

use crate::camera::mirrors;

/// Rows of pixels that are worked on at a time: few enough for a core's own memory.
pub(crate) const BAND_ROWS: usize = 16;

/// The number of no triangle.
pub(crate) const NOTHING: u32 = u32::MAX;

/// Places of samples in a pixel, from its centre.
pub(crate) type Pattern<const N: usize> = [[f32; 2]; N];

/// One sample at the centre, for maps.
pub(crate) const CENTRE: Pattern<1> = [[0.0; 2]];

/// Sixteen samples, no two in a row or a column: a nearly upright or level edge gets sixteen steps.
pub(crate) const SIXTEEN: Pattern<16> = {
    /// In which sixteenth of the height the sample of each sixteenth of the width lies.
    const HEIGHTS: [f32; 16] = [7., 14., 2., 9., 12., 4., 0., 11., 6., 15., 3., 8., 13., 1., 10., 5.];
    let mut pattern = [[0.0; 2]; 16];
    let mut number = 0;
    let mut x = -7.5;
    while number < 16 {
        pattern[number] = [x / 16.0, (HEIGHTS[number] - 7.5) / 16.0];
        x += 1.0;
        number += 1;
    }
    pattern
};

/// Says which triangles are seen.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seen {
    /// The nearest of those that face the eye: what a closed surface shows.
    Facing,
    /// The nearest, whichever way round: for surfaces that are not closed.
    First,
    /// The farthest, whichever way round.
    Last,
}

/// Is what the samples of one pixel see.
#[derive(Clone)]
pub(crate) struct Pixel<const N: usize> {
    /// How near it is; larger is nearer, or farther where the last surface is asked for.
    pub(crate) keys: [f32; N],
    /// The triangle, or [`NOTHING`].
    pub(crate) faces: [u32; N],
}

/// Is a vertex in the picture.
#[derive(Clone, Copy)]
pub(crate) struct Corner {
    /// Its place in pixels; not a number if it is not seen.
    place: [f32; 2],
    /// What its share is multiplied by, so that what it carries runs straight in space.
    weight: f32,
    /// How near it is, in a measure that runs straight over the picture; the largest is seen.
    key: f32,
}

/// Is a surface as one camera sees it in a square picture.
pub(crate) struct Sight<'a> {
    triangles: &'a [[u32; 3]],
    corners: Vec<Corner>,
    /// The camera is a mirror: what faces it runs the other way round.
    turned: bool,
    seen: Seen,
    perspective: bool,
    side: usize,
    /// The triangles of a band are these of `listed`.
    starts: Vec<usize>,
    listed: Vec<u32>,
}

impl<'a> Sight<'a> {
    /// Says where everything falls in a picture of `side` pixels.
    pub(crate) fn new(surface: &'a Surface, camera: &Camera, side: usize, shown: Seen) -> Self {
        let scale = real(side);
        let sign = if shown == Seen::Last { -1.0 } else { 1.0 };
        let see = |position: &[f32; 3]| {
            let seen = camera.see(*position);
            let (place, depth) = seen.map_or(([f32::NAN; 2], 0.0), |seen| (seen.at, seen.depth));
            let (weight, key) = if camera.perspective { (1.0 / depth, 1.0 / depth) } else { (1.0, -depth) };
            Corner { place: place.map(|part| part * scale), weight, key: key * sign }
        };
        let turned = mirrors(camera);
        let mut sight = Self {
            triangles: &surface.triangles,
            corners: if turned.is_some() { surface.positions.iter().map(see).collect() } else { Vec::new() },
            turned: turned.unwrap_or_default(),
            seen: shown,
            perspective: camera.perspective,
            side,
            starts: Vec::new(),
            listed: Vec::new(),
        };
        sight.list();
        sight
    }

    /// Sorts the triangles into bands, in their order.
    fn list(&mut self) {
        let bands = self.side.div_ceil(BAND_ROWS);
        let touched: Vec<_> = (0..self.triangles.len())
            .filter_map(|face| {
                let face = index(face);
                let rows = self.outline(face)?.range(1, 0..self.side)?;
                Some((face, rows.start / BAND_ROWS..rows.end.div_ceil(BAND_ROWS)))
            })
            .collect();
        let mut starts = vec![0; bands + 1];
        for (_, touched) in &touched {
            for band in touched.clone() {
                starts[band + 1] += 1;
            }
        }
        for band in 0..bands {
            starts[band + 1] += starts[band];
        }
        let mut free = starts.clone();
        let mut listed = vec![0; starts[bands]];
        for (face, touched) in touched {
            for band in touched {
                listed[free[band]] = face;
                free[band] += 1;
            }
        }
        (self.starts, self.listed) = (starts, listed);
    }

    /// Says what the samples of a band's pixels see, row by row.
    pub(crate) fn band<const N: usize>(&self, band: usize, pattern: &Pattern<N>) -> Vec<Pixel<N>> {
        let rows = band * BAND_ROWS..self.side.min((band + 1) * BAND_ROWS);
        let empty = Pixel { keys: [f32::NEG_INFINITY; N], faces: [NOTHING; N] };
        let mut pixels = vec![empty; rows.len() * self.side];
        for face in &self.listed[self.starts[band]..self.starts[band + 1]] {
            let Some(outline) = self.outline(*face) else { continue };
            let (Some(columns), Some(lines)) = (outline.range(0, 0..self.side), outline.range(1, rows.clone())) else {
                continue;
            };
            let brush = Brush::new(&outline, pattern);
            for y in lines {
                let line = &mut pixels[(y - rows.start) * self.side..][..self.side];
                for x in columns.clone() {
                    brush.touch([real(x) + 0.5, real(y) + 0.5], *face, &mut line[x]);
                }
            }
        }
        pixels
    }

    /// Gives the outline of a triangle that may be seen, and is with all its corners.
    pub(crate) fn outline(&self, face: u32) -> Option<Outline> {
        let [a, b, c] = *self.triangles.get(at(face))?;
        let corners = [*self.corners.get(at(a))?, *self.corners.get(at(b))?, *self.corners.get(at(c))?];
        let outline = Outline::new(corners, self.turned);
        let away = self.seen != Seen::Facing && outline.area < 0.0;
        let outline = if away { Outline::new(corners, !self.turned) } else { outline };
        (outline.area > 1e-12 && outline.area.is_finite()).then_some(outline)
    }

    /// Turns a key into the depth along the direction of view.
    pub(crate) fn depth(&self, key: f32) -> f32 {
        let key = if self.seen == Seen::Last { -key } else { key };
        if self.perspective { 1.0 / key } else { -key }
    }
}

/// Is a triangle in the picture.
pub(crate) struct Outline {
    corners: [Corner; 3],
    /// The side opposite of each corner.
    sides: [Side; 3],
    /// Twice the area in pixels; above 0 if it is seen from the side that was asked for.
    pub(crate) area: f32,
}

/// Is a straight line: 0 on it, above 0 on the inner side.
#[derive(Clone, Copy)]
struct Side {
    from: [f32; 2],
    slope: [f32; 2],
}

impl Side {
    /// Runs from `a` to `b`. Two triangles that share it get the same numbers but for the sign, so that no sample
    /// falls between them.
    fn new(a: [f32; 2], b: [f32; 2], sign: f32) -> Self {
        let (a, b, sign) = if b < a { (b, a, -sign) } else { (a, b, sign) };
        Self { from: a, slope: [-sign * (b[1] - a[1]), sign * (b[0] - a[0])] }
    }

    fn at(&self, place: [f32; 2]) -> f32 {
        self.slope[0] * (place[0] - self.from[0]) + self.slope[1] * (place[1] - self.from[1])
    }
}

impl Outline {
    fn new(corners: [Corner; 3], turned: bool) -> Self {
        let [a, b, c] = corners.map(|corner| corner.place);
        // Anticlockwise in the world is clockwise in a picture whose y runs down.
        let sign = if turned { 1.0 } else { -1.0 };
        let sides = [Side::new(b, c, sign), Side::new(c, a, sign), Side::new(a, b, sign)];
        Self { corners, sides, area: sides[0].at(a) }
    }

    /// Gives the pixels that it may touch along an axis, of those asked for.
    fn range(&self, axis: usize, within: std::ops::Range<usize>) -> Option<std::ops::Range<usize>> {
        let [a, b, c] = self.corners.map(|corner| corner.place[axis]);
        let first = floor(a.min(b).min(c)).max(within.start);
        let end = floor(a.max(b).max(c).max(-1.0) + 1.0).min(within.end);
        (first < end).then_some(first..end)
    }

    /// Gives each corner's part in what is carried to a place; a place beside the triangle is moved to its rim.
    pub(crate) fn parts(&self, place: [f32; 2]) -> [f32; 3] {
        let parts = [0, 1, 2].map(|corner| self.sides[corner].at(place).max(0.0) * self.corners[corner].weight);
        let whole: f32 = parts.iter().sum();
        if whole > 0.0 { parts.map(|part| part / whole) } else { [1.0 / 3.0; 3] }
    }
}

/// Is a triangle with all that does not change from pixel to pixel.
struct Brush<'a, const N: usize> {
    outline: &'a Outline,
    /// What the value of each side changes by from the pixel's centre to each sample, and at most.
    steps: [[f32; N]; 3],
    reach: [f32; 3],
    /// The same for the key, and the key's bounds in the triangle.
    key: Side,
    key_steps: [f32; N],
    keys: [f32; 2],
}

impl<'a, const N: usize> Brush<'a, N> {
    fn new(outline: &'a Outline, pattern: &Pattern<N>) -> Self {
        let steps_of = |slope: [f32; 2]| pattern.map(|[x, y]| slope[0] * x + slope[1] * y);
        let [first, second, third] = outline.corners.map(|corner| corner.key);
        let slope = [0, 1].map(|axis| {
            let lean = |side: usize, key: f32| outline.sides[side].slope[axis] * ((key - first) / outline.area);
            lean(1, second) + lean(2, third)
        });
        let steps = outline.sides.map(|side| steps_of(side.slope));
        Self {
            outline,
            steps,
            reach: steps.map(|steps| steps.into_iter().fold(0.0, f32::max)),
            key: Side { from: outline.corners[0].place, slope },
            key_steps: steps_of(slope),
            keys: [first.min(second).min(third), first.max(second).max(third)],
        }
    }

    /// Leaves the triangle in the samples of a pixel that it covers and in which nothing is nearer.
    fn touch(&self, centre: [f32; 2], face: u32, pixel: &mut Pixel<N>) {
        let values = [0, 1, 2].map(|side| self.outline.sides[side].at(centre));
        if (0..3).any(|side| values[side] + self.reach[side] < 0.0) {
            return;
        }
        let key = self.outline.corners[0].key + self.key.at(centre);
        for sample in 0..N {
            let [first, second, third] = [0, 1, 2].map(|side| values[side] + self.steps[side][sample]);
            let own = (key + self.key_steps[sample]).max(self.keys[0]).min(self.keys[1]);
            // Without a branch, so that several samples are worked on at once.
            let key = if first.min(second).min(third) >= 0.0 { own } else { f32::NEG_INFINITY };
            let nearer = key > pixel.keys[sample];
            pixel.keys[sample] = if nearer { key } else { pixel.keys[sample] };
            pixel.faces[sample] = if nearer { face } else { pixel.faces[sample] };
        }
    }
}
