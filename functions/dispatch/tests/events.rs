//! The committed event is one that the function reads.

#[test]
fn the_committed_batch_is_read() {
    let text = include_str!("../../../events/dispatch/message.json");
    let batch: dispatch::Batch = serde_json::from_str(text).unwrap();
    assert_eq!(batch.len(), 1);
    let event: serde_json::Value = serde_json::from_str(text).unwrap();
    let body = event["Records"][0]["body"].as_str().unwrap();
    assert!(api::job::Job::parse(body).is_some(), "{body}");
}
