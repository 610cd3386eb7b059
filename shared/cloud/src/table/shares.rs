//! Models that their owners changed after they were made: names, tags, sharing.

use super::{Table, row::Row};
use crate::{CloudError, keys};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::generation::Generation;

impl Table {
    /// Writes what a person changed about an ended generation. [`CloudError::Raced`] if it was changed or deleted meanwhile.
    pub async fn edit_generation(&self, before: &Generation, next: &Generation) -> Result<(), CloudError> {
        let read = [
            (":status", AttributeValue::S(before.status.word().to_owned())),
            (":edits", AttributeValue::N(before.edits.to_string())),
            (":null", AttributeValue::S("NULL".to_owned())),
        ];
        // Rows of before there were edits have no count.
        let condition =
            "#status = :status AND attribute_type(deleted, :null) AND (attribute_not_exists(edits) OR edits = :edits)";
        let put = self.put(&Row::generation(next), condition, &read)?;
        self.write("edit generation", put).await
    }

    /// The generation that a secret opens now. The index only says where to look: a link that was ended is shut at once.
    pub async fn shared(&self, secret: &str) -> Result<Option<Generation>, CloudError> {
        let found = self.index("find shared generation", &keys::shared(secret), "~", 1).await?;
        let Some((user, id)) = found.first().and_then(|(pk, sk)| keys::read_generation(pk, sk)) else {
            return Ok(None);
        };
        let generation = self.generation(&user, &id).await?;
        Ok(generation.filter(|one| one.deleted.is_none() && one.shared.as_deref() == Some(secret)))
    }
}
