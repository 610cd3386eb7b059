//! What an event says of the address, before `lambda_http` reads it: that panics where it makes none.

use lambda_http::LambdaEvent;
use lambda_http::http::header::HOST;
use lambda_http::request::LambdaRequest;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// Whoever stands in front writes it.
const SCHEME: &str = "x-forwarded-proto";
/// What the URL standard escapes in a query; what is escaped already stays as it is.
const QUERY: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'<').add(b'>');

/// The event with an address that can be read: nothing of host and scheme, which no function asks for, and a query that says the same.
#[must_use]
pub fn readable(mut event: LambdaEvent<LambdaRequest>) -> LambdaEvent<LambdaRequest> {
    if let LambdaRequest::ApiGatewayV2(request) = &mut event.payload {
        request.headers.remove(HOST);
        request.headers.remove(SCHEME);
        request.request_context.domain_name = None;
        request.raw_path = request.raw_path.take().map(|path| format!("/{}", path.strip_prefix('/').unwrap_or(&path)));
        request.raw_query_string =
            request.raw_query_string.take().map(|query| utf8_percent_encode(&query, QUERY).to_string());
    }
    event
}

#[cfg(test)]
mod tests {
    use super::*;
    use lambda_http::{Context, Request, RequestExt};
    use serde_json::{Value, json};

    const SHOW: &str = include_str!("../../../events/generations/show.json");

    fn read(change: impl Fn(&mut Value)) -> Request {
        let mut event: Value = serde_json::from_str(SHOW).unwrap();
        change(&mut event);
        readable(LambdaEvent::new(serde_json::from_value(event).unwrap(), Context::default())).payload.into()
    }

    #[test]
    fn a_host_or_scheme_that_makes_no_address_is_not_read() {
        for (name, value) in
            [("host", "a b"), ("host", ""), ("host", "[::1"), ("x-forwarded-proto", "1"), ("Host", "a:b")]
        {
            let request = read(|event| event["headers"] = json!({name: value, "origin": "kept"}));
            assert!(request.uri().path().starts_with("/api/generations/"), "{name}: {value}");
            assert_eq!(request.headers()["origin"], "kept");
        }
        read(|event| event["requestContext"]["domainName"] = json!("a b"));
    }

    #[test]
    fn a_query_says_what_it_said() {
        for (query, cursor) in [
            ("cursor=a", "a"),
            ("cursor=\"<>\" ü", "\"<>\" ü"),
            ("cursor=%22+%zz", "\" %zz"),
            ("cursor=\u{7f}\n", "\u{7f}\n"),
        ] {
            let request = read(|event| event["rawQueryString"] = json!(query));
            assert_eq!(request.query_string_parameters().first("cursor"), Some(cursor), "{query:?}");
        }
    }

    #[test]
    fn a_path_begins_with_a_slash() {
        for (path, read_as) in [("/api/me", "/api/me"), (":x", "/:x"), ("", "/"), ("//a", "//a")] {
            assert_eq!(read(|event| event["rawPath"] = json!(path)).uri().path(), read_as);
        }
    }
}
