//! The outline of the object on a grid of a fixed number of cells, whatever the photo's size.

use image::RgbaImage;

use crate::number::pixels;
use crate::{LEAST_OBJECT_PX, ReliefError};
use inference_mesh::number::{at, floor, real};

/// Cells along the object's longer side: an outline finer than the foreground network can draw (320 pixels a frame, at
/// 85 % filled about 270 an object) is noise, and the number of triangles grows with its square (some 80,000 here).
pub(crate) const CELLS: usize = 128;

/// Empty cells around the object: they close the surface.
const MARGIN: usize = 4;

/// Coverage above which a node is inside.
const INSIDE: f32 = 0.5;

/// A piece smaller than this share of the largest one is dropped: crumbs of the mask, not parts of the object.
const LEAST_PIECE: f32 = 0.01;

/// A hole smaller than this share of the largest piece is filled: a gap in the mask, not an opening of the object.
const LEAST_HOLE: f32 = 0.002;

/// Says how much of each node of a grid the object covers.
pub(crate) struct Silhouette {
    /// Nodes in a row.
    pub(crate) width: usize,
    /// Rows, from the top of the photo.
    pub(crate) height: usize,
    /// Coverage of each node, 0 to 1; the outline is where it is a half.
    pub(crate) cover: Vec<f32>,
    /// Pixels of the photo between two nodes.
    pub(crate) cell_px: f32,
    /// Place of the first node in the photo, in pixels from its top left corner.
    pub(crate) origin_px: [f32; 2],
}

impl Silhouette {
    /// Reads the outline of a framed object from its alpha.
    pub(crate) fn read(framed: &RgbaImage) -> Result<Self, ReliefError> {
        let (width, height) = framed.dimensions();
        if width != height || width == 0 {
            return Err(ReliefError::NotSquare { width, height });
        }
        let (low, high) = bounds(framed).ok_or(ReliefError::Empty { size: width })?;
        let (width, height) = (high[0] - low[0] + 1, high[1] - low[1] + 1);
        let longer = width.max(height);
        if longer < LEAST_OBJECT_PX {
            return Err(ReliefError::TooSmall { width, height });
        }

        let cell_px = real(at(longer)) / real(CELLS);
        let nodes = |side: u32| floor((real(at(side)) / cell_px).ceil()) + 1 + 2 * MARGIN;
        let first = |low: u32, side: u32| real(at(low)) + real(at(side)) / 2.0 - real(nodes(side) - 1) / 2.0 * cell_px;
        let mut silhouette = Self {
            width: nodes(width),
            height: nodes(height),
            cover: Vec::new(),
            cell_px,
            origin_px: [first(low[0], width), first(low[1], height)],
        };
        silhouette.cover = silhouette.covered(framed);
        silhouette.soften();
        silhouette.clear_border();
        if !silhouette.tidy() {
            return Err(ReliefError::TooThin { width, height });
        }
        Ok(silhouette)
    }

    /// Says whether a node is inside.
    pub(crate) fn is_inside(&self, node: usize) -> bool {
        self.cover[node] > INSIDE
    }

    /// Says how far from an inside node towards its outside neighbour the outline lies, 0 to 1.
    pub(crate) fn reach(&self, inner: usize, outer: usize) -> f32 {
        let (inner, outer) = (self.cover[inner], self.cover[outer]);
        (inner - INSIDE) / (inner - outer)
    }

    /// Gives the coverage at any place of the grid, in cells from its first node.
    pub(crate) fn cover_at(&self, x: f32, y: f32) -> f32 {
        let x = x.clamp(0.0, real(self.width - 1) - 0.001);
        let y = y.clamp(0.0, real(self.height - 1) - 0.001);
        let (column, row) = (floor(x), floor(y));
        let (right, down) = (x - real(column), y - real(row));
        let node = row * self.width + column;
        let above = self.cover[node] * (1.0 - right) + self.cover[node + 1] * right;
        let below = self.cover[node + self.width] * (1.0 - right) + self.cover[node + self.width + 1] * right;
        above * (1.0 - down) + below * down
    }

    /// Gives the direction in which coverage grows, one cell long, or nothing where it is flat.
    pub(crate) fn inward(&self, x: f32, y: f32) -> [f32; 2] {
        let slope = [
            self.cover_at(x + 1.0, y) - self.cover_at(x - 1.0, y),
            self.cover_at(x, y + 1.0) - self.cover_at(x, y - 1.0),
        ];
        let length = slope[0].hypot(slope[1]);
        if length > 1e-4 { slope.map(|part| part / length) } else { [0.0; 2] }
    }

    /// Averages alpha over the cell around each node.
    fn covered(&self, framed: &RgbaImage) -> Vec<f32> {
        let samples = floor(self.cell_px.ceil()).clamp(1, 6);
        let mut cover = Vec::with_capacity(self.width * self.height);
        for row in 0..self.height {
            for column in 0..self.width {
                let mut sum = 0.0;
                for down in 0..samples {
                    for right in 0..samples {
                        let shift = |sample: usize| (real(sample) + 0.5) / real(samples) - 0.5;
                        let x = self.origin_px[0] + (real(column) + shift(right)) * self.cell_px;
                        let y = self.origin_px[1] + (real(row) + shift(down)) * self.cell_px;
                        sum += alpha(framed, x - 0.5, y - 0.5);
                    }
                }
                cover.push(sum / real(samples * samples));
            }
        }
        cover
    }

    /// Smooths the coverage by 1-2-1 both ways, so that the steps of a hard mask do not show in the outline.
    fn soften(&mut self) {
        for (step, length, lines, next) in
            [(1, self.width, self.height, self.width), (self.width, self.height, self.width, 1)]
        {
            for line in 0..lines {
                let mut before = self.cover[line * next];
                for place in 1..length - 1 {
                    let node = line * next + place * step;
                    let own = self.cover[node];
                    self.cover[node] = before / 4.0 + own / 2.0 + self.cover[node + step] / 4.0;
                    before = own;
                }
            }
        }
    }

    /// Empties the outermost nodes, so that the surface closes even if the margin were not empty.
    fn clear_border(&mut self) {
        for row in 0..self.height {
            for column in 0..self.width {
                if row == 0 || column == 0 || row + 1 == self.height || column + 1 == self.width {
                    self.cover[row * self.width + column] = 0.0;
                }
            }
        }
    }

    /// Drops crumbs and fills pinholes; false if nothing is left.
    fn tidy(&mut self) -> bool {
        let mut pieces = self.regions(true);
        let largest = pieces.iter().map(Vec::len).max().unwrap_or(0);
        pieces.retain(|piece| real(piece.len()) < LEAST_PIECE * real(largest));
        for node in pieces.into_iter().flatten() {
            self.cover[node] = 0.0;
        }
        for hole in self.regions(false) {
            if real(hole.len()) < LEAST_HOLE * real(largest) {
                for node in hole {
                    self.cover[node] = 1.0;
                }
            }
        }
        largest > 0
    }

    /// Lists the nodes of each connected region inside, or outside, of the outline.
    ///
    /// Inside nodes are joined by their sides only and outside nodes by their corners too, as the surface has it.
    fn regions(&self, inside: bool) -> Vec<Vec<usize>> {
        let mut seen: Vec<bool> = (0..self.cover.len()).map(|node| self.is_inside(node) != inside).collect();
        let mut regions = Vec::new();
        for start in 0..seen.len() {
            if seen[start] {
                continue;
            }
            seen[start] = true;
            let mut region = vec![start];
            let mut next = 0;
            while let Some(node) = region.get(next).copied() {
                next += 1;
                let (column, row) = (node % self.width, node / self.width);
                for y in row.saturating_sub(1)..=(row + 1).min(self.height - 1) {
                    for x in column.saturating_sub(1)..=(column + 1).min(self.width - 1) {
                        let other = y * self.width + x;
                        if !seen[other] && (!inside || x == column || y == row) {
                            seen[other] = true;
                            region.push(other);
                        }
                    }
                }
            }
            regions.push(region);
        }
        regions
    }
}

/// Gives the first and the last column and row with a pixel that is more than half opaque.
fn bounds(framed: &RgbaImage) -> Option<([u32; 2], [u32; 2])> {
    let mut found: Option<([u32; 2], [u32; 2])> = None;
    for (x, y, pixel) in framed.enumerate_pixels() {
        if pixel.0[3] > 127 {
            let (low, high) = found.get_or_insert(([x, y], [x, y]));
            *low = [low[0].min(x), low[1].min(y)];
            *high = [high[0].max(x), high[1].max(y)];
        }
    }
    found
}

/// Gives alpha between the centres of four pixels, 0 to 1; beyond the picture it is 0.
fn alpha(framed: &RgbaImage, x: f32, y: f32) -> f32 {
    let (left, top) = (x.floor(), y.floor());
    let (right, down) = (x - left, y - top);
    let one = |x: f32, y: f32| {
        if x < 0.0 || y < 0.0 {
            return 0.0;
        }
        framed.get_pixel_checked(pixels(floor(x)), pixels(floor(y))).map_or(0.0, |pixel| f32::from(pixel.0[3]))
    };
    let above = one(left, top) * (1.0 - right) + one(left + 1.0, top) * right;
    let below = one(left, top + 1.0) * (1.0 - right) + one(left + 1.0, top + 1.0) * right;
    (above * (1.0 - down) + below * down) / 255.0
}
