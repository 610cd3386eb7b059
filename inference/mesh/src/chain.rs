//! An error in one line. Here, because this is the one room that all who print errors of inference may use.

use std::error::Error;

/// Gives an error and its sources in one line, for a log or a terminal: no error of ours repeats its source itself.
pub fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        source = inner.source();
    }
    text
}
