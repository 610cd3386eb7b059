//! The Lambda side of a function: who is calling, JSON in, problem out, one log line, one metrics line. Clock and dice stop here.

mod address;
mod answer;
mod ask;
mod batch;
mod caller;
mod errands;
mod key;
mod metrics;
mod origin;
mod rate;
mod routed;
mod settings;
mod show;

pub use address::readable;
pub use answer::{Answer, answer, route_key};
pub use ask::{
    header, id, idempotency_key, json, objects, page, parse, path, query, same_site, source_address, trace, trace_root,
};
pub use batch::{Batch, Failures, Record};
pub use caller::{By, Caller, Door, DoorError, DoorSettings, SESSION_COOKIE, cookie};
pub use errands::{end, send_for};
pub use metrics::{EVENTS_LEFT_OPEN, Meter, Metric, WEBHOOK_REJECTED};
pub use origin::serve;
pub use rate::Counted;
pub use routed::routed;
pub use settings::{Settings, SettingsError};
pub use show::tag;

use api::Problem;
use cloud::CloudError;
use domain::Timestamp;
use domain::api_key::KeyDice;
use domain::ids::Dice;

/// One JSON line per event; level and format come from the function's own logging configuration.
pub fn start_log() {
    lambda_http::tracing::init_default_subscriber();
}

/// The clock, to the millisecond that rows keep.
#[expect(clippy::disallowed_methods, reason = "the one place where the clock is read")]
pub fn now() -> Timestamp {
    Timestamp::from_millisecond(Timestamp::now().as_millisecond()).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// The dice, from the operating system.
pub fn dice() -> Result<Dice, Problem> {
    random()
}

/// The dice of an API key.
pub fn key_dice() -> Result<KeyDice, Problem> {
    random()
}

/// So many random bytes, from the operating system.
pub fn random<const N: usize>() -> Result<[u8; N], Problem> {
    let mut dice = [0; N];
    getrandom::fill(&mut dice).map_err(|error| Problem::ours(error.to_string()))?;
    Ok(dice)
}

/// What a fault of the cloud is to the caller.
#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err takes")]
pub fn cloud(error: CloudError) -> Problem {
    match error {
        CloudError::Raced | CloudError::Busy { .. } => Problem::busy(error.to_string()),
        CloudError::Gone { .. } | CloudError::Refused { .. } => Problem::ours(error.to_string()),
    }
}
