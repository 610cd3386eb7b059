//! A function's environment, read once in `main`; every missing name is told at once.

use std::cell::RefCell;
use std::num::NonZeroU64;

/// Reads variables and remembers what is missing.
pub struct Settings<F: Fn(&str) -> Option<String>> {
    get: F,
    missing: RefCell<Vec<&'static str>>,
}

/// What the environment lacks.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the environment lacks {}", .missing.join(", "))]
pub struct SettingsError {
    /// The names.
    pub missing: Vec<&'static str>,
}

impl<F: Fn(&str) -> Option<String>> Settings<F> {
    /// Reads through `get`, for example `|name| std::env::var(name).ok()`.
    pub fn new(get: F) -> Self {
        Self { get, missing: RefCell::default() }
    }

    /// A variable that must be there and not be empty.
    pub fn text(&self, name: &'static str) -> String {
        let found = (self.get)(name).filter(|text| !text.is_empty());
        if found.is_none() {
            self.missing.borrow_mut().push(name);
        }
        found.unwrap_or_default()
    }

    /// A whole number from 1; anything else is missing.
    pub fn count(&self, name: &'static str) -> NonZeroU64 {
        let found = (self.get)(name).and_then(|text| text.parse().ok());
        if found.is_none() {
            self.missing.borrow_mut().push(name);
        }
        found.unwrap_or(NonZeroU64::MIN)
    }

    /// A variable that may be missing; empty is missing.
    pub fn perhaps(&self, name: &str) -> Option<String> {
        (self.get)(name).filter(|text| !text.is_empty())
    }

    /// `value`, if nothing was missing.
    pub fn finish<T>(self, value: T) -> Result<T, SettingsError> {
        let missing = self.missing.into_inner();
        if missing.is_empty() { Ok(value) } else { Err(SettingsError { missing }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_missing_names_are_told_at_once() {
        let settings = Settings::new(|name| (name == "B").then(|| "b".to_owned()));
        let value = (settings.text("A"), settings.text("B"), settings.text("C"));
        assert_eq!(settings.finish(value).unwrap_err().to_string(), "the environment lacks A, C");
    }

    #[test]
    fn a_number_that_is_none_is_missing() {
        let count = |text: Option<&str>| {
            let settings = Settings::new(|_| text.map(ToOwned::to_owned));
            let value = settings.count("N").get();
            settings.finish(value).ok()
        };
        assert_eq!([Some("2"), Some("400")].map(count), [Some(2), Some(400)]);
        assert_eq!([Some("0"), Some("-1"), Some("two"), Some(""), None].map(count), [None; 5]);
    }
}
