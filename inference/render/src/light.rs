//! How bright a surface is.

use crate::camera::{Extent, dot};

/// Light from everywhere, on what faces down and on what faces up. The photo was lit already, so the light only models
/// the shape.
const SKY: [f32; 2] = [0.42, 0.62];

/// The main lamp, over the viewer's left shoulder, and how strong it is.
const KEY: ([f32; 3], f32) = ([-0.42, 0.57, 0.70], 0.46);

/// The lamp that opens the shade, from the lower right.
const FILL: ([f32; 3], f32) = ([0.80, 0.10, 0.59], 0.12);

/// The lamp behind, which lights the outline.
const RIM: ([f32; 3], f32) = ([0.35, 0.50, -0.79], 0.30);

/// How far a lamp's light reaches around the shape, of 1: a large lamp's does.
const SOFTNESS: f32 = 0.25;

/// Below this height over the ground, in longest sides, a surface that looks down gets less light, and how much less.
const CONTACT: (f32, f32) = (0.12, 0.5);

/// Is the light of a studio whose lamps stand around the viewer: whatever side is looked at is lit well.
pub(crate) struct Lamps {
    /// From where each shines, and how strongly.
    shining: [([f32; 3], f32); 3],
    ground: f32,
    contact_height: f32,
}

impl Lamps {
    /// Sets the lamps up for a viewer at a yaw.
    pub(crate) fn new(extent: Extent, yaw_degrees: f32) -> Self {
        let (sin, cos) = yaw_degrees.to_radians().sin_cos();
        let turned = |[x, y, z]: [f32; 3]| [x * cos + z * sin, y, z * cos - x * sin];
        Self {
            shining: [KEY, FILL, RIM].map(|(from, strength)| (turned(from), strength)),
            ground: extent.low[1],
            contact_height: CONTACT.0 * extent.longest,
        }
    }

    /// Gives the light that a surface with this normal, at this height, sends back: about 1 where it faces the lamps.
    pub(crate) fn shade(&self, normal: [f32; 3], height: f32) -> f32 {
        let length = dot(normal, normal).sqrt().max(1e-6);
        let normal = normal.map(|part| part / length);
        let up = f32::midpoint(normal[1], 1.0);
        let mut light = SKY[0] + (SKY[1] - SKY[0]) * up;
        for (from, strength) in self.shining {
            light += strength * ((dot(normal, from) + SOFTNESS) / (1.0 + SOFTNESS)).max(0.0);
        }
        let near = (1.0 - (height - self.ground) / self.contact_height).clamp(0.0, 1.0);
        light * (1.0 - CONTACT.1 * near * near * (1.0 - up))
    }
}
