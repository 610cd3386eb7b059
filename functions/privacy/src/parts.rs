//! The parts of a copy, in their order. Each may be longer than memory and than one file.

use domain::export::Bookmark;
use domain::retention::HELD;

/// A part.
pub(crate) struct Part {
    /// Its name in the files.
    pub(crate) name: &'static str,
    /// What it is made of.
    pub(crate) of: Of,
}

/// What a part is made of.
#[derive(Clone, Copy)]
pub(crate) enum Of {
    /// Rows, as they are.
    Rows(Rows),
    /// Generations with their files.
    Generations,
}

/// Which rows.
#[derive(Clone, Copy)]
pub(crate) enum Rows {
    /// Rows of the person whose sort keys begin so.
    Person(&'static str),
    /// The account's entries.
    Entries,
    /// What the account has bought.
    Payments,
}

/// All. Which rows of a person belong to it says the table of what is held, so that nothing new can be forgotten here.
pub(crate) fn all() -> Vec<Part> {
    let held = HELD.iter().filter(|held| held.exported && is_of_rows(held.place));
    let rows = held.map(|held| Part { name: held.id, of: Of::Rows(Rows::Person(held.place)) });
    let books = [("entries", Of::Rows(Rows::Entries)), ("payments", Of::Rows(Rows::Payments))];
    let rest = books.into_iter().chain([("generations", Of::Generations)]);
    rows.chain(rest.map(|(name, of)| Part { name, of })).collect()
}

/// Where a file begins: the place of its first part, and the item after which it goes on there. What is not known (any more)
/// is the beginning: a copy may say something twice, and leaves nothing out.
pub(crate) fn begin(parts: &[Part], bookmark: Option<&Bookmark>) -> (usize, Option<String>) {
    let found =
        bookmark.and_then(|mark| Some((parts.iter().position(|part| part.name == mark.part)?, mark.after.clone())));
    found.unwrap_or((0, None))
}

/// Whether a place of the table of what is held means rows of the person; books and generations are parts of their own.
fn is_of_rows(place: &str) -> bool {
    !place.ends_with('/') && !matches!(place, "" | "ACCT#" | "GEN#")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::{README, SCHEMA};
    use serde_json::Value;

    #[test]
    fn schema_and_readme_name_every_part() {
        let schema: Value = serde_json::from_str(SCHEMA).unwrap();
        for part in all() {
            assert_eq!(schema["$defs"][part.name]["type"], "array", "{}", part.name);
            assert!(README.contains(part.name), "{}", part.name);
        }
    }

    #[test]
    fn a_file_goes_on_where_the_one_before_ended() {
        let parts = all();
        let entries = parts.iter().position(|part| part.name == "entries").unwrap();
        let mark = |part: &str| Bookmark { part: part.to_owned(), after: Some("E#free".to_owned()) };
        assert_eq!(begin(&parts, None), (0, None));
        assert_eq!(begin(&parts, Some(&mark("entries"))), (entries, Some("E#free".to_owned())));
        assert_eq!(begin(&parts, Some(&mark("of another release"))), (0, None));
    }
}
