//! What deliveries are signed with, and the signature of Standard Webhooks: HMAC-SHA256 of `id.timestamp.body`.

use crate::ids::EventId;
use crate::{Timestamp, after, plan};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use jiff::fmt::serde::timestamp::millisecond::required as ms;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::fmt;

/// One secret. It does not print itself.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl Secret {
    /// A new one from 32 random bytes.
    pub fn fresh(dice: &[u8; 32]) -> Self {
        Self(format!("whsec_{}", STANDARD.encode(dice)))
    }

    /// As it is shown, once.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// `v1,…`, the signature of one attempt.
    fn sign(&self, event: &EventId, at: Timestamp, body: &str) -> String {
        let key = STANDARD.decode(self.0.trim_start_matches("whsec_")).unwrap_or_default();
        // HMAC takes a key of any length, so this is never the other arm.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&key) else { return String::new() };
        mac.update(format!("{event}.{}.{body}", at.as_second()).as_bytes());
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

/// The secret that was replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Former {
    secret: Secret,
    #[serde(with = "ms")]
    until: Timestamp,
}

/// The secret of an endpoint, and for a day the one before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secrets {
    now: Secret,
    before: Option<Former>,
}

impl Secrets {
    /// Of a new endpoint.
    pub fn new(secret: Secret) -> Self {
        Self { now: secret, before: None }
    }

    /// With a new one; whoever still checks with the one of now has a day. A third is not kept.
    #[must_use]
    pub fn rotated(&self, secret: Secret, now: Timestamp) -> Self {
        let until = after(now, plan::WEBHOOK_ROTATION_S);
        Self { now: secret, before: Some(Former { secret: self.now.clone(), until }) }
    }

    /// The header `webhook-signature` of an attempt: of the secret of now, and of the one before as long as it counts.
    pub fn sign(&self, event: &EventId, at: Timestamp, body: &str) -> String {
        let now = self.now.sign(event, at, body);
        match &self.before {
            Some(former) if at < former.until => format!("{now} {}", former.secret.sign(event, at, body)),
            _ => now,
        }
    }
}
