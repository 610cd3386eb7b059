//! Which fault the next call meets.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 400: the fleet sleeps. The call itself is what wakes it.
    NoCapacity,
    /// 429: too many calls.
    #[serde(rename = "throttle_429")]
    Throttle,
    /// 503: SageMaker itself is not there.
    #[serde(rename = "unavailable_503")]
    Unavailable,
    /// 500: SageMaker itself failed.
    #[serde(rename = "internal_500")]
    Internal,
    /// 530: something that SageMaker depends on failed.
    #[serde(rename = "status_530")]
    Dependency,
    /// 424: the container answered with the status in `original`.
    ModelError,
    /// The container takes longer than SageMaker waits: after `delay_ms`, 424 with original status 0.
    Hang,
    /// The connection breaks in the middle of a good answer.
    Cut,
    /// A good answer that trickles in over `delay_ms`.
    Slow,
    /// A 200 whose body has `bytes` bytes, more than anybody should hold.
    Oversized,
}

/// One line of a fault script: a kind, and for how many calls or how many seconds it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// What goes wrong.
    pub kind: Kind,
    /// For this many calls; together with `seconds`, whatever ends first. With neither, for one call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// For this many seconds from the moment the script was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u32>,
    /// The container's status, for [`Kind::ModelError`]; 500 if not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original: Option<u16>,
    /// How long [`Kind::Hang`] and [`Kind::Slow`] take; 60 s and 5 s if not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay_ms: Option<u64>,
    /// The body's length for [`Kind::Oversized`]; 26 MiB if not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
}

/// The script: faults happen in order, each until it is used up.
#[derive(Debug, Default)]
pub struct Plan {
    lines: Vec<(Fault, Instant)>,
}

impl Plan {
    /// Replaces the script; its seconds count from `now`.
    pub fn replace(&mut self, faults: Vec<Fault>, now: Instant) {
        self.lines = faults.into_iter().map(|fault| (fault, now)).collect();
    }

    /// What is left of the script.
    pub fn rest(&mut self, now: Instant) -> Vec<Fault> {
        self.drop_used_up(now);
        self.lines.iter().map(|(fault, _)| fault.clone()).collect()
    }

    /// The fault that a call at `now` meets, counted as met.
    pub fn next(&mut self, now: Instant) -> Option<Fault> {
        self.drop_used_up(now);
        let (fault, _) = self.lines.first_mut()?;
        let met = fault.clone();
        match (fault.times, fault.seconds) {
            (Some(times), _) => fault.times = Some(times.saturating_sub(1)),
            (None, None) => fault.times = Some(0),
            (None, Some(_)) => {}
        }
        Some(met)
    }

    fn drop_used_up(&mut self, now: Instant) {
        self.lines.retain(|(fault, since)| {
            let in_time = fault.seconds.is_none_or(|seconds| now < *since + Duration::from_secs(u64::from(seconds)));
            in_time && fault.times != Some(0)
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(json: &str) -> Vec<Fault> {
        serde_json::from_str(json).unwrap()
    }

    fn kinds(plan: &mut Plan, calls: usize, now: Instant) -> Vec<Option<Kind>> {
        (0..calls).map(|_| plan.next(now).map(|fault| fault.kind)).collect()
    }

    #[test]
    fn faults_happen_in_order_and_are_used_up() {
        let (mut plan, now) = (Plan::default(), Instant::now());
        plan.replace(script(r#"[{"kind":"no_capacity","times":2},{"kind":"cut"}]"#), now);
        assert_eq!(kinds(&mut plan, 4, now), [Some(Kind::NoCapacity), Some(Kind::NoCapacity), Some(Kind::Cut), None]);
        assert_eq!(plan.rest(now), []);
    }

    #[test]
    fn a_fault_with_seconds_ends_by_the_clock() {
        let (mut plan, now) = (Plan::default(), Instant::now());
        plan.replace(script(r#"[{"kind":"throttle_429","seconds":3}]"#), now);
        let (early, late) = (now + Duration::from_secs(2), now + Duration::from_secs(3));
        assert_eq!(kinds(&mut plan, 2, early), [Some(Kind::Throttle), Some(Kind::Throttle)]);
        assert_eq!(plan.next(late), None);
    }

    #[test]
    fn a_misspelt_script_is_refused() {
        assert!(serde_json::from_str::<Vec<Fault>>(r#"[{"kind":"no_capacity","time":2}]"#).is_err());
        assert!(serde_json::from_str::<Vec<Fault>>(r#"[{"kind":"no-capacity"}]"#).is_err());
    }
}
