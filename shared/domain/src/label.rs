//! What a person calls a model, and the secret with which others may see it.

use crate::generation::{Generation, Status};

/// The most characters of a title.
pub const TITLE_CHARS: usize = 80;
/// The most tags of a model.
pub const TAGS: usize = 10;
/// The most characters of a tag.
pub const TAG_CHARS: usize = 30;

/// A name and tags, within their limits and without spaces around them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Label {
    title: Option<String>,
    tags: Vec<String>,
}

/// Why a label is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LabelError {
    /// The title is empty or too long.
    #[error("must have 1 to {TITLE_CHARS} characters, has {0}")]
    Title(usize),
    /// There are too many tags.
    #[error("must be at most {TAGS}, are {0}")]
    Tags(usize),
    /// A tag is empty or too long.
    #[error("must have 1 to {TAG_CHARS} characters, has {chars}")]
    Tag {
        /// Its place in the list, from 0.
        place: usize,
        /// Its characters.
        chars: usize,
    },
}

impl LabelError {
    /// Where the fault is in a request's body, as a JSON pointer.
    pub fn pointer(&self) -> String {
        match self {
            Self::Title(_) => "/title".to_owned(),
            Self::Tags(_) => "/tags".to_owned(),
            Self::Tag { place, .. } => format!("/tags/{place}"),
        }
    }
}

impl Label {
    /// Reads a label; the same tag twice counts once.
    pub fn new(title: Option<&str>, tags: &[String]) -> Result<Self, LabelError> {
        let title = title.map(str::trim);
        if let Some(chars) = title.map(|text| text.chars().count()).filter(|chars| !(1..=TITLE_CHARS).contains(chars)) {
            return Err(LabelError::Title(chars));
        }
        if tags.len() > TAGS {
            return Err(LabelError::Tags(tags.len()));
        }
        let mut kept: Vec<String> = Vec::new();
        for (place, tag) in tags.iter().map(|tag| tag.trim()).enumerate() {
            let chars = tag.chars().count();
            if !(1..=TAG_CHARS).contains(&chars) {
                return Err(LabelError::Tag { place, chars });
            }
            if !kept.iter().any(|other| other == tag) {
                kept.push(tag.to_owned());
            }
        }
        Ok(Self { title: title.map(ToOwned::to_owned), tags: kept })
    }
}

impl Generation {
    /// Gives it a name and tags. Only once it has ended: until then its row belongs to whoever makes the model.
    pub fn labelled(&self, label: &Label) -> Option<Self> {
        let edited = self.edited()?;
        Some(Self { title: label.title.clone(), tags: label.tags.clone(), ..edited })
    }

    /// Opens it to whoever has the secret; one that is open already keeps its first secret.
    pub fn shared_by(&self, secret: String) -> Option<Self> {
        let edited = self.edited().filter(|_| self.status == Status::Succeeded)?;
        Some(Self { shared: self.shared.clone().or(Some(secret)), ..edited })
    }

    /// Closes it again.
    pub fn unshared(&self) -> Option<Self> {
        Some(Self { shared: None, ..self.edited()? })
    }

    fn edited(&self) -> Option<Self> {
        self.status.is_terminal().then(|| Self { edits: self.edits + 1, ..self.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(all: &[&str]) -> Vec<String> {
        all.iter().map(|tag| (*tag).to_owned()).collect()
    }

    #[test]
    fn a_label_loses_its_outer_spaces_and_its_repeats() {
        let label = Label::new(Some("  Cup "), &tags(&["red", " red", "kitchen"])).unwrap();
        assert_eq!(label, Label { title: Some("Cup".to_owned()), tags: tags(&["red", "kitchen"]) });
        assert_eq!(Label::new(None, &[]).unwrap(), Label::default());
    }

    #[test]
    fn what_is_out_of_bounds_says_where_and_how_much() {
        let said = |title: Option<&str>, all: &[String]| {
            let error = Label::new(title, all).unwrap_err();
            format!("{} {error}", error.pointer())
        };
        assert_eq!(said(Some(" "), &[]), "/title must have 1 to 80 characters, has 0");
        assert_eq!(said(Some(&"ä".repeat(81)), &[]), "/title must have 1 to 80 characters, has 81");
        assert_eq!(said(None, &vec!["a".to_owned(); 11]), "/tags must be at most 10, are 11");
        assert_eq!(said(None, &tags(&["a", ""])), "/tags/1 must have 1 to 30 characters, has 0");
    }
}
