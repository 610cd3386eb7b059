//! What claims to be Stripe.

use domain::payment::Fact;
use domain::plan;
use fuzz_bounds::Target;
use money::{Event, Said, SecretRing};
use std::sync::OnceLock;

/// The header's line, then the body.
pub const STRIPE_SIGNATURE: Target = Target {
    name: "stripe_signature",
    longest: 8192,
    most: 64 << 10,
    most_per_byte: 64,
    most_ms: 500,
    body: signature,
};

/// The one body that was ever signed with this secret, at [`crate::NOW`].
const SIGNED: &[u8] = b"{\"id\":\"evt_1\"}";
const SECRETS: &str = r#"[{"id":"2026-11","secret":"whsec_of_the_fuzz_targets"}]"#;

fn signature(bytes: &[u8]) {
    static RING: OnceLock<Option<SecretRing>> = OnceLock::new();
    let Some(ring) = RING.get_or_init(|| SecretRing::read(SECRETS).ok()) else { return };
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let (header, body) = bytes.split_at(end);
    let body = body.get(1..).unwrap_or_default();
    let header = String::from_utf8_lossy(header);
    if ring.verify(body, &header, crate::now()).is_ok() {
        assert_eq!(body, SIGNED, "never signed, and taken with {header:?}");
    }
}

/// An event whose signature was right.
pub const STRIPE_EVENT: Target =
    Target { name: "stripe_event", longest: 32 * 1024, most: 64 << 10, most_per_byte: 256, most_ms: 1000, body: event };

fn event(bytes: &[u8]) {
    let Ok(event) = Event::read(bytes) else { return };
    assert!(event.id.starts_with("evt_") && event.id.len() <= 254, "{:?} becomes a row's key", event.id);
    _ = (event.unpaid(), event.customer());
    match event.says() {
        Ok(Said::Fact(Fact::Purchase { product, credits, .. })) => {
            let sold = product.split_once('@').and_then(|(id, version)| plan::product(id, version.parse().ok()?));
            assert_eq!(sold.map(|sold| sold.credits), Some(credits), "credits are those of our table");
        }
        Ok(Said::Subscription(_, subscription)) => assert_eq!(subscription.told, event.created),
        Ok(Said::Fact(_) | Said::Begun { .. } | Said::AskStripe | Said::Nothing) => {}
        Err(unfit) => assert!(!unfit.to_string().is_empty()),
    }
}
