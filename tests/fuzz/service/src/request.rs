//! A whole request, as the platform hands it on.

use api::Problem;
use domain::ids::GenerationId;
use domain::place::Place;
use fuzz_bounds::Target;
use lambda_http::http::Uri;
use lambda_http::request::from_str;
use serde_json::Value;

/// The platform's event.
pub const REQUEST: Target =
    Target { name: "request", longest: 16 * 1024, most: 256 << 10, most_per_byte: 256, most_ms: 1000, body: request };

const SITE: &str = "http://localhost:8300";

/// The event, if the platform could have sent it: what it says of the address makes one. On others `lambda_http` panics, which
/// the runtime around it catches; see `crashes/README.md`.
fn platform(bytes: &[u8]) -> Option<Value> {
    let mut event: Value = serde_json::from_slice(bytes).ok()?;
    let is_address = |name: &str| name.eq_ignore_ascii_case("host") || name.eq_ignore_ascii_case("x-forwarded-proto");
    event.get_mut("headers")?.as_object_mut()?.retain(|name, _| !is_address(name));
    event.get_mut("requestContext")?.as_object_mut()?.remove("domainName");
    let text = |name: &str| event.get(name).and_then(Value::as_str).unwrap_or_default();
    let (path, query) = (text("rawPath"), text("rawQueryString"));
    let is_one = path.starts_with('/') && format!("/?{query}").parse::<Uri>().is_ok();
    is_one.then_some(event)
}

fn request(bytes: &[u8]) {
    let Some(event) = platform(bytes) else { return };
    let Ok(request) = from_str(&event.to_string()) else { return };
    let request = edge::routed(request);
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
