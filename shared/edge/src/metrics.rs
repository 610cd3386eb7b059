//! What is counted, as lines that CloudWatch turns into metrics by itself (its embedded metric format): no call, no client.

use crate::now;
use domain::Timestamp;
use domain::credits::{Entry, Kind};
use domain::generation::{Generation, Status};
use serde_json::{Map, Value, json};
use std::io::Write;

/// The metrics' own space.
const NAMESPACE: &str = "ImageTo3D";

/// One of our metrics: its name in CloudWatch and its unit. Alarms and dashboard name them, and a test compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metric(&'static str, &'static str);

const CREATED: Metric = Metric("GenerationsCreated", "Count");
const SUCCEEDED: Metric = Metric("GenerationsSucceeded", "Count");
const FAILED: Metric = Metric("GenerationsFailed", "Count");
const QUEUE_S: Metric = Metric("QueueSeconds", "Seconds");
const GPU_S: Metric = Metric("GpuSeconds", "Seconds");
const SPENT: Metric = Metric("CreditsSpent", "Count");
const RETURNED: Metric = Metric("CreditsReturned", "Count");
const BOUGHT: Metric = Metric("CreditsBought", "Count");
const TAKEN_BACK: Metric = Metric("CreditsTakenBack", "Count");
const LEFT: Metric = Metric("WorkLeft", "Count");
/// A call of the webhook that is not Stripe's, or of the other mode.
pub const WEBHOOK_REJECTED: Metric = Metric("WebhookRejected", "Count");
/// An event of Stripe's that waits for somebody.
pub const EVENTS_LEFT_OPEN: Metric = Metric("EventsLeftOpen", "Count");

/// Writes metrics of one stage.
pub struct Meter {
    stage: String,
}

impl Meter {
    /// A meter of `stage`.
    pub fn new(stage: String) -> Self {
        Self { stage }
    }

    /// Somebody asked for a model.
    pub fn created(&self) {
        self.one(CREATED);
    }

    /// A generation has ended; a test's sample is not counted, and one that was cancelled has neither failed nor succeeded.
    pub fn ended(&self, ended: &Generation) {
        let (counted, reason) = of_end(ended);
        self.write(&counted, reason);
    }

    /// How long a model waited and was made, in milliseconds.
    pub fn timed(&self, queue_ms: i64, gpu_ms: i64) {
        self.write(&[(QUEUE_S, thousandth(queue_ms)), (GPU_S, thousandth(gpu_ms))], None);
    }

    /// Credits that a payment moved.
    pub fn moved<'a>(&self, entries: impl Iterator<Item = &'a Entry>) {
        let counted: Vec<_> = entries.filter_map(of_entry).collect();
        self.write(&counted, None);
    }

    /// So much of what was due could not be done in one run. The run ends well all the same, so that nothing keeps the rest
    /// from being done: only this tells what fails again and again.
    pub fn left(&self, left: u32) {
        self.write(&of_left(left), None);
    }

    /// Something happened once.
    pub fn one(&self, metric: Metric) {
        self.write(&[(metric, json!(1))], None);
    }

    fn write(&self, counted: &[(Metric, Value)], reason: Option<&str>) {
        if counted.is_empty() {
            return;
        }
        let line = line(&self.stage, counted, reason, now());
        // Whoever cannot write to its own log has worse troubles, which the platform reports.
        let _ = writeln!(std::io::stdout().lock(), "{line}");
    }
}

fn of_end(ended: &Generation) -> (Vec<(Metric, Value)>, Option<&str>) {
    if ended.test {
        return (Vec::new(), None);
    }
    match ended.status {
        Status::Succeeded => (vec![(SUCCEEDED, json!(1)), (SPENT, json!(ended.price))], None),
        Status::Failed => {
            let reason = ended.failure.as_ref().map(|failure| failure.kind.as_str());
            (vec![(FAILED, json!(1)), (RETURNED, json!(ended.price))], reason)
        }
        Status::Queued | Status::Running | Status::Cancelled => (Vec::new(), None),
    }
}

fn of_left(left: u32) -> Vec<(Metric, Value)> {
    if left == 0 { Vec::new() } else { vec![(LEFT, json!(left))] }
}

fn of_entry(entry: &Entry) -> Option<(Metric, Value)> {
    match entry.kind {
        Kind::Purchase => Some((BOUGHT, json!(entry.outside.unsigned_abs()))),
        Kind::Clawback => Some((TAKEN_BACK, json!(entry.outside.unsigned_abs()))),
        _ => None,
    }
}

fn thousandth(milliseconds: i64) -> Value {
    json!(std::time::Duration::from_millis(milliseconds.try_into().unwrap_or(0)).as_secs_f64())
}

/// A line of the embedded metric format; a reason is a second way to look at the same numbers.
fn line(stage: &str, counted: &[(Metric, Value)], reason: Option<&str>, now: Timestamp) -> String {
    let metrics: Vec<_> = counted.iter().map(|(Metric(name, unit), _)| json!({ "Name": name, "Unit": unit })).collect();
    let dimensions = if reason.is_some() { json!([["Stage"], ["Stage", "Reason"]]) } else { json!([["Stage"]]) };
    let mut told: Map<String, Value> =
        counted.iter().map(|(Metric(name, _), value)| ((*name).to_owned(), value.clone())).collect();
    told.insert("Stage".to_owned(), json!(stage));
    if let Some(reason) = reason {
        told.insert("Reason".to_owned(), json!(reason));
    }
    let directive = json!({ "Namespace": NAMESPACE, "Dimensions": dimensions, "Metrics": metrics });
    told.insert("_aws".to_owned(), json!({ "Timestamp": now.as_millisecond(), "CloudWatchMetrics": [directive] }));
    Value::Object(told).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::generation::Failure;
    use domain::ids::{AccountId, GenerationId, UploadId, UserId};
    use domain::options::Options;
    use domain::photo::HEAD_BYTES;
    use domain::upload::PhotoType;
    use domain::{after, generation::Photo, plan};

    fn noon() -> Timestamp {
        Timestamp::from_second(1_795_435_200).unwrap()
    }

    fn generation() -> Generation {
        let user = UserId::parse("usr_01ARZ3NDEKTSV4RRFFQ69G5FAV").unwrap();
        let account = AccountId::parse("acct_01ARZ3NDEKTSV4RRFFQ69G5FAV").unwrap();
        let upload = UploadId::parse("upl_01ARZ3NDEKTSV4RRFFQ69G5FAV").unwrap();
        let photo = Photo { upload, version: "1".to_owned(), content_type: PhotoType::Png, bytes: HEAD_BYTES };
        let id = GenerationId::fresh(noon(), [0; 10]);
        Generation::open(id, user, account, photo, Options::default(), noon())
    }

    fn names(counted: &[(Metric, Value)]) -> Vec<(&'static str, u64)> {
        counted.iter().map(|(metric, value)| (metric.0, value.as_u64().unwrap())).collect()
    }

    #[test]
    fn a_line_is_what_cloudwatch_reads() {
        let written = line("prod", &[(FAILED, json!(1)), (RETURNED, json!(2))], Some("/problems/photo-empty"), noon());
        let read: Value = serde_json::from_str(&written).unwrap();
        assert_eq!(
            read,
            json!({
                "_aws": { "Timestamp": 1_795_435_200_000_u64, "CloudWatchMetrics": [{
                    "Namespace": "ImageTo3D", "Dimensions": [["Stage"], ["Stage", "Reason"]], "Metrics": [
                        { "Name": "GenerationsFailed", "Unit": "Count" }, { "Name": "CreditsReturned", "Unit": "Count" },
                    ],
                }] },
                "Stage": "prod", "Reason": "/problems/photo-empty", "GenerationsFailed": 1, "CreditsReturned": 2,
            })
        );
    }

    #[test]
    fn an_end_is_counted_with_its_credits() {
        let opened = generation();
        let (counted, reason) = of_end(&opened);
        assert_eq!((counted, reason), (Vec::new(), None));
        let failure = Failure { kind: "/problems/busy".to_owned(), title: String::new(), detail: String::new() };
        let failed = opened.fail(failure, after(noon(), 1)).unwrap();
        let (counted, reason) = of_end(&failed);
        assert_eq!(names(&counted), [("GenerationsFailed", 1), ("CreditsReturned", plan::GENERATION_PRICE)]);
        assert_eq!(reason, Some("/problems/busy"));
        assert_eq!(of_end(&opened.cancel(noon()).unwrap()).0, []);
        let sample = Generation { status: Status::Succeeded, test: true, ..opened };
        assert_eq!(of_end(&sample).0, []);
        let made = Generation { test: false, ..sample };
        let (counted, reason) = of_end(&made);
        assert_eq!(names(&counted), [("GenerationsSucceeded", 1), ("CreditsSpent", plan::GENERATION_PRICE)]);
        assert_eq!(reason, None);
    }

    #[test]
    fn what_is_left_is_told_and_nothing_is_not() {
        assert_eq!(of_left(0), []);
        assert_eq!(names(&of_left(3)), [("WorkLeft", 3)]);
    }

    #[test]
    fn milliseconds_become_seconds_and_a_clock_that_went_back_none() {
        assert_eq!((thousandth(1500), thousandth(-3)), (json!(1.5), json!(0.0)));
    }
}
