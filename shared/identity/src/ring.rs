//! The keys that sign our own cookies. The newest signs, any verifies: keys are changed without signing anybody out.

use crate::Flow;
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::ids::{SessionId, UserId};
use domain::session::Session;
use domain::{Timestamp, after, plan};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The keys, newest first.
pub struct SigningRing {
    keys: Vec<(String, Vec<u8>)>,
}

/// Why there is no ring.
#[derive(Debug, thiserror::Error)]
pub enum RingError {
    /// The secret is not `{"keys":[{"kid":…,"key":…}]}`.
    #[error("the session keys are not the JSON they should be")]
    NotJson(#[source] serde_json::Error),
    /// No key, or one that is too short to sign with.
    #[error("the session keys need at least one key, each of 32 bytes in base64; {usable} of {all} are")]
    TooWeak {
        /// Keys of the right size.
        usable: usize,
        /// Keys in the secret.
        all: usize,
    },
    /// Nothing could be signed.
    #[error("a cookie could not be signed")]
    Unsigned(#[source] jsonwebtoken::errors::Error),
}

#[derive(Deserialize)]
struct RingText {
    keys: Vec<KeyText>,
}

#[derive(Deserialize)]
struct KeyText {
    kid: String,
    key: String,
}

/// Whose session a cookie names. Worth nothing without the session's row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionClaims {
    /// The person.
    pub user: UserId,
    /// The session.
    pub session: SessionId,
    /// Which token of the session it is.
    pub turn: u32,
}

#[derive(Serialize, Deserialize)]
struct Signed<T> {
    aud: String,
    exp: i64,
    #[serde(flatten)]
    body: T,
}

#[derive(Serialize, Deserialize)]
struct SessionBody {
    sub: UserId,
    sid: SessionId,
    turn: u32,
}

const SESSION: &str = "session";
const FLOW: &str = "sign-in";

impl SigningRing {
    /// Reads the secret `{"keys":[{"kid":"…","key":"<base64 of 32 bytes>"}]}`.
    pub fn read(text: &str) -> Result<Self, RingError> {
        let ring: RingText = serde_json::from_str(text).map_err(RingError::NotJson)?;
        let all = ring.keys.len();
        let read = |key: KeyText| Some((key.kid, STANDARD.decode(key.key).ok().filter(|bytes| bytes.len() >= 32)?));
        let keys: Vec<_> = ring.keys.into_iter().filter_map(read).collect();
        if keys.is_empty() || keys.len() < all {
            return Err(RingError::TooWeak { usable: keys.len(), all });
        }
        Ok(Self { keys })
    }

    /// The cookie of a session.
    pub fn sign_session(&self, session: &Session) -> Result<String, RingError> {
        let body = SessionBody { sub: session.user.clone(), sid: session.session.clone(), turn: session.turn };
        self.sign(SESSION, session.ends, body)
    }

    /// Whose session a cookie names, if we signed it and it has not ended.
    pub fn read_session(&self, cookie: &str, now: Timestamp) -> Option<SessionClaims> {
        let body: SessionBody = self.verify(SESSION, cookie, now)?;
        Some(SessionClaims { user: body.sub, session: body.sid, turn: body.turn })
    }

    /// The cookie of a sign-in on its way.
    pub fn sign_flow(&self, flow: &Flow, now: Timestamp) -> Result<String, RingError> {
        self.sign(FLOW, after(now, plan::SIGN_IN_S), flow.clone())
    }

    /// The sign-in that a cookie names, if we signed it and it has not ended.
    pub fn read_flow(&self, cookie: &str, now: Timestamp) -> Option<Flow> {
        self.verify(FLOW, cookie, now)
    }

    fn sign<T: Serialize>(&self, purpose: &str, ends: Timestamp, body: T) -> Result<String, RingError> {
        let (kid, key) = self.keys.first().ok_or(RingError::TooWeak { usable: 0, all: 0 })?;
        let header = Header { kid: Some(kid.clone()), ..Header::new(Algorithm::HS256) };
        let signed = Signed { aud: purpose.to_owned(), exp: ends.as_second(), body };
        jsonwebtoken::encode(&header, &signed, &EncodingKey::from_secret(key)).map_err(RingError::Unsigned)
    }

    fn verify<T: DeserializeOwned>(&self, purpose: &str, cookie: &str, now: Timestamp) -> Option<T> {
        let kid = jsonwebtoken::decode_header(cookie).ok()?.kid?;
        let (_, key) = self.keys.iter().find(|(name, _)| *name == kid)?;
        let mut rules = Validation::new(Algorithm::HS256);
        rules.set_audience(&[purpose]);
        rules.set_required_spec_claims(&["exp", "aud"]);
        rules.validate_exp = false; // by the clock that was handed in, below
        let signed: Signed<T> = jsonwebtoken::decode(cookie, &DecodingKey::from_secret(key), &rules).ok()?.claims;
        (now.as_second() < signed.exp).then_some(signed.body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ids::AccountId;
    use domain::place::Place;

    fn ring(keys: &[(&str, u8)]) -> SigningRing {
        let keys: Vec<_> = keys
            .iter()
            .map(|(kid, byte)| serde_json::json!({ "kid": kid, "key": STANDARD.encode([*byte; 32]) }))
            .collect();
        SigningRing::read(&serde_json::json!({ "keys": keys }).to_string()).unwrap()
    }

    fn now() -> Timestamp {
        Timestamp::from_second(1_800_000_000).unwrap()
    }

    fn session() -> Session {
        let dice = [5; 10];
        let (id, user) = (SessionId::fresh(now(), dice), UserId::fresh(now(), dice));
        Session::open(id, user, AccountId::fresh(now(), dice), Place::default(), now())
    }

    #[test]
    fn a_session_is_read_back_until_it_ends() {
        let (ring, session) = (ring(&[("a", 1)]), session());
        let cookie = ring.sign_session(&session).unwrap();
        assert_eq!(ring.read_session(&cookie, now()).unwrap().session, session.session);
        assert_eq!(ring.read_session(&cookie, session.ends), None);
    }

    #[test]
    fn clocks_ten_minutes_apart_agree_on_a_session() {
        let (ring, session) = (ring(&[("a", 1)]), session());
        let cookie = ring.sign_session(&session).unwrap();
        for off_s in [-600, 600] {
            let there = domain::after(now(), off_s);
            let claims = ring.read_session(&cookie, there).unwrap();
            assert!(session.is_live(there) && session.takes(claims.turn, there), "{off_s}");
        }
    }

    #[test]
    fn keys_rotate_without_signing_anybody_out() {
        let cookie = ring(&[("old", 1)]).sign_session(&session()).unwrap();
        assert!(ring(&[("new", 2), ("old", 1)]).read_session(&cookie, now()).is_some());
        assert!(ring(&[("new", 2)]).read_session(&cookie, now()).is_none());
    }

    #[test]
    fn forged_cookies_are_refused() {
        let ring = ring(&[("a", 1)]);
        let good = ring.sign_session(&session()).unwrap();
        let [header, body, signature] = good.split('.').collect::<Vec<_>>()[..] else { panic!("{good}") };
        let none = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(r#"{"alg":"none","kid":"a"}"#);
        let flow = ring.sign_flow(&Flow::begin("/").unwrap(), now()).unwrap();
        let other = SigningRing { keys: vec![("a".to_owned(), vec![9; 32])] }.sign_session(&session()).unwrap();
        let forged = [
            String::new(),
            "a.b.c".to_owned(),
            format!("{none}.{body}."),
            format!("{header}.{body}.{}x", &signature[1..]),
            flow,
            other,
        ];
        for cookie in forged {
            assert_eq!(ring.read_session(&cookie, now()), None, "{cookie}");
        }
    }

    #[test]
    fn a_weak_ring_is_refused() {
        for text in ["", "{}", r#"{"keys":[]}"#, r#"{"keys":[{"kid":"a","key":"c2hvcnQ="}]}"#] {
            assert!(SigningRing::read(text).is_err(), "{text}");
        }
    }
}
