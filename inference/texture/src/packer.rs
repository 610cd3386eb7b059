//! The one call into the vendored xatlas: places finished charts beside each other.

use std::os::raw::c_uint;

use inference_mesh::number::at;

#[expect(unsafe_code, reason = "the declaration of what the shim beside xatlas promises")]
// SAFETY: the signature is that of `texture_pack_charts` in vendor/xatlas/shim.cpp.
unsafe extern "C" {
    fn texture_pack_charts(
        points: *const f32,
        point_count: c_uint,
        corners: *const u32,
        corner_count: c_uint,
        chart_of_triangle: *const u32,
        padding: c_uint,
        placed: *mut f32,
        extent: *mut u32,
    ) -> bool;
}

/// Is where the packer put each point, in texels, and how much room it took.
pub(crate) struct Packed {
    /// As many as were given; below 0 for a point of flat triangles only.
    pub(crate) points: Vec<[f32; 2]>,
    /// Width and height in texels, the padding at the borders included.
    pub(crate) extent: [u32; 2],
}

/// Packs charts laid out in texels with `padding` texels around each; nothing for what cannot be packed.
///
/// Deterministic: xatlas is built without threads and starts its own fixed chance anew at each call.
pub(crate) fn pack(points: &[[f32; 2]], corners: &[[u32; 3]], charts: &[u32], padding: u32) -> Option<Packed> {
    let point_count = u32::try_from(points.len()).ok()?;
    let corner_count = u32::try_from(corners.len().checked_mul(3)?).ok()?;
    let sound = corners.len() == charts.len()
        && corners.iter().flatten().all(|corner| at(*corner) < points.len())
        && points.iter().flatten().all(|part| part.is_finite());
    if !sound || corners.is_empty() {
        return None;
    }
    let mut placed = vec![[0.0_f32; 2]; points.len()];
    let mut extent = [0_u32; 2];
    #[expect(unsafe_code, reason = "xatlas is C++; this is its only door")]
    // SAFETY: `points` and `placed` hold `point_count` pairs, `corners` holds `corner_count` indices that were all
    // checked to be below `point_count`, `charts` one number for each three of them, `extent` two. Every array lives
    // across the call, the outputs are not shared, and the shim keeps no pointer after it returns.
    let packed = unsafe {
        texture_pack_charts(
            points.as_ptr().cast(),
            point_count,
            corners.as_ptr().cast(),
            corner_count,
            charts.as_ptr(),
            padding,
            placed.as_mut_ptr().cast(),
            extent.as_mut_ptr(),
        )
    };
    packed.then_some(Packed { points: placed, extent })
}
