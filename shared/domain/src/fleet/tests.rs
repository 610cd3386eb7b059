use super::*;
use crate::after;
use crate::generation::{Claim, Photo};
use crate::ids::{AccountId, GenerationId, UploadId, UserId};
use crate::options::Options;
use crate::upload::PhotoType;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).unwrap()
}

fn queued() -> Generation {
    let (now, dice) = (at(0), [3; 10]);
    let photo =
        Photo { upload: UploadId::fresh(now, dice), version: "v".into(), content_type: PhotoType::Png, bytes: 7 };
    let (id, user, account) = (GenerationId::fresh(now, dice), UserId::fresh(now, dice), AccountId::fresh(now, dice));
    Generation::open(id, user, account, photo, Options::default(), now)
}

fn running() -> Generation {
    let Claim::Run(running) = queued().claim(at(10), at(130)) else { panic!("must run") };
    *running
}

fn fleet(run_s: i64) -> Fleet {
    Fleet { run_ms: run_s * 1000, ..Fleet::default() }
}

fn many(at_once: u64) -> NonZeroU64 {
    NonZeroU64::new(at_once).unwrap()
}

#[test]
fn who_waits_is_told_the_place_and_the_rounds_before_it() {
    let eta = |ahead| fleet(20).outlook(&queued(), ahead, many(2), at(1));
    assert_eq!(eta(0), Outlook { progress: 0, position: Some(1), eta_s: Some(20) });
    assert_eq!(eta(1).eta_s, Some(20)); // another worker takes it
    assert_eq!(eta(2), Outlook { progress: 0, position: Some(3), eta_s: Some(40) });
    assert_eq!(eta(u64::MAX - 1).position, Some(u64::MAX));
}

#[test]
fn more_models_at_once_are_a_shorter_wait_at_the_same_place() {
    let eta = |at_once| fleet(20).outlook(&queued(), 12, many(at_once), at(1));
    assert_eq!([1, 4, 12, 13, u64::MAX].map(|at_once| eta(at_once).eta_s), [270, 80, 40, 20, 20].map(Some));
    assert!([1, 4, 13].map(eta).iter().all(|told| told.position == Some(13)));
}

#[test]
fn a_run_goes_on_with_its_time_and_never_seems_over_before_it_is() {
    let told = |second| fleet(20).outlook(&running(), 0, many(2), at(second));
    assert_eq!(told(10), Outlook { progress: 10, position: None, eta_s: Some(20) });
    assert_eq!(told(20), Outlook { progress: 50, position: None, eta_s: Some(10) });
    assert_eq!(told(500), Outlook { progress: 90, position: None, eta_s: Some(1) });
    let saving = running().saving(at(30)).unwrap();
    assert_eq!(fleet(20).outlook(&saving, 0, many(2), at(31)).progress, 95);
    let ended = saving.cancel(at(32)).unwrap();
    assert_eq!(fleet(20).outlook(&ended, 0, many(2), at(33)), Outlook { progress: 100, position: None, eta_s: None });
}

#[test]
fn a_sleeping_fleet_is_told_to_everybody_who_waits() {
    let asleep = Fleet::default().asleep(at(0)).unwrap();
    assert_eq!(asleep.asleep(at(5)), None); // known already
    assert_eq!(asleep.outlook(&queued(), 0, many(2), at(0)).eta_s, Some(390));
    assert_eq!(asleep.outlook(&queued(), 0, many(2), at(300)).eta_s, Some(80));
    // It sleeps longer than ever: no number below that of a run.
    assert_eq!(asleep.outlook(&queued(), 0, many(2), at(4000)).eta_s, Some(20));
    let waking = running().requeue(false, Stage::Waking, at(12)).unwrap();
    assert_eq!(Fleet::default().outlook(&waking, 0, many(2), at(12)).eta_s, Some(390));
}

#[test]
fn a_model_says_how_long_runs_and_waking_take() {
    let asleep = Fleet::default().asleep(at(0)).unwrap();
    let awake = asleep.served(at(500), at(600));
    assert_eq!((awake.version, awake.asleep_since), (2, None));
    assert_eq!(awake.run_ms, 20_000 + (100_000 - 20_000) / 8);
    assert_eq!(awake.wake_ms, 360_000 + (600_000 - 360_000) / 8);
    let again = awake.served(at(700), at(720));
    assert_eq!((again.run_ms, again.wake_ms), (awake.run_ms - 1250, awake.wake_ms));
    // A clock that runs backwards or a run of a day do not ruin it.
    assert!(again.served(at(10), at(0)).run_ms > 0);
    assert!(again.served(at(0), after(at(0), 86_400)).run_ms < 300_000);
}

#[test]
fn seconds_are_said_as_people_say_them() {
    for (ms, said) in [(-5, 1), (1000, 1), (9001, 10), (10_001, 15), (119_000, 120), (121_000, 150), (360_000, 360)] {
        assert_eq!(seconds(ms), said, "{ms}");
    }
}
