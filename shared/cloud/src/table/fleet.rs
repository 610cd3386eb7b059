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
        // Whenever they are due: every time sorts before the mark.
        let rows = self.index("read the line", keys::OPEN, "~", LONGEST_LINE).await?;
        let mut line: Vec<_> =
            rows.iter().filter_map(|(pk, sk)| keys::read_generation(pk, sk)).map(|(_, id)| id).collect();
        line.sort();
        Ok(line)
    }
}
