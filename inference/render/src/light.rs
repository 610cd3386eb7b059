//! How bright a surface is, and what shadow it stands on.

use inference_mesh::Surface;

use crate::camera::dot;
use inference_mesh::number::{floor, real};

/// Light from everywhere; the photo was lit already, so the lamps only model the shape.
const AMBIENT: f32 = 0.56;

/// The main lamp: over the viewer's left shoulder in the world, so that turning the model moves the shade over it.
const KEY: ([f32; 3], f32) = ([-0.42, 0.57, 0.70], 0.5);

/// The lamp that opens the shade, from the lower right.
const FILL: ([f32; 3], f32) = ([0.78, 0.10, 0.62], 0.14);

/// The lamp behind, so that the back is not flat either.
const RIM: ([f32; 3], f32) = ([0.35, 0.50, -0.79], 0.42);

/// Gives the light that a surface with this normal sends back, about 1 where it faces the lamps.
pub(crate) fn shade(normal: [f32; 3]) -> f32 {
    let length = dot(normal, normal).sqrt().max(1e-6);
    let lamps = [KEY, FILL, RIM].map(|(from, strength)| strength * (dot(normal, from) / length).max(0.0));
    AMBIENT + lamps.iter().sum::<f32>()
}

/// Is the soft shadow on the ground, darkest where the model touches it.
pub(crate) struct Shadow {
    cells: Vec<f32>,
}

/// Cells of the shadow on a side, over [`SHADOW_EXTENT`] longest sides.
const SHADOW_CELLS: usize = 64;
const SHADOW_EXTENT: f32 = 1.8;

/// Parts higher than this over the ground leave no shadow.
const SHADOW_HEIGHT: f32 = 0.3;

/// How dark the shadow is at most.
const SHADOW_DEPTH: f32 = 0.45;

impl Shadow {
    /// Lays down the shadow of a surface that stands on y = 0.
    pub(crate) fn under(surface: &Surface) -> Self {
        let mut cells = vec![0.0_f32; SHADOW_CELLS * SHADOW_CELLS];
        for [x, y, z] in &surface.positions {
            let cell = |place: f32| floor((place / SHADOW_EXTENT + 0.5) * real(SHADOW_CELLS)).min(SHADOW_CELLS - 1);
            let darkness = (1.0 - y / SHADOW_HEIGHT).clamp(0.0, 1.0).powi(2);
            let own = &mut cells[cell(*z) * SHADOW_CELLS + cell(*x)];
            *own = own.max(darkness);
        }
        for _ in 0..3 {
            for (step, next) in [(1, SHADOW_CELLS), (SHADOW_CELLS, 1)] {
                let before = cells.clone();
                for line in 0..SHADOW_CELLS {
                    for place in 0..SHADOW_CELLS {
                        let near = place.saturating_sub(2)..=(place + 2).min(SHADOW_CELLS - 1);
                        let sum: f32 = near.map(|other| before[line * next + other * step]).sum();
                        cells[line * next + place * step] = sum / 5.0;
                    }
                }
            }
        }
        Self { cells }
    }

    /// Says how dark the ground is at a place, 0 to 1.
    pub(crate) fn at(&self, [x, z]: [f32; 2]) -> f32 {
        let place = |along: f32| (along / SHADOW_EXTENT + 0.5) * real(SHADOW_CELLS) - 0.5;
        let (x, z) = (place(x), place(z));
        let most = real(SHADOW_CELLS - 1);
        if !(0.0..most).contains(&x) || !(0.0..most).contains(&z) {
            return 0.0;
        }
        let (column, row) = (floor(x), floor(z));
        let (right, down) = (x - real(column), z - real(row));
        let cell = row * SHADOW_CELLS + column;
        let near = self.cells[cell] * (1.0 - right) + self.cells[cell + 1] * right;
        let far = self.cells[cell + SHADOW_CELLS] * (1.0 - right) + self.cells[cell + SHADOW_CELLS + 1] * right;
        SHADOW_DEPTH * (near * (1.0 - down) + far * down)
    }
}
