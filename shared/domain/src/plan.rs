//! Every number of the business, and nothing else.

/// Credits a new account starts with.
pub const FREE_CREDITS: u64 = 10;
/// The price of one generation, in credits.
pub const GENERATION_PRICE: u64 = 1;
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
