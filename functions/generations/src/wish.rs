//! What a caller wishes for, read and checked at the door.

use api::asked::NewGeneration;
use api::problem::pointer_part;
use api::{Kind, Problem};
use domain::ids::UploadId;
use domain::options::Options;
use domain::plan;
use edge::{By, Caller};
use futures_util::stream;
use lambda_http::Request;
use multer::{Constraints, Multipart, SizeLimit};
use sha2::{Digest, Sha256};
use std::convert::Infallible;

/// Where the photo is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// It was uploaded.
    Upload(UploadId),
    /// It is to be fetched.
    Address(String),
    /// It came along.
    Photo(Vec<u8>),
}

/// One model that is wished for.
#[derive(Debug, Clone, PartialEq)]
pub struct Wish {
    /// The `Idempotency-Key`.
    pub key: String,
    /// SHA-256 of what is asked for, hex.
    pub hash: String,
    /// What is chosen.
    pub options: Options,
    /// Where the photo is.
    pub source: Source,
}

impl Wish {
    /// One that was written as JSON.
    pub fn new(key: String, asked: NewGeneration, is_test: bool) -> Result<Self, Problem> {
        check(&asked.options)?;
        // A wish that a test key fulfilled is another one to everybody else.
        let hash = hash(&(is_test, &asked))?;
        let source = match (asked.upload_id, asked.image_url) {
            (Some(upload), None) => {
                let upload = UploadId::parse(&upload);
                Source::Upload(upload.map_err(|error| Problem::invalid("/upload_id", error.to_string()))?)
            }
            (None, Some(address)) => Source::Address(address),
            (Some(_), Some(_)) => return Err(Problem::invalid("/image_url", "must be left out beside `upload_id`")),
            (None, None) => return Err(Problem::invalid("/upload_id", "is missing; `image_url` would do as well")),
        };
        Ok(Self { key, hash, options: asked.options, source })
    }

    /// One whose photo came along.
    fn of_photo(key: String, photo: Vec<u8>, options: Options, is_test: bool) -> Result<Self, Problem> {
        check(&options)?;
        let hash = hash(&(is_test, format!("{:x}", Sha256::digest(&photo)), &options))?;
        Ok(Self { key, hash, options, source: Source::Photo(photo) })
    }
}

fn hash(asked: &impl serde::Serialize) -> Result<String, Problem> {
    let body = serde_json::to_vec(asked).map_err(|error| Problem::ours(error.to_string()))?;
    Ok(format!("{:x}", Sha256::digest(body)))
}

fn check(options: &Options) -> Result<(), Problem> {
    Problem::options(options.faults()).map_or(Ok(()), Err)
}

/// The wish that a request brings: as JSON or, with an API key, as a form. No form is taken with a session's cookie: a
/// browser sends one for any site.
pub async fn read(request: &Request, caller: &Caller) -> Result<Wish, Problem> {
    let key = edge::idempotency_key(request)?;
    let media_type = edge::header(request, "content-type").unwrap_or_default();
    match (&caller.by, multer::parse_boundary(media_type)) {
        (By::Key(_), Ok(boundary)) => {
            let (photo, options) = form(request.body().to_vec(), boundary).await?;
            Wish::of_photo(key, photo, options, caller.is_test())
        }
        _ => Wish::new(key, edge::json(request)?, caller.is_test()),
    }
}

/// The fields `file` and `options` of a form.
async fn form(body: Vec<u8>, boundary: String) -> Result<(Vec<u8>, Options), Problem> {
    let most = SizeLimit::new().for_field("file", plan::MAX_DIRECT_PHOTO_BYTES).for_field("options", 4096);
    let constraints = Constraints::new().allowed_fields(vec!["file", "options"]).size_limit(most);
    let body = stream::once(async { Ok::<_, Infallible>(body) });
    let mut form = Multipart::with_constraints(body, boundary, constraints);
    let (mut photo, mut options) = (None, None);
    while let Some(field) = form.next_field().await.map_err(|error| broken(&error))? {
        let slot = if field.name() == Some("file") { &mut photo } else { &mut options };
        let name = if field.name() == Some("file") { "/file" } else { "/options" };
        if slot.is_some() {
            return Err(Problem::invalid(name, "must come once"));
        }
        *slot = Some(field.bytes().await.map_err(|error| broken(&error))?);
    }
    let photo = photo.ok_or_else(|| Problem::invalid("/file", "is missing"))?;
    let options = match options {
        Some(text) => edge::parse(&text, "/options")?,
        None => Options::default(),
    };
    Ok((photo.to_vec(), options))
}

fn broken(error: &multer::Error) -> Problem {
    match error {
        multer::Error::UnknownField { field_name } => {
            let name = pointer_part(field_name.as_deref().unwrap_or_default());
            Problem::invalid(format!("/{name}"), "is not a field of this form, which has `file` and `options`")
        }
        multer::Error::FieldSizeExceeded { limit, field_name } if field_name.as_deref() == Some("file") => {
            let detail =
                format!("A photo in the call has at most {limit} bytes. Upload a larger one with `POST /api/uploads`.");
            Problem::new(Kind::PhotoTooLarge, detail)
        }
        multer::Error::FieldSizeExceeded { limit, .. } => {
            Problem::invalid("/options", format!("must have at most {limit} bytes"))
        }
        other => Problem::new(Kind::BadRequest, format!("The form cannot be read: {other}.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UPLOAD: &str = "upl_01ARZ3NDEKTSV4RRFFQ69G5FAV";

    fn wish(body: serde_json::Value) -> Result<Wish, Problem> {
        Wish::new("a-key-of-mine".to_owned(), serde_json::from_value(body).unwrap(), false)
    }

    #[test]
    fn exactly_one_place_of_the_photo_is_named() {
        let both = serde_json::json!({ "upload_id": UPLOAD, "image_url": "https://example.com/cup.jpg" });
        for (body, pointer) in [(both, "/image_url"), (serde_json::json!({}), "/upload_id")] {
            assert_eq!(wish(body).unwrap_err().errors[0].pointer, pointer);
        }
        let one = wish(serde_json::json!({ "image_url": "https://example.com/cup.jpg" })).unwrap();
        assert_eq!(one.source, Source::Address("https://example.com/cup.jpg".to_owned()));
    }

    #[test]
    fn other_options_another_photo_and_a_test_are_other_wishes() {
        let hash = |photo: &[u8], faces, test| {
            let options = Options { faces, ..Options::default() };
            Wish::of_photo(String::new(), photo.to_vec(), options, test).unwrap().hash
        };
        let all = [hash(b"a", 100, false), hash(b"b", 100, false), hash(b"a", 200, false), hash(b"a", 100, true)];
        let different: std::collections::BTreeSet<_> = all.iter().collect();
        assert_eq!(different.len(), all.len());
        assert_eq!(hash(b"a", 100, false), all[0]);
    }

    fn part(name: &str, value: &str) -> String {
        format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"f\"\r\n\r\n{value}\r\n")
    }

    #[tokio::test]
    async fn a_form_is_read_and_what_is_wrong_with_one_is_named() {
        let read = |parts: String| form(format!("{parts}--x--\r\n").into_bytes(), "x".to_owned());
        let (photo, options) = read(part("file", "bytes") + &part("options", r#"{"faces":500}"#)).await.unwrap();
        assert_eq!((photo.as_slice(), options.faces), (b"bytes".as_slice(), 500));
        let large = "x".repeat(usize::try_from(plan::MAX_DIRECT_PHOTO_BYTES).unwrap() + 1);
        let cases = [
            (part("options", "{}"), 422, "/file"),
            (part("file", "a") + &part("file", "b"), 422, "/file"),
            (part("file", "a") + &part("options", r#"{"colour":1}"#), 422, "/options/colour"),
            (part("file", "a") + &part("colour", "red"), 422, "/colour"),
            (part("file", "a") + &part("options", "{"), 400, ""),
            (part("file", &large), 413, ""),
            ("--y\r\n".to_owned(), 422, "/file"),
        ];
        for (parts, status, pointer) in cases {
            let begins = parts.chars().take(200).collect::<String>();
            let problem = read(parts).await.unwrap_err();
            assert_eq!(problem.kind.status(), status, "{begins}");
            assert_eq!(problem.errors.first().map_or("", |fault| &fault.pointer), pointer, "{begins}");
        }
    }
}
