//! What was measured of the fleet, and who waits for it.

use super::{Row, Table};
use crate::{CloudError, keys};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::fleet::Fleet;
use domain::ids::GenerationId;

/// The most that are counted: behind more than this, a place is a guess anyway.
const LONGEST_LINE: i32 = 1000;

impl Table {
    /// The fleet as it was last measured.
    pub async fn fleet(&self) -> Result<Fleet, CloudError> {
        Ok(self.get("read fleet", keys::fleet()).await?.unwrap_or_default())
    }

    /// Writes a measurement; [`CloudError::Raced`] if another came between, which then stands for both.
    pub async fn change_fleet(&self, next: &Fleet) -> Result<(), CloudError> {
        let read = AttributeValue::N((next.version - 1).to_string());
        let condition = "attribute_not_exists(pk) OR #version = :read";
        let put = self.put(&Row::new(keys::fleet(), next), condition, &[(":read", read)])?;
        self.write("change fleet", put).await
    }

    /// The generations of everybody that wait or are being made, oldest first. The index lags by a moment.
    pub async fn line(&self) -> Result<Vec<GenerationId>, CloudError> {
        let page = self
            .client
            .query()
            .table_name(&self.name)
            .index_name(keys::INDEX)
            .key_condition_expression("gsi1pk = :open")
            .expression_attribute_values(":open", AttributeValue::S(keys::OPEN.to_owned()))
            .limit(LONGEST_LINE)
            .send()
            .await
            .map_err(|error| CloudError::of("read the line", &error))?;
        let ids = page.items.unwrap_or_default();
        let id = |item: &std::collections::HashMap<String, AttributeValue>| {
            let [pk, sk] = ["pk", "sk"].map(|name| item.get(name).and_then(|value| value.as_s().ok()).cloned());
            keys::read_generation(&pk?, &sk?).map(|(_, id)| id)
        };
        let mut line: Vec<_> = ids.iter().filter_map(id).collect();
        line.sort();
        Ok(line)
    }
}
