//! What a fault of the container leads to. Pure: the table of classes, and nothing else.

use api::container::Refusal;
use cloud::ContainerFault;
use domain::generation::{Failure, Stage, retry_delay_s};
use domain::plan;

/// What to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Give the claim back and come again.
    Again {
        /// Whether it was the generation's own attempt.
        counted: bool,
        /// What the person is told meanwhile.
        stage: Stage,
        /// When.
        seconds: u32,
    },
    /// End it; the credits come back.
    Fail(Failure),
    /// Our configuration is wrong: no attempt of the generation's, an alarm for us.
    Misconfigured,
}

/// Judges a fault after `attempts` counted ones, at the message's receive number `receives`.
pub(crate) fn decide(fault: &ContainerFault, attempts: u32, receives: u32) -> Verdict {
    let again = |counted, stage, cap| Verdict::Again { counted, stage, seconds: retry_delay_s(receives, cap) };
    match fault {
        ContainerFault::Asleep => again(false, Stage::Waking, plan::MAX_WAKE_DELAY_S),
        ContainerFault::Busy(_) => again(false, Stage::Waiting, plan::MAX_RETRY_DELAY_S),
        ContainerFault::Lost(_) | ContainerFault::Broke { .. } => {
            if attempts + 1 >= plan::MAX_ATTEMPTS {
                return Verdict::Fail(given_up());
            }
            again(true, Stage::Waiting, plan::MAX_RETRY_DELAY_S)
        }
        ContainerFault::Refused { message, .. } => Verdict::Fail(refused(message)),
        ContainerFault::Misconfigured(_) => Verdict::Misconfigured,
    }
}

fn given_up() -> Failure {
    Failure {
        kind: "/problems/ours".to_owned(),
        title: "The model could not be made".to_owned(),
        detail: format!("We tried {} times. Nothing was charged; please try again later.", plan::MAX_ATTEMPTS),
    }
}

/// The container's own problem, if it sent one we can read.
fn refused(message: &str) -> Failure {
    match serde_json::from_str::<Refusal>(message) {
        Ok(refusal) => Failure { kind: refusal.kind, title: refusal.title, detail: refusal.detail },
        Err(_) => Failure {
            kind: "/problems/photo-not-an-image".to_owned(),
            title: "The photo cannot be used".to_owned(),
            detail: "Nothing was charged; please choose another photo.".to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sleeping_or_busy_fleet_costs_no_attempt() {
        let asleep = decide(&ContainerFault::Asleep, 2, 9);
        assert_eq!(asleep, Verdict::Again { counted: false, stage: Stage::Waking, seconds: 120 });
        let busy = decide(&ContainerFault::Busy(String::new()), 2, 9);
        assert_eq!(busy, Verdict::Again { counted: false, stage: Stage::Waiting, seconds: 900 });
    }

    #[test]
    fn the_third_counted_fault_ends_it() {
        let broke = ContainerFault::Broke { status: 500, message: String::new() };
        assert_eq!(decide(&broke, 1, 1), Verdict::Again { counted: true, stage: Stage::Waiting, seconds: 30 });
        assert!(matches!(decide(&broke, 2, 1), Verdict::Fail(_)));
    }

    #[test]
    fn a_refused_photo_fails_at_once_in_the_containers_words() {
        let message =
            r#"{"type":"/problems/photo-truncated","title":"The photo is cut short","detail":"Choose another."}"#;
        let fault = ContainerFault::Refused { status: 422, message: message.to_owned() };
        let Verdict::Fail(failure) = decide(&fault, 0, 1) else { panic!("must fail") };
        assert_eq!(failure.kind, "/problems/photo-truncated");
        let unread = ContainerFault::Refused { status: 422, message: "<html>".to_owned() };
        assert!(matches!(decide(&unread, 0, 1), Verdict::Fail(_)));
    }

    #[test]
    fn a_wrong_configuration_fails_nobody() {
        assert_eq!(decide(&ContainerFault::Misconfigured(String::new()), 2, 1), Verdict::Misconfigured);
    }
}
