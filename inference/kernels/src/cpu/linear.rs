//! Products with weights, by a maintained GEMM.

use gemm_common::Parallelism;

/// Writes input · weightᵀ to `output`, or adds it there. `input` is `[rows, inner]`, `weight` `[outer, inner]`, `output`
/// `[rows, outer]`; whoever calls has checked that.
#[expect(unsafe_code, reason = "the GEMM takes pointers")]
pub(crate) fn product(input: &[f32], weight: &[f32], output: &mut [f32], [rows, inner, outer]: [usize; 3], add: bool) {
    assert_eq!(input.len(), rows * inner);
    assert_eq!(weight.len(), outer * inner);
    assert_eq!(output.len(), rows * outer);
    let (Ok(stride), Ok(step)) = (isize::try_from(inner), isize::try_from(outer)) else { return };
    // Columns first, as the GEMM likes its result: outputᵀ [outer, rows] = weight [outer, inner] · inputᵀ [inner, rows].
    // SAFETY: the three slices have exactly the lengths that these sizes and strides reach, which was just asserted;
    // `output` is borrowed for writing, so nothing overlaps it. With `add` false the old numbers are not read.
    unsafe {
        gemm_f32::gemm::f32::get_gemm_fn()(
            outer,
            rows,
            inner,
            output.as_mut_ptr(),
            step,
            1,
            add,
            weight.as_ptr(),
            1,
            stride,
            input.as_ptr(),
            stride,
            1,
            1.0,
            1.0,
            false,
            false,
            false,
            Parallelism::Rayon(0),
        );
    }
}
