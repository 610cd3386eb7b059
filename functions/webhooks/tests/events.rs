//! The committed event of the function is one that it reads.

#[test]
fn the_committed_message_is_read() {
    let text = include_str!("../../../events/webhooks/message.json");
    let batch: webhooks::Batch = serde_json::from_str(text).unwrap();
    assert!(api::job::Errand::parse(&batch.records[0].body).is_some());
}
