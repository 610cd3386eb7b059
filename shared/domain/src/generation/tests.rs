//! Histories of one generation.

use super::*;
use proptest::prelude::*;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap()
}

fn queued() -> Generation {
    let dice = [1; 10];
    let photo = Photo {
        upload: UploadId::fresh(at(0), dice),
        version: "v1".to_owned(),
        content_type: PhotoType::Png,
        bytes: 9,
    };
    let (id, user, account) =
        (GenerationId::fresh(at(0), dice), UserId::fresh(at(0), dice), AccountId::fresh(at(0), dice));
    Generation::open(id, user, account, photo, Options::default(), at(0))
}

fn claimed(generation: &Generation, now: i64, lease: i64) -> Generation {
    match generation.claim(at(now), at(lease)) {
        Claim::Run(run) => *run,
        other => panic!("{other:?}"),
    }
}

fn failure() -> Failure {
    Failure { kind: "/problems/x".to_owned(), title: "x".to_owned(), detail: "x".to_owned() }
}

#[test]
fn a_live_lease_keeps_others_out_and_a_lapsed_one_is_taken_over() {
    let running = claimed(&queued(), 10, 100);
    assert_eq!(running.claim(at(99), at(200)), Claim::Held);
    let second = claimed(&running, 100, 200);
    assert_eq!((second.claim, second.attempts), (2, 1));
}

#[test]
fn an_uncounted_return_leaves_the_attempts_alone() {
    let back = claimed(&queued(), 10, 100).requeue(false, Stage::Waking, at(20)).unwrap();
    assert_eq!((back.status, back.stage, back.attempts), (Status::Queued, Stage::Waking, 0));
}

#[test]
fn what_stays_queued_is_sent_again_until_the_deadline() {
    let generation = queued();
    assert_eq!(generation.repair(at(119)), Repair::Nothing);
    assert!(matches!(generation.repair(at(120)), Repair::SendAgain(_)));
    assert!(matches!(generation.repair(at(plan::DEADLINE_S)), Repair::Fail(_)));
}

#[test]
fn the_third_vanished_worker_ends_it() {
    let mut generation = queued();
    for round in 0..3 {
        let now = 1_000 * round;
        generation = claimed(&generation, now, now + 10);
        match generation.repair(at(now + 10)) {
            Repair::SendAgain(again) => generation = *again,
            Repair::Fail(_) => return assert_eq!(round, 2),
            Repair::Nothing => panic!("round {round} found nothing to do"),
        }
    }
    panic!("never ended");
}

#[test]
fn delays_double_up_to_their_cap() {
    assert_eq!([1, 2, 3, 9].map(|n| retry_delay_s(n, 120)), [30, 60, 120, 120]);
}

proptest! {
    #[test]
    fn terminal_states_never_change(end in 0u8..3) {
        let running = claimed(&queued(), 1, 50);
        let ended = match end {
            0 => running.succeed(vec![], serde_json::Value::Null, at(2)).unwrap(),
            1 => running.fail(failure(), at(2)).unwrap(),
            _ => running.cancel(at(2)).unwrap(),
        };
        prop_assert!(ended.status.is_terminal() && ended.due.is_none());
        prop_assert_eq!(ended.claim(at(99), at(100)), Claim::Ended);
        prop_assert!(ended.fail(failure(), at(3)).is_err());
        prop_assert!(ended.cancel(at(3)).is_err());
        prop_assert!(ended.requeue(true, Stage::Waiting, at(3)).is_err());
        prop_assert!(ended.succeed(vec![], serde_json::Value::Null, at(3)).is_err());
        prop_assert_eq!(ended.repair(at(1_000_000)), Repair::Nothing);
    }
}
