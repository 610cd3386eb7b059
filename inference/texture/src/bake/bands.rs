//! Work on a picture in bands of rows, on every core; each band is one thread's alone, so the result is one.

use std::sync::Mutex;

use inference_mesh::number::{floor, index, real};

/// The rows of a band.
const ROWS: usize = 16;

/// The most threads.
const THREADS: usize = 16;

/// Calls `work` for each band with its first row, its values, and the numbers of the things in it, in order.
///
/// `extents` are the first and the last row of each thing; one that is not a number is in the first band.
pub(super) fn in_bands<T: Send>(
    values: &mut [T],
    row_values: usize,
    extents: &[(f32, f32)],
    work: impl Fn(usize, &mut [T], &[u32]) + Sync,
) {
    let bands = values.len().div_ceil((row_values * ROWS).max(1));
    let things = sorted(extents, bands);
    let open = Mutex::new(values.chunks_mut((row_values * ROWS).max(1)).zip(&things).enumerate());
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(THREADS);
    let worker = || {
        loop {
            // A worker that panics ends the whole call when its scope is joined; the others may go on till then.
            let next = open.lock().unwrap_or_else(std::sync::PoisonError::into_inner).next();
            let Some((number, (band, things))) = next else { return };
            work(number * ROWS, band, things);
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(worker);
        }
        worker();
    });
}

/// Gives for each band the things that touch it.
fn sorted(extents: &[(f32, f32)], bands: usize) -> Vec<Vec<u32>> {
    let mut things = vec![Vec::new(); bands];
    let limit = real(bands * ROWS);
    for (number, (first, last)) in extents.iter().enumerate() {
        if *last < 0.0 || *first > limit {
            continue;
        }
        let (first, last) = (floor(*first) / ROWS, floor(last.min(limit)) / ROWS);
        for band in things.iter_mut().take(last.saturating_add(1)).skip(first) {
            band.push(index(number));
        }
    }
    things
}
