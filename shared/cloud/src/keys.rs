//! Where every key of the table and of the buckets is born.

use domain::Timestamp;
use domain::api_key::KeyId;
use domain::ids::{AccountId, Dice, EventId, ExportId, GenerationId, SessionId, UploadId, UserId, WebhookId};
use domain::mail::Occasion;
use domain::person::Consent;
use sha2::{Digest, Sha256};

/// The index that finds what is due; sparse: only what waits for something is in it.
pub(crate) const INDEX: &str = "gsi1";
/// The one partition of open generations.
pub(crate) const OPEN: &str = "OPEN";
/// The same of test keys, which nobody waits behind.
pub(crate) const OPEN_TESTS: &str = "OPEN#test";
/// Exports to make, and deletions.
pub(crate) const DUE_PRIVACY: &str = "DUE#privacy";
/// Deletions whose next step is at Stripe.
pub(crate) const DUE_STRIPE: &str = "DUE#stripe";
/// Mails to send.
pub(crate) const DUE_MAIL: &str = "DUE#mail";
/// Deliveries to webhooks.
pub(crate) const DUE_WEBHOOK: &str = "DUE#webhook";
/// Uploads that no generation uses.
pub(crate) const UNCLAIMED: &str = "UNCLAIMED";

/// A row's two keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) pk: String,
    pub(crate) sk: String,
}

fn key(pk: String, sk: impl Into<String>) -> Key {
    Key { pk, sk: sk.into() }
}

pub(crate) fn user_pk(user: &UserId) -> String {
    format!("USER#{user}")
}

pub(crate) fn identity(issuer: &str, subject: &str) -> Key {
    key(format!("IDP#{issuer}#{subject}"), "ID")
}

pub(crate) fn profile(user: &UserId) -> Key {
    key(user_pk(user), "PROFILE")
}

pub(crate) fn session(user: &UserId, session: &SessionId) -> Key {
    key(user_pk(user), format!("{SESSION}{session}"))
}

pub(crate) fn api_key(user: &UserId, id: &KeyId) -> Key {
    key(user_pk(user), format!("{API_KEY}{id}"))
}

/// Whose key a hash is: a row of its own, since an index lags and a revoked key must open nothing.
pub(crate) fn api_key_hash(hash: &str) -> Key {
    key(format!("KEYH#{hash}"), "KEYH")
}

pub(crate) fn upload(user: &UserId, upload: &UploadId) -> Key {
    key(user_pk(user), format!("{UPLOAD}{upload}"))
}

pub(crate) const GENERATION: &str = "GEN#";

pub(crate) fn generation(user: &UserId, generation: &GenerationId) -> Key {
    key(user_pk(user), format!("{GENERATION}{generation}"))
}

/// Where the index finds a shared generation; hashed, so that a copy of the index opens nothing.
pub(crate) fn shared(secret: &str) -> String {
    format!("SHARED#{}", hashed(secret))
}

/// The one row of what was measured of the fleet.
pub(crate) fn fleet() -> Key {
    key("FLEET".to_owned(), "FLEET")
}

/// Beside the person's other rows, so that deleting those deletes it.
pub(crate) fn idempotency(user: &UserId, wish: &str) -> Key {
    key(user_pk(user), format!("IDEM#{wish}"))
}

pub(crate) const API_KEY: &str = "KEY#";
pub(crate) const SESSION: &str = "SES#";
pub(crate) const CONSENT: &str = "CON#";
pub(crate) const ACTIVITY: &str = "ACT#";
pub(crate) const USAGE: &str = "USE#";
pub(crate) const EXPORT: &str = "EXP#";
pub(crate) const UPLOAD: &str = "UPL#";
pub(crate) const DELIVERY: &str = "DLV#";
pub(crate) const MAIL: &str = "MAIL#";
pub(crate) const ERASURE: &str = "ERASURE";

pub(crate) fn consent(user: &UserId, consent: &Consent) -> Key {
    key(user_pk(user), format!("{CONSENT}{:013}#{}", consent.at.as_millisecond(), consent.purpose.word()))
}

/// Sorts by time; the dice keep two things of one millisecond apart.
pub(crate) fn activity(user: &UserId, at: Timestamp, dice: Dice) -> Key {
    key(user_pk(user), format!("{ACTIVITY}{}", moment(at, dice)))
}

pub(crate) fn usage(user: &UserId, at: Timestamp, dice: Dice) -> Key {
    key(user_pk(user), format!("{USAGE}{}", moment(at, dice)))
}

fn moment(at: Timestamp, dice: Dice) -> String {
    let dice = dice.iter().fold(0_u128, |all, byte| all << 8 | u128::from(*byte));
    format!("{:013}#{dice:020X}", at.as_millisecond())
}

pub(crate) fn export(user: &UserId, export: &ExportId) -> Key {
    key(user_pk(user), format!("{EXPORT}{export}"))
}

pub(crate) fn erasure(user: &UserId) -> Key {
    key(user_pk(user), ERASURE)
}

/// `about` keeps two mails apart, and makes two of the same thing one.
pub(crate) fn mail(user: &UserId, occasion: &Occasion, about: &str) -> Key {
    key(user_pk(user), format!("{MAIL}{}#{about}", occasion.word()))
}

pub(crate) fn waiting_mail(user: &UserId, name: &str) -> Key {
    key(user_pk(user), format!("{MAIL}{name}"))
}

/// All webhooks of a person: one row, so that whoever ends a generation reads it by its key.
pub(crate) fn hooks(user: &UserId) -> Key {
    key(user_pk(user), "HOOKS")
}

/// How an endpoint's deliveries begin.
pub(crate) fn deliveries(webhook: &WebhookId) -> String {
    format!("{DELIVERY}{webhook}#")
}

/// Sorts by the event's time.
pub(crate) fn delivery(user: &UserId, webhook: &WebhookId, event: &EventId) -> Key {
    key(user_pk(user), format!("{}{event}", deliveries(webhook)))
}

/// Says nothing of the person to anybody who does not know the number already.
pub(crate) fn tombstone(user: &UserId) -> Key {
    key(format!("TOMB#{}", hashed(user.as_str())), "TOMB")
}

/// The same of the person's number at the identity provider: free credits are given once.
pub(crate) fn seen_before(issuer: &str, subject: &str) -> Key {
    key(format!("TOMB#{}", hashed(&format!("{issuer}#{subject}"))), "TOMB")
}

/// One window of one limit of one person or address; hashed, so that neither lies around.
pub(crate) fn limit(name: &str, who: &str, window: i64) -> Key {
    key(format!("RL#{name}#{}#{window}", hashed(who)), "RL")
}

fn hashed(text: &str) -> String {
    format!("{:x}", Sha256::digest(text))
}

pub(crate) fn wallet(account: &AccountId) -> Key {
    key(account_pk(account), "WALLET")
}

pub(crate) const ENTRY: &str = "E#";

pub(crate) fn entry(account: &AccountId, source: &str) -> Key {
    key(account_pk(account), format!("{ENTRY}{source}"))
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
pub(crate) fn due(due: Timestamp, id: &str) -> String {
    format!("{:013}#{id}", due.as_millisecond())
}

/// Reads whose row it is, and which, from its keys.
pub(crate) fn read_owner<'a>(pk: &str, sk: &'a str) -> Option<(UserId, &'a str)> {
    Some((UserId::parse(pk.strip_prefix("USER#")?).ok()?, sk))
}

/// Reads the owner and the generation back from a row's keys.
pub(crate) fn read_generation(pk: &str, sk: &str) -> Option<(UserId, GenerationId)> {
    let (user, sk) = read_owner(pk, sk)?;
    Some((user, GenerationId::parse(sk.strip_prefix(GENERATION)?).ok()?))
}

/// Where the browser puts a photo.
pub fn photo(user: &UserId, upload: &UploadId) -> String {
    format!("uploads/{user}/{upload}")
}

/// Where all photos of a person are.
pub fn photos(user: &UserId) -> String {
    format!("uploads/{user}/")
}

/// Where all models of a person are.
pub fn models(user: &UserId) -> String {
    format!("models/{user}/")
}

/// Where all exports of a person are.
pub fn exports(user: &UserId) -> String {
    format!("exports/{user}/")
}

/// Where one file of an export is.
pub fn export_file(user: &UserId, export: &ExportId, name: &str) -> String {
    format!("exports/{user}/{export}/{name}")
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
