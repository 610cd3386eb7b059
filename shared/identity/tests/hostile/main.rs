//! Hostile sign-ins: our side of OpenID Connect against a real provider on this machine that does whatever a case asks.
//!
//! `local` is the provider, `keys` signs, `stage` sets the scene; the cases are in `forged` (headers, signatures, keys),
//! `claims` (what a rightly signed token says), `answers` (what the endpoints do) and `rotation` (keys over time).
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is not as it should be")]

mod answers;
mod claims;
mod forged;
mod keys;
mod local;
mod rotation;
mod stage;
