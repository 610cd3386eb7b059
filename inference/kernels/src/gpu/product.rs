//! What cuBLASLt is asked for: it reads matrices by columns, we keep them by rows. Nothing here touches a GPU.

use super::machine::{Kind, Machine, Part};
use crate::device::{DeviceError, HEAD};

/// Is a product, or many alike: result `[rows, outer]` = input `[rows, inner]` · weight, of numbers by rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Product {
    /// Rows of input and result.
    pub rows: usize,
    /// Numbers that are summed.
    pub inner: usize,
    /// Columns of the result.
    pub outer: usize,
    /// The weight is `[outer, inner]`, as a linear layer has it; otherwise `[inner, outer]`.
    pub turned: bool,
    /// From one row to the next of weight, input, result.
    pub steps: [usize; 3],
    /// How many products.
    pub count: usize,
    /// From one product to the next of weight, input, result.
    pub leaps: [usize; 3],
    /// How weight and input, and the result, are kept.
    pub kinds: [Kind; 2],
    /// The result is added to what is there.
    pub add: bool,
    /// f32 may be rounded to TF32's ten bits before it is multiplied.
    pub rounded: bool,
}

/// Is a matrix as cuBLASLt sees it: by columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Layout {
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    /// From one column to the next.
    pub(crate) step: usize,
    /// From one matrix to the next.
    pub(crate) leap: usize,
    /// It is transposed before it is multiplied.
    pub(crate) turned: bool,
    pub(crate) kind: Kind,
}

impl Product {
    /// A linear layer over rows.
    pub(crate) fn linear([rows, inner, outer]: [usize; 3], kinds: [Kind; 2]) -> Self {
        Self {
            rows,
            inner,
            outer,
            turned: true,
            steps: [inner, inner, outer],
            count: 1,
            leaps: [0; 3],
            kinds,
            add: false,
            rounded: false,
        }
    }

    /// The scores of queries against keys in some heads side by side, `[heads, queries, step]`; input: queries, weight:
    /// keys, both `[…, columns]`.
    pub(crate) fn scores([queries, keys, columns]: [usize; 3], step: usize, heads: usize, kind: Kind) -> Self {
        Self {
            steps: [columns, columns, step],
            count: heads,
            leaps: [HEAD, HEAD, queries * step],
            ..Self::linear([queries, HEAD, keys], [kind, Kind::Single])
        }
    }

    /// The values of some heads mixed by their shares; input: shares `[heads, queries, step]`, weight: values.
    pub(crate) fn mixed([queries, keys, columns]: [usize; 3], step: usize, heads: usize, kind: Kind) -> Self {
        Self {
            turned: false,
            steps: [columns, step, columns],
            count: heads,
            leaps: [HEAD, queries * step, HEAD],
            ..Self::linear([queries, keys, HEAD], [kind, kind])
        }
    }

    /// Weight, input and result by columns: resultᵀ `[outer, rows]` = weight · inputᵀ.
    pub(crate) fn layouts(&self) -> [Layout; 3] {
        let [weight, input, result] = self.steps;
        let [weight_leap, input_leap, result_leap] = self.leaps;
        let layout = |rows, columns, step, leap, turned, kind| Layout { rows, columns, step, leap, turned, kind };
        let [kind, result_kind] = self.kinds;
        // Rows of `step` numbers are columns of `step` numbers: what is [a, b] by rows is [b, a] by columns.
        let (weight_rows, weight_columns) =
            if self.turned { (self.inner, self.outer) } else { (self.outer, self.inner) };
        [
            layout(weight_rows, weight_columns, weight, weight_leap, self.turned, kind),
            layout(self.inner, self.rows, input, input_leap, false, kind),
            layout(self.outer, self.rows, result, result_leap, false, result_kind),
        ]
    }

    /// How many numbers of weight, input and result it reaches.
    fn reach(&self) -> [usize; 3] {
        self.layouts().map(|layout| {
            (self.count.saturating_sub(1)) * layout.leap + layout.columns.saturating_sub(1) * layout.step + layout.rows
        })
    }

    /// Multiplies, if the parts are large enough. `parts` are weight, input and result; nothing else may use the result.
    #[expect(unsafe_code, reason = "how far a product reaches is checked here")]
    pub(crate) fn run<M: Machine>(
        &self,
        machine: &M,
        scale: f32,
        parts: [Part; 3],
        bias: Option<Part>,
    ) -> Result<(), DeviceError> {
        let reach = self.reach();
        let kinds = [self.kinds[0], self.kinds[0], self.kinds[1]];
        let fits = (0..3).all(|at| parts[at].count >= reach[at] && parts[at].kind == kinds[at]);
        let bias_fits =
            bias.is_none_or(|bias| self.count == 1 && bias.count >= self.outer && bias.kind == self.kinds[1]);
        if !fits || !bias_fits || self.rows * self.inner * self.outer * self.count == 0 {
            let found = format!("{self:?} of {:?}, bias {bias:?}", parts.map(|part| part.count));
            return Err(DeviceError::Shape { operation: "product", found });
        }
        // SAFETY: the parts are alive while their memory is borrowed by our caller, and hold all that is reached.
        unsafe { machine.multiply(self, scale, parts.map(|part| part.place), bias.map(|bias| bias.place)) }
    }
}
