//! Every number of the business, and nothing else.

/// Credits a new account starts with.
pub const FREE_CREDITS: u64 = 10;
/// The price of one generation, in credits.
pub const GENERATION_PRICE: u64 = 1;
/// What can be bought. An old version stays here as long as somebody may still pay for it or get money back.
pub const PRODUCTS: &[Product] = &[
    Product {
        id: "starter",
        version: 1,
        name: "20 credits",
        credits: 20,
        every_month: false,
        prices: &[("usd", 500), ("eur", 500), ("gbp", 400), ("jpy", 750)],
    },
    Product {
        id: "maker",
        version: 1,
        name: "100 credits",
        credits: 100,
        every_month: false,
        prices: &[("usd", 2000), ("eur", 2000), ("gbp", 1700), ("jpy", 3000)],
    },
    Product {
        id: "studio",
        version: 1,
        name: "500 credits",
        credits: 500,
        every_month: false,
        prices: &[("usd", 8000), ("eur", 8000), ("gbp", 6800), ("jpy", 12_000)],
    },
    // Unused credits stay: they never end while the account is there.
    Product {
        id: "monthly",
        version: 1,
        name: "60 credits every month",
        credits: 60,
        every_month: true,
        prices: &[("usd", 900), ("eur", 900), ("gbp", 800), ("jpy", 1400)],
    },
];

/// Something that can be bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Product {
    /// Its name for programs.
    pub id: &'static str,
    /// Grows when credits or prices change.
    pub version: u32,
    /// Its name for people and on receipts.
    pub name: &'static str,
    /// Credits for each payment.
    pub credits: u64,
    /// Paid every month until it is cancelled; otherwise once.
    pub every_month: bool,
    /// Currency (ISO 4217, as Stripe writes it) and price in its smallest unit, taxes not counted.
    pub prices: &'static [(&'static str, u64)],
}

/// A product by its name and version.
#[must_use]
pub fn product(id: &str, version: u32) -> Option<&'static Product> {
    PRODUCTS.iter().find(|product| product.id == id && product.version == version)
}

/// Stripe's signatures are taken for this long, in seconds, before and after.
pub const SIGNATURE_S: i64 = 300;
/// The largest event that is read, in bytes (256 KiB).
pub const MAX_EVENT_BYTES: usize = 256 * 1024;
/// How long an applied event is remembered, in seconds: Stripe repeats for days and may be asked to for thirty.
pub const EVENT_S: i64 = 90 * 24 * 3600;

/// Generations of one account that may be queued or running at once.
pub const MAX_OPEN_GENERATIONS: u32 = 3;

/// The smallest photo that can be one, in bytes.
pub const MIN_PHOTO_BYTES: u64 = 1;
/// The largest photo, in bytes (10 MiB).
pub const MAX_PHOTO_BYTES: u64 = 10 * 1024 * 1024;
/// The shortest side of a photo, in pixels.
pub const MIN_PHOTO_SIDE: usize = 16;
/// The longest side of a photo, in pixels.
pub const MAX_PHOTO_SIDE: usize = 8192;
/// The most pixels of a photo.
pub const MAX_PHOTO_PIXELS: usize = 40_000_000;

/// How long an upload form may be used, in seconds.
pub const UPLOAD_FORM_S: i64 = 300;
/// How long an unclaimed upload is kept, in seconds.
pub const UNCLAIMED_UPLOAD_S: i64 = 24 * 3600;
/// How long a download link works, in seconds.
pub const DOWNLOAD_LINK_S: u64 = 300;
/// How long an `Idempotency-Key` is remembered, in seconds.
pub const IDEMPOTENCY_S: i64 = 24 * 3600;
/// How long the row of a deleted generation is kept, in seconds.
pub const DELETED_ROW_S: i64 = 30 * 24 * 3600;

/// A session ends this long after its last sign-in, in seconds.
pub const SESSION_S: i64 = 7 * 24 * 3600;
/// A sign-in that was begun must be finished within this time, in seconds.
pub const SIGN_IN_S: i64 = 600;

/// A generation that stayed queued this long is sent again, in seconds.
pub const RESEND_S: i64 = 120;
/// A generation that has not ended this long after its creation fails, in seconds. A sleeping fleet needs about ten
/// minutes to wake.
pub const DEADLINE_S: i64 = 3600;
/// Counted attempts before a generation fails.
pub const MAX_ATTEMPTS: u32 = 3;
/// The longest wait between two tries while the fleet wakes, in seconds: longer could outlast its idle tail.
pub const MAX_WAKE_DELAY_S: u32 = 120;
/// The longest wait between two tries after any other passing fault, in seconds.
pub const MAX_RETRY_DELAY_S: u32 = 900;
