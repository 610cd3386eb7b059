//! From where a model is looked at, so that it fills the picture.

use inference_mesh::{Camera, Surface};

/// The eye's distance from the model's middle, in longest sides: a portrait lens, with little distortion.
const DISTANCE: f32 = 3.5;

/// The share of the picture that the model fills.
const FILLED: f32 = 0.88;

/// Is the box around a surface; what is not at a finite place is left out.
#[derive(Clone, Copy)]
pub(crate) struct Extent {
    pub(crate) low: [f32; 3],
    pub(crate) middle: [f32; 3],
    /// Its longest side; 1 for a surface without extent.
    pub(crate) longest: f32,
}

impl Extent {
    pub(crate) fn of(surface: &Surface) -> Self {
        let (mut low, mut high) = ([f32::INFINITY; 3], [f32::NEG_INFINITY; 3]);
        for position in finite(surface) {
            for axis in 0..3 {
                low[axis] = low[axis].min(position[axis]);
                high[axis] = high[axis].max(position[axis]);
            }
        }
        let longest = (0..3).map(|axis| high[axis] - low[axis]).fold(0.0, f32::max);
        if longest > 0.0 && longest.is_finite() {
            let middle = [0, 1, 2].map(|axis| f32::midpoint(low[axis], high[axis]));
            return Self { low, middle, longest };
        }
        Self { low: [0.0; 3], middle: [0.0; 3], longest: 1.0 }
    }
}

/// Places the eye so that the model fills a square picture.
///
/// At yaw 0 and pitch 0 one looks at its front. Yaw turns the eye to the model's +X side, 180° is the back; pitch
/// raises it.
pub(crate) fn around(surface: &Surface, yaw_degrees: f32, pitch_degrees: f32) -> Camera {
    framing(surface, [yaw_degrees, pitch_degrees], DISTANCE, FILLED)
}

/// Places the eye as [`around`], so many longest sides away, and fills another share of the picture.
pub(crate) fn framing(surface: &Surface, [yaw, pitch]: [f32; 2], distance: f32, filled: f32) -> Camera {
    let stand = Stand::new(Extent::of(surface), yaw, pitch, distance);
    let (mut least, mut most) = ([f32::INFINITY; 2], [f32::NEG_INFINITY; 2]);
    for position in finite(surface) {
        let place = stand.project(position);
        least = [least[0].min(place[0]), least[1].min(place[1])];
        most = [most[0].max(place[0]), most[1].max(place[1])];
    }
    stand.look(least, most, filled)
}

/// Places the eye as [`around`], but so that the model fills the same window while it turns about its upright axis.
pub(crate) fn turning(surface: &Surface, yaws_degrees: &[f32], pitch_degrees: f32) -> Vec<Camera> {
    let extent = Extent::of(surface);
    let (sin, cos) = pitch_degrees.to_radians().sin_cos();
    let distance = DISTANCE * extent.longest;
    let (mut wide, mut least, mut most) = (0.0_f32, f32::INFINITY, f32::NEG_INFINITY);
    for position in finite(surface) {
        let [x, y, z] = [0, 1, 2].map(|axis| position[axis] - extent.middle[axis]);
        // Turning, it goes around a circle: widest where the line of sight touches it, highest and lowest in front
        // of the axis and behind it.
        let radius = x.hypot(z);
        let depth = distance - y * sin;
        wide = wide.max(radius / (depth * depth - (radius * cos).powi(2)).sqrt());
        for reach in [-radius, radius] {
            let height = (y * cos - reach * sin) / (depth - reach * cos);
            (least, most) = (least.min(height), most.max(height));
        }
    }
    let stands = yaws_degrees.iter().map(|yaw| Stand::new(extent, *yaw, pitch_degrees, DISTANCE));
    stands.map(|stand| stand.look([-wide, least], [wide, most], FILLED)).collect()
}

fn finite(surface: &Surface) -> impl Iterator<Item = [f32; 3]> {
    surface.positions.iter().copied().filter(|place| place.iter().all(|part| part.is_finite()))
}

/// Is an eye that looks at the middle of a model, before it is said how much of the world the picture holds.
struct Stand {
    right: [f32; 3],
    up: [f32; 3],
    forward: [f32; 3],
    origin: [f32; 3],
}

impl Stand {
    fn new(extent: Extent, yaw_degrees: f32, pitch_degrees: f32, distance: f32) -> Self {
        let (yaw_sin, yaw_cos) = yaw_degrees.to_radians().sin_cos();
        let (pitch_sin, pitch_cos) = pitch_degrees.to_radians().sin_cos();
        let forward = [-yaw_sin * pitch_cos, -pitch_sin, -yaw_cos * pitch_cos];
        Self {
            right: [yaw_cos, 0.0, -yaw_sin],
            up: [-yaw_sin * pitch_sin, pitch_cos, -yaw_cos * pitch_sin],
            forward,
            origin: [0, 1, 2].map(|axis| extent.middle[axis] - forward[axis] * distance * extent.longest),
        }
    }

    /// Gives the place to the right and above the middle, per unit of depth.
    fn project(&self, position: [f32; 3]) -> [f32; 2] {
        let offset = [0, 1, 2].map(|axis| position[axis] - self.origin[axis]);
        let depth = dot(offset, self.forward);
        [dot(offset, self.right) / depth, dot(offset, self.up) / depth]
    }

    /// Fits the picture around what lies between two corners.
    fn look(&self, least: [f32; 2], most: [f32; 2], filled: f32) -> Camera {
        let wanted = (most[0] - least[0]).max(most[1] - least[1]) / filled;
        let (centre, extent) = if wanted > 0.0 && wanted.is_finite() {
            ([f32::midpoint(least[0], most[0]), f32::midpoint(least[1], most[1])], wanted)
        } else {
            ([0.0; 2], 1.0)
        };
        let aimed = |along: [f32; 3], centre: f32, scale: f32| {
            [0, 1, 2].map(|axis| (along[axis] - self.forward[axis] * centre) / scale)
        };
        Camera {
            origin: self.origin,
            right: aimed(self.right, centre[0], extent),
            down: aimed(self.up, centre[1], -extent),
            forward: self.forward,
            perspective: true,
        }
    }
}

/// Is the way back from a place in a perspective picture to the world.
pub(crate) struct Rays {
    origin: [f32; 3],
    across: [f32; 3],
    down: [f32; 3],
    middle: [f32; 3],
}

impl Rays {
    pub(crate) fn of(camera: &Camera) -> Self {
        let (right, down, forward) = (camera.right, camera.down, camera.forward);
        let volume = dot(cross(right, down), forward);
        // A ray is what has the wanted products with right, down and forward.
        let [across, down, middle] = [cross(down, forward), cross(forward, right), cross(right, down)]
            .map(|part: [f32; 3]| part.map(|along| along / volume));
        Self { origin: camera.origin, across, down, middle }
    }

    /// Gives the place at height `level` that is seen at a place of the picture (0 to 1), if the eye is above it.
    pub(crate) fn ground(&self, place: [f32; 2], level: f32) -> Option<[f32; 2]> {
        let [u, v] = place.map(|part| part - 0.5);
        let ray = [0, 1, 2].map(|axis| self.across[axis] * u + self.down[axis] * v + self.middle[axis]);
        let reach = (level - self.origin[1]) / ray[1];
        let above = self.origin[1] > level && reach.is_finite() && reach > 0.0;
        above.then(|| [self.origin[0] + ray[0] * reach, self.origin[2] + ray[2] * reach])
    }
}

/// Says whether the camera shows the world as in a mirror; nothing for one that sees no area.
pub(crate) fn mirrors(camera: &Camera) -> Option<bool> {
    let volume = dot(cross(camera.right, camera.down), camera.forward);
    (volume != 0.0 && volume.is_finite()).then_some(volume < 0.0)
}

/// Gives what two arrows have in common.
pub(crate) fn dot(a: [f32; 3], b: [f32; 3]) -> f32 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

pub(crate) fn cross(a: [f32; 3], b: [f32; 3]) -> [f32; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}
