//! Surfaces from fields, a photo with detail, and what measures them.

use image::{Rgba, RgbaImage};
use inference_mesh::number::{at, real};
use inference_mesh::{Camera, Colours, ColoursError, Spot, Surface, march};

/// Makes the surface of a field over `size` nodes a side that run from -1 to 1; above 0 is inside.
pub(crate) fn solid(size: usize, field: impl Fn([f32; 3]) -> f32) -> Surface {
    let place = |node: [usize; 3]| node.map(|part| real(part) / real(size - 1) * 2.0 - 1.0);
    let value = |node: [usize; 3]| {
        let border = node.iter().any(|part| *part == 0 || *part == size - 1);
        if border { -1.0 } else { field(place(node)) }
    };
    let mut surface = march(
        [size; 3],
        |node| value(node) > 0.0,
        |node, axis| {
            let mut next = node;
            next[axis] += 1;
            let (from, to) = (value(node), value(next));
            from / (from - to)
        },
    );
    for position in &mut surface.positions {
        *position = position.map(|part| part / real(size - 1) * 2.0 - 1.0);
    }
    surface
}

pub(crate) fn sphere([x, y, z]: [f32; 3]) -> f32 {
    0.8 - (x * x + y * y + z * z).sqrt()
}

/// A slab with bumps to the front.
pub(crate) fn bumps([x, y, z]: [f32; 3]) -> f32 {
    let front = 0.3 + 0.08 * (x * 9.0).sin() * (y * 7.0).cos();
    (front - z).min(z + 0.3).min(0.85 - x.abs()).min(0.85 - y.abs())
}

/// Two rings through each other on a foot: hidden parts, handles, thin walls.
pub(crate) fn rings([x, y, z]: [f32; 3]) -> f32 {
    let ring = |a: f32, b: f32, c: f32| 0.16 - (((a * a + b * b).sqrt() - 0.5).powi(2) + c * c).sqrt();
    let foot = (0.2 - (y + 0.7).abs()).min(0.6 - (x * x + z * z).sqrt());
    ring(x + 0.2, y, z).max(ring(x - 0.2, z, y)).max(foot)
}

/// Looks at the front from -1 to 1.
pub(crate) fn front() -> Camera {
    Camera {
        origin: [0.0; 3],
        right: [0.5, 0.0, 0.0],
        down: [0.0, -0.5, 0.0],
        forward: [0.0, 0.0, -1.0],
        perspective: false,
    }
}

/// Waves that get finer to the right, in three colours; opaque.
pub(crate) fn photo(side: u32) -> RgbaImage {
    RgbaImage::from_fn(side, side, |x, y| {
        let (u, v) = (real(at(x)) / real(at(side)), real(at(y)) / real(at(side)));
        let wave = |a: f32| inference_mesh::number::byte(127.5 + 110.0 * a.sin());
        Rgba([wave(u * u * 220.0), wave(v * 90.0 + u * 30.0), wave(u * v * 160.0), 255])
    })
}

/// Is one colour everywhere, or one that runs with the place.
pub(crate) struct Plain(pub(crate) Option<[f32; 3]>);

impl Colours for Plain {
    fn paint(&self, spots: &[Spot], colours: &mut [[f32; 3]]) -> Result<(), ColoursError> {
        for (spot, colour) in spots.iter().zip(colours) {
            *colour = self.0.unwrap_or(spot.position.map(|part| f32::midpoint(part, 1.0)));
        }
        Ok(())
    }
}

/// Gives twice the signed area.
pub(crate) fn turn(a: [f32; 2], b: [f32; 2], c: [f32; 2]) -> f32 {
    (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
}
