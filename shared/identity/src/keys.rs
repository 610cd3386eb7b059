//! The provider's published keys: which of them may verify an ID token, and for how long they are kept.

use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, KeyAlgorithm, KeyOperations, PublicKeyUse};
use serde::Deserialize;

/// Keys whose answer names no time are fetched anew after this, in seconds.
const LIVES_S: i64 = 3600;
/// The shortest and the longest time that an answer can ask for, in seconds: neither a fetch at every sign-in, nor a
/// withdrawn key for weeks.
const LIVES_BETWEEN_S: (i64, i64) = (300, 24 * 3600);

/// A key set as it comes: each key is read alone, so that one strange key does not take the others away.
#[derive(Deserialize)]
pub struct PublishedKeys {
    keys: Vec<serde_json::Value>,
}

/// The keys that may verify an ID token.
#[derive(Clone)]
pub struct ProviderKeys(Vec<Jwk>);

impl ProviderKeys {
    /// Keeps the keys that sign with RS256; others (for encryption, of another kind, unreadable) are as good as absent.
    pub fn usable(published: PublishedKeys) -> Self {
        let read = |key| serde_json::from_value(key).ok();
        Self(published.keys.into_iter().filter_map(read).filter(signs).collect())
    }

    /// The key of this name.
    pub(crate) fn find(&self, kid: &str) -> Option<&Jwk> {
        self.0.iter().find(|key| key.common.key_id.as_deref() == Some(kid))
    }
}

/// Whether a key says of itself that it signs with RS256, or says nothing and could.
fn signs(key: &Jwk) -> bool {
    let common = &key.common;
    matches!(key.algorithm, AlgorithmParameters::RSA(_))
        && common.public_key_use.as_ref().is_none_or(|purpose| *purpose == PublicKeyUse::Signature)
        && common.key_algorithm.is_none_or(|algorithm| algorithm == KeyAlgorithm::RS256)
        && common.key_operations.as_ref().is_none_or(|may| may.contains(&KeyOperations::Verify))
}

/// How long keys are kept, in seconds, by the `Cache-Control` header that came with them.
pub(crate) fn lives_s(cache_control: Option<&str>) -> i64 {
    let (least, most) = LIVES_BETWEEN_S;
    let asked = cache_control.unwrap_or_default().split(',').find_map(|part| {
        let (name, value) = part.trim().split_once('=')?;
        if name.eq_ignore_ascii_case("max-age") { value.trim_matches('"').parse::<i64>().ok() } else { None }
    });
    asked.unwrap_or(LIVES_S).clamp(least, most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn is_used(key: &Value) -> bool {
        let published = serde_json::from_value(json!({ "keys": [key] })).unwrap();
        ProviderKeys::usable(published).find("a").is_some()
    }

    #[test]
    fn keys_are_kept_as_long_as_the_provider_says_within_limits() {
        for (header, expected) in [
            (None, 3600),
            (Some("public, max-age=19800, must-revalidate"), 19_800),
            (Some("Max-Age=\"600\""), 600),
            (Some("max-age=0"), 300),
            (Some("max-age=-5"), 300),
            (Some("max-age=99999999"), 86_400),
            (Some("max-age=soon"), 3600),
            (Some("s-maxage=600, no-transform"), 3600),
        ] {
            assert_eq!(lives_s(header), expected, "{header:?}");
        }
    }

    #[test]
    fn only_keys_that_sign_with_rs256_are_used() {
        for key in [
            json!({ "kid": "a", "kty": "RSA", "n": "AQ", "e": "AQAB" }),
            json!({ "kid": "a", "kty": "RSA", "n": "AQ", "e": "AQAB", "use": "sig", "alg": "RS256" }),
            json!({ "kid": "a", "kty": "RSA", "n": "AQ", "e": "AQAB", "key_ops": ["verify"] }),
        ] {
            assert!(is_used(&key), "{key}");
        }
        for key in [
            json!(null),
            json!("a"),
            json!({ "kid": "a" }),
            json!({ "kid": "a", "kty": "RSA", "n": 1, "e": 2 }),
            json!({ "kid": "a", "kty": "RSA", "n": "AQ", "e": "AQAB", "use": "enc" }),
            json!({ "kid": "a", "kty": "RSA", "n": "AQ", "e": "AQAB", "use": "tls" }),
            json!({ "kid": "a", "kty": "RSA", "n": "AQ", "e": "AQAB", "alg": "RSA-OAEP" }),
            json!({ "kid": "a", "kty": "RSA", "n": "AQ", "e": "AQAB", "alg": "RS512" }),
            json!({ "kid": "a", "kty": "RSA", "n": "AQ", "e": "AQAB", "key_ops": ["encrypt"] }),
            json!({ "kid": "a", "kty": "oct", "k": "c2VjcmV0" }),
            json!({ "kid": "a", "kty": "EC", "crv": "P-256", "x": "AQ", "y": "AQ" }),
            json!({ "kid": "a", "kty": "OKP", "crv": "Ed25519", "x": "AQ" }),
        ] {
            assert!(!is_used(&key), "{key}");
        }
    }
}
