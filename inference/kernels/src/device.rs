//! What a device must be able to do for an engine: a graph is written once and runs on each.

use crate::tensor::Tensor;

/// A head of attention has this many numbers.
pub const HEAD: usize = 64;

/// A field's hidden layers have this many numbers.
pub const NEURONS: usize = 64;

/// Why a device did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeviceError {
    /// Two shapes do not fit together: a fault of the graph, not of the input.
    #[error("{operation}: {found}")]
    Shape {
        /// The operation.
        operation: &'static str,
        /// The shapes that were given.
        found: String,
    },
    /// There is not enough memory.
    #[error("{device} has no memory for another {bytes} bytes")]
    Memory {
        /// The device.
        device: &'static str,
        /// What was asked for.
        bytes: usize,
    },
    /// The device cannot be used, or stopped working.
    #[error("{device}: {reason}")]
    Broken {
        /// The device.
        device: &'static str,
        /// What it said.
        reason: String,
    },
}

/// A multilayer perceptron over the features of three planes: density and colour of any point.
#[derive(Debug, Clone)]
pub struct Decoder {
    /// Weight `[out, in]` and bias `[out]` of each layer: 3 × channels → 64, 64 → 64 …, 64 → 4 (density, red, green,
    /// blue), `SiLU` between them.
    pub layers: Vec<(Tensor, Tensor)>,
    /// Is added to the density's number before the exponential.
    pub density_bias: f32,
}

impl Decoder {
    /// Its layers, of which there are at least two, if they fit together and take the features of three planes.
    pub(crate) fn checked(&self, channels: usize) -> Result<&[(Tensor, Tensor)], DeviceError> {
        let shape = |found: String| DeviceError::Shape { operation: "decoder", found };
        let count = self.layers.len();
        if count < 2 {
            return Err(shape(format!("{count} layers; at least 2")));
        }
        for (at, (weight, bias)) in self.layers.iter().enumerate() {
            let inputs = if at == 0 { 3 * channels } else { NEURONS };
            let outputs = if at == count - 1 { 4 } else { NEURONS };
            if weight.shape() != [outputs, inputs] || bias.shape() != [outputs] {
                let found = format!("{:?} and {:?}, not [{outputs}, {inputs}]", weight.shape(), bias.shape());
                return Err(shape(found));
            }
        }
        Ok(&self.layers)
    }
}

/// The exponent of a density is cut here, so that no density is infinite; any surface lies far below.
pub const HIGHEST_EXPONENT: f32 = 80.0;

/// Computes on one device. Rows are `[rows, columns]`, row-major; results are new rows unless said.
pub trait Device: Send + Sync {
    /// Activations on the device, `[rows, columns]`.
    type Rows: Send + Sync;
    /// A weight on the device: a matrix `[out, in]`, or a vector.
    type Weight: Send + Sync;
    /// A field: density and colour of any point in the cube from −1 to 1.
    type Field: Send + Sync;
    /// A field, prepared for the nodes of one grid.
    type Lattice: Send + Sync;

    /// The device's name for logs and reports, such as `cpu avx512` or `cuda NVIDIA L4 bf16`.
    fn name(&self) -> String;

    /// Brings a matrix `[out, in]` or a vector to the device.
    fn weight(&self, tensor: &Tensor) -> Result<Self::Weight, DeviceError>;

    /// Brings rows to the device; `values` are whole rows.
    fn rows(&self, values: &[f32], columns: usize) -> Result<Self::Rows, DeviceError>;

    /// Waits until all that was asked for is done.
    fn wait(&self) -> Result<(), DeviceError>;

    /// Brings rows back.
    fn read(&self, rows: &Self::Rows) -> Result<Vec<f32>, DeviceError>;

    /// Copies rows on the device.
    fn copy(&self, rows: &Self::Rows) -> Result<Self::Rows, DeviceError>;

    /// input · weightᵀ + bias.
    fn linear(
        &self,
        input: &Self::Rows,
        weight: &Self::Weight,
        bias: Option<&Self::Weight>,
    ) -> Result<Self::Rows, DeviceError>;

    /// Adds input · weightᵀ + bias to `sum`.
    fn linear_onto(
        &self,
        input: &Self::Rows,
        weight: &Self::Weight,
        bias: Option<&Self::Weight>,
        sum: &mut Self::Rows,
    ) -> Result<(), DeviceError>;

    /// Each row without its mean, divided by √(variance + epsilon), times `gain`, plus `bias`.
    fn layer_norm(
        &self,
        rows: &Self::Rows,
        gain: &Self::Weight,
        bias: &Self::Weight,
        epsilon: f32,
    ) -> Result<Self::Rows, DeviceError>;

    /// softmax(query · keyᵀ / √64) · value in each head of 64 columns.
    fn attention(&self, query: &Self::Rows, key: &Self::Rows, value: &Self::Rows) -> Result<Self::Rows, DeviceError>;

    /// x · Φ(x) of every number, with the exact error function.
    fn gelu(&self, rows: &mut Self::Rows) -> Result<(), DeviceError>;

    /// Adds a bias to each row; then the first half of its columns times the GELU of the second half: `[rows, columns / 2]`.
    /// The rows are the largest there are, so the bias is not added by the product that makes them: that would take
    /// another pass through memory.
    fn geglu(&self, rows: &Self::Rows, bias: &Self::Weight) -> Result<Self::Rows, DeviceError>;

    /// Makes a field of three planes (x, y), (x, z), (y, z). `planes` is `[3 · side · side, channels]`: plane, then the
    /// second coordinate, then the first; sampled bilinearly with zeros beyond the border, texels being areas.
    fn field(&self, planes: &Self::Rows, decoder: &Decoder) -> Result<Self::Field, DeviceError>;

    /// Prepares the grid whose `resolution` nodes on each axis run from −1 to 1, both included.
    fn lattice(&self, field: &Self::Field, resolution: usize) -> Result<Self::Lattice, DeviceError>;

    /// Writes the density at each node (x, y, z): exp(min(d + bias, [`HIGHEST_EXPONENT`])).
    fn densities(
        &self,
        lattice: &Self::Lattice,
        nodes: &[[usize; 3]],
        densities: &mut [f32],
    ) -> Result<(), DeviceError>;

    /// Gives the density at all nodes, z fastest, then y, then x.
    fn all_densities(&self, lattice: &Self::Lattice) -> Result<Vec<f32>, DeviceError>;

    /// Writes density, red, green and blue (0 to 1) at each point, whose coordinates are in planes' units (−1 to 1).
    fn sample(&self, field: &Self::Field, points: &[[f32; 3]], samples: &mut [[f32; 4]]) -> Result<(), DeviceError>;
}
