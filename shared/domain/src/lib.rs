//! The rules of the service: no IO, no clock, no chance, no AWS, no HTTP. Time and dice come in as values.

pub mod activity;
pub mod api_key;
pub mod credits;
pub mod erasure;
pub mod export;
pub mod fleet;
pub mod generation;
pub mod ids;
pub mod label;
pub mod limits;
pub mod mail;
pub mod options;
pub mod patron;
pub mod payment;
pub mod person;
pub mod photo;
pub mod place;
pub mod plan;
pub mod retention;
pub mod session;
pub mod upload;
pub mod webhook;

pub use jiff::Timestamp;

/// The instant `seconds` after `now`; saturates at the end of time, which no limit of ours comes near.
#[must_use]
pub fn after(now: Timestamp, seconds: i64) -> Timestamp {
    now.saturating_add(jiff::SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX)
}
