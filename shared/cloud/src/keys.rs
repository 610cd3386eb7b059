//! Where every key of the table and of the buckets is born.

use domain::Timestamp;
use domain::ids::{AccountId, GenerationId, SessionId, UploadId, UserId};

/// The index that finds what is due; sparse: only open generations are in it.
pub(crate) const INDEX: &str = "gsi1";
/// The one partition of open generations.
pub(crate) const OPEN: &str = "OPEN";

/// A row's two keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) pk: String,
    pub(crate) sk: String,
}

fn key(pk: String, sk: impl Into<String>) -> Key {
    Key { pk, sk: sk.into() }
}

fn user_pk(user: &UserId) -> String {
    format!("USER#{user}")
}

pub(crate) fn identity(issuer: &str, subject: &str) -> Key {
    key(format!("IDP#{issuer}#{subject}"), "ID")
}

pub(crate) fn profile(user: &UserId) -> Key {
    key(user_pk(user), "PROFILE")
}

pub(crate) fn session(user: &UserId, session: &SessionId) -> Key {
    key(user_pk(user), format!("SES#{session}"))
}

pub(crate) fn upload(user: &UserId, upload: &UploadId) -> Key {
    key(user_pk(user), format!("UPL#{upload}"))
}

pub(crate) const GENERATION: &str = "GEN#";

pub(crate) fn generation(user: &UserId, generation: &GenerationId) -> Key {
    key(user_pk(user), format!("{GENERATION}{generation}"))
}

pub(crate) fn idempotency(user: &UserId, wish: &str) -> Key {
    key(format!("IDEM#{user}#{wish}"), "IDEM")
}

pub(crate) fn wallet(account: &AccountId) -> Key {
    key(account_pk(account), "WALLET")
}

pub(crate) fn entry(account: &AccountId, source: &str) -> Key {
    key(account_pk(account), format!("E#{source}"))
}

/// The one partition of events that somebody must look at.
pub(crate) const OPEN_EVENTS: &str = "EVTOPEN";

pub(crate) fn stripe_event(id: &str) -> Key {
    key(format!("EVT#{id}"), "EVT")
}

pub(crate) fn patron(account: &AccountId) -> Key {
    key(account_pk(account), "STRIPE")
}

/// The partition of an account's books, also in the index, where its entries stand in their order.
pub(crate) fn account_pk(account: &AccountId) -> String {
    format!("ACCT#{account}")
}

/// Sorts by number.
pub(crate) fn sequence(number: u64) -> String {
    format!("{number:012}")
}

/// A purchase by Stripe's id of its checkout or invoice: an event may name only that.
pub(crate) fn payment(id: &str) -> Key {
    key(format!("PAY#{id}"), "PAY")
}

/// Which invoice a checkout was paid by, if it began a subscription.
pub(crate) fn begun(checkout: &str) -> Key {
    key(format!("PAY#{checkout}"), "BEGUN")
}

/// The money of a purchase by Stripe's id of the payment: refunds and disputes name only that.
pub(crate) fn charge(intent: &str) -> Key {
    key(format!("PI#{intent}"), "PI")
}

/// Sorts by time; 13 digits of milliseconds last until the year 2286.
pub(crate) fn due(due: Timestamp, generation: &GenerationId) -> String {
    format!("{:013}#{generation}", due.as_millisecond())
}

/// Reads the owner and the generation back from a row's keys.
pub(crate) fn read_generation(pk: &str, sk: &str) -> Option<(UserId, GenerationId)> {
    let user = UserId::parse(pk.strip_prefix("USER#")?).ok()?;
    let generation = GenerationId::parse(sk.strip_prefix(GENERATION)?).ok()?;
    Some((user, generation))
}

/// Where the browser puts a photo.
pub fn photo(user: &UserId, upload: &UploadId) -> String {
    format!("uploads/{user}/{upload}")
}

/// Where all results of a generation are.
pub fn results(user: &UserId, generation: &GenerationId) -> String {
    format!("models/{user}/{generation}/")
}

/// Where one result of a generation is.
pub fn result(user: &UserId, generation: &GenerationId, name: &str) -> String {
    format!("models/{user}/{generation}/{name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generation_is_read_back_from_its_keys() {
        let user = UserId::parse("usr_01ARZ3NDEKTSV4RRFFQ69G5FAV").unwrap();
        let id = GenerationId::parse("gen_01ARZ3NDEKTSV4RRFFQ69G5FAV").unwrap();
        let key = generation(&user, &id);
        assert_eq!(read_generation(&key.pk, &key.sk), Some((user, id)));
        assert_eq!(read_generation("USER#x", &key.sk), None);
    }
}
