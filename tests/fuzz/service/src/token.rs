//! Tokens: our own cookies, and the provider's.

use domain::session::Session;
use domain::{ids, place::Place};
use fuzz_bounds::Target;
use identity::{Flow, ProviderKeys, PublishedKeys, Registration, SessionClaims, SigningRing, verify};
use std::sync::OnceLock;

/// The session's cookie, or that of a sign-in.
pub const COOKIE: Target =
    Target { name: "cookie", longest: 4096, most: 64 << 10, most_per_byte: 64, most_ms: 1000, body: cookie };

/// What was signed, ever.
struct Signed {
    ring: SigningRing,
    claims: SessionClaims,
    session: String,
    flow: (Flow, String),
}

fn signed() -> Option<Signed> {
    // 32 bytes of sevens.
    let ring =
        SigningRing::read(r#"{"keys":[{"kid":"one","key":"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc="}]}"#).ok()?;
    let (id, user): (ids::SessionId, ids::UserId) = (crate::id("ses_")?, crate::id("usr_")?);
    let session = Session::open(id, user, crate::id("acct_")?, Place::default(), crate::now());
    let claims = SessionClaims { user: session.user.clone(), session: session.session.clone(), turn: session.turn };
    let part = |text: &str| text.to_owned();
    let flow = Flow { state: part("s"), nonce: part("n"), verifier: part("v"), return_to: part("/") };
    let cookies = (ring.sign_session(&session).ok()?, ring.sign_flow(&flow, crate::now()).ok()?);
    Some(Signed { ring, claims, session: cookies.0, flow: (flow, cookies.1) })
}

fn cookie(bytes: &[u8]) {
    static SIGNED: OnceLock<Option<Signed>> = OnceLock::new();
    let Some(signed) = SIGNED.get_or_init(signed) else { return };
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let session = signed.ring.read_session(text, crate::now());
    assert_eq!(session.as_ref(), (text == signed.session).then_some(&signed.claims), "{text}");
    let flow = signed.ring.read_flow(text, crate::now());
    assert_eq!(flow.as_ref(), (text == signed.flow.1).then_some(&signed.flow.0), "{text}");
}

/// The provider's token, and one that it did sign.
pub const ID_TOKEN: Target =
    Target { name: "id_token", longest: 8192, most: 64 << 10, most_per_byte: 64, most_ms: 1000, body: id_token };

const KEYS: &str = include_str!("known/keys.json");
const TOKEN: &str = include_str!("known/id-token.txt");

fn registration() -> Registration {
    Registration {
        issuer: "https://accounts.example".to_owned(),
        client_id: "client".to_owned(),
        client_secret: String::new(),
        redirect_uri: String::new(),
    }
}

fn id_token(bytes: &[u8]) {
    static KNOWN: OnceLock<Option<ProviderKeys>> = OnceLock::new();
    let read = || serde_json::from_str(KEYS).ok().map(ProviderKeys::usable);
    let (Some(keys), Ok(text)) = (KNOWN.get_or_init(read), std::str::from_utf8(bytes)) else { return };
    let read = verify(text, keys, &registration(), "once", crate::now());
    assert_eq!(read.is_ok(), text == TOKEN, "never signed, and taken: {text}");
    if let Ok(token) = read {
        assert_eq!((token.subject.as_str(), token.person.name.as_deref()), ("117", Some("Zoë")));
    }
}

/// The provider's keys: whatever they are, no token but one is theirs.
pub const KEY_SET: Target =
    Target { name: "key_set", longest: 16 * 1024, most: 256 << 10, most_per_byte: 256, most_ms: 2000, body: key_set };

fn key_set(bytes: &[u8]) {
    let Ok(published) = serde_json::from_slice::<PublishedKeys>(bytes) else { return };
    let keys = ProviderKeys::usable(published);
    if let Ok(token) = verify(TOKEN, &keys, &registration(), "once", crate::now()) {
        assert_eq!(token.subject, "117");
    }
    assert!(verify("e30.e30.", &keys, &registration(), "once", crate::now()).is_err(), "a token without a signature");
}
