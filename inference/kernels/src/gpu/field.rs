//! A field on a GPU: the same three tables as on the CPU, one thread a point.

use std::sync::Arc;

use super::machine::{Argument, Kind, Machine, Memory};
use super::product::Product;
use super::{GpuRows, blocks, counted};
use crate::device::{Decoder, DeviceError, NEURONS};

/// Threads of a block where each has a point: `POINTS` in `kernels.cu`.
const POINTS: u32 = 128;

/// Threads of a block where each has a number.
const NUMBERS: u32 = 256;

/// Is a field on a GPU.
pub struct GpuField<M: Machine> {
    perceptron: Arc<Perceptron<M>>,
    /// The texels of each plane times the first layer, `[3, side · side, 64]`.
    planes: Memory<M>,
    side: u32,
}

/// Is a field at the nodes of one grid on a GPU.
pub struct GpuLattice<M: Machine> {
    perceptron: Arc<Perceptron<M>>,
    /// The sampled planes, `[3, resolution · resolution, 64]`; the first plane's rows have the first layer's bias.
    planes: Memory<M>,
    resolution: usize,
}

/// Is what follows the first layer's product.
struct Perceptron<M: Machine> {
    /// The first layer's bias.
    first: Memory<M>,
    /// `[in, out]` and bias of each hidden layer, then `[4, in]` and bias of the last.
    layers: Memory<M>,
    hidden: u32,
    density_bias: f32,
}

#[expect(unsafe_code, reason = "kernels take places; each block says why it is sound")]
impl<M: Machine> GpuField<M> {
    /// Multiplies the texels of three planes `[3 · side · side, channels]` with the first layer.
    pub(super) fn new(machine: &Arc<M>, planes: &GpuRows<M>, decoder: &Decoder) -> Result<Self, DeviceError> {
        let (channels, texels) = (planes.columns, planes.count / 3);
        let side = texels.isqrt();
        if side == 0 || side * side * 3 != planes.count || planes.memory.kind != Kind::Single {
            let found = format!("{} rows are not three square planes of {channels} channels", planes.count);
            return Err(DeviceError::Shape { operation: "field", found });
        }
        let perceptron = Arc::new(Perceptron::bring(machine, decoder, channels)?);
        let tables = Memory::take(machine, 3 * texels * NEURONS, Kind::Single)?;
        let product = Product::linear([texels, channels, NEURONS], [Kind::Single; 2]);
        for plane in 0..3 {
            let weights = decoder.layers[0].0.values().chunks_exact(3 * channels);
            let slice: Vec<f32> =
                weights.flat_map(|row| &row[plane * channels..(plane + 1) * channels]).copied().collect();
            let slice = Memory::of(machine, &slice)?;
            let from = planes.memory.part(plane * texels * channels);
            product.run(&**machine, 1.0, [slice.part(0), from, tables.part(plane * texels * NEURONS)], None)?;
        }
        Ok(Self { perceptron, planes: tables, side: counted(side)? })
    }

    /// Samples the planes at the nodes of a grid from −1 to 1.
    pub(super) fn lattice(&self, machine: &Arc<M>, resolution: usize) -> Result<GpuLattice<M>, DeviceError> {
        if resolution < 2 {
            let found = format!("a grid of {resolution} nodes a side; at least 2");
            return Err(DeviceError::Shape { operation: "lattice", found });
        }
        let numbers = resolution * resolution * NEURONS;
        let texels = self.planes.count / 3;
        let planes = Memory::take(machine, 3 * numbers, Kind::Single)?;
        for plane in 0..3 {
            let arguments = [
                Argument::Place(self.planes.part(plane * texels).place),
                Argument::Count(self.side),
                Argument::Place(if plane == 0 { self.perceptron.first.place() } else { 0 }),
                Argument::Place(planes.part(plane * numbers).place),
                Argument::Count(counted(resolution)?),
            ];
            // SAFETY: `lattice` reads a plane [side, side, 64] and 64 biases, and writes `numbers` numbers.
            unsafe { machine.launch("lattice", blocks(numbers, NUMBERS)?, NUMBERS, &arguments)? };
        }
        Ok(GpuLattice { perceptron: self.perceptron.clone(), planes, resolution })
    }

    /// Writes density, red, green and blue at each point.
    pub(super) fn sample(
        &self,
        machine: &Arc<M>,
        points: &[[f32; 3]],
        samples: &mut [[f32; 4]],
    ) -> Result<(), DeviceError> {
        if points.len() != samples.len() {
            let found = format!("{} points, room for {}", points.len(), samples.len());
            return Err(DeviceError::Shape { operation: "sample", found });
        }
        if points.is_empty() {
            return Ok(());
        }
        let places = Memory::of(machine, points.as_flattened())?;
        let found = Memory::take(machine, 4 * points.len(), Kind::Single)?;
        let perceptron = &self.perceptron;
        let arguments = [
            Argument::Place(self.planes.place()),
            Argument::Count(self.side),
            Argument::Place(perceptron.first.place()),
            Argument::Place(places.place()),
            Argument::Place(perceptron.layers.place()),
            Argument::Count(perceptron.hidden),
            Argument::Real(perceptron.density_bias),
            Argument::Place(found.place()),
            Argument::Count(counted(points.len())?),
        ];
        // SAFETY: `samples` reads three planes [side, side, 64], the biases, the layers and three numbers a point, and
        // writes four a point.
        unsafe { machine.launch("samples", blocks(points.len(), POINTS)?, POINTS, &arguments)? };
        found.fetch(samples.as_flattened_mut())
    }
}

#[expect(unsafe_code, reason = "kernels take places; the block says why it is sound")]
impl<M: Machine> GpuLattice<M> {
    /// Writes the density at each node.
    pub(super) fn densities(
        &self,
        machine: &Arc<M>,
        nodes: &[[usize; 3]],
        densities: &mut [f32],
    ) -> Result<(), DeviceError> {
        if nodes.len() != densities.len() || nodes.iter().flatten().any(|part| *part >= self.resolution) {
            let found = format!("{} nodes of {} a side, room for {}", nodes.len(), self.resolution, densities.len());
            return Err(DeviceError::Shape { operation: "densities", found });
        }
        let parts = nodes.iter().flatten().map(|part| counted(*part)).collect::<Result<Vec<_>, _>>()?;
        let nodes = Memory::of_counts(machine, &parts)?;
        self.evaluate(machine, nodes.place(), densities)
    }

    /// Gives the density at all nodes, z fastest.
    pub(super) fn all_densities(&self, machine: &Arc<M>) -> Result<Vec<f32>, DeviceError> {
        let mut densities = crate::room(self.resolution.pow(3), 0.0)?;
        self.evaluate(machine, 0, &mut densities)?;
        Ok(densities)
    }

    fn evaluate(&self, machine: &Arc<M>, nodes: u64, densities: &mut [f32]) -> Result<(), DeviceError> {
        if densities.is_empty() {
            return Ok(());
        }
        let found = Memory::take(machine, densities.len(), Kind::Single)?;
        let perceptron = &self.perceptron;
        let arguments = [
            Argument::Place(self.planes.place()),
            Argument::Count(counted(self.resolution)?),
            Argument::Place(nodes),
            Argument::Place(perceptron.layers.place()),
            Argument::Count(perceptron.hidden),
            Argument::Real(perceptron.density_bias),
            Argument::Place(found.place()),
            Argument::Count(counted(densities.len())?),
        ];
        // SAFETY: `densities` reads three planes [resolution, resolution, 64], the layers, and three counts below
        // `resolution` a node if there are any, and writes one number a node.
        unsafe { machine.launch("densities", blocks(densities.len(), POINTS)?, POINTS, &arguments)? };
        found.fetch(densities)
    }
}

impl<M: Machine> Perceptron<M> {
    fn bring(machine: &Arc<M>, decoder: &Decoder, channels: usize) -> Result<Self, DeviceError> {
        let [first, hidden @ .., last] = decoder.checked(channels)? else {
            return Err(DeviceError::Shape { operation: "decoder", found: "no layer".into() });
        };
        let mut layers = Vec::new();
        for (weight, bias) in hidden {
            let weight = weight.values();
            layers.extend((0..NEURONS * NEURONS).map(|at| weight[at % NEURONS * NEURONS + at / NEURONS]));
            layers.extend_from_slice(bias.values());
        }
        layers.extend_from_slice(last.0.values());
        layers.extend_from_slice(last.1.values());
        Ok(Self {
            first: Memory::of(machine, first.1.values())?,
            layers: Memory::of(machine, &layers)?,
            hidden: counted(hidden.len())?,
            density_bias: decoder.density_bias,
        })
    }
}
