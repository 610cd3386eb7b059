//! The JSON bodies of all routes.

use api::account::{ChoicesBody, Deletions, PageView, ProfileChange, Welcome};
use api::asked::{NewBatch, NewGeneration};
use api::billing::NewCheckout;
use api::hooks::{NewWebhook, WebhookChange};
use api::keys::NewApiKey;
use api::share::LabelBody;
use api::types::NewUpload;
use api::{Kind, Problem};
use domain::api_key::KeyWish;
use domain::label::{Label, TAG_CHARS, TAGS, TITLE_CHARS};
use fuzz_bounds::Target;
use generations::wish::{Source, Wish};
use lambda_http::{Body, Request, http};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A byte that says which, then the body.
pub const BODY: Target =
    Target { name: "body", longest: 16 * 1024, most: 128 << 10, most_per_byte: 256, most_ms: 1000, body };

fn body(bytes: &[u8]) {
    let [which, text @ ..] = bytes else { return };
    match which % 13 {
        0 => _ = read::<ChoicesBody>(text),
        1 => _ = read::<Deletions>(text),
        2 => _ = read::<PageView>(text),
        3 => _ = read::<ProfileChange>(text),
        4 => _ = read::<Welcome>(text),
        5 => generation(read(text)),
        6 => read::<NewBatch>(text).map_or((), |batch| batch.items.into_iter().for_each(|item| generation(Some(item)))),
        7 => _ = read::<NewCheckout>(text),
        8 => _ = read::<NewWebhook>(text).map(|asked| api::hooks::kinds(asked.kinds)),
        9 => _ = read::<WebhookChange>(text),
        10 => key(read(text)),
        11 => label(read(text)),
        _ => _ = read::<NewUpload>(text),
    }
}

fn request(text: &[u8]) -> Option<Request> {
    let request = http::Request::post("/").header("content-type", "application/json");
    request.body(Body::Binary(text.to_vec())).ok()
}

/// The body, or a problem that names a place that is there.
fn read<T: DeserializeOwned>(text: &[u8]) -> Option<T> {
    match edge::json(&request(text)?) {
        Ok(body) => Some(body),
        Err(problem) => {
            named(&problem, text);
            None
        }
    }
}

/// What is at fault can be found by whoever sent it.
fn named(problem: &Problem, text: &[u8]) {
    let body = serde_json::from_slice::<Value>(text);
    let kind = if body.is_ok() { Kind::Invalid } else { Kind::BadRequest };
    assert_eq!(problem.kind, kind, "{}", problem.detail);
    for fault in &problem.errors {
        let place = body.as_ref().ok().and_then(|body| body.pointer(&fault.pointer));
        assert!(place.is_some(), "nothing is at {:?}", fault.pointer);
    }
    let told = problem.body();
    let length = serde_json::to_string(&told).map_or(0, |told| told.len());
    assert!(length <= 2048 + 12 * text.len(), "{length} bytes answer {}", text.len());
}

fn generation(asked: Option<NewGeneration>) {
    let Some(asked) = asked else { return };
    let Ok(wish) = Wish::new("a-key-of-mine".to_owned(), asked, false) else { return };
    sound(&wish);
}

/// A wish keeps every limit.
pub(crate) fn sound(wish: &Wish) {
    assert_eq!(wish.options.faults(), [], "{:?}", wish.options);
    assert!(wish.hash.len() == 64 && wish.hash.bytes().all(|byte| byte.is_ascii_hexdigit()), "{}", wish.hash);
    match &wish.source {
        Source::Upload(upload) => assert!(upload.as_str().len() == 30, "{upload}"),
        Source::Address(_) => {}
        Source::Photo(photo) => assert!(photo.len() <= 4 << 20, "{} bytes", photo.len()),
    }
}

fn key(asked: Option<NewApiKey>) {
    let Some(wish) = asked.map(KeyWish::from) else { return };
    if !wish.faults().is_empty() {
        return;
    }
    let (Some(user), Some(account)) = (crate::id("usr_"), crate::id("acct_")) else { return };
    let secret = domain::api_key::Secret::fresh(&[7; 160], wish.test);
    let key = wish.grant(&secret, user, account, crate::now());
    assert!((1..=100).contains(&key.name.chars().count()), "{:?}", key.name);
    assert!((1..=3).contains(&key.scopes.len()), "each scope once: {:?}", key.scopes);
    assert!(key.is_live(crate::now()), "it ends before it begins");
}

fn label(asked: Option<LabelBody>) {
    let Some(asked) = asked else { return };
    if let Err(error) = Label::new(asked.title.as_deref(), &asked.tags) {
        return assert!(error.pointer().starts_with("/t"), "{error}");
    }
    let fits = |text: &str, most| (1..=most).contains(&text.trim().chars().count());
    assert!(asked.title.is_none_or(|title| fits(&title, TITLE_CHARS)), "a title too long");
    assert!(asked.tags.len() <= TAGS && asked.tags.iter().all(|tag| fits(tag, TAG_CHARS)), "a tag too long");
}
