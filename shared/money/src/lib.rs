//! What Stripe tells us, is it Stripe, and what does it say; and, with the feature `client`, the few things that we ask
//! of Stripe. No clock here.

#[cfg(feature = "client")]
mod client;
mod event;
mod said;
mod signature;

#[cfg(feature = "client")]
pub use client::{Buyer, Page, Stripe, StripeFault, StripeSetting};
pub use event::{ALLOWED, Event, EventError};
pub use said::{Said, Unfit};
pub use signature::{SecretRing, SecretRingError, SignatureError};
