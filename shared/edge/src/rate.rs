//! What a key has left, told in the fields `RateLimit-Policy` and `RateLimit` of draft-ietf-httpapi-ratelimit-headers-10.

use crate::Answer;
use api::Problem;
use domain::Timestamp;
use domain::limits::{Limit, Whom};

/// The limits that a request was counted against.
#[derive(Debug, Default)]
pub struct Counted {
    limits: Vec<Budget>,
}

#[derive(Debug)]
struct Budget {
    limit: Limit,
    left: u32,
    reset_s: u32,
}

impl Counted {
    /// Remembers what is left of a limit. One of an address is left out: many share it, so it says nothing of the key.
    pub(crate) fn push(&mut self, limit: &Limit, left: u32, now: Timestamp) {
        if limit.whom != Whom::Address {
            self.limits.retain(|before| before.limit.name != limit.name);
            self.limits.push(Budget { limit: *limit, left, reset_s: limit.retry_after_s(now) });
        }
    }

    /// Tells it on whatever the request came to; nothing if nothing was counted.
    pub fn tell(&self, result: Result<Answer, Problem>) -> Result<Answer, Problem> {
        if self.limits.is_empty() {
            return result;
        }
        let fields = [("ratelimit-policy", self.policies()), ("ratelimit", self.lefts())];
        match result {
            Ok(answer) => Ok(fields.into_iter().fold(answer, |answer, (name, value)| answer.with(name, value))),
            Err(problem) => Err(Problem { headers: fields.to_vec(), ..problem }),
        }
    }

    /// Quota and window, in seconds, of each.
    fn policies(&self) -> String {
        self.list(|Budget { limit, .. }| format!("\"{}\";q={};w={}", limit.name, limit.most, limit.window_s))
    }

    /// What remains of each, and when it is whole again, in seconds.
    fn lefts(&self) -> String {
        self.list(|Budget { limit, left, reset_s }| format!("\"{}\";r={left};t={reset_s}", limit.name))
    }

    fn list(&self, one: impl Fn(&Budget) -> String) -> String {
        self.limits.iter().map(one).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::Kind;
    use domain::limits;

    fn counted() -> Counted {
        let mut counted = Counted::default();
        for limit in limits::CREATE.iter().chain([&limits::KEY_CREATE]) {
            counted.push(limit, limit.most - 1, Timestamp::from_second(60).unwrap());
        }
        counted
    }

    #[test]
    fn every_limit_of_the_key_is_told_in_the_drafts_own_syntax() {
        let counted = counted();
        assert_eq!(counted.policies(), r#""create";q=200;w=3600, "key-create";q=100;w=86400"#);
        assert_eq!(counted.lefts(), r#""create";r=199;t=3540, "key-create";r=99;t=86340"#);
    }

    #[test]
    fn a_refusal_tells_it_too_and_who_was_not_counted_is_told_nothing() {
        let problem = || Err(Problem::new(Kind::NotFound, ""));
        let names: Vec<_> = counted().tell(problem()).unwrap_err().headers.into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["ratelimit-policy", "ratelimit"]);
        assert_eq!(Counted::default().tell(problem()), problem());
    }
}
