//! `POST /api/uploads`: a form that uploads exactly one photo straight to the bucket.

use api::types::{NewUpload, UploadForm};
use api::{Kind, Problem};
use base64::{Engine, engine::general_purpose::STANDARD};
use cloud::{Cloud, Objects, PostLimits, keys};
use domain::ids::UploadId;
use domain::upload::{PhotoType, Upload};
use domain::{limits, plan};
use edge::{Answer, Counted, Door, DoorSettings, Settings};
use lambda_http::{Body, Error, Request, Response};

/// What the function holds between calls.
pub struct App {
    door: Door,
    uploads: Objects,
}

impl App {
    /// Reads the environment and opens the clients.
    pub async fn connect(get: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let settings = Settings::new(get);
        let read = (DoorSettings::read(&settings), settings.text("UPLOADS_BUCKET"));
        let (door, bucket) = settings.finish(read)?;
        let cloud = Cloud::connect().await;
        Ok(Self { door: Door::open(&cloud, door).await?, uploads: cloud.objects(bucket) })
    }
}

/// Answers one request.
pub async fn handle(app: &App, request: Request) -> Result<Response<Body>, Error> {
    let mut counted = Counted::default();
    let result = create(app, &request, &mut counted).await;
    Ok(edge::answer(&request, counted.tell(result)))
}

async fn create(app: &App, request: &Request, counted: &mut Counted) -> Result<Answer, Problem> {
    let caller = app.door.member(request).await?;
    let asked: NewUpload = edge::json(request)?;
    let (content_type, sha256) = check(&asked)?;
    app.door.count(request, limits::UPLOAD, Some(&caller), counted).await?;
    let now = edge::now();
    let upload =
        Upload::open(UploadId::fresh(now, edge::dice()?), caller.user, content_type, asked.bytes, sha256, now)?;
    let limits = PostLimits {
        key: &keys::photo(&upload.user, &upload.upload),
        content_type: content_type.media_type(),
        min_bytes: upload.bytes,
        max_bytes: upload.bytes,
        sha256: &upload.sha256,
        seconds: plan::UPLOAD_FORM_S,
    };
    let form = app.uploads.post_form(&limits, now).await.map_err(edge::cloud)?;
    app.door.table.open_upload(&upload).await.map_err(edge::cloud)?;
    let form = UploadForm {
        upload_id: upload.upload.to_string(),
        url: form.url,
        fields: form.fields,
        expires_at: upload.form_ends.to_string(),
    };
    Answer::json(201, &form)
}

/// The fields that the schema alone cannot judge; all faults are named at once.
pub fn check(asked: &NewUpload) -> Result<(PhotoType, String), Problem> {
    let content_type = PhotoType::parse(&asked.content_type);
    let hash_is_whole = STANDARD.decode(&asked.sha256).is_ok_and(|bytes| bytes.len() == 32);
    let mut problem = Problem::new(Kind::Invalid, "Correct the named fields and send again.");
    if content_type.is_none() {
        problem = problem.field("/content_type", "must be image/jpeg, image/png or image/webp");
    }
    if !hash_is_whole {
        problem = problem.field("/sha256", "must be the base64 of 32 bytes");
    }
    match content_type {
        Some(content_type) if problem.errors.is_empty() => Ok((content_type, asked.sha256.clone())),
        _ => Err(problem),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_wrong_fields_are_named() {
        let asked = NewUpload { content_type: "image/gif".to_owned(), bytes: 1, sha256: "abc".to_owned() };
        let pointers: Vec<_> = check(&asked).unwrap_err().errors.into_iter().map(|fault| fault.pointer).collect();
        assert_eq!(pointers, ["/content_type", "/sha256"]);
    }

    #[test]
    fn a_hash_of_32_bytes_passes() {
        let sha256 = STANDARD.encode([7; 32]);
        let asked = NewUpload { content_type: "image/webp".to_owned(), bytes: 1, sha256: sha256.clone() };
        assert_eq!(check(&asked), Ok((PhotoType::Webp, sha256)));
    }
}
