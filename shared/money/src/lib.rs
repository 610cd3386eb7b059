//! What Stripe tells us: is it Stripe, and what does it say. No network here, and no clock.

mod event;
mod said;
mod signature;

pub use event::{ALLOWED, Event, EventError};
pub use said::{Said, Subscription, Unfit};
pub use signature::{SecretRing, SecretRingError, SignatureError};
