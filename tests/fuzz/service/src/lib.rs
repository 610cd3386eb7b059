//! Fuzz targets of the service: everything of a stranger, of Stripe, of the provider or of a queue that it reads.

mod address;
mod body;
mod form;
mod message;
mod name;
mod payment;
mod photo;
mod request;
mod token;

pub use address::{ADDRESS, RETURN_PATH};
pub use body::BODY;
pub use form::{FORM, POST_POLICY};
pub use message::{EVENT_STREAM, MESSAGE, RESULTS};
pub use name::NAME;
pub use payment::{STRIPE_EVENT, STRIPE_SIGNATURE};
pub use photo::HEAD;
pub use request::REQUEST;
pub use token::{COOKIE, ID_TOKEN, KEY_SET};

use domain::Timestamp;
use fuzz_bounds::Target;

/// Every target.
pub const TARGETS: &[&Target] = &[
    &ADDRESS,
    &BODY,
    &COOKIE,
    &EVENT_STREAM,
    &FORM,
    &HEAD,
    &ID_TOKEN,
    &KEY_SET,
    &MESSAGE,
    &NAME,
    &POST_POLICY,
    &REQUEST,
    &RESULTS,
    &RETURN_PATH,
    &STRIPE_EVENT,
    &STRIPE_SIGNATURE,
];

/// The time of every run, in seconds.
const NOW: i64 = 1_790_000_000;

fn now() -> Timestamp {
    Timestamp::from_second(NOW).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// An id of a kind; the text is one for certain.
fn id<T: TryFrom<String>>(prefix: &str) -> Option<T> {
    T::try_from(format!("{prefix}01ARZ3NDEKTSV4RRFFQ69G5FAV")).ok()
}
