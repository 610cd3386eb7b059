//! How often somebody may do what costs something: the one list.

use crate::{Timestamp, plan};

/// Whom a limit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whom {
    /// A person.
    Person,
    /// An IP address, which many people may share.
    Address,
    /// An API key.
    Key,
}

/// At most so many in a window of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// Its name in keys.
    pub name: &'static str,
    /// Whom it counts.
    pub whom: Whom,
    /// The most in one window.
    pub most: u32,
    /// The window, in seconds; windows begin at whole multiples of it.
    pub window_s: i64,
}

const fn limit(name: &'static str, whom: Whom, most: u32, window_s: i64) -> Limit {
    Limit { name, whom, most, window_s }
}

/// Sign-ins that are begun.
pub const SIGN_IN: &[Limit] = &[limit("sign-in", Whom::Address, 60, 600)];
/// Upload forms.
pub const UPLOAD: &[Limit] = &[limit("upload", Whom::Person, 300, 3600), limit("upload", Whom::Address, 1500, 3600)];
/// Generations.
pub const CREATE: &[Limit] = &[limit("create", Whom::Person, 200, 3600), limit("create", Whom::Address, 1000, 3600)];
/// Generations by one API key, unless its owner chose another number.
pub const KEY_CREATE: Limit = limit("key-create", Whom::Key, plan::KEY_CREATIONS, plan::DAY_S);
/// Event streams that are opened. One lasts at most 14 minutes, so this also bounds how many a person has at once.
pub const STREAM: &[Limit] = &[limit("stream", Whom::Person, 60, 900), limit("stream", Whom::Address, 300, 900)];
/// Pages to pay on.
pub const CHECKOUT: &[Limit] = &[limit("checkout", Whom::Person, 60, 3600)];
/// Looks at shared models.
pub const SHARED: &[Limit] = &[limit("shared", Whom::Address, 1200, 3600)];
/// Exports.
pub const EXPORT: &[Limit] = &[limit("export", Whom::Person, 3, 24 * 3600)];
/// Webhooks that are made or changed: each looks a name up.
pub const WEBHOOK: &[Limit] = &[limit("webhook", Whom::Person, 60, 3600)];
/// Deliveries that a person asks for: test events, and what is sent again.
pub const WEBHOOK_SEND: &[Limit] = &[limit("webhook-send", Whom::Person, 60, 3600)];

/// All of them, for the privacy page and the tests.
pub const ALL: &[&[Limit]] =
    &[SIGN_IN, UPLOAD, CREATE, &[KEY_CREATE], STREAM, CHECKOUT, SHARED, EXPORT, WEBHOOK, WEBHOOK_SEND];

impl Limit {
    /// The number of the window that `now` is in.
    pub fn window(&self, now: Timestamp) -> i64 {
        now.as_second().div_euclid(self.window_s)
    }

    /// When the next window begins, in seconds from `now`.
    pub fn retry_after_s(&self, now: Timestamp) -> u32 {
        u32::try_from((self.window(now) + 1) * self.window_s - now.as_second()).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_leads_into_the_next_window() {
        for second in [0, 1, 599, 600, 86_399] {
            let now = Timestamp::from_second(second).unwrap();
            for limit in ALL.iter().copied().flatten() {
                let wait = i64::from(limit.retry_after_s(now));
                let then = Timestamp::from_second(second + wait).unwrap();
                assert!(wait >= 1 && limit.window(then) == limit.window(now) + 1, "{limit:?} at {second}");
            }
        }
    }
}
