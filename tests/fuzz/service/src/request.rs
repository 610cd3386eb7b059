//! A whole request, as the platform hands it on.

use api::Problem;
use domain::ids::GenerationId;
use domain::place::Place;
use fuzz_bounds::Target;
use lambda_http::{Context, LambdaEvent};

/// The platform's event.
pub const REQUEST: Target =
    Target { name: "request", longest: 16 * 1024, most: 256 << 10, most_per_byte: 256, most_ms: 1000, body: request };

const SITE: &str = "http://localhost:8300";

fn request(bytes: &[u8]) {
    let Ok(event) = serde_json::from_slice(bytes) else { return };
    let request = edge::routed(edge::readable(LambdaEvent::new(event, Context::default())).payload.into());
    if let Ok((limit, cursor)) = edge::page(&request, |text| GenerationId::parse(text).is_ok()) {
        assert!((1..=100).contains(&limit), "a page of {limit}");
        assert!(cursor.is_none_or(|cursor| GenerationId::parse(&cursor).is_ok()), "a cursor that is none");
    }
    if let Ok(key) = edge::idempotency_key(&request) {
        let plain = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
        assert!((8..=64).contains(&key.len()) && plain, "{key:?} becomes a row's key");
    }
    if let Ok(id) = edge::id::<GenerationId>(&request, "id") {
        assert_eq!(id.as_str(), edge::path(&request, "id"));
    }
    if edge::same_site(&request, SITE).is_ok() {
        assert_eq!(edge::header(&request, "origin"), Some(SITE), "another site's change");
    }
    let cookie = edge::cookie(&request, edge::SESSION_COOKIE).unwrap_or_default();
    assert!(!cookie.contains(';'), "{cookie:?} is more than one cookie");
    let agent = edge::header(&request, "user-agent").unwrap_or_default();
    let place = Place::new(edge::source_address(&request).unwrap_or_default(), agent);
    assert!(place.address.chars().count() <= 45 && place.browser.len() + place.system.len() <= 40, "{place:?}");
    let told = edge::trace(&request).and_then(edge::trace_root).unwrap_or_default();
    assert!(told.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-'), "{told:?} goes into a log");
    let answer = edge::answer(&request, Err(Problem::not_found()));
    assert_eq!(answer.status(), 404);
}
