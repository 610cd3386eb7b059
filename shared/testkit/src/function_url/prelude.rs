//! How a streamed answer begins: status, headers and cookies as JSON, then eight zero bytes, then the body.

use std::collections::BTreeMap;

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Deserialize;

const END: [u8; 8] = [0; 8];

/// What stands before the body.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Head {
    status_code: u16,
    headers: BTreeMap<String, Values>,
    cookies: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Values {
    One(String),
    Many(Vec<String>),
}

/// The bytes so far of a head whose end has not come yet.
#[derive(Default)]
pub(super) struct Parted(Vec<u8>);

impl Parted {
    /// Takes a chunk; once the head is whole, the head and what of the body has come with it.
    pub(super) fn take(&mut self, chunk: &[u8]) -> Result<Option<(Head, Bytes)>, serde_json::Error> {
        self.0.extend_from_slice(chunk);
        let Some(end) = self.0.windows(END.len()).position(|window| window == END) else { return Ok(None) };
        let (head, rest) = self.0.split_at(end);
        Ok(Some((serde_json::from_slice(head)?, Bytes::copy_from_slice(rest.get(END.len()..).unwrap_or_default()))))
    }
}

impl Head {
    /// The answer for the caller.
    pub(super) fn response(self, body: Body) -> Response {
        let mut response = Response::new(body);
        *response.status_mut() = StatusCode::from_u16(self.status_code).unwrap_or(StatusCode::BAD_GATEWAY);
        let cookies = self.cookies.into_iter().map(|cookie| (header::SET_COOKIE.to_string(), cookie));
        let headers = self.headers.into_iter().flat_map(|(name, values)| {
            let values = match values {
                Values::One(value) => vec![value],
                Values::Many(values) => values,
            };
            values.into_iter().map(move |value| (name.clone(), value))
        });
        for (name, value) in headers.chain(cookies) {
            if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), value.parse::<HeaderValue>()) {
                response.headers_mut().append(name, value);
            }
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &[u8] =
        b"{\"statusCode\":200,\"headers\":{\"a\":\"1\",\"b\":[\"2\",\"3\"]},\"cookies\":[\"c=d\"]}\0\0\0\0\0\0\0\0body\0";

    #[test]
    fn a_head_is_read_wherever_its_chunks_are_cut() {
        for cut in 0..ANSWER.len() {
            let (first, second) = ANSWER.split_at(cut);
            let mut parted = Parted::default();
            let (head, body) = match parted.take(first).unwrap() {
                Some((head, body)) => (head, [&body, second].concat()),
                None => parted.take(second).unwrap().map(|(head, body)| (head, body.to_vec())).unwrap(),
            };
            assert_eq!(body, b"body\0", "cut at {cut}");
            let response = head.response(Body::empty());
            assert_eq!((response.status(), response.headers().len()), (StatusCode::OK, 4));
            assert_eq!(response.headers()["set-cookie"], "c=d");
        }
    }

    #[test]
    fn a_head_that_is_no_json_is_an_error() {
        assert!(Parted::default().take(b"x\0\0\0\0\0\0\0\0").is_err());
    }
}
