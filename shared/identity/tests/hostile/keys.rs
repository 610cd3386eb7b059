//! The keys of the play, made anew in each run: nothing secret is committed.

use std::sync::LazyLock;

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{self, KeyPair, RsaEncoding, RsaKeyPair};
use base64::{Engine, engine::general_purpose::STANDARD, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

/// An RSA key of 2048 bits.
pub(crate) struct Key(RsaKeyPair);

/// Who holds a key.
pub(crate) struct Keys {
    /// The provider signs with it and publishes it.
    pub(crate) current: Key,
    /// The provider's earlier or later one.
    pub(crate) other: Key,
    /// Nobody but the attacker has it.
    pub(crate) stranger: Key,
}

/// The keys of this run.
pub(crate) static KEYS: LazyLock<Keys> =
    LazyLock::new(|| Keys { current: Key::fresh(), other: Key::fresh(), stranger: Key::fresh() });

/// The text of one part of a token.
pub(crate) fn part(content: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(content)
}

/// A token signed with a shared secret instead of a key.
pub(crate) fn hmac_signed(secret: &[u8], header: &str, claims: &str) -> String {
    let message = format!("{}.{}", part(header), part(claims));
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), message.as_bytes());
    format!("{message}.{}", part(tag))
}

impl Key {
    fn fresh() -> Self {
        Self(RsaKeyPair::generate(KeySize::Rsa2048).unwrap())
    }

    /// A token of RS256, whatever its header claims.
    pub(crate) fn sign(&self, header: &str, claims: &str) -> String {
        self.sign_as(&signature::RSA_PKCS1_SHA256, header, claims)
    }

    /// A token of another RSA signature.
    pub(crate) fn sign_as(&self, encoding: &'static dyn RsaEncoding, header: &str, claims: &str) -> String {
        let message = format!("{}.{}", part(header), part(claims));
        let mut signature = vec![0; self.0.public_modulus_len()];
        self.0.sign(encoding, &SystemRandom::new(), message.as_bytes(), &mut signature).unwrap();
        format!("{message}.{}", part(signature))
    }

    /// The public half as a provider publishes it.
    pub(crate) fn jwk(&self, kid: &str) -> Value {
        let exponent = part(self.0.public_key().exponent().big_endian_without_leading_zero());
        json!({ "kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid, "n": part(self.modulus()), "e": exponent })
    }

    /// The bytes of the public modulus.
    pub(crate) fn modulus(&self) -> Vec<u8> {
        self.0.public_key().modulus().big_endian_without_leading_zero().to_vec()
    }

    /// The public half as a file, as servers keep it.
    pub(crate) fn public_pem(&self) -> String {
        let text = STANDARD.encode(self.public_der());
        let lines: Vec<_> = text.as_bytes().chunks(64).map(|line| String::from_utf8(line.to_vec()).unwrap()).collect();
        format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n"))
    }

    /// The public half as DER.
    pub(crate) fn public_der(&self) -> Vec<u8> {
        let der: PublicKeyX509Der = self.0.public_key().as_der().unwrap();
        der.as_ref().to_vec()
    }
}
