//! The one header with which a call of the container says what it wants.

use fuzz_bounds::Target;
use http::{HeaderMap, HeaderValue};
use inference_pipeline::Options;
use inference_server::attributes;

/// The header's bytes.
pub const OPTIONS: Target =
    Target { name: "options", longest: 2048, most: 64 << 10, most_per_byte: 32, most_ms: 500, body: options };

fn options(bytes: &[u8]) {
    let Ok(value) = HeaderValue::from_bytes(bytes) else { return };
    let headers = HeaderMap::from_iter([(http::HeaderName::from_static(attributes::ATTRIBUTES), value)]);
    let Ok(options) = attributes::options(&headers) else { return };
    assert!(bytes.len() <= 1024, "{} bytes are too many", bytes.len());
    assert_eq!(options.check(), Ok(()), "what is taken keeps its limits");
    let text = serde_json::json!(options).to_string();
    assert_eq!(Options::from_json(&text), Ok(options), "{text} is read as it was written");
}
