//! `Stripe-Signature: t=…,v1=…`: an HMAC-SHA256 of `t.payload`, by any secret in force.
//!
//! While a secret is rolled Stripe signs with both, one `v1` each; and we accept both. So every secret is tried on every
//! `v1`, in constant time. Other schemes (`v0` of test events) are never looked at.

use domain::{Timestamp, plan};
use hmac::{Hmac, Mac};
use serde::Deserialize;
use sha2::Sha256;

/// Signatures that are looked at; Stripe sends one or two.
const MOST: usize = 16;

/// The secrets in force, newest first.
#[derive(Deserialize)]
#[serde(transparent)]
pub struct SecretRing(Vec<Secret>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Secret {
    /// Its name for people; never secret.
    #[serde(rename = "id")]
    _id: String,
    secret: String,
}

/// Why a list of secrets cannot be used. Never says what is in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SecretRingError {
    /// It is not what it should be.
    #[error("the signing secrets are not a JSON list of {{\"id\", \"secret\"}} (line {line}, column {column})")]
    Unreadable {
        /// Where reading stopped.
        line: usize,
        /// Where reading stopped.
        column: usize,
    },
    /// There is none, or an empty one.
    #[error("there is no signing secret, or an empty one")]
    Empty,
}

/// Why an event is not taken for Stripe's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The header is not `t=…,v1=…`.
    #[error("the header Stripe-Signature has no time or no v1")]
    Malformed,
    /// No secret fits any signature.
    #[error("no signing secret fits")]
    Unfit,
    /// It was signed too long ago, or in the future.
    #[error("it was signed {off_s} seconds off; at most {}", plan::SIGNATURE_S)]
    Stale {
        /// How far from now, in seconds.
        off_s: u64,
    },
}

impl SecretRing {
    /// Reads `[{"id": "…", "secret": "whsec_…"}]`.
    pub fn read(text: &str) -> Result<Self, SecretRingError> {
        let ring: Self = serde_json::from_str(text)
            .map_err(|error| SecretRingError::Unreadable { line: error.line(), column: error.column() })?;
        if ring.0.is_empty() || ring.0.iter().any(|secret| secret.secret.is_empty()) {
            return Err(SecretRingError::Empty);
        }
        Ok(ring)
    }

    /// Whether these very bytes were signed by Stripe, now or up to five minutes ago.
    pub fn verify(&self, payload: &[u8], header: &str, now: Timestamp) -> Result<(), SignatureError> {
        let (signed, signatures) = parts(header).ok_or(SignatureError::Malformed)?;
        let fits = self.0.iter().any(|secret| {
            let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.secret.as_bytes()) else { return false };
            mac.update(signed.as_bytes());
            mac.update(b".");
            mac.update(payload);
            signatures.iter().any(|signature| mac.clone().verify_slice(signature).is_ok())
        });
        if !fits {
            return Err(SignatureError::Unfit);
        }
        // After the signature: of what is not Stripe's, no time is worth telling.
        let at: i64 = signed.parse().map_err(|_| SignatureError::Malformed)?;
        let off_s = at.abs_diff(now.as_second());
        if off_s > plan::SIGNATURE_S.unsigned_abs() { Err(SignatureError::Stale { off_s }) } else { Ok(()) }
    }
}

/// The time as it was signed, and every `v1`.
fn parts(header: &str) -> Option<(&str, Vec<Vec<u8>>)> {
    let pairs = || header.split(',').filter_map(|pair| pair.trim().split_once('='));
    let (_, time) = pairs().find(|(name, _)| *name == "t")?;
    let signatures = pairs().filter(|(name, _)| *name == "v1").take(MOST);
    let signatures: Vec<Vec<u8>> = signatures.filter_map(|(_, signature)| hex::decode(signature).ok()).collect();
    (!signatures.is_empty()).then_some((time, signatures))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: i64 = 1_790_000_000;
    const PAYLOAD: &[u8] = "{\"id\": \"evt_1\", \"name\": \"Zoë\"}\n".as_bytes();

    fn now() -> Timestamp {
        Timestamp::from_second(NOW).unwrap()
    }

    fn ring(secrets: &[&str]) -> SecretRing {
        let list: Vec<_> = secrets.iter().map(|secret| serde_json::json!({ "id": "x", "secret": secret })).collect();
        SecretRing::read(&serde_json::to_string(&list).unwrap()).unwrap()
    }

    fn sign(secret: &str, time: i64) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(format!("{time}.").as_bytes());
        mac.update(PAYLOAD);
        hex::encode(mac.finalize().into_bytes())
    }

    fn header(secret: &str, time: i64) -> String {
        format!("t={time},v1={}", sign(secret, time))
    }

    #[test]
    fn any_secret_in_force_fits_any_signature() {
        let both = format!("t={NOW},v1={},v1={},v0=ff", sign("old", NOW), sign("new", NOW));
        for secrets in [vec!["old"], vec!["new"], vec!["other", "new"], vec!["new", "old"]] {
            assert_eq!(ring(&secrets).verify(PAYLOAD, &both, now()), Ok(()), "{secrets:?}");
        }
        assert_eq!(ring(&["other"]).verify(PAYLOAD, &both, now()), Err(SignatureError::Unfit));
        let spaced = format!("t={NOW}, v1={}", sign("new", NOW));
        assert_eq!(ring(&["new"]).verify(PAYLOAD, &spaced, now()), Ok(()));
    }

    #[test]
    fn what_is_not_signed_so_is_refused() {
        let ring = ring(&["new"]);
        let good = header("new", NOW);
        let other_scheme = good.replace("v1", "v0");
        let cases = [
            ("", SignatureError::Malformed),
            ("t=", SignatureError::Malformed),
            ("v1=00", SignatureError::Malformed),
            ("t=1,v1=zz", SignatureError::Malformed),
            (other_scheme.as_str(), SignatureError::Malformed),
            ("t=1790000000,v1=", SignatureError::Unfit),
            ("t=1790000000,v1=00", SignatureError::Unfit),
        ];
        for (header, wanted) in cases {
            assert_eq!(ring.verify(PAYLOAD, header, now()), Err(wanted), "{header}");
        }
        let trimmed = PAYLOAD.trim_ascii_end();
        assert_eq!(ring.verify(trimmed, &good, now()), Err(SignatureError::Unfit), "one byte less");
        let moved = good.replace(&NOW.to_string(), &(NOW + 1).to_string());
        assert_eq!(ring.verify(PAYLOAD, &moved, now()), Err(SignatureError::Unfit), "another time");
    }

    #[test]
    fn five_minutes_to_either_side_are_the_limit() {
        let ring = ring(&["new"]);
        for (time, wanted) in [
            (NOW - 300, Ok(())),
            (NOW + 300, Ok(())),
            (NOW - 301, Err(SignatureError::Stale { off_s: 301 })),
            (NOW + 301, Err(SignatureError::Stale { off_s: 301 })),
        ] {
            assert_eq!(ring.verify(PAYLOAD, &header("new", time), now()), wanted);
        }
    }

    #[test]
    fn secrets_that_cannot_be_used_are_refused_without_being_told() {
        for text in
            ["", "{}", "[]", r#"[{"id":"a","secret":""}]"#, r#"["whsec_hidden"]"#, r#"[{"secret":"whsec_hidden"}]"#]
        {
            let error = SecretRing::read(text).err().unwrap().to_string();
            assert!(!error.contains("hidden"), "{error}");
        }
    }

    proptest! {
        #[test]
        fn no_header_is_taken_by_chance(header in "[tv01=,a-f0-9]{0,80}", secret in "[a-z]{1,20}") {
            prop_assert!(ring(&[&secret]).verify(PAYLOAD, &header, now()).is_err());
        }
    }
}
