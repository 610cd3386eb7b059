//! An event as it comes: only what is needed of it, so that nothing Stripe adds can break us.

use serde::Deserialize;
use serde_json::Value;

/// The events that are asked for and looked at; what else comes is acknowledged and forgotten.
pub const ALLOWED: &[&str] = &[
    "charge.dispute.closed",
    "charge.dispute.created",
    "charge.dispute.funds_withdrawn",
    "charge.refunded",
    "checkout.session.async_payment_failed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.completed",
    "checkout.session.expired",
    "customer.subscription.created",
    "customer.subscription.deleted",
    "customer.subscription.updated",
    "invoice.paid",
    "invoice.payment_failed",
    "invoice_payment.paid",
    "refund.failed",
];

/// An event's envelope, and its object as it came.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Stripe's id.
    pub id: String,
    /// Its type, such as `invoice.paid`.
    pub kind: String,
    /// Real money.
    pub live: bool,
    /// When Stripe made it, in whole seconds: two things of one second have no order.
    pub created: i64,
    /// What it is about, as it was then.
    pub(crate) object: Value,
}

/// Why bytes are no event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EventError {
    /// Not an event's JSON. Says where, never what.
    #[error("the body is not an event (line {line}, column {column})")]
    Malformed {
        /// Where reading stopped.
        line: usize,
        /// Where reading stopped.
        column: usize,
    },
    /// An id that is none.
    #[error("the event's id is not evt_ and letters")]
    BadId,
    /// Of an account that is connected to ours: none is.
    #[error("the event is of a connected account")]
    Connected,
}

#[derive(Deserialize)]
struct Envelope {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    livemode: bool,
    created: i64,
    account: Option<String>,
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    object: Value,
}

impl Event {
    /// Reads an event whose signature was checked.
    pub fn read(payload: &[u8]) -> Result<Self, EventError> {
        let envelope: Envelope = serde_json::from_slice(payload)
            .map_err(|error| EventError::Malformed { line: error.line(), column: error.column() })?;
        let Envelope { id, kind, livemode, created, account, data } = envelope;
        let plain = id.strip_prefix("evt_").is_some_and(|rest| {
            (1..=250).contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        });
        if !plain {
            return Err(EventError::BadId);
        }
        if account.is_some() {
            return Err(EventError::Connected);
        }
        Ok(Self { id, kind, live: livemode, created, object: data.object })
    }

    /// Whether it is one of those that are looked at.
    pub fn is_allowed(&self) -> bool {
        ALLOWED.contains(&self.kind.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stripe_adds_does_not_disturb_and_what_is_no_event_is_refused() {
        let event = |more: &str| {
            let text = format!(
                r#"{{"id":"evt_1A","type":"invoice.paid","livemode":false,"created":7,"new":[1],"data":{{"object":{{"id":"in_1"}},"previous_attributes":null}}{more}}}"#
            );
            Event::read(text.as_bytes())
        };
        let read = event("").unwrap();
        assert_eq!(
            (read.id.as_str(), read.kind.as_str(), read.live, read.created),
            ("evt_1A", "invoice.paid", false, 7)
        );
        assert!(event(r#","account":null"#).is_ok());
        assert_eq!(event(r#","account":"acct_1""#), Err(EventError::Connected));
        assert_eq!(
            Event::read(br#"{"id":"evt_","type":"a","livemode":true,"created":1,"data":{"object":{}}}"#),
            Err(EventError::BadId)
        );
        for bytes in [&b""[..], b"[]", b"{}", b"\xff\xfe", br#"{"id":"evt_1"}"#] {
            assert!(matches!(Event::read(bytes), Err(EventError::Malformed { .. })), "{bytes:?}");
        }
    }

    #[test]
    fn the_list_is_sorted_and_has_no_wish_twice() {
        assert!(ALLOWED.is_sorted_by(|a, b| a < b));
    }
}
