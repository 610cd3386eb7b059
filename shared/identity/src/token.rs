//! The provider's ID token: what must be true of it before anybody is signed in.

use crate::provider::Registration;
use domain::Timestamp;
use domain::session::Person;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;

/// How far the provider's clock may be from ours, in seconds.
const LEEWAY_S: i64 = 60;
/// An older token was not made for this sign-in, in seconds.
const MAX_AGE_S: i64 = 600;

/// Who signed in, as far as the token goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdToken {
    /// The provider.
    pub issuer: String,
    /// The person's lasting id there: with the issuer, the key of the account. Never the e-mail.
    pub subject: String,
    /// What the provider says of the person.
    pub person: Person,
}

/// Why a token signs nobody in.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// Not a token, or its header names no key.
    #[error("the ID token has no readable header")]
    Header,
    /// Signed with a key that the provider does not publish.
    #[error("the ID token's key is unknown")]
    UnknownKey,
    /// Signature, issuer, audience or algorithm are wrong.
    #[error("the ID token is not valid")]
    Invalid(#[source] jsonwebtoken::errors::Error),
    /// A claim is wrong.
    #[error("the ID token's {0} is wrong")]
    Claim(&'static str),
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: serde_json::Value,
    azp: Option<String>,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    nonce: Option<String>,
    name: Option<String>,
    email: Option<String>,
    email_verified: Option<bool>,
}

/// Verifies a token against the provider's keys; [`TokenError::UnknownKey`] asks the caller to fetch them anew.
pub(crate) fn verify(
    token: &str,
    keys: &JwkSet,
    registration: &Registration,
    nonce: &str,
    now: Timestamp,
) -> Result<IdToken, TokenError> {
    let header = jsonwebtoken::decode_header(token).map_err(|_| TokenError::Header)?;
    let kid = header.kid.ok_or(TokenError::Header)?;
    let key = keys.find(&kid).ok_or(TokenError::UnknownKey)?;
    let key = DecodingKey::from_jwk(key).map_err(TokenError::Invalid)?;
    let mut rules = Validation::new(Algorithm::RS256);
    rules.set_issuer(&registration.issuers());
    rules.set_audience(&[&registration.client_id]);
    rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    rules.validate_exp = false; // times are judged below, by the clock that was handed in
    let claims: Claims = jsonwebtoken::decode(token, &key, &rules).map_err(TokenError::Invalid)?.claims;
    judge(&claims, registration, nonce, now.as_second())?;
    let verified = claims.email_verified.unwrap_or(false);
    let person = Person {
        name: claims.name.as_deref().map(short),
        email: claims.email.as_deref().filter(|_| verified).map(short),
    };
    Ok(IdToken { issuer: claims.iss, subject: claims.sub, person })
}

fn judge(claims: &Claims, registration: &Registration, nonce: &str, now: i64) -> Result<(), TokenError> {
    let has_one_audience = claims.aud.as_array().is_none_or(|all| all.len() == 1);
    let rules = [
        ("exp", now < claims.exp.saturating_add(LEEWAY_S)),
        ("iat", claims.iat <= now.saturating_add(LEEWAY_S) && claims.iat >= now - MAX_AGE_S - LEEWAY_S),
        ("nbf", claims.nbf.is_none_or(|start| start <= now.saturating_add(LEEWAY_S))),
        ("nonce", claims.nonce.as_deref() == Some(nonce)),
        ("azp", has_one_audience || claims.azp.as_ref() == Some(&registration.client_id)),
        ("azp", claims.azp.as_ref().is_none_or(|party| *party == registration.client_id)),
        ("sub", (1..=255).contains(&claims.sub.len()) && claims.sub.is_ascii()),
    ];
    match rules.into_iter().find(|(_, holds)| !holds) {
        Some((claim, _)) => Err(TokenError::Claim(claim)),
        None => Ok(()),
    }
}

/// Names and addresses are shown, not trusted: 320 characters are the longest address there is.
fn short(text: &str) -> String {
    text.chars().take(320).collect()
}
