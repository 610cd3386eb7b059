//! Tokens whose header, signature or key is not the provider's.

use aws_lc_rs::signature::{RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256};
use serde_json::{Value, json};

use crate::keys::{KEYS, Key, hmac_signed, part};
use crate::stage::{Case, Draft, FORGED, KID, NO_HEADER, OTHER_ALGORITHM, SIGNS_IN, Stage, UNKNOWN_KEY, case};

/// Signed by the attacker's key.
fn by_stranger(draft: &Draft) -> String {
    KEYS.stranger.sign(&draft.header_text(), &draft.claims_text())
}

/// Signed with a text that everybody knows.
fn by_hmac(draft: &Draft, secret: impl AsRef<[u8]>) -> String {
    hmac_signed(secret.as_ref(), &draft.header_text(), &draft.claims_text())
}

/// A header of any text over honest claims, with the honest signature of exactly that.
fn under(header: &str, draft: &Draft) -> String {
    KEYS.current.sign(header, &draft.claims_text())
}

/// The same token with one character of one of its three parts exchanged for another of the alphabet.
fn one_character_changed(token: &str, which: usize) -> String {
    let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    let at = parts[which].len() / 2;
    let other = if parts[which].as_bytes()[at] == b'A' { "B" } else { "A" };
    parts[which].replace_range(at..=at, other);
    parts.join(".")
}

fn unsigned(header: &Draft, signature: &str) -> String {
    format!("{}.{}.{signature}", part(header.header_text()), part(header.claims_text()))
}

fn without_algorithm(honest: &Draft) -> Vec<Case> {
    let signature = honest.signed().rsplit('.').next().unwrap().to_owned();
    let none = |spelling: Value| honest.clone().header("alg", spelling);
    vec![
        case("alg none without a signature", unsigned(&none("none".into()), ""), NO_HEADER),
        case("alg None", unsigned(&none("None".into()), ""), NO_HEADER),
        case("alg NONE", unsigned(&none("NONE".into()), ""), NO_HEADER),
        case("alg nOnE", unsigned(&none("nOnE".into()), ""), NO_HEADER),
        case("alg none with the honest signature", unsigned(&none("none".into()), &signature), NO_HEADER),
        case("alg empty", unsigned(&none("".into()), ""), NO_HEADER),
        case("alg null", unsigned(&none(Value::Null), ""), NO_HEADER),
        case("alg a list", unsigned(&none(json!(["RS256", "none"])), &signature), NO_HEADER),
        case("alg in small letters", none("rs256".into()).signed(), NO_HEADER),
        case("no alg", under(&json!({ "kid": KID }).to_string(), honest), NO_HEADER),
        case("alg twice", under(&format!(r#"{{"alg":"none","alg":"RS256","kid":"{KID}"}}"#), honest), NO_HEADER),
    ]
}

fn with_another_algorithm(honest: &Draft) -> Vec<Case> {
    let of = |algorithm: &str| honest.clone().header("alg", algorithm);
    let (key, hs256) = (&KEYS.current, of("HS256"));
    let rsa = |algorithm: &str, encoding| key.sign_as(encoding, &of(algorithm).header_text(), &honest.claims_text());
    vec![
        case("HS256 with the public modulus", by_hmac(&hs256, key.modulus()), OTHER_ALGORITHM),
        case("HS256 with the modulus as text", by_hmac(&hs256, part(key.modulus())), OTHER_ALGORITHM),
        case("HS256 with the public PEM", by_hmac(&hs256, key.public_pem()), OTHER_ALGORITHM),
        case("HS256 with the PEM, trimmed", by_hmac(&hs256, key.public_pem().trim()), OTHER_ALGORITHM),
        case("HS256 with the public DER", by_hmac(&hs256, key.public_der()), OTHER_ALGORITHM),
        case("HS256 with the JWK", by_hmac(&hs256, key.jwk(KID).to_string()), OTHER_ALGORITHM),
        case("HS256 with the client secret", by_hmac(&hs256, crate::local::CLIENT_SECRET), OTHER_ALGORITHM),
        case("HS256 with an empty secret", by_hmac(&hs256, ""), OTHER_ALGORITHM),
        case("HS512 in the header", by_hmac(&of("HS512"), key.modulus()), OTHER_ALGORITHM),
        case("RS256 in the header over a shared-secret tag", by_hmac(honest, key.modulus()), FORGED),
        case("RS384, rightly signed", rsa("RS384", &RSA_PKCS1_SHA384), OTHER_ALGORITHM),
        case("RS512, rightly signed", rsa("RS512", &RSA_PKCS1_SHA512), OTHER_ALGORITHM),
        case("PS256, rightly signed", rsa("PS256", &RSA_PSS_SHA256), OTHER_ALGORITHM),
        case("RS256 over an RS384 signature", rsa("RS256", &RSA_PKCS1_SHA384), FORGED),
        case("RS256 over a PS256 signature", rsa("RS256", &RSA_PSS_SHA256), FORGED),
        case("ES256 in the header of an RSA key", of("ES256").signed(), OTHER_ALGORITHM),
        case("EdDSA in the header of an RSA key", of("EdDSA").signed(), OTHER_ALGORITHM),
        case("an algorithm nobody knows", of("RS257").signed(), NO_HEADER),
    ]
}

fn with_another_signature(honest: &Draft) -> Vec<Case> {
    let token = honest.signed();
    let [header, claims, signature] = token.split('.').collect::<Vec<_>>()[..] else { unreachable!() };
    let other = honest.clone().claim("sub", "108").signed();
    let [_, other_claims, other_signature] = other.split('.').collect::<Vec<_>>()[..] else { unreachable!() };
    let zeros = part([0; 256]);
    vec![
        case("without a signature", format!("{header}.{claims}."), FORGED),
        case("without its third part", format!("{header}.{claims}"), NO_HEADER),
        case("only a header", header, NO_HEADER),
        case("empty", "", NO_HEADER),
        case("two dots", "..", NO_HEADER),
        case("not a token at all", "<html>sign in again</html>", NO_HEADER),
        case("a fourth part", format!("{token}.{signature}"), NO_HEADER),
        case("five parts, as of an encrypted token", format!("{header}.a.b.c.d"), NO_HEADER),
        case("cut in the middle of the signature", &token[..token.len() - 174], FORGED),
        case("cut in the middle of the claims", &token[..header.len() + 40], NO_HEADER),
        case("with another token's signature", format!("{header}.{claims}.{other_signature}"), FORGED),
        case("with another person's claims", format!("{header}.{other_claims}.{signature}"), FORGED),
        case("a signature of zeros", format!("{header}.{claims}.{zeros}"), FORGED),
        case("the signature twice", format!("{header}.{claims}.{signature}{signature}"), FORGED),
        case("a padded signature", format!("{token}=="), "the ID token is not valid: Base64"),
        case("a line end behind it", format!("{token}\n"), "the ID token is not valid: Base64"),
        case("one character of the claims changed", one_character_changed(&token, 1), FORGED),
        case("one character of the signature changed", one_character_changed(&token, 2), FORGED),
    ]
}

fn with_another_key(honest: &Draft) -> Vec<Case> {
    let named = |kid: &str| honest.clone().header("kid", kid);
    let key = KEYS.stranger.jwk(KID);
    let no_kid = r#"{"alg":"RS256","typ":"JWT"}"#;
    let smuggled = |name: &str, value: Value| honest.clone().header(name, value);
    vec![
        case("another provider's key under the right name", by_stranger(honest), FORGED),
        case("another provider's key under its own name", by_stranger(&named("stranger")), UNKNOWN_KEY),
        case("a retired key", KEYS.other.sign(&named("old").header_text(), &honest.claims_text()), UNKNOWN_KEY),
        case("no kid", under(no_kid, honest), NO_HEADER),
        case("a kid of another type", honest.clone().header("kid", 7).signed(), NO_HEADER),
        case("kid null", honest.clone().header("kid", Value::Null).signed(), NO_HEADER),
        case("an empty kid", named("").signed(), UNKNOWN_KEY),
        case("a kid in capitals", named("CURRENT").signed(), UNKNOWN_KEY),
        case("a kid with a blank", named("current ").signed(), UNKNOWN_KEY),
        case("a kid like a path", by_stranger(&named("../../../../dev/null")), UNKNOWN_KEY),
        case("a kid like an address", by_stranger(&named("https://evil.example/keys")), UNKNOWN_KEY),
        case("a kid like a query", by_stranger(&named("x' OR '1'='1")), UNKNOWN_KEY),
        case("a kid of 20,000 characters", by_stranger(&named(&"k".repeat(20_000))), UNKNOWN_KEY),
        case("a kid twice", under(&format!(r#"{{"alg":"RS256","kid":"x","kid":"{KID}"}}"#), honest), NO_HEADER),
        case("the attacker's key in jwk", by_stranger(&smuggled("jwk", key.clone())), FORGED),
        case("the attacker's keys at jku", by_stranger(&smuggled("jku", "http://127.0.0.1:9/k".into())), FORGED),
        case("the attacker's certificate at x5u", by_stranger(&smuggled("x5u", "http://127.0.0.1:9/c".into())), FORGED),
        case("the attacker's certificate in x5c", by_stranger(&smuggled("x5c", json!(["MIIB"]))), FORGED),
        case("jwk and no kid", by_stranger_without_kid(honest, &key), NO_HEADER),
        case("a critical extension", honest.clone().header("crit", json!(["exp"])).signed(), NO_HEADER),
        case("a critical b64", honest.clone().header("crit", json!(["b64"])).header("b64", false).signed(), NO_HEADER),
        case("an empty crit", honest.clone().header("crit", json!([])).signed(), NO_HEADER),
        case("a crit of another type", honest.clone().header("crit", "exp").signed(), NO_HEADER),
        case("a header that is a list", under("[]", honest), NO_HEADER),
        case("a header that is not JSON", under("alg=RS256", honest), NO_HEADER),
    ]
}

fn by_stranger_without_kid(honest: &Draft, key: &Value) -> String {
    KEYS.stranger.sign(&json!({ "alg": "RS256", "jwk": key }).to_string(), &honest.claims_text())
}

#[tokio::test]
async fn a_token_without_an_algorithm_signs_nobody_in() {
    let stage = Stage::open();
    stage.play(without_algorithm(&stage.honest(0))).await;
}

#[tokio::test]
async fn a_token_of_another_algorithm_signs_nobody_in() {
    let stage = Stage::open();
    stage.play(with_another_algorithm(&stage.honest(0))).await;
}

#[tokio::test]
async fn a_token_with_another_signature_signs_nobody_in() {
    let stage = Stage::open();
    stage.play(with_another_signature(&stage.honest(0))).await;
}

#[tokio::test]
async fn a_token_with_another_key_signs_nobody_in() {
    let stage = Stage::open();
    stage.play(with_another_key(&stage.honest(0))).await;
}

#[tokio::test]
async fn no_single_changed_character_survives() {
    let stage = Stage::open();
    let token = stage.honest(0).signed();
    let header = one_character_changed(&token, 0);
    assert_ne!(stage.verdict(&header, 0).await, SIGNS_IN);
    for at in (0..token.len()).step_by(37) {
        let other = if &token[at..=at] == "Q" { "g" } else { "Q" };
        let mut changed = token.clone();
        changed.replace_range(at..=at, other);
        assert!(!stage.verdict(&changed, 0).await.starts_with("signs in"), "character {at}");
    }
    assert_eq!(stage.verdict(&token, 0).await, SIGNS_IN);
}

/// Plays one honestly named, wrongly published key: the token's name leads to it, and still nobody signs in.
async fn published(keys: &[Value], token: impl Fn(&Draft) -> String) -> String {
    let stage = Stage::open();
    stage.local.publish(keys);
    let draft = stage.honest(0);
    stage.verdict(&token(&draft), 0).await
}

#[tokio::test]
async fn a_published_key_that_is_not_for_signatures_verifies_nothing() {
    let changed = |name: &str, value: Value| {
        let mut key = KEYS.current.jwk(KID);
        key[name] = value;
        vec![key]
    };
    let secret = json!({ "kty": "oct", "kid": KID, "k": part("secret"), "alg": "HS256" });
    let hs256 = |draft: &Draft| by_hmac(&draft.clone().header("alg", "HS256"), "secret");
    assert_eq!(published(&changed("use", "enc".into()), Draft::signed).await, UNKNOWN_KEY);
    assert_eq!(published(&changed("alg", "RSA-OAEP-256".into()), Draft::signed).await, UNKNOWN_KEY);
    assert_eq!(published(&changed("key_ops", json!(["encrypt"])), Draft::signed).await, UNKNOWN_KEY);
    assert_eq!(published(&changed("kid", Value::Null), Draft::signed).await, UNKNOWN_KEY);
    assert_eq!(published(&[secret], hs256).await, UNKNOWN_KEY);
    assert_eq!(published(&[], Draft::signed).await, UNKNOWN_KEY);
}

#[tokio::test]
async fn a_published_key_that_is_broken_verifies_nothing() {
    let of = |modulus: &str, exponent: &str| {
        vec![json!({ "kty": "RSA", "kid": KID, "use": "sig", "alg": "RS256", "n": modulus, "e": exponent })]
    };
    let whole = part(KEYS.current.modulus());
    let short = part(&KEYS.current.modulus()[..64]);
    for keys in [of("", "AQAB"), of(&whole, ""), of(&whole, "AQ"), of(&short, "AQAB"), of("AQ", "AQAB")] {
        assert_eq!(published(&keys, Draft::signed).await, FORGED, "{keys:?}");
    }
    assert_eq!(published(&of("not base64!", "AQAB"), Draft::signed).await, "the ID token is not valid: Base64");
}

#[tokio::test]
async fn strange_keys_beside_the_right_one_do_no_harm() {
    let mut encrypts = KEYS.stranger.jwk(KID);
    encrypts["use"] = "enc".into();
    let strange = [json!(null), json!("key"), json!({ "kty": "RSA" }), json!({ "kty": "AKP", "kid": KID }), encrypts];
    let keys = [&strange[..], &[KEYS.current.jwk(KID)]].concat();
    assert_eq!(published(&keys, Draft::signed).await, SIGNS_IN);
    assert_eq!(published(&keys, by_stranger).await, FORGED);
}

#[tokio::test]
async fn keys_of_one_provider_do_not_open_another() {
    let (here, there) = (Stage::open(), Stage::open());
    let sign = |key: &Key, draft: &Draft| key.sign(&draft.header_text(), &draft.claims_text());
    there.local.publish(&[KEYS.other.jwk(KID)]);
    let token = sign(&KEYS.other, &there.honest(0));
    assert_eq!(there.verdict(&token, 0).await, SIGNS_IN);
    assert_eq!(here.verdict(&token, 0).await, FORGED);
    let named_here = sign(&KEYS.other, &here.honest(0));
    assert_eq!(here.verdict(&named_here, 0).await, FORGED);
}
