//! Forms: the one that a program sends a photo with, and the one that a browser is given.

use api::types::NewUpload;
use base64::{Engine, engine::general_purpose::STANDARD};
use cloud::{PostLimits, Signer, keys};
use domain::ids::{AccountId, UploadId, UserId};
use domain::upload::Upload;
use domain::{api_key, plan};
use edge::{By, Caller};
use futures_util::FutureExt;
use fuzz_bounds::Target;
use lambda_http::{Body, http};
use serde_json::{Value, json};

/// A line with the boundary, then the form.
pub const FORM: Target =
    Target { name: "form", longest: 32 * 1024, most: 128 << 10, most_per_byte: 64, most_ms: 1000, body: form };

fn form(bytes: &[u8]) {
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let (boundary, body) = bytes.split_at(end);
    let body = body.get(1..).unwrap_or_default();
    let content_type = [b"multipart/form-data; boundary=", boundary].concat();
    let request =
        http::Request::post("/").header("idempotency-key", "a-key-of-mine").header("content-type", content_type);
    let (Ok(request), Some(caller)) = (request.body(Body::Binary(body.to_vec())), caller()) else { return };
    // All of it is there: nothing has to be waited for.
    let read = generations::wish::read(&request, &caller).now_or_never();
    assert!(read.is_some(), "reading a form waits");
    match read {
        Some(Ok(wish)) => {
            crate::body::sound(&wish);
            if let generations::wish::Source::Photo(photo) = &wish.source {
                assert!(photo.len() <= body.len(), "a photo of {} out of {}", photo.len(), body.len());
            }
        }
        Some(Err(problem)) => assert!((400..500).contains(&problem.kind.status()), "{}", problem.detail),
        None => {}
    }
}

/// A program.
fn caller() -> Option<Caller> {
    let (user, account): (UserId, AccountId) = (crate::id("usr_")?, crate::id("acct_")?);
    let wish = api_key::KeyWish {
        name: "fuzz".to_owned(),
        test: false,
        scopes: api_key::Scope::ALL.to_vec(),
        days: None,
        daily_creations: 1,
        concurrent: 1,
    };
    let secret = api_key::Secret::fresh(&[7; 160], false);
    let key = wish.grant(&secret, user.clone(), account.clone(), crate::now());
    Some(Caller { user, account, by: By::Key(key) })
}

/// What a browser says of its photo; the form that it gets for it.
pub const POST_POLICY: Target =
    Target { name: "post_policy", longest: 4096, most: 64 << 10, most_per_byte: 64, most_ms: 500, body: policy };

fn policy(bytes: &[u8]) {
    let Ok(asked) = serde_json::from_slice::<NewUpload>(bytes) else { return };
    let Ok((content_type, sha256)) = uploads::check(&asked) else { return };
    let (Some(user), Some(upload)): (Option<UserId>, Option<UploadId>) = (crate::id("usr_"), crate::id("upl_")) else {
        return;
    };
    let Ok(upload) = Upload::open(upload, user, content_type, asked.bytes, sha256, crate::now()) else { return };
    assert!((plan::MIN_PHOTO_BYTES..=plan::MAX_PHOTO_BYTES).contains(&upload.bytes), "{} bytes", upload.bytes);
    let key = keys::photo(&upload.user, &upload.upload);
    let limits = PostLimits {
        key: &key,
        content_type: content_type.media_type(),
        min_bytes: upload.bytes,
        max_bytes: upload.bytes,
        sha256: &upload.sha256,
        seconds: plan::UPLOAD_FORM_S,
    };
    let signer = Signer { access_key: "AK", secret_key: "SK", session_token: Some("ST"), region: "eu-central-1" };
    let form = signer.sign("https://bucket.example", "bucket", &limits, crate::now());
    let policy = form.fields.get("policy").and_then(|policy| STANDARD.decode(policy).ok()).unwrap_or_default();
    let policy: Value = serde_json::from_slice(&policy).unwrap_or_default();
    let conditions = policy["conditions"].as_array().cloned().unwrap_or_default();
    let has = |condition: Value| assert!(conditions.contains(&condition), "{condition} is not in {policy}");
    has(json!({ "bucket": "bucket" }));
    has(json!({ "key": format!("uploads/{}/{}", upload.user, upload.upload) }));
    has(json!({ "Content-Type": asked.content_type }));
    has(json!({ "x-amz-checksum-sha256": asked.sha256 }));
    has(json!(["content-length-range", asked.bytes, asked.bytes]));
    assert_eq!(conditions.len(), form.fields.len(), "each field but policy and signature, the bucket, and the length");
}
