//! How far the old surface's vertices are from the new surface.

use super::drawn::Drawn;
use super::quadric::{Place, dot, less, single};
use crate::Surface;
use crate::number::index;

/// The most triangles looked at for one vertex.
const MOST_TRIANGLES: usize = 64;

/// Gives the greatest distance of an old vertex from the new triangles around the vertex it went to, as a share of the
/// longest side.
pub(super) fn farthest(old: &Surface, drawn: &mut Drawn) -> f32 {
    drawn.tidy();
    let went: Vec<u32> = (0..index(old.positions.len())).map(|vertex| drawn.where_to(vertex)).collect();
    let drawn = &*drawn;
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).clamp(1, 8);
    let part = went.len().div_ceil(threads).max(1 << 12);
    let farthest = std::thread::scope(|scope| {
        let parts = old.positions.chunks(part).zip(went.chunks(part));
        let running: Vec<_> = parts
            .map(|(places, went)| {
                scope.spawn(move || {
                    let mut farthest = 0.0_f64;
                    for (place, vertex) in places.iter().zip(went) {
                        let place = drawn.within(*place);
                        let around = drawn.corners_around(*vertex, MOST_TRIANGLES);
                        let near = around.map(|corners| squared_distance(place, corners)).fold(f64::INFINITY, f64::min);
                        if near.is_finite() {
                            farthest = farthest.max(near);
                        }
                    }
                    farthest
                })
            })
            .collect();
        running.into_iter().map(|thread| thread.join().unwrap_or(f64::INFINITY)).fold(0.0, f64::max)
    });
    single(farthest.sqrt())
}

/// Gives the squared distance of a place from a triangle.
fn squared_distance(place: Place, corners: [Place; 3]) -> f64 {
    let [first, second, third] = corners;
    let (near, far, to) = (less(second, first), less(third, first), less(place, first));
    let (near_squared, both, far_squared) = (dot(near, near), dot(near, far), dot(far, far));
    let (to_near, to_far) = (dot(to, near), dot(to, far));
    let determinant = near_squared * far_squared - both * both;
    let s = (to_near * far_squared - to_far * both) / determinant;
    let t = (to_far * near_squared - to_near * both) / determinant;
    if s >= 0.0 && t >= 0.0 && s + t <= 1.0 {
        let off: Place = std::array::from_fn(|i| to[i] - s * near[i] - t * far[i]);
        return dot(off, off);
    }
    // Over no inner place of the triangle: the nearest place lies on a side.
    from_side(place, first, second).min(from_side(place, second, third)).min(from_side(place, third, first))
}

fn from_side(place: Place, start: Place, end: Place) -> f64 {
    let (along, to) = (less(end, start), less(place, start));
    let length = dot(along, along);
    let share = if length > 0.0 { (dot(to, along) / length).clamp(0.0, 1.0) } else { 0.0 };
    let off: Place = std::array::from_fn(|i| to[i] - share * along[i]);
    dot(off, off)
}

#[cfg(test)]
mod tests {
    use super::squared_distance;

    #[test]
    fn places_over_beside_and_past_a_triangle_are_measured() {
        let triangle = [[0.0; 3], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]];
        for (place, expected) in [
            ([0.25, 0.25, 2.0], 4.0),
            ([0.5, -3.0, 0.0], 9.0),
            ([2.0, 0.0, 0.0], 1.0),
            ([1.0, 1.0, 0.0], 0.5),
            ([-3.0, -4.0, 0.0], 25.0),
        ] {
            assert!((squared_distance(place, triangle) - expected).abs() < 1e-12, "{place:?}");
        }
        let flat = [[0.0; 3], [1.0, 0.0, 0.0], [2.0, 0.0, 0.0]];
        assert!((squared_distance([1.0, 2.0, 0.0], flat) - 4.0).abs() < 1e-12);
    }
}
