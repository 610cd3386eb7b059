//! The little arithmetic on places and directions that this room needs.

/// Gives the scalar product.
pub(crate) fn dot(a: [f32; 3], b: [f32; 3]) -> f32 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// Gives the sum.
pub(crate) fn add(a: [f32; 3], b: [f32; 3]) -> [f32; 3] {
    [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}

/// Gives the step from `b` to `a`.
pub(crate) fn less(a: [f32; 3], b: [f32; 3]) -> [f32; 3] {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

/// Gives a multiple.
pub(crate) fn times(a: [f32; 3], factor: f32) -> [f32; 3] {
    a.map(|part| part * factor)
}

/// Gives the vector product.
pub(crate) fn cross(a: [f32; 3], b: [f32; 3]) -> [f32; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

/// Gives the length.
pub(crate) fn length(a: [f32; 3]) -> f32 {
    dot(a, a).sqrt()
}

/// Gives the direction at length 1; nothing if it has none.
pub(crate) fn unit(a: [f32; 3]) -> Option<[f32; 3]> {
    let length = length(a);
    (length > 0.0 && length.is_finite()).then(|| times(a, 1.0 / length))
}

/// Gives the sum of three vectors by their shares.
pub(crate) fn mix(corners: [[f32; 3]; 3], shares: [f32; 3]) -> [f32; 3] {
    let [a, b, c] = corners;
    [0, 1, 2].map(|axis| a[axis] * shares[0] + b[axis] * shares[1] + c[axis] * shares[2])
}

/// Gives twice the signed area of a triangle in the plane.
pub(crate) fn turn(a: [f32; 2], b: [f32; 2], c: [f32; 2]) -> f32 {
    (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
}
