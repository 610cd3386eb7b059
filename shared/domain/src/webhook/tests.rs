use super::*;
use crate::after;
use crate::generation::{Generation, Photo};
use crate::ids::{AccountId, EventId, GenerationId, UploadId};
use crate::options::Options;
use crate::upload::PhotoType;
use proptest::prelude::*;

fn now() -> Timestamp {
    Timestamp::from_second(1_700_000_000).unwrap()
}

fn endpoint() -> Endpoint {
    Endpoint {
        id: WebhookId::fresh(now(), [1; 10]),
        url: "https://example.com/hook".to_owned(),
        kinds: vec![Kind::Succeeded],
        off: None,
        created: now(),
        failing: None,
    }
}

fn hooks() -> Hooks {
    Hooks::none(UserId::fresh(now(), [2; 10])).with(endpoint(), Secret::fresh(&[7; 32])).unwrap()
}

fn generation() -> Generation {
    let upload = UploadId::fresh(now(), [3; 10]);
    let photo = Photo { upload, version: "v".to_owned(), content_type: PhotoType::Jpeg, bytes: 7 };
    let (id, user) = (GenerationId::fresh(now(), [4; 10]), UserId::fresh(now(), [2; 10]));
    Generation::open(id, user, AccountId::fresh(now(), [5; 10]), photo, Options::default(), now())
}

fn delivery() -> Delivery {
    Delivery::of(&generation().cancel(after(now(), 60)).unwrap(), &endpoint()).unwrap()
}

fn attempt(status: impl Into<Option<u16>>, at: Timestamp) -> Attempt {
    Attempt { at, status: status.into(), took_ms: 5, error: None }
}

#[test]
fn nothing_is_told_before_the_end_and_the_end_is_told_in_the_same_bytes_each_time() {
    assert_eq!(Delivery::of(&generation(), &endpoint()), None);
    let told = delivery();
    assert_eq!((&told, told.kind), (&delivery(), Kind::Cancelled));
    let body: serde_json::Value = serde_json::from_str(&told.body).unwrap();
    assert_eq!(body["type"], "generation.cancelled");
    assert_eq!(body["timestamp"], "2023-11-14T22:14:20Z");
    assert_eq!((&body["data"]["id"], &body["data"]["status"]), (&generation().id.as_str().into(), &"CANCELLED".into()));
    assert_eq!(told.event, EventId::of(&generation().id, after(now(), 60)));
    assert_ne!(told.event, EventId::of(&generation().id, after(now(), 61)));
}

#[test]
fn the_waits_fill_a_day_and_grow() {
    let waits: Vec<_> = (1..).map_while(|tries| retry_delay_s(tries, 128)).collect();
    assert_eq!(waits.len(), plan::WEBHOOK_WAITS_S.len());
    assert!(waits.is_sorted() && (23 * 3600..=24 * 3600).contains(&waits.iter().sum::<i64>()), "{waits:?}");
    assert_eq!([0, 255].map(|chance| retry_delay_s(2, chance)), [Some(54), Some(66)]);
    assert_eq!(retry_delay_s(0, 0), None);
}

#[test]
fn a_delivery_that_fails_is_tried_until_its_waits_are_used_up() {
    let (mut one, mut time, mut tries) = (delivery(), after(now(), 60), 0);
    while let Some(claimed) = one.claim(time) {
        assert_eq!(claimed.claim(time), None, "somebody else tries it");
        one = claimed.tried(attempt(500, time), 128);
        tries += 1;
        time = one.due.unwrap_or(time);
    }
    assert_eq!((tries, one.state, one.due), (9, State::Failed, None));
    let again = one.again(time);
    assert_eq!((again.state, again.tries, again.attempts.len()), (State::Waiting, 0, 9));
    assert!(again.claim(time).is_some());
}

#[test]
fn good_answers_end_it_and_410_gives_it_up() {
    for (status, state) in [
        (200, State::Delivered),
        (204, State::Delivered),
        (410, State::Failed),
        (302, State::Waiting),
        (404, State::Waiting),
    ] {
        assert_eq!(delivery().tried(attempt(status, now()), 0).state, state, "{status}");
    }
    assert_eq!(delivery().tried(attempt(None, now()), 0).state, State::Waiting);
}

#[test]
fn a_lost_worker_s_claim_ends_by_itself() {
    let claimed = delivery().claim(after(now(), 60)).unwrap();
    assert_eq!(claimed.claim(after(now(), 59 + plan::WEBHOOK_LEASE_S)), None);
    assert!(claimed.claim(after(now(), 60 + plan::WEBHOOK_LEASE_S)).is_some());
}

#[test]
fn a_wait_is_said_in_whole_seconds_that_are_enough() {
    let one = delivery().tried(attempt(500, now()), 128);
    assert_eq!((one.wait_s(now()), one.wait_s(after(now(), 5)), one.dropped().wait_s(now())), (Some(6), Some(0), None));
}

#[test]
fn an_endpoint_is_switched_off_after_three_days_of_failures_or_at_once_if_it_says_so() {
    let later = |seconds| after(now(), seconds);
    let fresh = endpoint();
    assert_eq!(fresh.after(&attempt(200, now())), None);
    assert_eq!(fresh.after(&attempt(410, now())).unwrap().off, Some(Off::Gone));
    let failing = fresh.after(&attempt(None, now())).unwrap();
    assert_eq!((failing.failing, failing.off), (Some(now()), None));
    assert_eq!(failing.after(&attempt(500, later(plan::WEBHOOK_FAILING_S - 1))), None);
    assert_eq!(failing.after(&attempt(204, later(9))).unwrap(), fresh);
    let off = failing.after(&attempt(500, later(plan::WEBHOOK_FAILING_S))).unwrap();
    assert_eq!((off.off, off.after(&attempt(410, later(9)))), (Some(Off::Failing), None));
    assert_eq!(off.switched(true), fresh);
    assert_eq!((fresh.switched(false).off, off.switched(false).off), (Some(Off::Owner), Some(Off::Failing)));
}

#[test]
fn only_endpoints_that_are_on_and_want_it_hear_of_it() {
    let mut hooks = hooks();
    for number in 2..=10 {
        let other = Endpoint { id: WebhookId::fresh(now(), [number; 10]), kinds: vec![Kind::Failed], ..endpoint() };
        hooks = hooks.with(other, Secret::fresh(&[number; 32])).unwrap();
    }
    assert_eq!(hooks.with(endpoint(), Secret::fresh(&[0; 32])), Err(TooMany));
    assert_eq!([Kind::Succeeded, Kind::Failed, Kind::Cancelled].map(|kind| hooks.wanting(kind).count()), [1, 9, 0]);
    let off = hooks.changed(&endpoint().switched(false));
    assert_eq!((off.wanting(Kind::Succeeded).count(), off.version), (0, hooks.version + 1));
    let without = hooks.without(&endpoint().id);
    assert_eq!((without.endpoints.len(), without.secrets.len()), (9, 9));
}

#[test]
fn both_secrets_sign_for_a_day_after_a_change_and_neither_prints_itself() {
    let (id, event) = (endpoint().id, EventId::of(&generation().id, now()));
    let rotated = hooks().rotated(&id, Secret::fresh(&[8; 32]), now());
    let [old, new] = [&hooks(), &rotated].map(|hooks| hooks.secrets[&id].clone());
    let signed = new.sign(&event, after(now(), plan::WEBHOOK_ROTATION_S - 1), "{}");
    let (first, second) = signed.split_once(' ').unwrap();
    assert!(first.starts_with("v1,") && first != second);
    assert_eq!(second, old.sign(&event, after(now(), plan::WEBHOOK_ROTATION_S - 1), "{}"));
    assert!(!new.sign(&event, after(now(), plan::WEBHOOK_ROTATION_S), "{}").contains(' '));
    assert!(!format!("{rotated:?}").contains("whsec_"));
}

#[test]
fn the_signature_is_the_one_that_others_compute() {
    let secrets: Secrets =
        serde_json::from_str(r#"{"now":"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw","before":null}"#).unwrap();
    let event = EventId::parse("evt_01ARZ3NDEKTSV4RRFFQ69G5FAV").unwrap();
    let signed = secrets.sign(&event, Timestamp::from_second(1_614_265_330).unwrap(), r#"{"test": 2432232314}"#);
    // By Python's hmac, over `evt_01ARZ3NDEKTSV4RRFFQ69G5FAV.1614265330.{"test": 2432232314}`; the key is the standard's example.
    assert_eq!(signed, "v1,fXUa20zpVZS6eVZyc8kLi35zN/lzoPFyWvAHC0OYbkU=");
}

proptest! {
    #[test]
    fn whatever_is_answered_a_delivery_ends_and_never_moves_after_its_end(statuses in proptest::collection::vec(proptest::option::of(100_u16..600), 0..30)) {
        let (mut one, mut time) = (delivery(), after(now(), 60));
        for status in statuses {
            let Some(claimed) = one.claim(time) else { break };
            one = claimed.tried(attempt(status, time), 0);
            time = one.due.unwrap_or(time);
            prop_assert_eq!(one.due.is_some(), one.state == State::Waiting);
            prop_assert!(one.tries <= 9 && one.attempts.len() <= 9);
        }
        prop_assert!(one.state == State::Waiting || one.claim(Timestamp::MAX).is_none());
    }
}
