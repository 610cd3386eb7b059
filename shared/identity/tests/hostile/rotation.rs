//! The provider's keys over time: fetched seldom, renewed in time, withdrawn when the provider withdraws them.

use serde_json::json;

use crate::keys::{KEYS, Key};
use crate::local::Reply;
use crate::stage::{FORGED, KID, SIGNS_IN, Stage, UNKNOWN_KEY};

/// How long keys serve after their time when they cannot be fetched.
const DAY: i64 = 24 * 3600;
/// How long keys serve that came without a time.
const HOUR: i64 = 3600;

/// A token of `key` under the name `kid`, made at this second.
fn token(stage: &Stage, key: &Key, kid: &str, seconds: i64) -> String {
    let draft = stage.honest(seconds).header("kid", kid);
    key.sign(&draft.header_text(), &draft.claims_text())
}

/// Signs in with the published key at this second.
async fn current(stage: &Stage, seconds: i64) -> String {
    stage.verdict(&token(stage, &KEYS.current, KID, seconds), seconds).await
}

/// Signs in with the provider's next key at this second.
async fn next(stage: &Stage, seconds: i64) -> String {
    stage.verdict(&token(stage, &KEYS.other, "next", seconds), seconds).await
}

#[tokio::test]
async fn two_sign_ins_fetch_the_keys_once() {
    let stage = Stage::open();
    assert_eq!(current(&stage, 0).await, SIGNS_IN);
    assert_eq!(current(&stage, HOUR).await, SIGNS_IN);
    let asked = ["/.well-known/openid-configuration", "/keys", "/token"].map(|path| stage.local.asked(path));
    assert_eq!(asked, [1, 1, 2]);
}

#[tokio::test]
async fn sign_ins_at_once_fetch_the_keys_once() {
    let stage = Stage::open();
    let (first, second, third) = tokio::join!(current(&stage, 0), current(&stage, 0), current(&stage, 0));
    assert_eq!([first, second, third], [SIGNS_IN; 3]);
    assert_eq!(stage.local.asked("/keys"), 1);
}

#[tokio::test]
async fn a_new_key_is_fetched_once_and_works() {
    let stage = Stage::open();
    assert_eq!(current(&stage, 0).await, SIGNS_IN);
    stage.local.publish(&[KEYS.other.jwk("next"), KEYS.current.jwk(KID)]);
    assert_eq!(next(&stage, 100).await, SIGNS_IN);
    assert_eq!(next(&stage, 101).await, SIGNS_IN);
    assert_eq!(stage.local.asked("/keys"), 2);
    assert_eq!(current(&stage, 102).await, SIGNS_IN, "the old key is still published");
    assert_eq!(stage.local.asked("/keys"), 2);
}

#[tokio::test]
async fn a_withdrawn_key_is_refused_once_the_keys_are_fetched_anew() {
    let stage = Stage::open();
    assert_eq!(current(&stage, 0).await, SIGNS_IN);
    stage.local.publish(&[KEYS.other.jwk("next")]);
    assert_eq!(current(&stage, HOUR).await, SIGNS_IN, "within its time nobody asks");
    assert_eq!(current(&stage, HOUR + 1).await, UNKNOWN_KEY);
    assert_eq!(next(&stage, HOUR + 2).await, SIGNS_IN);
    assert_eq!(stage.local.asked("/keys"), 2);
}

#[tokio::test]
async fn a_withdrawn_key_is_refused_as_soon_as_the_new_one_is_seen() {
    let stage = Stage::open();
    assert_eq!(current(&stage, 0).await, SIGNS_IN);
    stage.local.publish(&[KEYS.other.jwk("next")]);
    assert_eq!(next(&stage, 100).await, SIGNS_IN);
    assert_eq!(current(&stage, 101).await, UNKNOWN_KEY);
}

#[tokio::test]
async fn a_key_under_the_name_of_the_old_one_is_found_in_time() {
    let stage = Stage::open();
    assert_eq!(current(&stage, 0).await, SIGNS_IN);
    stage.local.publish(&[KEYS.other.jwk(KID)]);
    let renamed = |seconds| token(&stage, &KEYS.other, KID, seconds);
    assert_eq!(stage.verdict(&renamed(100), 100).await, FORGED, "a name may not be given twice");
    assert_eq!(stage.verdict(&renamed(HOUR + 1), HOUR + 1).await, SIGNS_IN);
    assert_eq!(current(&stage, HOUR + 2).await, FORGED);
}

#[tokio::test]
async fn all_keys_withdrawn_means_nobody_signs_in() {
    let stage = Stage::open();
    assert_eq!(current(&stage, 0).await, SIGNS_IN);
    stage.local.publish(&[]);
    assert_eq!(current(&stage, HOUR + 1).await, UNKNOWN_KEY);
}

#[tokio::test]
async fn fifty_unknown_keys_in_a_minute_fetch_once() {
    let stage = Stage::open();
    assert_eq!(current(&stage, 0).await, SIGNS_IN);
    for seconds in 60..110 {
        let hostile = token(&stage, &KEYS.stranger, &format!("unknown-{seconds}"), seconds);
        assert_eq!(stage.verdict(&hostile, seconds).await, UNKNOWN_KEY);
        assert_eq!(stage.local.asked("/keys"), if seconds == 60 { 1 } else { 2 }, "second {seconds}");
    }
    assert_eq!(stage.local.asked("/.well-known/openid-configuration"), 2);
    assert_eq!(stage.local.asked("/token"), 51);
}

#[tokio::test]
async fn unknown_keys_for_an_hour_fetch_once_a_minute() {
    let stage = Stage::open();
    for seconds in (0..HOUR).step_by(20) {
        let hostile = token(&stage, &KEYS.stranger, "unknown", seconds);
        assert_eq!(stage.verdict(&hostile, seconds).await, UNKNOWN_KEY);
    }
    assert!(stage.local.asked("/keys") <= 60, "{}", stage.local.asked("/keys"));
    assert_eq!(current(&stage, HOUR).await, SIGNS_IN);
}

#[tokio::test]
async fn unknown_keys_while_the_provider_is_down_fetch_once_a_minute_too() {
    let stage = Stage::open();
    assert_eq!(current(&stage, 0).await, SIGNS_IN);
    stage.local.state().keys = Reply::text(500, "");
    for seconds in 61..111 {
        let hostile = token(&stage, &KEYS.stranger, "unknown", seconds);
        assert_eq!(stage.verdict(&hostile, seconds).await, UNKNOWN_KEY);
    }
    assert_eq!(stage.local.asked("/keys"), 2);
    assert_eq!(current(&stage, 111).await, SIGNS_IN);
}

#[tokio::test]
async fn keys_older_than_their_time_are_fetched_anew() {
    let stage = Stage::open();
    for (second, fetches) in [(0, 1), (HOUR, 1), (HOUR + 1, 2), (2 * HOUR, 2), (2 * HOUR + 2, 3)] {
        assert_eq!(current(&stage, second).await, SIGNS_IN);
        assert_eq!(stage.local.asked("/keys"), fetches, "second {second}");
    }
}

#[tokio::test]
async fn the_provider_says_how_long_its_keys_serve() {
    for (header, lives_s) in [("public, max-age=600", 600), ("max-age=0, no-store", 300), ("max-age=999999", DAY)] {
        let stage = Stage::open();
        let keys = Reply::json(&json!({ "keys": [KEYS.current.jwk(KID)] })).with("cache-control", header);
        stage.local.state().keys = keys;
        for (second, fetches) in [(0, 1), (lives_s, 1), (lives_s + 1, 2)] {
            assert_eq!(current(&stage, second).await, SIGNS_IN);
            assert_eq!(stage.local.asked("/keys"), fetches, "{header}, second {second}");
        }
    }
}

#[tokio::test]
async fn keys_that_cannot_be_fetched_anew_serve_one_more_day() {
    let broken =
        [Reply::text(500, ""), Reply::HangUp, Reply::text(200, "<html>"), Reply::text(200, "x".repeat(70_000))];
    for reply in broken {
        let stage = Stage::open();
        assert_eq!(current(&stage, 0).await, SIGNS_IN);
        stage.local.state().keys = reply;
        assert_eq!(current(&stage, HOUR + 1).await, SIGNS_IN);
        assert_eq!(current(&stage, HOUR + DAY).await, SIGNS_IN);
        let over = current(&stage, HOUR + DAY + 1).await;
        assert!(over.starts_with("the provider's key set"), "{over}");
        stage.local.publish(&[KEYS.current.jwk(KID)]);
        assert_eq!(current(&stage, HOUR + DAY + 2).await, SIGNS_IN, "and then it answers again");
    }
}

#[tokio::test]
async fn keys_serve_on_while_discovery_is_down_or_says_something_else() {
    for reply in [Reply::text(503, ""), Reply::json(&crate::local::discovery("https://evil.example"))] {
        let stage = Stage::open();
        assert_eq!(current(&stage, 0).await, SIGNS_IN);
        stage.local.state().discovery = reply;
        assert_eq!(current(&stage, HOUR + 1).await, SIGNS_IN);
        assert_eq!(stage.local.asked("/keys"), 1);
    }
}

#[tokio::test]
async fn a_provider_that_is_down_is_asked_once_a_minute() {
    let stage = Stage::open();
    assert_eq!(current(&stage, 0).await, SIGNS_IN);
    stage.local.state().keys = Reply::HangUp;
    for seconds in 0..50 {
        assert_eq!(current(&stage, HOUR + 1 + seconds).await, SIGNS_IN);
    }
    assert_eq!(stage.local.asked("/.well-known/openid-configuration"), 2);
    stage.local.publish(&[KEYS.other.jwk("next")]);
    assert_eq!(next(&stage, HOUR + 62).await, SIGNS_IN, "a minute later the new keys are there");
    assert_eq!(current(&stage, HOUR + 63).await, UNKNOWN_KEY);
}

#[tokio::test]
async fn a_clock_that_steps_back_fetches_nothing() {
    let stage = Stage::open();
    assert_eq!(current(&stage, 100).await, SIGNS_IN);
    assert_eq!(current(&stage, 90).await, SIGNS_IN);
    assert_eq!(stage.verdict(&token(&stage, &KEYS.stranger, "unknown", 90), 90).await, UNKNOWN_KEY);
    assert_eq!(stage.local.asked("/keys"), 1);
}
