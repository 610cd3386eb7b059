//! A copy of everything that is held of a person, made in the background, file by file.

use crate::ids::{AccountId, ExportId, UserId};
use crate::{Timestamp, after, plan};
use jiff::fmt::serde::timestamp::millisecond::{optional as ms_opt, required as ms};
use serde::{Deserialize, Serialize};

/// Where an export stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportState {
    /// It waits or is being made.
    Making,
    /// It can be downloaded.
    Ready,
}

/// One file of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportFile {
    /// Its name, such as `export-1.zip`.
    pub name: String,
    /// Its size.
    pub bytes: u64,
}

/// Where the next file goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bookmark {
    /// In which part of the copy.
    pub part: String,
    /// After which of its items; at its first one if that is nothing.
    pub after: Option<String>,
}

/// An export as its row holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Export {
    /// Which.
    pub id: ExportId,
    /// Whose.
    pub user: UserId,
    /// The person's books.
    pub account: AccountId,
    /// Where it stands.
    pub state: ExportState,
    /// What is done.
    pub files: Vec<ExportFile>,
    /// Where the next one goes on; at the beginning if that is nothing, as in a row of a release before.
    #[serde(default)]
    pub bookmark: Option<Bookmark>,
    /// When it was asked for.
    #[serde(with = "ms")]
    pub asked: Timestamp,
    /// When somebody works on it next; nothing once it is ready.
    #[serde(with = "ms_opt")]
    pub due: Option<Timestamp>,
    /// When it is deleted, once it is ready.
    #[serde(with = "ms_opt")]
    pub ends: Option<Timestamp>,
    /// Changes so far.
    pub version: u64,
}

impl Export {
    /// A new one, due at once.
    #[must_use]
    pub fn ask(id: ExportId, user: UserId, account: AccountId, now: Timestamp) -> Self {
        let (files, bookmark, due) = (Vec::new(), None, Some(now));
        Self { id, user, account, state: ExportState::Making, files, bookmark, asked: now, due, ends: None, version: 1 }
    }

    /// Takes it to work on until the lease ends; a run that vanishes loses it to another then.
    #[must_use]
    pub fn claim(&self, now: Timestamp) -> Self {
        Self { due: Some(after(now, plan::PRIVACY_LEASE_S)), ..self.next() }
    }

    /// The name of the next file. Made again after a crash, it is the same one.
    pub fn next_name(&self) -> String {
        format!("export-{}.zip", self.files.len() + 1)
    }

    /// With one more file; one that leaves nothing to go on with makes it ready.
    #[must_use]
    pub fn with(&self, bytes: u64, bookmark: Option<Bookmark>, now: Timestamp) -> Self {
        let mut files = self.files.clone();
        files.push(ExportFile { name: self.next_name(), bytes });
        let (state, due, ends) = match bookmark {
            Some(_) => (ExportState::Making, Some(now), None),
            None => (ExportState::Ready, None, Some(after(now, plan::EXPORT_S))),
        };
        Self { state, files, bookmark, due, ends, ..self.next() }
    }

    /// Whether it can be downloaded at `now`: the table forgets it late.
    pub fn is_ready(&self, now: Timestamp) -> bool {
        self.state == ExportState::Ready && self.ends.is_some_and(|ends| now < ends)
    }

    /// Whether its time has passed.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.ends.is_some_and(|ends| ends <= now)
    }

    fn next(&self) -> Self {
        Self { version: self.version + 1, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_export_grows_file_by_file_and_can_be_taken_until_it_ends() {
        let now = Timestamp::from_second(1_000).unwrap();
        let ids = (ExportId::fresh(now, [1; 10]), UserId::fresh(now, [2; 10]), AccountId::fresh(now, [3; 10]));
        let asked = Export::ask(ids.0, ids.1, ids.2, now);
        let bookmark = Some(Bookmark { part: "entries".to_owned(), after: Some("E#free".to_owned()) });
        let half = asked.claim(now).with(7, bookmark.clone(), now);
        assert_eq!((half.next_name().as_str(), half.is_ready(now), half.due), ("export-2.zip", false, Some(now)));
        assert_eq!(half.claim(now).bookmark, bookmark, "a run that dies is made again from the same place");
        let whole = half.with(9, None, now);
        assert_eq!((whole.bookmark.as_ref(), whole.due, whole.files.len()), (None, None, 2));
        assert!(whole.is_ready(now) && !whole.is_ready(after(now, plan::EXPORT_S)));
        assert!(whole.version > half.version);
    }
}
