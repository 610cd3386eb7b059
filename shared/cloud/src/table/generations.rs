//! Generations being read: one, and pages of a person's.

use super::{Table, row};
use crate::{CloudError, keys};
use aws_sdk_dynamodb::types::AttributeValue;
use domain::api_key::KeyId;
use domain::generation::{Generation, Status};
use domain::ids::{GenerationId, UserId};
use domain::options::Engine;
use domain::{Timestamp, after, plan};

/// Which of a person's generations, newest first.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// Only those before this one.
    pub cursor: Option<GenerationId>,
    /// Only tests.
    pub only_tests: bool,
    /// Only those that stand so.
    pub status: Option<Status>,
    /// Only models of this engine.
    pub engine: Option<Engine>,
    /// Only those created then or later.
    pub from: Option<Timestamp>,
    /// Only those created before.
    pub until: Option<Timestamp>,
}

impl Listing {
    fn takes(&self, generation: &Generation) -> bool {
        let engine = || generation.model.as_ref()?.get("engine")?.as_str();
        (generation.test || !self.only_tests)
            && self.status.is_none_or(|status| status == generation.status)
            && self.engine.is_none_or(|wanted| engine() == Some(wanted.word()))
            && self.cursor.as_ref() != Some(&generation.id)
    }

    /// The sort keys between which they stand: an id begins with its time.
    fn bounds(&self, user: &UserId) -> (String, String) {
        let at = |time| keys::generation(user, &GenerationId::fresh(time, [0; 10])).sk;
        let from = self.from.map_or_else(|| keys::GENERATION.to_owned(), at);
        let cursor = self.cursor.as_ref().map(|id| keys::generation(user, id).sk);
        // `$` comes after `#`: behind the last generation there is.
        let ends = [self.until.map(at), cursor, Some(keys::GENERATION.replace('#', "$"))];
        (from, ends.into_iter().flatten().min().unwrap_or_default())
    }
}

impl Table {
    /// A generation of a person, unless it was deleted.
    pub async fn generation(&self, user: &UserId, id: &GenerationId) -> Result<Option<Generation>, CloudError> {
        self.get("read generation", keys::generation(user, id)).await
    }

    /// At most `limit` of a person's generations; the last one's id is the next cursor if the page is full.
    pub async fn generations(
        &self,
        user: &UserId,
        listing: &Listing,
        limit: usize,
    ) -> Result<Vec<Generation>, CloudError> {
        let operation = "list generations";
        let mut found: Vec<Generation> = Vec::new();
        let (from, until) = listing.bounds(user);
        if from > until {
            return Ok(found);
        }
        let mut start = None;
        loop {
            let page = self
                .client
                .query()
                .table_name(&self.name)
                .key_condition_expression("pk = :pk AND sk BETWEEN :from AND :until")
                .filter_expression("attribute_type(deleted, :null)")
                .expression_attribute_values(":pk", AttributeValue::S(keys::user_pk(user)))
                .expression_attribute_values(":from", AttributeValue::S(from.clone()))
                .expression_attribute_values(":until", AttributeValue::S(until.clone()))
                .expression_attribute_values(":null", AttributeValue::S("NULL".to_owned()))
                .set_exclusive_start_key(start)
                .scan_index_forward(false)
                .consistent_read(true)
                .limit(100)
                .send()
                .await
                .map_err(|error| CloudError::of(operation, &error))?;
            for item in page.items.unwrap_or_default() {
                let one: Generation = row::read(operation, item)?;
                if listing.takes(&one) {
                    found.push(one);
                }
                if found.len() == limit {
                    return Ok(found);
                }
            }
            start = page.last_evaluated_key;
            if start.is_none() {
                return Ok(found);
            }
        }
    }

    /// How many generations of a key have not ended. None is open for longer than its deadline, and upkeep's next look.
    pub async fn open_of_key(&self, user: &UserId, key: &KeyId, now: Timestamp) -> Result<usize, CloudError> {
        let listing = Listing { from: Some(after(now, -2 * plan::DEADLINE_S)), ..Listing::default() };
        let found = self.generations(user, &listing, usize::MAX).await?;
        let open = found.iter().filter(|one| one.key.as_ref() == Some(key) && !one.status.is_terminal());
        Ok(open.count())
    }
}
