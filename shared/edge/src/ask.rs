//! What a request says, read strictly.

use api::problem::pointer_part;
use api::{Kind, Problem};
use lambda_http::http::Method;
use lambda_http::request::RequestContext;
use lambda_http::{Request, RequestExt};
use serde::de::DeserializeOwned;
use serde_path_to_error::Segment;

/// A header as text.
pub fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request.headers().get(name)?.to_str().ok()
}

/// A query parameter.
pub fn query(request: &Request, name: &str) -> Option<String> {
    request.query_string_parameters_ref()?.first(name).map(ToOwned::to_owned)
}

/// What stands in the path for a name of the route; empty if it has no such name.
pub fn path<'a>(request: &'a Request, name: &str) -> &'a str {
    request.path_parameters_ref().and_then(|all| all.first(name)).unwrap_or_default()
}

/// An id in the path. Whatever is not an id is not there: 404, like another's.
pub fn id<T: TryFrom<String>>(request: &Request, name: &str) -> Result<T, Problem> {
    T::try_from(path(request, name).to_owned()).map_err(|_| Problem::not_found())
}

/// Refuses a change that another site may have sent with our cookie: the origin is ours, and the body is of a type that
/// no form of another site can send without being asked first.
pub fn same_site(request: &Request, site_origin: &str) -> Result<(), Problem> {
    if header(request, "origin") != Some(site_origin) {
        return Err(Problem::new(Kind::CrossSite, format!("Send the header `Origin: {site_origin}`.")));
    }
    if request.method() == Method::DELETE { Ok(()) } else { is_json(request) }
}

fn is_json(request: &Request) -> Result<(), Problem> {
    let media_type = header(request, "content-type").unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    if media_type.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    Err(Problem::new(Kind::ContentType, "Send the header `Content-Type: application/json`, also without a body."))
}

/// The address of whoever called the API, as the API saw it.
pub fn source_address(request: &Request) -> Option<&str> {
    match request.request_context_ref() {
        Some(RequestContext::ApiGatewayV2(context)) => context.http.source_ip.as_deref(),
        _ => None,
    }
}

/// The trace that Lambda began for this request, as its header has it.
pub fn trace(request: &Request) -> Option<&str> {
    request.lambda_context_ref()?.xray_trace_id.as_deref()
}

/// The number of a trace, out of its header `Root=1-…;Parent=…;Sampled=1`; nothing that is not one gets into a log.
pub fn trace_root(header: &str) -> Option<&str> {
    let root = header.split(';').find_map(|part| part.strip_prefix("Root="))?;
    let plain = root.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    (plain && root.len() == 35).then_some(root)
}

/// Whether the browser objects to any use of data beyond the service itself (Global Privacy Control).
pub fn objects(request: &Request) -> bool {
    header(request, "sec-gpc") == Some("1")
}

/// Where a page starts: how many, and after what.
pub fn page(request: &Request, cursor_fits: impl Fn(&str) -> bool) -> Result<(usize, Option<String>), Problem> {
    let limit = query(request, "limit").map_or(Ok(20), |text| text.parse());
    let limit = limit.ok().filter(|limit| (1..=100).contains(limit));
    let limit = limit.ok_or_else(|| Problem::invalid_query("limit", "must be between 1 and 100"))?;
    let cursor = query(request, "cursor");
    if cursor.as_deref().is_some_and(|cursor| !cursor_fits(cursor)) {
        return Err(Problem::invalid_query("cursor", "must be a `next_cursor` of this list"));
    }
    Ok((limit, cursor))
}

/// The key that makes a wish one wish, however often it is sent.
pub fn idempotency_key(request: &Request) -> Result<String, Problem> {
    let key = header(request, "idempotency-key").unwrap_or_default();
    let plain = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    if !(8..=64).contains(&key.len()) || !plain {
        let detail = "Send a header `Idempotency-Key` of 8 to 64 letters, digits, `-` or `_`, new for every wish.";
        return Err(Problem::new(Kind::KeyMissing, detail));
    }
    Ok(key.to_owned())
}

/// The JSON body. A syntax error is 400; a wrong, missing or unknown field is 422 and named.
pub fn json<T: DeserializeOwned>(request: &Request) -> Result<T, Problem> {
    is_json(request)?;
    let body: &[u8] = request.body();
    let value: serde_json::Value = serde_json::from_slice(body)
        .map_err(|error| Problem::new(Kind::BadRequest, format!("The body is not JSON: {error}.")))?;
    typed(value, "")
}

/// The same of a part of another body; `place` is its pointer there.
pub fn parse<T: DeserializeOwned>(text: &[u8], place: &str) -> Result<T, Problem> {
    let value = serde_json::from_slice(text)
        .map_err(|error| Problem::new(Kind::BadRequest, format!("`{place}` is not JSON: {error}.")))?;
    typed(value, place)
}

fn typed<T: DeserializeOwned>(value: serde_json::Value, place: &str) -> Result<T, Problem> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let pointer: String = error
            .path()
            .iter()
            .map(|segment| match segment {
                Segment::Map { key } => format!("/{}", pointer_part(key)),
                Segment::Seq { index } => format!("/{index}"),
                Segment::Enum { .. } | Segment::Unknown => String::new(),
            })
            .collect();
        Problem::invalid(format!("{place}{pointer}"), error.inner().to_string())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::types::NewUpload;
    use lambda_http::{Body, http};
    use std::collections::HashMap;

    fn post(content_type: &str, body: &str) -> Request {
        let request = http::Request::post("/").header("content-type", content_type);
        request.body(Body::from(body.to_owned())).unwrap()
    }

    #[test]
    fn a_body_that_does_not_read_is_named() {
        let cases = [
            ("text/plain", "{}", 415, ""),
            ("application/json", "{", 400, ""),
            ("application/json", "[]", 422, ""),
            ("application/json", r#"{"content_type":"image/png","bytes":-1,"sha256":""}"#, 422, "/bytes"),
            ("application/json; charset=utf-8", r#"{"colour":"red"}"#, 422, "/colour"),
            ("application/json", r#"{"a/b~c":"red"}"#, 422, "/a~1b~0c"),
        ];
        for (content_type, body, status, pointer) in cases {
            let problem = json::<NewUpload>(&post(content_type, body)).unwrap_err();
            assert_eq!(problem.kind.status(), status, "{body}");
            assert_eq!(problem.errors.first().map_or("", |fault| &fault.pointer), pointer, "{body}");
        }
    }

    #[test]
    fn another_sites_change_is_refused() {
        let request = |origin: &str| {
            let request = http::Request::post("/").header("origin", origin).header("content-type", "application/json");
            request.body(Body::Empty).unwrap()
        };
        assert!(same_site(&request("https://app.example"), "https://app.example").is_ok());
        let mut form = request("https://app.example");
        form.headers_mut().insert("content-type", http::HeaderValue::from_static("text/plain"));
        assert_eq!(same_site(&form, "https://app.example").unwrap_err().kind, Kind::ContentType);
        *form.method_mut() = http::Method::DELETE;
        assert!(same_site(&form, "https://app.example").is_ok());
        for origin in ["https://evil.example", "null", "", "https://app.example.evil"] {
            assert!(same_site(&request(origin), "https://app.example").is_err(), "{origin}");
        }
    }

    #[test]
    fn only_the_number_of_a_trace_is_taken() {
        let root = "1-67891233-abcdef012345678912345678";
        assert_eq!(trace_root(&format!("Root={root};Parent=463ac35c9f6413ad;Sampled=1")), Some(root));
        for header in
            ["", "Root=", "Root=1-2", "Parent=463ac35c9f6413ad", "Root=1-67891233-abcdef01234567891234567\u{e9}"]
        {
            assert_eq!(trace_root(header), None, "{header}");
        }
    }

    #[test]
    fn a_page_is_bounded() {
        let asked = |name: &str, value: &str| {
            let request = http::Request::get("/").body(Body::Empty).unwrap();
            request.with_query_string_parameters(HashMap::from([(name.to_owned(), vec![value.to_owned()])]))
        };
        let page = |name, value| page(&asked(name, value), |cursor| cursor == "fits");
        assert_eq!(page("limit", "100").unwrap(), (100, None));
        assert_eq!(page("cursor", "fits").unwrap(), (20, Some("fits".to_owned())));
        for (name, value) in [("limit", "0"), ("limit", "101"), ("limit", "-1"), ("limit", "x"), ("cursor", "../")] {
            let problem = page(name, value).unwrap_err();
            assert_eq!((problem.kind, &*problem.errors[0].pointer), (Kind::Invalid, &*format!("/{name}")), "{value}");
        }
    }
}
