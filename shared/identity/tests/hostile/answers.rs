//! What the provider's endpoints answer instead of what they should, and what the token endpoint demands of us.

use identity::{Flow, Provider};
use serde_json::{Value, json};

use crate::keys::KEYS;
use crate::local::{Reply, discovery};
use crate::stage::{KID, SIGNS_IN, Stage, at, flow, registration, verdict};

/// The most bytes that any answer may have.
const MOST: usize = 64 * 1024;

/// Answers that are none, by name; each carries what the case would need if we took it.
fn useless(honest: &Value, elsewhere: &str) -> Vec<(&'static str, Reply, &'static str)> {
    let text = honest.to_string();
    let padded = |size: usize| format!("{text}{}", " ".repeat(size - text.len()));
    let moved = |status| Reply::text(status, &text[..]).with("location", elsewhere);
    vec![
        ("400", Reply::text(400, &text[..]), "answered 400 or too much"),
        ("401", Reply::text(401, &text[..]), "answered 401 or too much"),
        ("404", Reply::text(404, &text[..]), "answered 404 or too much"),
        ("429", Reply::text(429, &text[..]).with("retry-after", "1"), "answered 429 or too much"),
        ("500", Reply::text(500, &text[..]), "answered 500 or too much"),
        ("503", Reply::text(503, ""), "answered 503 or too much"),
        ("202", Reply::text(202, &text[..]), "answered 202 or too much"),
        ("moved for good", moved(301), "answered 301 or too much"),
        ("moved", moved(302), "answered 302 or too much"),
        ("moved with the same method", moved(307), "answered 307 or too much"),
        ("an empty answer", Reply::text(200, ""), "cannot be read"),
        ("a page", Reply::text(200, "<!doctype html><title>Sign in</title>"), "cannot be read"),
        ("garbage", Reply::text(200, "\u{0}\u{1}\u{7f}{]"), "cannot be read"),
        ("null", Reply::text(200, "null"), "cannot be read"),
        ("a list", Reply::json(&json!([honest])), "cannot be read"),
        ("an object without what matters", Reply::json(&json!({ "error": "x" })), "cannot be read"),
        ("half an answer", Reply::text(200, &text[..text.len() / 2]), "cannot be read"),
        ("one byte too many", Reply::text(200, padded(MOST + 1)), "answered 200 or too much"),
        ("a megabyte", Reply::text(200, padded(1 << 20)), "answered 200 or too much"),
        ("no answer", Reply::HangUp, "did not answer as it should"),
        ("two lengths that differ", Reply::text(200, "").with("content-length", "9"), "did not answer as it should"),
    ]
}

#[tokio::test]
async fn a_token_endpoint_that_misbehaves_signs_nobody_in() {
    let stage = Stage::open();
    let token = stage.honest(0).signed();
    let tokens = json!({ "access_token": "a", "token_type": "Bearer", "id_token": token });
    let mut cases = useless(&tokens, &format!("{}/elsewhere", stage.local.issuer));
    let changed = |value: Value| Reply::json(&json!({ "access_token": "a", "id_token": value }));
    cases.extend([
        ("an id_token that is null", changed(Value::Null), "cannot be read"),
        ("an id_token that is a list", changed(json!([token])), "cannot be read"),
        ("an id_token that is an object", changed(json!({ "token": token })), "cannot be read"),
        ("an access token alone", Reply::json(&json!({ "access_token": token })), "cannot be read"),
    ]);
    for (name, reply, expected) in cases {
        stage.local.state().token = Some(reply);
        let verdict = stage.verdict(&token, 0).await;
        assert_eq!(verdict, format!("the provider's token endpoint {expected}"), "{name}");
    }
    assert_eq!(stage.local.asked("/elsewhere"), 0, "our secret must not follow a redirect");
    let text = tokens.to_string();
    let filled = format!("{text}{}", " ".repeat(MOST - text.len()));
    stage.local.state().token = Some(Reply::text(200, filled));
    assert_eq!(stage.verdict(&token, 0).await, SIGNS_IN, "exactly as much as there may be");
}

#[tokio::test]
async fn a_discovery_that_misbehaves_begins_no_sign_in() {
    let stage = Stage::open();
    let honest = discovery(&stage.local.issuer);
    let changed = |name: &str, value: Value| {
        let mut other = honest.clone();
        other[name] = value;
        Reply::json(&other)
    };
    let mut cases = useless(&honest, &format!("{}/elsewhere", stage.local.issuer));
    cases.extend([
        ("another issuer", changed("issuer", "https://evil.example".into()), "cannot be read"),
        ("a slash behind the issuer", changed("issuer", format!("{}/", stage.local.issuer).into()), "cannot be read"),
        ("no issuer", changed("issuer", Value::Null), "cannot be read"),
        ("a token endpoint in the clear", changed("token_endpoint", "http://id.example/".into()), "cannot be read"),
        ("keys in the clear", changed("jwks_uri", "http://id.example/keys".into()), "cannot be read"),
        ("keys in a file", changed("jwks_uri", "file:///etc/passwd".into()), "cannot be read"),
        ("a login page of a script", changed("authorization_endpoint", "javascript:x".into()), "cannot be read"),
        ("a login page without a host", changed("authorization_endpoint", "/authorize".into()), "cannot be read"),
        ("no token endpoint", changed("token_endpoint", Value::Null), "cannot be read"),
    ]);
    for (name, reply, expected) in cases {
        stage.local.state().discovery = reply;
        let verdict = verdict(&stage.sign_in("", 0).await);
        assert_eq!(verdict, format!("the provider's discovery {expected}"), "{name}");
    }
    assert_eq!((stage.local.asked("/keys"), stage.local.asked("/elsewhere")), (0, 0));
    stage.local.state().discovery = Reply::json(&honest);
    assert_eq!(stage.verdict(&stage.honest(0).signed(), 0).await, SIGNS_IN, "and then it behaves");
}

#[tokio::test]
async fn a_key_set_that_misbehaves_begins_no_sign_in() {
    let stage = Stage::open();
    let honest = json!({ "keys": [KEYS.current.jwk(KID)] });
    let mut cases = useless(&honest, &format!("{}/elsewhere", stage.local.issuer));
    cases.extend([
        ("keys that are an object", Reply::json(&json!({ "keys": { KID: KEYS.current.jwk(KID) } })), "cannot be read"),
        ("keys that are null", Reply::json(&json!({ "keys": null })), "cannot be read"),
        ("keys twice", Reply::text(200, r#"{"keys":[],"keys":[]}"#), "cannot be read"),
        ("a certificate list", Reply::json(&json!({ KID: "-----BEGIN CERTIFICATE-----" })), "cannot be read"),
    ]);
    for (name, reply, expected) in cases {
        stage.local.state().keys = reply;
        let verdict = stage.verdict("", 0).await;
        assert_eq!(verdict, format!("the provider's key set {expected}"), "{name}");
    }
    assert_eq!((stage.local.asked("/token"), stage.local.asked("/elsewhere")), (0, 0));
    stage.local.state().keys = Reply::json(&honest);
    assert_eq!(stage.verdict(&stage.honest(0).signed(), 0).await, SIGNS_IN, "and then it behaves");
}

#[tokio::test]
async fn a_provider_that_is_not_there_begins_no_sign_in() {
    let closed = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
    let ours = Provider::new(registration(&format!("http://{closed}"))).unwrap();
    let error = ours.login_url(&flow(), at(0)).await.unwrap_err();
    assert_eq!(error.to_string(), "the provider's discovery did not answer as it should");
}

/// The only test that waits: the five seconds are the client's own.
#[tokio::test]
async fn a_provider_that_never_answers_is_given_up() {
    let stage = Stage::open();
    stage.local.state().token = Some(Reply::Silence);
    let verdict = stage.verdict(&stage.honest(0).signed(), 0).await;
    assert_eq!(verdict, "the provider's token endpoint did not answer as it should");
}

/// Signs in with a code that belongs to `begun`, as if the browser of `finished` had brought it.
async fn crossed(stage: &Stage, begun: &Flow, finished: &Flow) -> String {
    let code = stage.local.authorize(&stage.ours.login_url(begun, at(0)).await.unwrap());
    stage.local.state().id_token = stage.honest(0).signed();
    verdict(&stage.ours.sign_in(&code, finished, at(0)).await)
}

#[tokio::test]
async fn a_code_works_once_and_only_for_the_browser_that_began() {
    const REFUSED: &str = "the provider's token endpoint answered 400 or too much";
    let stage = Stage::open();
    let (mine, theirs) = (flow(), flow());
    assert_eq!(crossed(&stage, &mine, &theirs).await, REFUSED, "another browser's verifier");
    let empty = Flow { verifier: String::new(), ..mine.clone() };
    assert_eq!(crossed(&stage, &mine, &empty).await, REFUSED, "no verifier");
    let challenge = Flow { verifier: mine.challenge(), ..mine.clone() };
    assert_eq!(crossed(&stage, &mine, &challenge).await, REFUSED, "the challenge in place of the verifier");
    assert_eq!(crossed(&stage, &mine, &mine).await, SIGNS_IN);

    let code = stage.local.authorize(&stage.ours.login_url(&mine, at(0)).await.unwrap());
    assert_eq!(verdict(&stage.ours.sign_in(&code, &mine, at(0)).await), SIGNS_IN);
    assert_eq!(verdict(&stage.ours.sign_in(&code, &mine, at(0)).await), REFUSED, "the second use");
    for code in ["", "canary-code-999", "canary-code-1&code=x", "\0"] {
        assert_eq!(verdict(&stage.ours.sign_in(code, &mine, at(0)).await), REFUSED, "{code:?}");
    }
}

#[tokio::test]
async fn the_provider_refuses_whoever_is_not_us() {
    let stage = Stage::open();
    let theirs = Provider::new({
        let mut registration = registration(&stage.local.issuer);
        "guessed".clone_into(&mut registration.client_secret);
        registration
    });
    let code = stage.local.authorize(&stage.ours.login_url(&flow(), at(0)).await.unwrap());
    let refused = verdict(&theirs.unwrap().sign_in(&code, &flow(), at(0)).await);
    assert_eq!(refused, "the provider's token endpoint answered 401 or too much");

    let moved = Provider::new({
        let mut registration = registration(&stage.local.issuer);
        "http://localhost:9/elsewhere".clone_into(&mut registration.redirect_uri);
        registration
    });
    let flow = flow();
    let code = stage.local.authorize(&stage.ours.login_url(&flow, at(0)).await.unwrap());
    let refused = verdict(&moved.unwrap().sign_in(&code, &flow, at(0)).await);
    assert_eq!(refused, "the provider's token endpoint answered 400 or too much");
}
