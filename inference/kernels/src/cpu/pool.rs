//! Memory that is used again: asking the operating system for a hundred megabytes, page by page and by one thread,
//! takes as long as a tenth of a block of the network.

use std::sync::{Arc, Mutex, PoisonError};

use crate::device::DeviceError;

/// The most pieces that lie unused.
const MOST: usize = 16;

/// Is memory that is not in use.
#[derive(Debug, Clone, Default)]
pub(super) struct Pool(Arc<Mutex<Vec<Vec<f32>>>>);

/// Is a piece of memory; it goes back to its pool.
#[derive(Debug)]
pub(super) struct Piece {
    numbers: Vec<f32>,
    /// How many of them are used.
    count: usize,
    pool: Pool,
}

impl Pool {
    /// Takes a piece for so many numbers. They are any numbers: whoever takes a piece writes all of it.
    pub(super) fn take(&self, count: usize) -> Result<Piece, DeviceError> {
        let mut free = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fitting = free.iter().enumerate().filter(|(_, piece)| piece.len() >= count);
        let best = fitting.min_by_key(|(_, piece)| piece.len()).map(|(at, piece)| (at, piece.len()));
        let numbers = match best {
            // A much larger one is left for what needs it.
            Some((at, length)) if length / 4 <= count => free.swap_remove(at),
            _ => crate::room(count, 0.0)?,
        };
        Ok(Piece { numbers, count, pool: self.clone() })
    }
}

impl std::ops::Deref for Piece {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        &self.numbers[..self.count]
    }
}

impl std::ops::DerefMut for Piece {
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut self.numbers[..self.count]
    }
}

impl Drop for Piece {
    fn drop(&mut self) {
        let mut free = self.pool.0.lock().unwrap_or_else(PoisonError::into_inner);
        if free.len() < MOST {
            free.push(std::mem::take(&mut self.numbers));
        }
    }
}
