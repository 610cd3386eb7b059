//! The provider's ID token: what must be true of it before anybody is signed in.

use crate::keys::ProviderKeys;
use crate::provider::Registration;
use domain::Timestamp;
use domain::session::Person;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;
use serde_json::Value;

/// How far the provider's clock may be from ours, in seconds.
const LEEWAY_S: i64 = 60;
/// An older token was not made for this sign-in, in seconds.
const MAX_AGE_S: i64 = 600;

/// Who signed in, as far as the token goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdToken {
    /// The provider, as we are configured to call it: the same for every spelling that its tokens use.
    pub issuer: String,
    /// The person's lasting id there: with the issuer, the key of the account. Never the e-mail.
    pub subject: String,
    /// What the provider says of the person.
    pub person: Person,
}

/// Why a token signs nobody in.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// Not a token, or its header names no key, or demands an extension of us.
    #[error("the ID token has no readable header")]
    Header,
    /// Signed with a key that the provider does not publish.
    #[error("the ID token's key is unknown")]
    UnknownKey,
    /// Signature, audience or algorithm are wrong.
    #[error("the ID token is not valid")]
    Invalid(#[source] jsonwebtoken::errors::Error),
    /// The claims are not the JSON they should be. Without the reader's own words: they quote what they could not read,
    /// an address of a person perhaps.
    #[error("the ID token's claims cannot be read")]
    Unreadable,
    /// A claim is wrong.
    #[error("the ID token's {0} is wrong")]
    Claim(&'static str),
}

/// What decides is typed; what only describes the person is read leniently: an odd name holds up no sign-in.
#[derive(Deserialize)]
struct Claims {
    iss: String, // judged below: the library would take a list with the right one in it
    sub: String,
    aud: Value,
    azp: Option<String>,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    nonce: Option<String>,
    name: Option<Value>,
    email: Option<Value>,
    email_verified: Option<Value>,
}

/// Verifies a token against the provider's keys; [`TokenError::UnknownKey`] asks the caller to fetch them anew.
pub fn verify(
    token: &str,
    keys: &ProviderKeys,
    registration: &Registration,
    nonce: &str,
    now: Timestamp,
) -> Result<IdToken, TokenError> {
    let header = jsonwebtoken::decode_header(token).map_err(|_| TokenError::Header)?;
    if header.crit.is_some() {
        return Err(TokenError::Header); // RFC 7515: whoever does not know a critical extension must refuse the token
    }
    let kid = header.kid.ok_or(TokenError::Header)?;
    let key = keys.find(&kid).ok_or(TokenError::UnknownKey)?;
    let key = DecodingKey::from_jwk(key).map_err(TokenError::Invalid)?;
    let mut rules = Validation::new(Algorithm::RS256);
    rules.set_audience(&[&registration.client_id]);
    rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    rules.validate_exp = false; // times are judged below, by the clock that was handed in
    let claims: Claims = jsonwebtoken::decode(token, &key, &rules).map_err(refused)?.claims;
    judge(&claims, registration, nonce, now.as_second())?;
    let is_verified = claims.email_verified == Some(Value::Bool(true)); // the text "true" is not what Google promises
    let text = |claim: Option<Value>| claim.as_ref().and_then(Value::as_str).map(short);
    let person = Person { name: text(claims.name), email: text(claims.email).filter(|_| is_verified) };
    Ok(IdToken { issuer: registration.issuer.clone(), subject: claims.sub, person })
}

fn refused(error: jsonwebtoken::errors::Error) -> TokenError {
    match error.kind() {
        ErrorKind::Json(_) => TokenError::Unreadable,
        _ => TokenError::Invalid(error),
    }
}

fn judge(claims: &Claims, registration: &Registration, nonce: &str, now: i64) -> Result<(), TokenError> {
    let has_one_audience = claims.aud.as_array().is_none_or(|all| all.len() == 1);
    let rules = [
        ("iss", registration.issuers().contains(&claims.iss.as_str())),
        ("exp", now < claims.exp.saturating_add(LEEWAY_S)),
        ("iat", claims.iat <= now.saturating_add(LEEWAY_S) && claims.iat >= now - MAX_AGE_S - LEEWAY_S),
        ("nbf", claims.nbf.is_none_or(|start| start <= now.saturating_add(LEEWAY_S))),
        ("nonce", claims.nonce.as_deref() == Some(nonce)),
        ("azp", has_one_audience || claims.azp.as_ref() == Some(&registration.client_id)),
        ("azp", claims.azp.as_ref().is_none_or(|party| *party == registration.client_id)),
        ("sub", (1..=255).contains(&claims.sub.len()) && claims.sub.bytes().all(|byte| (b' '..=b'~').contains(&byte))),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::PublishedKeys;
    use aws_lc_rs::{rsa::KeySize, signature::KeyPair, signature::RsaKeyPair};
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    use serde_json::json;

    const GOOGLE: &str = "https://accounts.google.com";

    /// Who a token of this issuer signs in where `configured` is the provider.
    fn signed_in(key: &RsaKeyPair, configured: &str, issuer: &str) -> Option<(String, String)> {
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let (part, public) = (|bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes), key.public_key());
        let modulus = part(public.modulus().big_endian_without_leading_zero());
        let exponent = part(public.exponent().big_endian_without_leading_zero());
        let published = json!({ "keys": [{ "kty": "RSA", "kid": "a", "n": modulus, "e": exponent }] });
        let keys = ProviderKeys::usable(serde_json::from_value::<PublishedKeys>(published).unwrap());
        let header = json!({ "alg": "RS256", "kid": "a" }).to_string();
        let second = now.as_second();
        let claims =
            json!({ "iss": issuer, "sub": "107", "aud": "us", "iat": second, "exp": second + 60, "nonce": "n" });
        let message = format!("{}.{}", part(header.as_bytes()), part(claims.to_string().as_bytes()));
        let mut signature = vec![0; key.public_modulus_len()];
        let (padding, dice) = (&aws_lc_rs::signature::RSA_PKCS1_SHA256, aws_lc_rs::rand::SystemRandom::new());
        key.sign(padding, &dice, message.as_bytes(), &mut signature).unwrap();
        let registration = Registration {
            issuer: configured.to_owned(),
            client_id: "us".to_owned(),
            client_secret: String::new(),
            redirect_uri: String::new(),
        };
        let token = verify(&format!("{message}.{}", part(&signature)), &keys, &registration, "n", now).ok()?;
        Some((token.issuer, token.subject))
    }

    #[test]
    fn googles_two_spellings_are_one_person_and_nobody_elses_are() {
        let key = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
        let person = Some((GOOGLE.to_owned(), "107".to_owned()));
        assert_eq!(signed_in(&key, GOOGLE, GOOGLE), person);
        assert_eq!(signed_in(&key, GOOGLE, "accounts.google.com"), person);
        for (configured, issuer) in [
            (GOOGLE, "http://accounts.google.com"),
            (GOOGLE, "https://accounts.google.com/"),
            (GOOGLE, "Accounts.google.com"),
            (GOOGLE, "https://evil.example"),
            ("https://id.example", "id.example"),
            ("https://id.example", GOOGLE),
            ("https://id.example", "accounts.google.com"),
        ] {
            assert_eq!(signed_in(&key, configured, issuer), None, "{configured} {issuer}");
        }
    }
}
