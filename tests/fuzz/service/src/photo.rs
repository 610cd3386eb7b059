//! The first bytes of a photo, judged before anything is charged.

use domain::photo::{inspect, sniff};
use domain::plan;
use fuzz_bounds::Target;

/// The first bytes.
pub const HEAD: Target =
    Target { name: "head", longest: 64 * 1024, most: 64 << 10, most_per_byte: 16, most_ms: 500, body: head };

fn head(bytes: &[u8]) {
    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let Ok(kind) = sniff(bytes) else { return };
    if inspect(bytes, length, kind).is_ok() {
        assert!((plan::MIN_PHOTO_BYTES..=plan::MAX_PHOTO_BYTES).contains(&length), "{length} bytes");
        for other in domain::upload::PhotoType::ALL.into_iter().filter(|other| *other != kind) {
            assert!(inspect(bytes, length, other).is_err(), "{kind:?} and {other:?} at once");
        }
    }
    assert!(inspect(bytes, plan::MAX_PHOTO_BYTES + 1, kind).is_err(), "too large and taken");
}
