//! Tokens that the provider signed rightly and that say something wrong, or something odd and harmless.

use serde_json::{Value, json};

use crate::keys::KEYS;
use crate::local::CLIENT_ID;
use crate::stage::{Case, Draft, NONCE, NOT_READ, SIGNS_IN, Stage, at, case};

const OTHER_ISSUER: &str = "the ID token's iss is wrong";
const OTHER_AUDIENCE: &str = "the ID token is not valid: InvalidAudience";
const UNMAILED: &str = "signs in as 107 without an e-mail";

fn missing(claim: &str) -> String {
    format!("the ID token is not valid: MissingRequiredClaim({claim:?})")
}

fn wrong(claim: &str) -> String {
    format!("the ID token's {claim} is wrong")
}

/// The second `seconds` from now, as a claim.
fn second(seconds: i64) -> Value {
    at(seconds).as_second().into()
}

fn of_issuer(honest: &Draft, issuer: &str) -> Vec<Case> {
    let says = |issuer: Value| honest.clone().claim("iss", issuer).signed();
    let bare = issuer.strip_prefix("http://").unwrap();
    vec![
        case("no iss", honest.clone().without("iss").signed(), NOT_READ),
        case("iss null", says(Value::Null), NOT_READ),
        case("iss empty", says("".into()), OTHER_ISSUER),
        case("iss a number", says(7.into()), NOT_READ),
        case("another iss", says("https://evil.example".into()), OTHER_ISSUER),
        case("Google's iss on another provider", says("https://accounts.google.com".into()), OTHER_ISSUER),
        case("iss a list with ours", says(json!([issuer])), NOT_READ),
        case("iss a list with ours and another", says(json!(["https://evil.example", issuer])), NOT_READ),
        case("iss with something behind", says(format!("{issuer}.evil.example").into()), OTHER_ISSUER),
        case("iss cut short", says(issuer[..issuer.len() - 1].into()), OTHER_ISSUER),
        case("iss with a slash at its end", says(format!("{issuer}/").into()), OTHER_ISSUER),
        case("iss in capitals", says(issuer.to_uppercase().into()), OTHER_ISSUER),
        case("iss with a blank", says(format!(" {issuer}").into()), OTHER_ISSUER),
        case("iss without its scheme, Google's way", says(bare.into()), OTHER_ISSUER),
        case("iss over https", says(format!("https://{bare}").into()), OTHER_ISSUER),
    ]
}

fn of_audience(honest: &Draft) -> Vec<Case> {
    let says = |audience: Value| honest.clone().claim("aud", audience);
    let alone = |audience: Value| says(audience).without("azp").signed();
    let party = |party: Value| honest.clone().claim("azp", party);
    let two = json!([CLIENT_ID, "another-client"]);
    vec![
        case("no aud", honest.clone().without("aud").signed(), NOT_READ),
        case("aud null", says(Value::Null).signed(), missing("aud")),
        case("aud empty", says("".into()).signed(), OTHER_AUDIENCE),
        case("aud a number", says(7.into()).signed(), missing("aud")),
        case("aud an object", says(json!({ "id": CLIENT_ID })).signed(), missing("aud")),
        case("another aud", says("another-client".into()).signed(), OTHER_AUDIENCE),
        case("aud cut short", says("our-clien".into()).signed(), OTHER_AUDIENCE),
        case("aud with something behind", says("our-client.evil".into()).signed(), OTHER_AUDIENCE),
        case("aud in capitals", says("OUR-CLIENT".into()).signed(), OTHER_AUDIENCE),
        case("an empty list", says(json!([])).signed(), OTHER_AUDIENCE),
        case("a list without us", says(json!(["another-client", "a-third"])).signed(), OTHER_AUDIENCE),
        case("a list with something that is no text", says(json!([CLIENT_ID, 7])).signed(), missing("aud")),
        case("a list in a list", says(json!([[CLIENT_ID]])).signed(), missing("aud")),
        case("two audiences without azp", alone(two.clone()), wrong("azp")),
        case("ourselves twice without azp", alone(json!([CLIENT_ID, CLIENT_ID])), wrong("azp")),
        case("two audiences, azp the other", says(two.clone()).claim("azp", "another-client").signed(), wrong("azp")),
        case("our aud, another azp", party("another-client".into()).signed(), wrong("azp")),
        case("our aud, azp empty", party("".into()).signed(), wrong("azp")),
        case("our aud, azp a list", party(json!([CLIENT_ID])).signed(), NOT_READ),
        case("our aud without azp", honest.clone().without("azp").signed(), SIGNS_IN),
        case("a list of us alone without azp", alone(json!([CLIENT_ID])), SIGNS_IN),
        case("two audiences, azp us", says(two).signed(), SIGNS_IN),
    ]
}

fn of_time(honest: &Draft) -> Vec<Case> {
    let says = |name: &str, value: Value| honest.clone().claim(name, value).signed();
    vec![
        case("no exp", honest.clone().without("exp").signed(), NOT_READ),
        case("exp null", says("exp", Value::Null), NOT_READ),
        case("exp past", says("exp", second(-3600)), wrong("exp")),
        case("exp past the leeway by nothing", says("exp", second(-60)), wrong("exp")),
        case("exp past within the leeway", says("exp", second(-59)), SIGNS_IN),
        case("exp as text", says("exp", at(3600).as_second().to_string().into()), NOT_READ),
        case("exp as a date", says("exp", "2030-01-01T00:00:00Z".into()), NOT_READ),
        case("exp with a fraction", says("exp", json!(1_800_003_600.5)), NOT_READ),
        case("exp zero", says("exp", 0.into()), wrong("exp")),
        case("exp negative", says("exp", (-1).into()), missing("exp")),
        case("exp the smallest number", says("exp", i64::MIN.into()), missing("exp")),
        case("exp beyond 64 bits", says("exp", json!(1e300)), NOT_READ),
        case("exp beyond 63 bits", says("exp", u64::MAX.into()), NOT_READ),
        case("exp the largest number: iat still bounds it", says("exp", i64::MAX.into()), SIGNS_IN),
        case("exp true", says("exp", true.into()), NOT_READ),
        case("no iat", honest.clone().without("iat").signed(), NOT_READ),
        case("iat ahead", says("iat", second(61)), wrong("iat")),
        case("iat ahead within the leeway", says("iat", second(60)), SIGNS_IN),
        case("iat too old", says("iat", second(-661)), wrong("iat")),
        case("iat old within the limit", says("iat", second(-660)), SIGNS_IN),
        case("iat of yesterday", says("iat", second(-86_400)), wrong("iat")),
        case("iat the smallest number", says("iat", i64::MIN.into()), wrong("iat")),
        case("iat the largest number", says("iat", i64::MAX.into()), wrong("iat")),
        case("iat as text", says("iat", at(0).as_second().to_string().into()), NOT_READ),
        case("iat in milliseconds", says("iat", at(0).as_millisecond().into()), wrong("iat")),
        case("nbf ahead", says("nbf", second(61)), wrong("nbf")),
        case("nbf ahead within the leeway", says("nbf", second(60)), SIGNS_IN),
        case("nbf the largest number", says("nbf", i64::MAX.into()), wrong("nbf")),
        case("nbf as text", says("nbf", "now".into()), NOT_READ),
        case("nbf past", says("nbf", second(-9000)), SIGNS_IN),
    ]
}

fn of_nonce(honest: &Draft) -> Vec<Case> {
    let says = |nonce: Value| honest.clone().claim("nonce", nonce).signed();
    vec![
        case("no nonce", honest.clone().without("nonce").signed(), wrong("nonce")),
        case("nonce null", says(Value::Null), wrong("nonce")),
        case("nonce empty", says("".into()), wrong("nonce")),
        case("another sign-in's nonce", says("Cg4-nonce_of-that-sign-in".into()), wrong("nonce")),
        case("nonce in other letters", says(NONCE.to_lowercase().into()), wrong("nonce")),
        case("nonce cut short", says(NONCE[1..].into()), wrong("nonce")),
        case("nonce with something behind", says(format!("{NONCE}x").into()), wrong("nonce")),
        case("nonce a list", says(json!([NONCE])), NOT_READ),
        case(
            "nonce in the header only",
            honest.clone().without("nonce").header("nonce", NONCE).signed(),
            wrong("nonce"),
        ),
    ]
}

fn of_subject(honest: &Draft) -> Vec<Case> {
    let says = |subject: Value| honest.clone().claim("sub", subject).signed();
    let longest = "s".repeat(255);
    vec![
        case("no sub", honest.clone().without("sub").signed(), NOT_READ),
        case("sub null", says(Value::Null), NOT_READ),
        case("sub empty", says("".into()), wrong("sub")),
        case("sub a number", says(107.into()), NOT_READ),
        case("sub a list", says(json!(["107"])), NOT_READ),
        case("sub too long", says(format!("{longest}s").into()), wrong("sub")),
        case("sub not ASCII", says("10\u{0667}".into()), wrong("sub")),
        case("sub with a zero byte", says("107\0".into()), wrong("sub")),
        case("sub with a line end", says("107\n".into()), wrong("sub")),
        case("sub at its longest", says(longest.clone().into()), format!("signs in as {longest} with ada@example.org")),
    ]
}

/// What only describes the person never holds up a sign-in, and only a true `true` makes an e-mail ours to store.
fn of_person(honest: &Draft) -> Vec<Case> {
    let verified = |value: Value| honest.clone().claim("email_verified", value).signed();
    let says = |name: &str, value: Value| honest.clone().claim(name, value).signed();
    let long = format!("{}@example.org", "a".repeat(400));
    let shortened = format!("signs in as 107 with {}", "a".repeat(320));
    vec![
        case("an e-mail that is not verified", verified(false.into()), UNMAILED),
        case("email_verified missing", honest.clone().without("email_verified").signed(), UNMAILED),
        case("email_verified null", verified(Value::Null), UNMAILED),
        case("email_verified the text true", verified("true".into()), UNMAILED),
        case("email_verified the text false", verified("false".into()), UNMAILED),
        case("email_verified 1", verified(1.into()), UNMAILED),
        case("email_verified a list", verified(json!([true])), UNMAILED),
        case("no e-mail, yet verified", honest.clone().without("email").signed(), UNMAILED),
        case("an e-mail that is a list", says("email", json!(["ada@example.org"])), UNMAILED),
        case("an e-mail that is a number", says("email", 7.into()), UNMAILED),
        case("an e-mail that never ends", says("email", long.into()), shortened),
        case("a name that is an object", says("name", json!({ "first": "Ada" })), SIGNS_IN),
        case("no name", honest.clone().without("name").signed(), SIGNS_IN),
    ]
}

fn of_json(honest: &Draft) -> Vec<Case> {
    let text = honest.claims_text();
    let open = text.strip_suffix('}').unwrap();
    let raw = |claims: &str| KEYS.current.sign(&honest.header_text(), claims);
    let twice = |claim: &str| raw(&format!("{open},{claim}}}"));
    let filler = "x".repeat(70_000);
    vec![
        case("sub twice", twice(r#""sub":"1""#), NOT_READ),
        case("aud twice", twice(r#""aud":"another-client""#), NOT_READ),
        case("exp twice", twice(r#""exp":9999999999"#), NOT_READ),
        case("nonce twice", twice(&format!(r#""nonce":"{NONCE}""#)), NOT_READ),
        case("iss twice", twice(r#""iss":"https://evil.example""#), NOT_READ),
        case("email twice", twice(r#""email":"eve@example.org""#), NOT_READ),
        case("email_verified twice", twice(r#""email_verified":true"#), NOT_READ),
        case("claims in capitals beside ours", twice(r#""SUB":"1","Nonce":"x""#), SIGNS_IN),
        case("claims that are not JSON", raw("sub=107"), NOT_READ),
        case("no claims", raw(""), NOT_READ),
        case("claims that are null", raw("null"), NOT_READ),
        case("claims that are a text", raw(&Value::from(text.clone()).to_string()), NOT_READ),
        case("claims in a list", raw(&format!("[{text}]")), NOT_READ),
        case("something behind the claims", raw(&format!("{text}{{}}")), NOT_READ),
        case("claims cut short", raw(open), NOT_READ),
        case("depth without end", raw(&"[".repeat(20_000)), NOT_READ),
        case("depth without end in a claim", twice(&format!(r#""x":{}"#, "[".repeat(20_000))), NOT_READ),
        case(
            "a token beyond 64 KiB",
            honest.clone().claim("x", filler).signed(),
            "the provider's token endpoint answered 200 or too much",
        ),
    ]
}

#[tokio::test]
async fn another_issuer_signs_nobody_in() {
    let stage = Stage::open();
    stage.play(of_issuer(&stage.honest(0), &stage.local.issuer)).await;
}

#[tokio::test]
async fn another_audience_signs_nobody_in() {
    let stage = Stage::open();
    stage.play(of_audience(&stage.honest(0))).await;
}

#[tokio::test]
async fn a_token_of_another_time_signs_nobody_in() {
    let stage = Stage::open();
    stage.play(of_time(&stage.honest(0))).await;
}

#[tokio::test]
async fn a_token_of_another_sign_in_signs_nobody_in() {
    let stage = Stage::open();
    stage.play(of_nonce(&stage.honest(0))).await;
}

#[tokio::test]
async fn a_subject_that_cannot_be_a_key_signs_nobody_in() {
    let stage = Stage::open();
    stage.play(of_subject(&stage.honest(0))).await;
}

#[tokio::test]
async fn an_odd_description_of_the_person_does_no_harm() {
    let stage = Stage::open();
    stage.play(of_person(&stage.honest(0))).await;
}

#[tokio::test]
async fn claims_that_read_two_ways_sign_nobody_in() {
    let stage = Stage::open();
    stage.play(of_json(&stage.honest(0))).await;
}
