//! One photo's scene on a device: its density and colour, its surface, its view.

use std::sync::Arc;

use inference_kernels::{Device, DeviceError};
use inference_mesh::field::{Coarse, CoarseError, FieldError, coarse_to_fine, dense};
use inference_mesh::number::real;
use inference_mesh::{Colours, ColoursError, Spot, Surface};

use crate::graph::Graph;

/// Every how manyeth node is looked at first; finer ones only near the surface.
const STEP: usize = 4;

/// Spots or points handed to the device at once.
const AT_ONCE: usize = 1 << 16;

/// What keeps a scene from having a surface.
#[derive(Debug, thiserror::Error, PartialEq)]
pub enum SceneError {
    /// The network sees nothing at this threshold.
    #[error("the network found no surface at the threshold {threshold}; the highest density is {highest}")]
    Empty {
        /// The threshold.
        threshold: f32,
        /// The highest density of those looked at.
        highest: f32,
    },
    /// The grid or its samples are bad.
    #[error(transparent)]
    Field(FieldError),
    /// The device failed.
    #[error(transparent)]
    Device(#[from] DeviceError),
}

/// Is the field of one photo. Its own axes are the network's: x to the eye, y to the right, z up; the surface's are
/// the product's: (X, Y, Z) = (y, z, x), Y up and the front towards +Z.
pub(crate) struct Scene<D: Device> {
    pub(crate) graph: Arc<Graph<D>>,
    pub(crate) field: D::Field,
    /// Half the cube's side.
    pub(crate) radius: f32,
}

impl<D: Device> Scene<D> {
    /// Gives the surface where the density crosses a threshold, in the product's axes and the network's units.
    ///
    /// `exact` evaluates the density at all nodes. Otherwise only near the surface: the same surface, but pieces smaller
    /// than four nodes may be missing, which cleaning would take away.
    pub(crate) fn surface(&self, resolution: usize, threshold: f32, exact: bool) -> Result<Surface, SceneError> {
        let lattice = self.graph.device.lattice(&self.field, resolution)?;
        let size = [resolution; 3];
        let mut surface = if exact {
            let densities = self.graph.device.all_densities(&lattice)?;
            // z is the fastest of the network's axes, so it is the grid's first.
            dense(&densities, size, threshold).map_err(field)?
        } else {
            let coarse = Coarse { step: STEP, margin: 0.0 };
            let mut turned = Vec::new();
            let traced = coarse_to_fine(size, threshold, coarse, |nodes, densities| {
                turned.clear();
                turned.extend(nodes.iter().map(|[z, y, x]| [*x, *y, *z]));
                self.graph.device.densities(&lattice, &turned, densities)
            });
            traced.map_err(traced_fault)?.surface
        };
        let unit = 2.0 * self.radius / real(resolution - 1);
        for position in &mut surface.positions {
            let [z, y, x] = position.map(|part| part * unit - self.radius);
            *position = [y, z, x];
        }
        // The grid's axes are the network's backwards, which mirrors; turning them to the product's does not.
        for triangle in &mut surface.triangles {
            triangle.swap(1, 2);
        }
        Ok(surface)
    }

    /// Writes density, red, green and blue at points in the network's axes and units.
    pub(crate) fn sample(&self, points: &[[f32; 3]], samples: &mut [[f32; 4]]) -> Result<(), DeviceError> {
        for (points, samples) in points.chunks(AT_ONCE).zip(samples.chunks_mut(AT_ONCE)) {
            let places: Vec<[f32; 3]> = points.iter().map(|point| point.map(|part| part / self.radius)).collect();
            self.graph.device.sample(&self.field, &places, samples)?;
        }
        Ok(())
    }
}

impl<D: Device> Colours for Scene<D> {
    fn paint(&self, spots: &[Spot], colours: &mut [[f32; 3]]) -> Result<(), ColoursError> {
        let points: Vec<[f32; 3]> = spots.iter().map(|Spot { position: [x, y, z], .. }| [*z, *x, *y]).collect();
        let mut samples = vec![[0.0; 4]; points.len()];
        self.sample(&points, &mut samples).map_err(|fault| no_colours(&fault))?;
        for (colour, [_, rest @ ..]) in colours.iter_mut().zip(&samples) {
            *colour = *rest;
        }
        Ok(())
    }
}

fn no_colours(fault: &DeviceError) -> ColoursError {
    ColoursError { reason: fault.to_string(), is_device_gone: matches!(fault, DeviceError::Broken { .. }) }
}

fn field(fault: FieldError) -> SceneError {
    match fault {
        FieldError::Empty { level, highest } => SceneError::Empty { threshold: level, highest },
        fault => SceneError::Field(fault),
    }
}

fn traced_fault(fault: CoarseError<DeviceError>) -> SceneError {
    match fault {
        CoarseError::Field(fault) => field(fault),
        CoarseError::Evaluate(fault) => SceneError::Device(fault),
        // The step and the margin are ours.
        CoarseError::BadCoarse { step, margin } => SceneError::Device(DeviceError::Shape {
            operation: "coarse_to_fine",
            found: format!("step {step}, margin {margin}"),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_broken_device_is_gone() {
        let broken = DeviceError::Broken { device: "gpu", reason: "it fell off the bus".into() };
        let known = ColoursError { reason: "gpu: it fell off the bus".into(), is_device_gone: true };
        assert_eq!(no_colours(&broken), known);
        assert!(!no_colours(&DeviceError::Memory { device: "gpu", bytes: 1 }).is_device_gone);
    }
}
