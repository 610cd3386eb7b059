//! What an engine makes: a raw surface, how to colour any place of it, and from where its photo was taken.

use crate::{Moved, Surface};
use serde::{Deserialize, Serialize};

/// Is the raw result of an engine, in the engine's own space: Y up, the front towards +Z, any scale and place.
///
/// Cleaning, simplifying, unwrapping and painting are the same for every engine and come after it.
pub struct Shape {
    /// The surface as it was extracted; closed.
    pub surface: Surface,
    /// What the engine knows of its colours.
    pub colours: Box<dyn Colours>,
    /// From where the photo was taken.
    pub camera: Camera,
    /// The surface lies under the photo to the pixel, so that the photo may be laid over it.
    pub fits: bool,
}

/// Gives the colour of any place on or near a surface.
pub trait Colours: Send + Sync {
    /// Writes the colour at each spot, stored (sRGB) and 0 to 1; `colours` is as long as `spots`.
    fn paint(&self, spots: &[Spot], colours: &mut [[f32; 3]]) -> Result<(), ColoursError>;
}

/// Is what an engine says when it cannot give colours: its device failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the engine gives no colours: {reason}")]
pub struct ColoursError {
    /// What the device said.
    pub reason: String,
    /// Nothing that comes after will work either.
    pub is_device_gone: bool,
}

/// Is a place on a surface.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spot {
    /// Where it is, in the engine's space.
    pub position: [f32; 3],
    /// The unit normal there.
    pub normal: [f32; 3],
}

/// Says where a place falls in the framed photo, whose left and top edges are 0 and right and bottom ones 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Camera {
    /// The eye of a perspective camera; any place on the middle ray of an orthographic one.
    pub origin: [f32; 3],
    /// How `u` grows; per unit of depth in perspective.
    pub right: [f32; 3],
    /// How `v` grows; per unit of depth in perspective.
    pub down: [f32; 3],
    /// The unit direction of view.
    pub forward: [f32; 3],
    /// Far things are smaller.
    pub perspective: bool,
}

/// Is where the camera sees a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seen {
    /// The place in the photo, 0 to 1 from left to right and from top to bottom within it.
    pub at: [f32; 2],
    /// How far away it is along the direction of view; smaller hides larger.
    pub depth: f32,
}

impl Camera {
    /// Says where a place is seen; nothing for what is not before a perspective camera.
    pub fn see(&self, position: [f32; 3]) -> Option<Seen> {
        let offset = [0, 1, 2].map(|axis| position[axis] - self.origin[axis]);
        let depth = dot(offset, self.forward);
        let scale = if self.perspective { 1.0 / depth } else { 1.0 };
        let at = [0.5 + dot(offset, self.right) * scale, 0.5 + dot(offset, self.down) * scale];
        (!self.perspective || depth > 0.0).then_some(Seen { at, depth })
    }

    /// Gives the camera that sees a moved surface as this one saw it before.
    #[must_use]
    pub fn moved(self, moved: Moved) -> Self {
        // In perspective what is larger is as much farther away.
        let grown = |arrow: [f32; 3]| if self.perspective { arrow } else { arrow.map(|part| part * moved.unit) };
        Self {
            origin: [0, 1, 2].map(|axis| (self.origin[axis] - moved.origin[axis]) / moved.unit),
            right: grown(self.right),
            down: grown(self.down),
            ..self
        }
    }

    /// Gives the unit direction from a place to the eye.
    pub fn towards(&self, position: [f32; 3]) -> [f32; 3] {
        let back = if self.perspective {
            [0, 1, 2].map(|axis| self.origin[axis] - position[axis])
        } else {
            self.forward.map(|part| -part)
        };
        let length = dot(back, back).sqrt();
        if length > 0.0 { back.map(|part| part / length) } else { self.forward.map(|part| -part) }
    }
}

fn dot(a: [f32; 3], b: [f32; 3]) -> f32 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

#[cfg(test)]
mod tests {
    use super::{Camera, Seen};
    use crate::Moved;

    const FLAT: Camera = Camera {
        origin: [0.0; 3],
        right: [0.5, 0.0, 0.0],
        down: [0.0, -0.5, 0.0],
        forward: [0.0, 0.0, -1.0],
        perspective: false,
    };

    fn assert_is_forwards(direction: [f32; 3]) {
        let off = direction[0].abs() + direction[1].abs() + (direction[2] - 1.0).abs();
        assert!(off < 1e-6, "{direction:?}");
    }

    #[test]
    fn an_orthographic_camera_sees_near_and_far_alike() {
        for z in [-3.0, 0.0, 4.0] {
            assert_eq!(FLAT.see([1.0, 0.5, z]), Some(Seen { at: [1.0, 0.25], depth: -z }));
        }
        assert_is_forwards(FLAT.towards([1.0, 2.0, 3.0]));
    }

    #[test]
    fn a_moved_camera_sees_the_moved_place_where_it_was() {
        let moved = Moved { origin: [1.0, -2.0, 0.5], unit: 4.0 };
        let place = [0.3, 0.2, -0.7];
        let standing = [0, 1, 2].map(|axis: usize| (place[axis] - moved.origin[axis]) / moved.unit);
        for camera in [FLAT, Camera { origin: [0.0, 0.0, 2.0], perspective: true, ..FLAT }] {
            let (before, after) = (camera.see(place).unwrap(), camera.moved(moved).see(standing).unwrap());
            for axis in 0..2 {
                assert!((before.at[axis] - after.at[axis]).abs() < 1e-6, "{before:?} {after:?}");
            }
            assert!((before.depth / moved.unit - after.depth).abs() < 1e-6);
        }
    }

    #[test]
    fn a_perspective_camera_sees_far_things_smaller_and_nothing_behind_it() {
        let camera = Camera { origin: [0.0, 0.0, 2.0], perspective: true, ..FLAT };
        assert_eq!(camera.see([1.0, 0.0, 0.0]), Some(Seen { at: [0.75, 0.5], depth: 2.0 }));
        assert_eq!(camera.see([1.0, 0.0, -2.0]), Some(Seen { at: [0.625, 0.5], depth: 4.0 }));
        assert_eq!(camera.see([0.0, 0.0, 3.0]), None);
        assert_is_forwards(camera.towards([0.0; 3]));
    }
}
