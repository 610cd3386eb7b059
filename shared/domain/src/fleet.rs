//! How long a model takes, as measured, and what a waiting person is told of it.

use crate::Timestamp;
use crate::generation::{Generation, Stage};
use crate::plan::{RUN_MS, WAKE_MS};
use jiff::fmt::serde::timestamp::millisecond::optional as ms_opt;
use serde::{Deserialize, Serialize};
use std::num::NonZeroU64;

/// A new measurement counts for one part in so many: a day's change is seen, one odd photo hardly.
const MEMORY: i64 = 8;
/// The longest single measurement, in milliseconds: one that is longer says that something else was wrong.
const LONGEST_MS: i64 = 30 * 60 * 1000;
/// The least that is promised for what should be over already, in milliseconds.
const LEAST_MS: i64 = 1000;
/// The most that is promised: a day.
const MOST_MS: i64 = 24 * 3600 * 1000;

/// What was measured of the fleet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fleet {
    /// Grows with every write.
    pub version: u64,
    /// From a worker's claim to the stored model, with a fleet that is awake, in milliseconds.
    pub run_ms: i64,
    /// From the first call that finds the fleet asleep to the first model, in milliseconds.
    pub wake_ms: i64,
    /// Since when somebody knows that it sleeps.
    #[serde(with = "ms_opt")]
    pub asleep_since: Option<Timestamp>,
}

impl Default for Fleet {
    /// Before anything was measured.
    fn default() -> Self {
        Self { version: 0, run_ms: RUN_MS, wake_ms: WAKE_MS, asleep_since: None }
    }
}

/// How far a generation is, and how long it will still take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outlook {
    /// In percent of the way; it falls back if a run is repeated.
    pub progress: u8,
    /// Its place in the line, from 1; what is being made right now counts. Nothing once it is being made.
    pub position: Option<u64>,
    /// In seconds; nothing once it has ended.
    pub eta_s: Option<u32>,
}

impl Fleet {
    /// What a call that found it asleep changes, if that is news.
    #[must_use]
    pub fn asleep(&self, now: Timestamp) -> Option<Self> {
        if self.asleep_since.is_some() {
            return None;
        }
        Some(Self { version: self.version + 1, asleep_since: Some(now), ..self.clone() })
    }

    /// What a finished model changes; its worker claimed it at `begun`.
    #[must_use]
    pub fn served(&self, begun: Timestamp, now: Timestamp) -> Self {
        let run_ms = blend(self.run_ms, apart(begun, now));
        let wake_ms = self.asleep_since.map_or(self.wake_ms, |since| blend(self.wake_ms, apart(since, now)));
        Self { version: self.version + 1, run_ms, wake_ms, asleep_since: None }
    }

    /// What is told about a generation before which `ahead` others wait or are made, where so many are made `at_once`.
    pub fn outlook(&self, generation: &Generation, ahead: u64, at_once: NonZeroU64, now: Timestamp) -> Outlook {
        if generation.status.is_terminal() {
            return Outlook { progress: 100, position: None, eta_s: None };
        }
        let here = apart(generation.updated, now);
        match generation.stage {
            Stage::Reconstructing => {
                let gone = (here * 80 / self.run_ms.max(1)).min(80);
                let progress = u8::try_from(10 + gone).unwrap_or(90);
                Outlook { progress, position: None, eta_s: Some(seconds(self.run_ms - here)) }
            }
            Stage::Saving | Stage::Done => Outlook { progress: 95, position: None, eta_s: Some(1) },
            Stage::Waiting | Stage::Waking => {
                let rounds = i64::try_from(ahead / at_once).unwrap_or(i64::MAX).saturating_add(1);
                let asleep = match (self.asleep_since, generation.stage) {
                    (Some(since), _) => self.wake_ms - apart(since, now),
                    (None, Stage::Waking) => self.wake_ms - here,
                    (None, _) => 0,
                };
                let eta = rounds.saturating_mul(self.run_ms).saturating_add(asleep.max(0));
                Outlook { progress: 0, position: Some(ahead + 1), eta_s: Some(seconds(eta)) }
            }
        }
    }
}

fn blend(before: i64, measured: i64) -> i64 {
    before + (measured.min(LONGEST_MS) - before) / MEMORY
}

fn apart(from: Timestamp, to: Timestamp) -> i64 {
    (to.as_millisecond() - from.as_millisecond()).max(0)
}

/// Rounds up, and to what a person would say: seconds up to ten, then fives, from two minutes on halves of one. An answer
/// then also stays the same for a while, and need not be sent again.
fn seconds(ms: i64) -> u32 {
    let exact = u32::try_from((ms.clamp(LEAST_MS, MOST_MS) + 999) / 1000).unwrap_or(u32::MAX);
    match exact {
        0..=10 => exact,
        11..=120 => exact.next_multiple_of(5),
        _ => exact.saturating_add(29) / 30 * 30,
    }
}

#[cfg(test)]
mod tests;
