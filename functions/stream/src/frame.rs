//! Server-sent events as bytes: the few forms of the HTML standard that are sent here.

/// A comment: whoever passes the stream on sees that it lives, and its reader sees nothing.
pub const HEARTBEAT: &str = ": still here\n\n";

/// How long a reader waits until it comes again after the stream broke or ended, in milliseconds.
pub fn retry(ms: u32) -> String {
    format!("retry: {ms}\n\n")
}

/// One event. Neither part has a line break: the id is a tag of hex digits, the data is JSON in one line.
pub fn event(name: &str, id: &str, data: &str) -> String {
    format!("event: {name}\nid: {id}\ndata: {data}\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads as the HTML standard says, section 9.2.6; comments are dropped.
    fn read(stream: &str) -> Vec<(String, String)> {
        stream
            .lines()
            .filter(|line| !line.starts_with(':') && !line.is_empty())
            .map(|line| line.split_once(':').unwrap_or((line, "")))
            .map(|(field, value)| (field.to_owned(), value.strip_prefix(' ').unwrap_or(value).to_owned()))
            .collect()
    }

    #[test]
    fn an_event_reads_back_whole() {
        let data = serde_json::json!({ "title": "two\nlines: and a\u{2028}separator", "n": null }).to_string();
        let stream = [retry(1000), event("generation", "W/\"0a\"", &data), HEARTBEAT.to_owned()].concat();
        let wanted = [("retry", "1000"), ("event", "generation"), ("id", "W/\"0a\""), ("data", &data)];
        assert_eq!(read(&stream), wanted.map(|(field, value)| (field.to_owned(), value.to_owned())));
    }

    #[test]
    fn every_frame_ends_with_an_empty_line_and_has_no_other() {
        for frame in [retry(1), event("a", "b", "{}"), HEARTBEAT.to_owned()] {
            assert_eq!(frame.find("\n\n"), Some(frame.len() - 2), "{frame}");
        }
    }
}
