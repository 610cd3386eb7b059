//! A request as a function URL tells it to its function: payload format 2.0, with neither a route nor names in the path.

use std::collections::BTreeMap;

use axum::http::header::{COOKIE, USER_AGENT};
use axum::http::request::Parts;
use serde_json::{Value, json};

/// The event of a request.
pub(super) fn of(parts: &Parts, id: &str) -> String {
    let text = |name| parts.headers.get(name).and_then(|value| value.to_str().ok());
    let path = parts.uri.path();
    let mut event = json!({
        "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": parts.uri.query().unwrap_or_default(),
        "headers": headers(parts), "isBase64Encoded": false,
        "requestContext": {
            "accountId": "anonymous", "apiId": "local", "domainName": "local.lambda-url.us-east-1.on.aws",
            "domainPrefix": "local", "requestId": id, "routeKey": "$default", "stage": "$default", "timeEpoch": 0,
            "http": {
                "method": parts.method.as_str(), "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1",
                "userAgent": text(USER_AGENT),
            },
        },
    });
    if let Some(cookies) = text(COOKIE) {
        event["cookies"] = cookies.split("; ").map(Value::from).collect();
    }
    event.to_string()
}

/// Names in lower case, several values of one as one line; cookies have a place of their own.
fn headers(parts: &Parts) -> BTreeMap<&str, String> {
    let mut headers: BTreeMap<&str, String> = BTreeMap::new();
    for (name, value) in parts.headers.iter().filter(|(name, _)| *name != COOKIE) {
        let value = String::from_utf8_lossy(value.as_bytes());
        headers
            .entry(name.as_str())
            .and_modify(|line| {
                line.push(',');
                line.push_str(&value);
            })
            .or_insert_with(|| value.into_owned());
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    #[test]
    fn a_request_becomes_an_event() {
        let request = Request::get("/api/generations/gen_1/events?a=1")
            .header("Cookie", "a=1; b=2")
            .header("X-Two", "1")
            .header("X-Two", "2")
            .body(())
            .unwrap();
        let event: Value = serde_json::from_str(&of(&request.into_parts().0, "r")).unwrap();
        assert_eq!(event["rawPath"], "/api/generations/gen_1/events");
        assert_eq!(event["rawQueryString"], "a=1");
        assert_eq!(event["cookies"], json!(["a=1", "b=2"]));
        assert_eq!(event["headers"], json!({ "x-two": "1,2" }));
        assert_eq!(event["requestContext"]["http"]["method"], "GET");
    }
}
