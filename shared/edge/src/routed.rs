//! A function's own URL matches no route, and its request is signed on the way. This makes of it what the API would hand on.

use crate::{header, route_key};
use api::routes::ROUTES;
use lambda_http::http::header::AUTHORIZATION as SIGNED;
use lambda_http::request::RequestContext;
use lambda_http::{Request, RequestExt};
use std::collections::HashMap;

/// Where the CDN puts the visitor's `Authorization`: with its own it signs the request to the function.
const AUTHORIZATION: &str = "x-viewer-authorization";

/// The request with its route key and the names in its path; as it was if the API itself has sent it.
pub fn routed(request: Request) -> Request {
    if route_key(&request) != "$default" {
        return request;
    }
    let request = as_the_visitor_sent_it(request);
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let Some((key, names)) = ROUTES.iter().find_map(|route| {
        let pattern = route.key.strip_prefix(method.as_str())?.strip_prefix(' ')?;
        Some((route.key, names(pattern, &path)?))
    }) else {
        return request;
    };
    let mut context = request.request_context();
    if let RequestContext::ApiGatewayV2(context) = &mut context {
        context.route_key = Some(key.to_owned());
    }
    request.with_path_parameters(names).with_request_context(context)
}

/// Nobody gains by writing that header: it can only say who calls, as `Authorization` itself can.
fn as_the_visitor_sent_it(mut request: Request) -> Request {
    if header(&request, SIGNED.as_str()).is_some_and(|value| value.starts_with("AWS4-")) {
        request.headers_mut().remove(SIGNED);
    }
    if let Some(value) = request.headers_mut().remove(AUTHORIZATION) {
        request.headers_mut().insert(SIGNED, value);
    }
    request
}

/// What stands in a path where the pattern has a name; nothing if it does not fit.
fn names(pattern: &str, path: &str) -> Option<HashMap<String, Vec<String>>> {
    let mut names = HashMap::new();
    let mut parts = path.split('/');
    for wanted in pattern.split('/') {
        let part = parts.next()?;
        match wanted.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(name) if !part.is_empty() => _ = names.insert(name.to_owned(), vec![part.to_owned()]),
            None if wanted == part => {}
            _ => return None,
        }
    }
    parts.next().is_none().then_some(names)
}

#[cfg(test)]
mod tests {
    use super::*;
    use lambda_http::request::from_str;

    fn sent(path: &str, method: &str, headers: &str) -> Request {
        let event = format!(
            r#"{{"version":"2.0","routeKey":"$default","rawPath":"{path}","rawQueryString":"","headers":{{{headers}}},
            "requestContext":{{"accountId":"anonymous","apiId":"u","domainName":"u","requestId":"r","routeKey":"$default",
            "stage":"$default","time":"","timeEpoch":0,"http":{{"method":"{method}","path":"{path}","protocol":"HTTP/1.1",
            "sourceIp":"192.0.2.7","userAgent":"x"}}}},"isBase64Encoded":false}}"#
        );
        routed(from_str(&event).unwrap())
    }

    #[test]
    fn a_path_finds_its_route_and_its_names() {
        let request = sent("/api/generations/gen_1/events", "GET", "");
        assert_eq!(route_key(&request), "GET /api/generations/{id}/events");
        assert_eq!(request.path_parameters().first("id"), Some("gen_1"));
        for (path, method) in [
            ("/api/generations//events", "GET"),
            ("/api/generations/gen_1/events/", "GET"),
            ("/api/generations/gen_1/events", "POST"),
            ("/", "GET"),
        ] {
            assert_eq!(route_key(&sent(path, method, "")), "$default", "{method} {path}");
        }
    }

    #[test]
    fn the_visitors_key_is_read_and_the_cdns_signature_is_not() {
        let signature = r#""authorization":"AWS4-HMAC-SHA256 Credential=x""#;
        let path = "/api/generations/gen_1/events";
        assert_eq!(header(&sent(path, "GET", signature), "authorization"), None);
        let both = format!(r#"{signature},"{AUTHORIZATION}":"Bearer k""#);
        assert_eq!(header(&sent(path, "GET", &both), "authorization"), Some("Bearer k"));
        assert_eq!(header(&sent(path, "GET", r#""authorization":"Bearer k""#), "authorization"), Some("Bearer k"));
    }
}
