//! Every number of the business, and nothing else.

/// A day, in seconds.
pub const DAY_S: i64 = 24 * 3600;

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
pub const EVENT_S: i64 = 90 * DAY_S;
/// How long the log of what operators did lasts, in seconds.
pub const AUDIT_S: i64 = 400 * DAY_S;

/// Generations of one account that may be queued or running at once: as many as one call may create.
pub const MAX_OPEN_GENERATIONS: u32 = 50;
/// Generations that one call may create.
pub const MAX_BATCH: usize = 50;
/// Generations of one call whose photo is fetched from an address.
pub const MAX_BATCH_ADDRESSES: usize = 10;
/// A photo that comes with the call itself has at most so many bytes: Lambda takes 6 MB, and base64 is a third longer.
pub const MAX_DIRECT_PHOTO_BYTES: u64 = 4 * 1024 * 1024;

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
pub const UNCLAIMED_UPLOAD_S: i64 = DAY_S;
/// How long a download link works, in seconds.
pub const DOWNLOAD_LINK_S: u64 = 300;
/// How long an `Idempotency-Key` is remembered, in seconds.
pub const IDEMPOTENCY_S: i64 = DAY_S;
/// How long a call that first fetches or stores its photo keeps its `Idempotency-Key` to itself, in seconds: longer than
/// it can live.
pub const RESERVED_S: i64 = 60;
/// How long the row of a deleted generation is kept, in seconds.
pub const DELETED_ROW_S: i64 = 30 * DAY_S;

/// The youngest who may use the service, in years.
pub const MIN_AGE: u8 = 16;
/// The terms in force: the date of their last change.
pub const TERMS_VERSION: &str = "2026-11-25";
/// The privacy policy in force: the date of its last change.
pub const PRIVACY_VERSION: &str = "2026-11-26";

/// A session ends this long after the sign-in, in seconds.
pub const SESSION_S: i64 = 30 * DAY_S;
/// A session that is not used ends after this time, in seconds.
pub const SESSION_IDLE_S: i64 = 7 * DAY_S;
/// How exactly the last use of a session is kept, in seconds: not every look at the site is a write.
pub const SESSION_SEEN_S: i64 = 600;
/// A session's token is replaced after this time, in seconds.
pub const TOKEN_S: i64 = DAY_S;
/// A token that was replaced is taken for this long, in seconds: requests of the same page may still bring it.
pub const OLD_TOKEN_S: i64 = 60;
/// What cannot be undone asks for a sign-in not older than this, in seconds.
pub const FRESH_SIGN_IN_S: i64 = 600;
/// A sign-in that was begun must be finished within this time, in seconds.
pub const SIGN_IN_S: i64 = 600;

/// Keys for programs that one person may have.
pub const MAX_KEYS: usize = 20;
/// The longest that a key lasts if it is to end by itself, in days.
pub const MAX_KEY_DAYS: u32 = 366;
/// Generations a day that a key may create unless its owner says otherwise.
pub const KEY_CREATIONS: u32 = 100;
/// The most that its owner may say.
pub const MAX_KEY_CREATIONS: u32 = 4800;
/// Generations of a key that may be queued or running at once unless its owner says otherwise.
pub const KEY_CONCURRENT: u32 = 10;
/// How exactly the last use of a key is kept, in seconds: not every call is a write.
pub const KEY_SEEN_S: i64 = 600;

/// Webhooks that one person may have.
pub const MAX_WEBHOOKS: usize = 10;
/// The longest address of a webhook, in characters.
pub const MAX_WEBHOOK_URL: usize = 2048;
/// The waits between the tries of a delivery, in seconds: with the first try nine in about a day.
pub const WEBHOOK_WAITS_S: [i64; 8] = [5, 60, 300, 1800, 7200, 18_000, 28_800, 28_800];
/// How long one try may take, in seconds.
pub const WEBHOOK_PATIENCE_S: u64 = 10;
/// How long one try keeps others away, in seconds: longer than the function that makes it may run.
pub const WEBHOOK_LEASE_S: i64 = 60;
/// A delivery that is due and was not tried for this long is sent for again, in seconds.
pub const WEBHOOK_RESEND_S: i64 = 60;
/// Tries of a delivery that are kept.
pub const WEBHOOK_ATTEMPTS_KEPT: usize = 9;
/// An endpoint of which every delivery failed for this long is switched off, in seconds.
pub const WEBHOOK_FAILING_S: i64 = 3 * DAY_S;
/// How long the secret before signs beside a new one, in seconds.
pub const WEBHOOK_ROTATION_S: i64 = DAY_S;
/// How long a delivery is kept, in seconds.
pub const WEBHOOK_DELIVERY_S: i64 = 30 * DAY_S;

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

/// How long one takes as long as nothing was measured, in milliseconds.
pub const RUN_MS: i64 = 20_000;
/// How long the fleet takes to wake as long as nothing was measured, in milliseconds.
pub const WAKE_MS: i64 = 360_000;
/// The longest that a question may wait for news, in seconds: the gateway gives up after 30.
pub const MAX_WAIT_S: u32 = 20;

/// An account that is to be deleted is kept this long, in seconds, so that the person can undo it.
pub const GRACE_S: i64 = 7 * DAY_S;
/// How long payment records stay after an account was deleted, in years: the longest that the law of a country asks for.
pub const FINANCE_YEARS: i64 = 10;
/// How long an export can be downloaded, in seconds.
pub const EXPORT_S: i64 = 7 * DAY_S;
/// The most bytes of one file of an export (1 GiB); more go into the next file.
pub const EXPORT_FILE_BYTES: u64 = 1024 * 1024 * 1024;
/// How long one file of an export is worked on, in seconds; what is left goes into the next file.
pub const EXPORT_FILE_S: i64 = 60;
/// How long a line of the security activity is kept, in seconds.
pub const ACTIVITY_S: i64 = 90 * DAY_S;
/// How long a usage event is kept, in seconds.
pub const USAGE_S: i64 = 90 * DAY_S;
/// How long a mail that could not be sent is tried, in seconds.
pub const MAIL_S: i64 = 2 * DAY_S;
/// How long one run may work on an export or a deletion before another takes over, in seconds.
pub const PRIVACY_LEASE_S: i64 = 180;
/// An export or a deletion that was due for this long, and that nobody has worked on, is told to the operator, in seconds.
pub const OVERDUE_S: i64 = 3600;
/// How long the tombstone of a deleted account is kept, in seconds: longer than any backup, so that a restored one can be
/// cleaned again.
pub const TOMBSTONE_S: i64 = 90 * DAY_S;
