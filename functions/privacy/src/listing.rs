//! A JSON array that is written while it grows, an item a line.

use serde_json::Value;

/// The array; only what nobody has taken yet is in memory.
pub(crate) struct Listing {
    text: String,
    /// What goes before the next item.
    before: &'static str,
}

impl Listing {
    pub(crate) fn new() -> Self {
        Self { text: "[".to_owned(), before: "\n" }
    }

    /// Bytes that wait.
    pub(crate) fn len(&self) -> usize {
        self.text.len()
    }

    pub(crate) fn push(&mut self, item: &Value) {
        self.text.push_str(self.before);
        self.text.push_str(&item.to_string());
        self.before = ",\n";
    }

    /// What has come since the last time.
    pub(crate) fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.text).into_bytes()
    }

    /// The rest.
    pub(crate) fn end(mut self) -> Vec<u8> {
        self.text.push_str("\n]\n");
        self.take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn pages_of_any_size_are_one_array() {
        for pages in [vec![], vec![vec![]], vec![vec![1, 2], vec![], vec![3]]] {
            let mut listing = Listing::new();
            let mut written = Vec::new();
            for page in &pages {
                for item in page {
                    listing.push(&json!({ "item": item }));
                }
                written.extend(listing.take());
            }
            written.extend(listing.end());
            let items: Vec<_> = pages.concat().into_iter().map(|item| json!({ "item": item })).collect();
            assert_eq!(serde_json::from_slice::<Vec<Value>>(&written).unwrap(), items);
            assert_eq!(String::from_utf8(written).unwrap().lines().count(), items.len() + 2, "an item a line");
        }
    }
}
