//! The engines: a cut-out in, a raw shape out.

use crate::options::{EngineName, Options};
use image::RgbaImage;
use inference_image::sha256_hex;
use inference_mesh::{Camera, Shape, chain};
use inference_relief::ReliefError;
use inference_triposr::{DeviceError, SceneError, Settings, Square, TripoSr, TripoSrError};
use std::sync::LazyLock;

/// Why an engine gave no model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    /// The object itself allows none: too small, too thin. The person who sent the photo can do something about it.
    #[error("the object in the photo gives no model: {0}")]
    Object(String),
    /// The engine failed this once: our fault.
    #[error("the engine {engine} failed: {reason}")]
    Failed {
        /// The engine.
        engine: &'static str,
        /// What it said.
        reason: String,
    },
    /// The engine's device is gone: nothing that comes after will work either.
    #[error("the engine {engine} cannot go on: {reason}")]
    Broken {
        /// The engine.
        engine: &'static str,
        /// What it said.
        reason: String,
    },
}

/// One object on its way into an engine.
pub struct Object<'a> {
    /// The object cut out of its photo, where it lay; straight alpha.
    pub cut: &'a RgbaImage,
    /// The same in the middle of a square, with its colours carried on under its transparent surroundings.
    pub framed: &'a RgbaImage,
    /// Where that square lies in `cut`, in pixels: left, top, side.
    pub square: [f32; 3],
}

/// One way to make a shape of a cut-out. The same input and options must give the same shape.
pub trait Engine: Send + Sync {
    /// The name that options and reports use.
    fn name(&self) -> EngineName;
    /// Changes whenever the same input may give another model.
    fn version(&self) -> &'static str;
    /// What it runs on, for reports and logs.
    fn device(&self) -> String;
    /// The SHA-256 of its weights' file, if it has one.
    fn weights_sha256(&self) -> Option<String>;
    /// Makes the shape; its camera sees it in the framed square.
    fn reconstruct(&self, object: &Object<'_>, options: &Options) -> Result<Shape, EngineError>;
}

/// The embedded engine.
#[derive(Debug, Clone, Copy)]
pub struct Relief;

impl Engine for Relief {
    fn name(&self) -> EngineName {
        EngineName::Relief
    }

    fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }

    fn device(&self) -> String {
        "cpu".into()
    }

    fn weights_sha256(&self) -> Option<String> {
        static SHA256: LazyLock<String> = LazyLock::new(|| sha256_hex(inference_relief::weights()));
        Some(SHA256.clone())
    }

    fn reconstruct(&self, object: &Object<'_>, _options: &Options) -> Result<Shape, EngineError> {
        inference_relief::reconstruct(object.framed).map_err(|error| relief_fault(self.name(), &error))
    }
}

/// The embedded engine's baseline.
#[derive(Debug, Clone, Copy)]
pub struct Inflate;

impl Engine for Inflate {
    fn name(&self) -> EngineName {
        EngineName::Inflate
    }

    fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }

    fn device(&self) -> String {
        "cpu".into()
    }

    fn weights_sha256(&self) -> Option<String> {
        None
    }

    fn reconstruct(&self, object: &Object<'_>, _options: &Options) -> Result<Shape, EngineError> {
        inference_relief::inflate(object.framed).map_err(|error| relief_fault(self.name(), &error))
    }
}

fn relief_fault(engine: EngineName, fault: &ReliefError) -> EngineError {
    match fault {
        ReliefError::Empty { .. } | ReliefError::TooSmall { .. } | ReliefError::TooThin { .. } => {
            EngineError::Object(fault.to_string())
        }
        ReliefError::NotSquare { .. } | ReliefError::Depth(_) => {
            EngineError::Failed { engine: engine.as_str(), reason: chain(fault) }
        }
    }
}

impl Engine for TripoSr {
    fn name(&self) -> EngineName {
        EngineName::Triposr
    }

    fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }

    fn device(&self) -> String {
        TripoSr::device(self)
    }

    fn weights_sha256(&self) -> Option<String> {
        Some(TripoSr::weights_sha256(self))
    }

    fn reconstruct(&self, object: &Object<'_>, options: &Options) -> Result<Shape, EngineError> {
        let (mut shape, square) =
            TripoSr::reconstruct(self, object.cut, &settings(options)).map_err(|error| fault(&error))?;
        shape.camera = reframed(shape.camera, square, object.square);
        Ok(shape)
    }
}

fn settings(options: &Options) -> Settings {
    // All four are within the options' limits: exact in 16 bits.
    let small = |value: u32| f32::from(u16::try_from(value).unwrap_or(u16::MAX));
    Settings {
        resolution: usize::try_from(options.resolution).unwrap_or(usize::MAX),
        threshold: small(options.threshold),
        share: small(options.foreground_percent) / 100.0,
        exact: options.exact,
    }
}

fn fault(fault: &TripoSrError) -> EngineError {
    let engine = EngineName::Triposr.as_str();
    let reason = chain(fault);
    match fault {
        TripoSrError::NoObject | TripoSrError::Scene(SceneError::Empty { .. }) => EngineError::Object(reason),
        TripoSrError::Scene(SceneError::Device(DeviceError::Broken { .. })) => EngineError::Broken { engine, reason },
        TripoSrError::Setting { .. } | TripoSrError::Scene(_) => EngineError::Failed { engine, reason },
    }
}

/// Gives the camera whose picture is our square instead of the network's; the two are almost the same.
fn reframed(camera: Camera, network: Square, ours: [f32; 3]) -> Camera {
    let [left, top, side] = ours;
    let grown = network.side / side;
    let middle = |first: f32, mine: f32| (first + network.side / 2.0 - mine) / side - 0.5;
    let arrow =
        |arrow: [f32; 3], shift: f32| std::array::from_fn(|axis| arrow[axis] * grown + camera.forward[axis] * shift);
    Camera {
        right: arrow(camera.right, middle(network.left, left)),
        down: arrow(camera.down, middle(network.top, top)),
        ..camera
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use inference_relief::DepthError;

    #[test]
    fn a_network_that_fails_says_what_of() {
        let memory = DeviceError::Memory { device: "cpu", bytes: 4096 };
        let failed = relief_fault(EngineName::Relief, &ReliefError::Depth(DepthError::Device(memory)));
        let reason = "the depth network failed: cpu has no memory for another 4096 bytes";
        assert_eq!(failed, EngineError::Failed { engine: "relief", reason: reason.into() });
    }

    #[test]
    fn a_place_stays_on_its_pixel_of_the_cut_out() {
        let camera = Camera {
            origin: [0.0, 0.0, 1.9],
            right: [1.4, 0.0, 0.0],
            down: [0.0, -1.4, 0.0],
            forward: [0.0, 0.0, -1.0],
            perspective: true,
        };
        let network = Square { left: 10.0, top: -6.0, side: 200.0 };
        let ours = [7.0, -9.0, 208.0];
        let place = [0.2, -0.3, 0.1];
        let before = camera.see(place).unwrap().at;
        let after = reframed(camera, network, ours).see(place).unwrap().at;
        let pixel = [10.0 + before[0] * 200.0, -6.0 + before[1] * 200.0];
        for axis in 0..2 {
            assert!((ours[axis] + after[axis] * ours[2] - pixel[axis]).abs() < 1e-3, "{before:?} {after:?}");
        }
    }
}
