//! A queue's messages as a function gets them, and which of them come again.

use serde::{Deserialize, Serialize};

/// The part of an SQS event that is read.
#[derive(Debug, Deserialize)]
pub struct Batch {
    /// The messages.
    #[serde(rename = "Records")]
    pub records: Vec<Record>,
}

/// One message.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// Its id.
    pub message_id: String,
    /// With what it is put back.
    pub receipt_handle: String,
    /// What it says.
    pub body: String,
    /// What the queue knows of it.
    #[serde(default)]
    pub attributes: std::collections::BTreeMap<String, String>,
}

impl Record {
    /// How often it came.
    pub fn receives(&self) -> u32 {
        self.attributes.get("ApproximateReceiveCount").and_then(|text| text.parse().ok()).unwrap_or(1)
    }

    /// The trace that its sender began.
    pub fn trace(&self) -> Option<&str> {
        crate::trace_root(self.attributes.get("AWSTraceHeader")?)
    }
}

impl Batch {
    /// How many messages it brings.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether it brings none.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }
}

/// Which messages come again; the rest are done.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Failures {
    batch_item_failures: Vec<ItemFailure>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ItemFailure {
    item_identifier: String,
}

impl Failures {
    /// Lets a message come again.
    pub fn push(&mut self, message_id: String) {
        self.batch_item_failures.push(ItemFailure { item_identifier: message_id });
    }
}
