//! Ids, keys for programs, and the keys of objects that are made of ids.

use cloud::keys;
use domain::api_key::{KeyId, Secret};
use domain::generation::Status;
use domain::ids::{AccountId, EventId, ExportId, GenerationId, SessionId, UploadId, UserId, WebhookId};
use domain::options::Engine;
use domain::upload::PhotoType;
use fuzz_bounds::Target;

/// Any text that is taken for a name.
pub const NAME: Target =
    Target { name: "name", longest: 1024, most: 32 << 10, most_per_byte: 32, most_ms: 200, body: name };

fn name(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    for read in [
        as_is::<AccountId>(text, "acct_"),
        as_is::<EventId>(text, "evt_"),
        as_is::<ExportId>(text, "exp_"),
        as_is::<GenerationId>(text, "gen_"),
        as_is::<SessionId>(text, "ses_"),
        as_is::<UploadId>(text, "upl_"),
        as_is::<UserId>(text, "usr_"),
        as_is::<WebhookId>(text, "whk_"),
    ] {
        assert!(read.is_none_or(|length| length == text.len()), "{text:?} is not read whole");
    }
    objects(text);
    if let Ok(id) = KeyId::try_from(text.to_owned()) {
        assert_eq!(id.to_string(), text);
        assert!(text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{text:?} names a key");
    }
    if let Some(secret) = Secret::parse(text) {
        assert!(text.contains(&secret.id().to_string()) && secret.hash().len() == 64);
        assert_eq!(secret.reveal(), text, "read as it was written");
    }
    assert!(Engine::parse(text).is_none_or(|engine| engine.word() == text));
    assert!(Status::parse(text).is_none_or(|status| status.word() == text));
    assert!(PhotoType::parse(text).is_none_or(|kind| kind.media_type() == text));
}

/// The length of what an id is written as, if the text is one.
fn as_is<T: TryFrom<String> + Into<String>>(text: &str, prefix: &str) -> Option<usize> {
    let written: String = T::try_from(text.to_owned()).ok()?.into();
    assert_eq!(written, text, "read as it was written");
    let body = text.strip_prefix(prefix).unwrap_or_default();
    let plain = body.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    assert!(body.len() == 26 && plain, "{text:?} is an id");
    Some(written.len())
}

/// No text of a stranger leads out of a person's own folder.
fn objects(text: &str) {
    let folder = |key: &str| key.split('/').count() == 3 && !key.contains("..");
    if let (Ok(user), Some(upload)) = (UserId::parse(text), crate::id::<UploadId>("upl_")) {
        assert!(folder(&keys::photo(&user, &upload)), "{text:?}");
    }
    if let (Ok(upload), Some(user)) = (UploadId::parse(text), crate::id::<UserId>("usr_")) {
        assert!(folder(&keys::photo(&user, &upload)), "{text:?}");
    }
}
