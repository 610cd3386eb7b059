//! The queue's message. Version 1 stays readable for as long as a message can wait.

use domain::ids::{GenerationId, UserId};
use serde::{Deserialize, Serialize};

/// One generation to run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// The message's version: 1.
    pub v: u8,
    /// Which generation.
    pub generation_id: GenerationId,
    /// Whose it is.
    pub user_id: UserId,
}

impl Job {
    /// The message for a generation.
    pub fn new(generation_id: GenerationId, user_id: UserId) -> Self {
        Self { v: 1, generation_id, user_id }
    }

    /// Reads a message; `None` if it is not one of a known version.
    pub fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok().filter(|job: &Self| job.v == 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_1_is_read_and_poison_is_not() {
        let text =
            r#"{"v":1,"generation_id":"gen_01ARZ3NDEKTSV4RRFFQ69G5FAV","user_id":"usr_01ARZ3NDEKTSV4RRFFQ69G5FAV"}"#;
        let job = Job::parse(text).unwrap();
        assert_eq!(serde_json::to_string(&job).unwrap(), text);
        for poison in ["", "{}", "null", &text.replace(":1", ":2"), &text.replace("gen_", "../")] {
            assert!(Job::parse(poison).is_none(), "{poison}");
        }
    }
}
