//! From the bytes of one photo to a framed cut-out: decode within limits, foreground, framing.
//!
//! The order is fixed: [`decode`] → [`Foreground::cut`] → [`frame`]. Nothing here knows of engines, HTTP or AWS.

mod bleed;
mod error;
mod foreground;
mod frame;
mod header;
mod matte;
mod network;
mod number;
mod photo;

pub use error::{CutError, PhotoError, WeightsError};
pub use foreground::{Cut, Foreground, WEIGHTS_FILE, WEIGHTS_SHA256, sha256_hex};
pub use frame::{Framed, MAX_FRAME_SIDE, frame};
pub use header::Format;
pub use photo::{Limits, Photo, decode};
