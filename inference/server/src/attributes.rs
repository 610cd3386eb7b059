//! The one header that carries options: everything else is stripped on the way to the container.

use hyper::HeaderMap;
use hyper::header::CONTENT_TYPE;
use inference_pipeline::{Options, OptionsError};

/// The header with the options as compact JSON.
pub const ATTRIBUTES: &str = "x-amzn-sagemaker-custom-attributes";

/// The most characters that the platform passes on.
const MOST: usize = 1024;

/// Reads the options; no header means all defaults.
pub fn options(headers: &HeaderMap) -> Result<Options, OptionsError> {
    headers.get(ATTRIBUTES).map_or_else(|| Ok(Options::default()), |value| parse(value.as_bytes()))
}

/// Reads the options as they came, by a header or in an event.
pub(crate) fn parse(bytes: &[u8]) -> Result<Options, OptionsError> {
    if bytes.len() > MOST {
        let text = format!("they have {} characters; at most {MOST} are taken", bytes.len());
        return Err(OptionsError::Unreadable(text));
    }
    if !bytes.iter().all(|byte| (0x20..0x7f).contains(byte)) {
        return Err(OptionsError::Unreadable("they may hold visible ASCII only".into()));
    }
    // Visible ASCII is always UTF-8.
    Options::from_json(&String::from_utf8_lossy(bytes))
}

/// The declared type of the photo; empty if none or not readable, which no photo matches.
pub fn content_type(headers: &HeaderMap) -> &str {
    headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper::header::HeaderValue;

    fn read(value: &[u8]) -> Result<Options, OptionsError> {
        let mut headers = HeaderMap::new();
        headers.insert(ATTRIBUTES, HeaderValue::from_bytes(value).unwrap());
        options(&headers)
    }

    #[test]
    fn no_header_means_the_defaults() {
        assert_eq!(options(&HeaderMap::new()), Ok(Options::default()));
    }

    #[test]
    fn length_and_characters_are_bounded() {
        let long = format!(r#"{{"v":1{}}}"#, " ".repeat(MOST));
        assert!(read(long.as_bytes()).unwrap_err().to_string().contains("at most 1024"));
        assert!(read("{\"v\":1,\"generation\":\"gen_é\"}".as_bytes()).unwrap_err().to_string().contains("ASCII"));
        assert_eq!(read(br#"{"v":1,"seed":7}"#).unwrap().seed, 7);
    }
}
