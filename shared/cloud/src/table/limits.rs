//! How often somebody did something: a counter for each window, which forgets itself.

use super::Table;
use crate::{CloudError, keys};
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use domain::Timestamp;
use domain::limits::Limit;
use std::collections::HashMap;

impl Table {
    /// Counts one more and says how many are left, or nothing if the window was full. The table's own arithmetic: a hundred
    /// at once are counted as a hundred.
    pub async fn count(&self, limit: &Limit, who: &str, now: Timestamp) -> Result<Option<u32>, CloudError> {
        let window = limit.window(now);
        let key = keys::limit(limit.name, who, window);
        let ends = (window + 1) * limit.window_s;
        let number = |value: i64| AttributeValue::N(value.to_string());
        let sent = self
            .client
            .update_item()
            .table_name(&self.name)
            .key("pk", AttributeValue::S(key.pk))
            .key("sk", AttributeValue::S(key.sk))
            .update_expression("ADD #count :one SET #ttl = :ends")
            .condition_expression("attribute_not_exists(pk) OR #count < :most")
            .expression_attribute_names("#count", "count")
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":most", number(i64::from(limit.most)))
            .expression_attribute_values(":ends", number(ends))
            .return_values(ReturnValue::UpdatedNew)
            .send()
            .await;
        match sent.map_err(|error| CloudError::of("count", &error)) {
            Ok(answer) => Ok(Some(limit.most.saturating_sub(counted(answer.attributes())))),
            Err(CloudError::Raced) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// How many there are now; without a readable number at least the one that was just counted.
fn counted(row: Option<&HashMap<String, AttributeValue>>) -> u32 {
    let number = row.and_then(|row| row.get("count")?.as_n().ok()?.parse().ok());
    number.unwrap_or(1)
}
