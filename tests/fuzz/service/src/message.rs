//! What comes out of queues and the container, and what goes into a stream.

use api::container::{REPORT, RESULTS as FILES};
use api::job::{Errand, Job};
use dispatch::results::Results;
use edge::Batch;
use fuzz_bounds::Target;

/// A batch of a queue, or one message.
pub const MESSAGE: Target =
    Target { name: "message", longest: 16 * 1024, most: 64 << 10, most_per_byte: 128, most_ms: 500, body: message };

fn message(bytes: &[u8]) {
    if let Ok(batch) = serde_json::from_slice::<Batch>(bytes) {
        for record in &batch.records {
            one(&record.body);
            _ = record.receives();
            let trace = record.trace().unwrap_or_default();
            assert!(trace.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-'), "{trace} goes into a log");
        }
    }
    one(&String::from_utf8_lossy(bytes));
}

fn one(text: &str) {
    if let Some(job) = Job::parse(text) {
        assert_eq!(job.v, 1);
        let again = serde_json::to_string(&job).unwrap_or_default();
        assert_eq!(Job::parse(&again), Some(job), "{again}");
    }
    if let Some(errand) = Errand::parse(text) {
        assert_eq!(Errand::parse(&errand.text()), Some(errand), "read as it is written");
    }
}

/// The container's answer: a ZIP.
pub const RESULTS: Target =
    Target { name: "results", longest: 64 * 1024, most: 256 << 10, most_per_byte: 32, most_ms: 1000, body: results };

fn results(bytes: &[u8]) {
    let Ok(results) = Results::read(bytes) else { return };
    let names: Vec<_> = results.files.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, FILES, "everything, the report last");
    assert_eq!(names.last(), Some(&REPORT));
    assert!(results.files.iter().all(|(_, file)| (1..=bytes.len()).contains(&file.len())), "a file of the wrong size");
    assert!(results.model.is_object(), "{}", results.model);
}

/// A title, in a view, in an event of a stream; and the tag with which its reader comes back.
pub const EVENT_STREAM: Target =
    Target { name: "event_stream", longest: 4096, most: 64 << 10, most_per_byte: 64, most_ms: 500, body: event_stream };

fn event_stream(bytes: &[u8]) {
    let title = String::from_utf8_lossy(bytes);
    let data = serde_json::json!({ "title": title }).to_string();
    let frame = stream::frame::event("generation", "W/\"0a\"", &data);
    let read: Vec<_> = split(&frame).into_iter().filter_map(|line| line.split_once(": ")).collect();
    assert_eq!(read, [("event", "generation"), ("id", "W/\"0a\""), ("data", data.as_str())], "read as it was written");
}

/// Lines as the HTML standard ends them.
fn split(frame: &str) -> Vec<&str> {
    frame.split(['\n', '\r']).filter(|line| !line.is_empty()).collect()
}
