//! The welded surface, and the colours that lie on it.

use image::RgbImage;

use crate::number::at;

/// Holds triangles over shared positions: one position is one vertex, whatever its texture.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Surface {
    /// Places in space, Y up.
    pub positions: Vec<[f32; 3]>,
    /// Corners as indices into `positions`, anticlockwise seen from outside.
    pub triangles: Vec<[u32; 3]>,
}

/// Says how a surface was moved into its place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moved {
    /// What is now at the origin, in the old space.
    pub origin: [f32; 3],
    /// What is now 1 long, in the old space.
    pub unit: f32,
}

/// Lays a surface out over its texture: the second index of each corner, as OBJ has it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Charts {
    /// Places in the texture; (0, 0) is its top left corner, (1, 1) its bottom right one.
    pub points: Vec<[f32; 2]>,
    /// For each triangle of the surface, the points of its three corners.
    pub triangles: Vec<[u32; 3]>,
}

/// Is a coloured surface.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Model {
    /// The shape.
    pub surface: Surface,
    /// Its base colour.
    pub paint: Paint,
}

/// Says what colour a surface has, in sRGB: everything is stored so, and made linear only to be mixed or lit.
#[derive(Debug, Clone, PartialEq)]
pub enum Paint {
    /// A picture laid over the surface.
    Texture {
        /// Where each triangle lies in the picture.
        charts: Charts,
        /// The picture.
        image: RgbImage,
    },
    /// One colour for each vertex of the surface.
    Vertices(Vec<[u8; 3]>),
}

impl Default for Paint {
    fn default() -> Self {
        Self::Vertices(Vec::new())
    }
}

impl Surface {
    /// Gives each vertex the mean of its triangles' normals, weighted by their areas; up where they cancel out.
    ///
    /// Worked out on the welded surface, so that a seam of the texture does not show in the shading. Triangles with
    /// an index out of range are passed over: [`crate::check`] counts them and [`crate::glb`] refuses them.
    pub fn normals(&self) -> Vec<[f32; 3]> {
        let mut sums = vec![[0.0_f32; 3]; self.positions.len()];
        for triangle in &self.triangles {
            let Some(corners) = self.corners(*triangle) else { continue };
            let normal = cross(corners);
            for vertex in triangle {
                sums[at(*vertex)] = add(sums[at(*vertex)], normal);
            }
        }
        sums.into_iter().map(unit).collect()
    }

    /// Moves and scales the surface into its place: longest side 1.0, base on y = 0, centred on x and z.
    ///
    /// Gives how it was moved; changes nothing for a surface without extent.
    pub fn stand(&mut self) -> Moved {
        let (low, high) = self.bounds();
        let longest = (0..3).map(|axis| high[axis] - low[axis]).fold(0.0, f32::max);
        if longest <= 0.0 || !longest.is_finite() {
            return Moved { origin: [0.0; 3], unit: 1.0 };
        }
        let origin = [f32::midpoint(low[0], high[0]), low[1], f32::midpoint(low[2], high[2])];
        for position in &mut self.positions {
            for axis in 0..3 {
                position[axis] = (position[axis] - origin[axis]) / longest;
            }
        }
        Moved { origin, unit: longest }
    }

    /// Gives the smallest and the largest coordinate on each axis; reversed infinities for an empty surface.
    pub fn bounds(&self) -> ([f32; 3], [f32; 3]) {
        let mut low = [f32::INFINITY; 3];
        let mut high = [f32::NEG_INFINITY; 3];
        for position in &self.positions {
            for axis in 0..3 {
                low[axis] = low[axis].min(position[axis]);
                high[axis] = high[axis].max(position[axis]);
            }
        }
        (low, high)
    }

    /// Gives the places of a triangle's corners, or nothing if an index is out of range.
    pub fn corners(&self, triangle: [u32; 3]) -> Option<[[f32; 3]; 3]> {
        let [a, b, c] = triangle;
        Some([*self.positions.get(at(a))?, *self.positions.get(at(b))?, *self.positions.get(at(c))?])
    }
}

/// Gives a triangle's normal, twice its area long.
pub(crate) fn cross([a, b, c]: [[f32; 3]; 3]) -> [f32; 3] {
    let (first, second) = (less(b, a), less(c, a));
    [
        first[1] * second[2] - first[2] * second[1],
        first[2] * second[0] - first[0] * second[2],
        first[0] * second[1] - first[1] * second[0],
    ]
}

fn add(a: [f32; 3], b: [f32; 3]) -> [f32; 3] {
    [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}

fn less(a: [f32; 3], b: [f32; 3]) -> [f32; 3] {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

fn unit(v: [f32; 3]) -> [f32; 3] {
    let length = (v[0] * v[0] + v[1] * v[1] + v[2] * v[2]).sqrt();
    if length > 0.0 && length.is_finite() { v.map(|part| part / length) } else { [0.0, 1.0, 0.0] }
}
