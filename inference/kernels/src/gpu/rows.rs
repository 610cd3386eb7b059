//! What lies on a GPU for a graph: activations and weights.

use super::machine::{Kind, Machine, Memory};
use super::shape;
use crate::device::DeviceError;

/// Are activations on a GPU, `[count, columns]`.
pub struct GpuRows<M: Machine> {
    pub(super) memory: Memory<M>,
    pub(super) count: usize,
    pub(super) columns: usize,
}

/// Is a weight on a GPU: a matrix as it is multiplied; a vector in f32, and as it is added to products.
pub struct GpuWeight<M: Machine> {
    pub(super) single: Option<Memory<M>>,
    pub(super) half: Option<Memory<M>>,
    pub(super) shape: Vec<usize>,
}

/// Memory that is used: somebody's, or made for the purpose.
pub(super) enum Held<'a, M: Machine> {
    Theirs(&'a Memory<M>),
    Ours(Memory<M>),
}

impl<M: Machine> std::ops::Deref for Held<'_, M> {
    type Target = Memory<M>;

    fn deref(&self) -> &Memory<M> {
        match self {
            Self::Theirs(memory) => memory,
            Self::Ours(memory) => memory,
        }
    }
}

impl<M: Machine> GpuWeight<M> {
    pub(super) fn as_kind(&self, kind: Kind) -> Result<&Memory<M>, DeviceError> {
        let kept = match kind {
            Kind::Single => &self.single,
            Kind::Half => &self.half,
        };
        kept.as_ref().ok_or_else(|| shape("weight", format!("{:?} is not kept as {kind:?}", self.shape)))
    }

    pub(super) fn as_single(&self) -> Result<&Memory<M>, DeviceError> {
        self.as_kind(Kind::Single)
    }
}

/// The weight's outer size, if everything fits.
pub(super) fn fitting<M: Machine>(
    input: &GpuRows<M>,
    weight: &GpuWeight<M>,
    bias: Option<&GpuWeight<M>>,
) -> Result<usize, DeviceError> {
    let unfit = || shape("linear", format!("rows of {} times {:?}", input.columns, weight.shape));
    let &[outer, inner] = &weight.shape[..] else { return Err(unfit()) };
    if inner != input.columns || outer == 0 || bias.is_some_and(|bias| bias.shape != [outer]) {
        return Err(unfit());
    }
    Ok(outer)
}
