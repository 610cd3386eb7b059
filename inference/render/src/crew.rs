//! Work on every core, with a result that does not depend on how many there are.

use std::sync::Mutex;
use std::thread;

/// More threads than this are not started: a picture has no work for them.
const MOST_THREADS: usize = 16;

/// Says how many threads the machine has for us.
pub(crate) fn threads() -> usize {
    thread::available_parallelism().map_or(1, |count| count.get().min(MOST_THREADS))
}

/// Does every part of the work once, on that many threads; each part holds what only it may change.
pub(crate) fn share_out<T: Send>(threads: usize, parts: impl Iterator<Item = T> + Send, work: impl Fn(T) + Sync) {
    if threads <= 1 {
        parts.for_each(work);
        return;
    }
    let parts = Mutex::new(parts);
    let next = || parts.lock().ok().and_then(|mut parts| parts.next());
    let toil = || {
        while let Some(part) = next() {
            work(part);
        }
    };
    thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(toil);
        }
        toil();
    });
}
