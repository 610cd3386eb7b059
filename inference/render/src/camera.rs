//! Where the eye is, and what of the world falls where in the picture.

use inference_mesh::Surface;

/// The eye's distance from the model's middle, in longest sides: a portrait lens, with little distortion.
const DISTANCE: f32 = 3.5;

/// The share of the picture that the model fills.
const FILLED: f32 = 0.88;

/// Is an eye that looks at the middle of a model.
pub(crate) struct Camera {
    right: [f32; 3],
    up: [f32; 3],
    /// From the model to the eye.
    pub(crate) back: [f32; 3],
    middle: [f32; 3],
    distance: f32,
    /// The middle of the model's extent in the picture, and the picture's extent around it, per unit of depth.
    centre: [f32; 2],
    extent: f32,
}

impl Camera {
    /// Places the eye so that the model fills the picture.
    pub(crate) fn fit(surface: &Surface, yaw_degrees: f32, pitch_degrees: f32) -> Self {
        let (low, high) = surface.bounds();
        let longest = (0..3).map(|axis| high[axis] - low[axis]).fold(0.0, f32::max);
        let distance = if longest > 0.0 && longest.is_finite() { DISTANCE * longest } else { DISTANCE };
        let (yaw_sin, yaw_cos) = yaw_degrees.to_radians().sin_cos();
        let (pitch_sin, pitch_cos) = pitch_degrees.to_radians().sin_cos();
        let mut camera = Self {
            right: [yaw_cos, 0.0, -yaw_sin],
            up: [-yaw_sin * pitch_sin, pitch_cos, -yaw_cos * pitch_sin],
            back: [yaw_sin * pitch_cos, pitch_sin, yaw_cos * pitch_cos],
            middle: [0, 1, 2].map(|axis| f32::midpoint(low[axis], high[axis])),
            distance,
            centre: [0.0; 2],
            extent: 1.0,
        };
        let (mut least, mut most) = ([f32::INFINITY; 2], [f32::NEG_INFINITY; 2]);
        for position in &surface.positions {
            let (place, _) = camera.project(*position);
            least = [least[0].min(place[0]), least[1].min(place[1])];
            most = [most[0].max(place[0]), most[1].max(place[1])];
        }
        let extent = (most[0] - least[0]).max(most[1] - least[1]) / FILLED;
        if extent > 0.0 && extent.is_finite() {
            camera.centre = [f32::midpoint(least[0], most[0]), f32::midpoint(least[1], most[1])];
            camera.extent = extent;
        }
        camera
    }

    /// Gives a place in a picture of `side` pixels, and the nearness (one over the depth) there.
    pub(crate) fn see(&self, position: [f32; 3], side: f32) -> ([f32; 2], f32) {
        let (place, nearness) = self.project(position);
        let x = (place[0] - self.centre[0]) / self.extent + 0.5;
        let y = 0.5 - (place[1] - self.centre[1]) / self.extent;
        ([x * side, y * side], nearness)
    }

    /// Gives the place on the ground, y = 0, that is seen at a place of the picture (0 to 1), if the eye is above it.
    pub(crate) fn ground(&self, place: [f32; 2]) -> Option<[f32; 2]> {
        let x = (place[0] - 0.5) * self.extent + self.centre[0];
        let y = (0.5 - place[1]) * self.extent + self.centre[1];
        let eye = [0, 1, 2].map(|axis| self.middle[axis] + self.back[axis] * self.distance);
        let ray = [0, 1, 2].map(|axis| self.right[axis] * x + self.up[axis] * y - self.back[axis]);
        let reach = -eye[1] / ray[1];
        (eye[1] > 0.0 && reach.is_finite() && reach > 0.0).then(|| [eye[0] + ray[0] * reach, eye[2] + ray[2] * reach])
    }

    fn project(&self, position: [f32; 3]) -> ([f32; 2], f32) {
        let offset = [0, 1, 2].map(|axis| position[axis] - self.middle[axis]);
        let nearness = 1.0 / (self.distance - dot(offset, self.back));
        ([dot(offset, self.right) * nearness, dot(offset, self.up) * nearness], nearness)
    }
}

/// Gives what two arrows have in common.
pub(crate) fn dot(a: [f32; 3], b: [f32; 3]) -> f32 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}
