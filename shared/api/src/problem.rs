//! Every answer that is not what was asked for: RFC 9457 problems with stable types.

use domain::credits::CreditError;
use domain::options::Fault;
use domain::person::{StandingError, WelcomeError};
use domain::photo::PhotoError;
use domain::upload::UploadError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! kinds {
    ($($name:ident $status:literal $slug:literal $title:literal $remedy:literal;)+) => {
        /// What went wrong, from a closed list: one row each gives status, stable type, title and remedy.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[expect(missing_docs, reason = "each title below is the documentation")]
        pub enum Kind { $($name),+ }

        impl Kind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];
            /// The HTTP status.
            pub fn status(self) -> u16 { match self { $(Self::$name => $status),+ } }
            /// The stable type, a path.
            pub fn path(self) -> &'static str { match self { $(Self::$name => concat!("/problems/", $slug)),+ } }
            /// What it says to everybody.
            pub fn title(self) -> &'static str { match self { $(Self::$name => $title),+ } }
            /// What to do about it.
            pub fn remedy(self) -> &'static str { match self { $(Self::$name => $remedy),+ } }
        }
    };
}

kinds! {
    BadRequest          400 "bad-request" "The request cannot be read"
        "Send JSON (or a form, where one is taken) that parses; `detail` says where it breaks.";
    KeyMissing          400 "idempotency-key-missing" "The Idempotency-Key header is missing or malformed"
        "Send a new random `Idempotency-Key` with every new wish, and the same one when you repeat it.";
    TwoCallers          400 "key-and-session" "A request brings an API key or a session, not both"
        "Leave out the cookie when you send a key.";
    SignedOut           401 "signed-out" "Please sign in"
        "Sign in again, or send an API key.";
    KeyInvalid          401 "key-invalid" "The API key opens nothing"
        "Look for a typing error, or make a new key in the account: this one was revoked, has ended or never was.";
    TooFewCredits       402 "too-few-credits" "Not enough credits"
        "Buy credits, or wait for models that hold some. Nothing was charged.";
    SignInAgain         403 "sign-in-again" "Please sign in again first"
        "Sign in once more; the step then works for ten minutes.";
    Unwelcomed          403 "first-step-missing" "One step is missing before you can begin"
        "Open the site and take the first step.";
    UnderAge            403 "under-age" "You are too young for this service"
        "There is no way round it.";
    Blocked             403 "blocked" "This account is blocked"
        "Write to the operator.";
    Closing             403 "account-closing" "This account is about to be deleted"
        "Undo the deletion in the account, or let it go on.";
    CrossSite           403 "cross-site" "The request came from another site"
        "From a browser only the site itself may do this; programs send an API key.";
    KeyRefused          403 "key-refused" "No API key is taken here"
        "Do this on the site: a key never opens the account, sign-in or billing.";
    ScopeMissing        403 "scope-missing" "The API key may not do this"
        "Make a key with the scope that the route names.";
    NotFound            404 "not-found" "There is no such thing here"
        "Look at the id; another person's things look the same as things that are not there.";
    UploadNotReceived   409 "upload-not-received" "The photo has not arrived"
        "Send the photo with the form first, then repeat the call with the same `Idempotency-Key`.";
    InProgress          409 "in-progress" "The same request is being worked on"
        "Wait for `Retry-After` seconds and send the same again: the answer is then the first call's.";
    AlreadyEnded        409 "already-ended" "The generation has ended"
        "Nothing is left to cancel; delete it if it is not wanted.";
    UploadUsed          409 "upload-already-used" "The photo already became a model"
        "Upload the photo again for another model.";
    AlreadySubscribed   409 "already-subscribed" "There is a subscription already"
        "Change the plan in the billing portal.";
    ExportRunning       409 "export-running" "An export is being made already"
        "Wait until it is there.";
    TooManyKeys         409 "too-many-keys" "There are as many API keys as one may have"
        "Revoke a key that is not needed.";
    TooManyWebhooks     409 "too-many-webhooks" "There are as many webhooks as one may have"
        "Delete a webhook that is not needed.";
    WebhookOff          409 "webhook-off" "The webhook is switched off"
        "Switch it on first.";
    TextsChanged        409 "texts-changed" "Terms or privacy policy have changed"
        "Load the page again, read and agree to the new texts.";
    NotReady            409 "not-ready" "The model is not ready"
        "Follow the generation until it has succeeded, then ask again.";
    Busy                503 "busy" "Too much at once; please try again shortly"
        "Wait for `Retry-After` seconds and send the same again: nothing was changed.";
    PhotoTooLarge       413 "photo-too-large" "The photo has too many bytes"
        "Make the photo smaller than the limit in `detail`; more bytes than come with a call go through an upload.";
    ContentType         415 "content-type" "The body must be application/json"
        "Send `Content-Type: application/json`, or `multipart/form-data` with an API key where a photo is taken.";
    Invalid             422 "invalid" "Something in the request is outside its limits"
        "Correct the fields in `errors`, each a JSON pointer with its limit.";
    KeyReused           422 "idempotency-key-reused" "The Idempotency-Key belongs to another request"
        "Take a new `Idempotency-Key` for another request.";
    OptionsInvalid      422 "options-invalid" "An option is outside its limits"
        "Correct the options in `errors`, each with its limit.";
    AddressRefused      422 "address-refused" "The photo cannot be fetched from there"
        "Name a public https address, without credentials and on port 443, that answers with a picture in time.";
    PhotoEmpty          422 "photo-empty" "The photo is empty"
        "Send the photo's bytes.";
    PhotoNotAnImage     422 "photo-not-an-image" "The file is not a photo"
        "Send a JPEG, PNG or WebP picture.";
    PhotoTypeMismatch   422 "photo-type-mismatch" "The file is not what its type says"
        "Announce the type that the file has.";
    PhotoTooManyPixels  422 "photo-too-many-pixels" "The photo's sides are out of bounds"
        "Scale the photo to within the limits in `detail`.";
    PhotoTruncated      422 "photo-truncated" "The photo is cut short"
        "Send the whole file.";
    PhotoAnimated       422 "photo-animated" "The photo is animated"
        "Send a single frame.";
    PhotoNoObject       422 "photo-no-object" "No object stands out in the photo"
        "Take a photo with one object that stands out, or switch `remove_background` off. Nothing was charged.";
    FacesOutOfReach     422 "faces-out-of-reach" "The shape needs more faces"
        "Ask for more faces.";
    ModelTooLarge       422 "model-too-large" "The model would be too large"
        "Ask for fewer faces or a smaller texture.";
    TooManyRunning      429 "too-many-running" "Too many models at once"
        "Wait until one has ended; a webhook or `wait` tells when.";
    TooOften            429 "too-often" "Too often in a short time"
        "Wait for `Retry-After` seconds; `RateLimit` says what is left of each limit.";
    Ours                500 "ours" "Something broke on our side"
        "Send the same again with the same `Idempotency-Key`; if it stays, tell us the time.";
    TookTooLong         504 "took-too-long" "The model took too long"
        "Try again. Nothing was charged.";
}

/// One field that is at fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldFault {
    /// JSON pointer into the body, for example `/options/seed`.
    pub pointer: String,
    /// What it must be.
    pub detail: String,
}

/// The body of every such answer, `application/problem+json`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// Stable path, for programs.
    #[serde(rename = "type")]
    #[schema(example = "/problems/too-few-credits")]
    pub kind: &'static str,
    /// What happened, in a few words.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What a person can do about it.
    pub detail: String,
    /// The fields at fault, for 422.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub errors: Vec<FieldFault>,
}

/// An answer that is not what was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// From the closed list.
    pub kind: Kind,
    /// What a person can do about it.
    pub detail: String,
    /// The fields at fault.
    pub errors: Vec<FieldFault>,
    /// When to come back, in seconds.
    pub retry_after_s: Option<u32>,
    /// Further fields of the answer's head.
    pub headers: Vec<(&'static str, String)>,
    /// What the log says; never sent.
    pub internal: Option<String>,
}

/// A field's name as a part of a JSON pointer (RFC 6901), in which two characters mean something.
pub fn pointer_part(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

impl Problem {
    /// A problem with what a person can do about it.
    pub fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            detail: detail.into(),
            errors: Vec::new(),
            retry_after_s: None,
            headers: Vec::new(),
            internal: None,
        }
    }

    /// 404 for whatever is not there or not the caller's: both look the same.
    pub fn not_found() -> Self {
        Self::new(Kind::NotFound, "It may have been deleted, or the address is wrong.")
    }

    /// 422 for one field of a body, with what it must be.
    pub fn invalid(pointer: impl Into<String>, limit: impl Into<String>) -> Self {
        Self::new(Kind::Invalid, "Correct the named field and send again.").field(pointer, limit)
    }

    /// 422 for a query parameter, with what it must be.
    pub fn invalid_query(name: &str, limit: impl Into<String>) -> Self {
        Self::new(Kind::Invalid, format!("Correct the query parameter `{name}`.")).field(format!("/{name}"), limit)
    }

    /// 503 with a time to come back.
    pub fn busy(internal: impl Into<String>) -> Self {
        let told = Self::new(Kind::Busy, "Nothing was changed. Please try again in a few seconds.");
        Self { retry_after_s: Some(2), internal: Some(internal.into()), ..told }
    }

    /// 429 with the moment from which it works again.
    pub fn too_often(what: &str, most: u32, window_s: i64, retry_after_s: u32) -> Self {
        let detail = format!(
            "At most {most} of this ({what}) in {window_s} seconds. It works again in {retry_after_s} seconds."
        );
        Self { retry_after_s: Some(retry_after_s), ..Self::new(Kind::TooOften, detail) }
    }

    /// 500: the log says why, the person is told that nothing was lost.
    pub fn ours(internal: impl Into<String>) -> Self {
        let told = Self::new(Kind::Ours, "It was logged. Please try again; if it stays, tell us the time.");
        Self { internal: Some(internal.into()), ..told }
    }

    /// Adds a field at fault.
    #[must_use]
    pub fn field(mut self, pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        self.errors.push(FieldFault { pointer: pointer.into(), detail: detail.into() });
        self
    }

    /// The body to send.
    pub fn body(&self) -> ProblemBody {
        ProblemBody {
            kind: self.kind.path(),
            title: self.kind.title(),
            status: self.kind.status(),
            detail: self.detail.clone(),
            errors: self.errors.clone(),
        }
    }

    /// Options outside their limits, all named at once.
    pub fn options(faults: Vec<Fault>) -> Option<Self> {
        if faults.is_empty() {
            return None;
        }
        let problem = Self::new(Kind::OptionsInvalid, "Correct the named options and send again.");
        Some(
            faults
                .into_iter()
                .fold(problem, |problem, fault| problem.field(format!("/options/{}", fault.field), fault.limit)),
        )
    }
}

impl From<UploadError> for Problem {
    fn from(error: UploadError) -> Self {
        let kind = match error {
            UploadError::Empty => Kind::PhotoEmpty,
            UploadError::TooLarge { .. } => Kind::PhotoTooLarge,
        };
        Self::new(kind, sentence(&error)).field("/bytes", error.to_string())
    }
}

impl From<PhotoError> for Problem {
    fn from(error: PhotoError) -> Self {
        let kind = match error {
            PhotoError::Empty => Kind::PhotoEmpty,
            PhotoError::TooLarge { .. } => Kind::PhotoTooLarge,
            PhotoError::NotAnImage => Kind::PhotoNotAnImage,
            PhotoError::TypeMismatch { .. } => Kind::PhotoTypeMismatch,
            PhotoError::Truncated => Kind::PhotoTruncated,
            PhotoError::Sides { .. } => Kind::PhotoTooManyPixels,
            PhotoError::Animated => Kind::PhotoAnimated,
        };
        Self::new(kind, format!("{} Nothing was charged; please choose another photo.", sentence(&error)))
    }
}

impl From<CreditError> for Problem {
    fn from(error: CreditError) -> Self {
        match error {
            CreditError::TooFewCredits { .. } | CreditError::InDebt { .. } => {
                Self::new(Kind::TooFewCredits, sentence(&error))
            }
            CreditError::TooManyRunning { .. } => {
                Self { retry_after_s: Some(5), ..Self::new(Kind::TooManyRunning, sentence(&error)) }
            }
            CreditError::NothingHeld { .. } => Self::ours(error.to_string()),
        }
    }
}

impl From<StandingError> for Problem {
    fn from(error: StandingError) -> Self {
        let kind = match error {
            StandingError::NotWelcomed => Kind::Unwelcomed,
            StandingError::Blocked => Kind::Blocked,
            StandingError::Closing => Kind::Closing,
        };
        Self::new(kind, sentence(&error))
    }
}

impl From<WelcomeError> for Problem {
    fn from(error: WelcomeError) -> Self {
        let kind = match error {
            WelcomeError::UnderAge => Kind::UnderAge,
            WelcomeError::OtherVersion => Kind::TextsChanged,
        };
        Self::new(kind, sentence(&error))
    }
}

/// An error's message as a sentence for people.
fn sentence(error: &impl ToString) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_problems_is_stable() {
        let table: Vec<String> =
            Kind::ALL.iter().map(|kind| format!("{} {} {}", kind.status(), kind.path(), kind.title())).collect();
        insta::assert_snapshot!(table.join("\n"));
    }

    #[test]
    fn an_order_beyond_the_balance_reads_plainly() {
        let problem = Problem::from(CreditError::TooFewCredits { price: 1, available: 0 });
        insta::assert_json_snapshot!(problem.body(), @r#"
        {
          "type": "/problems/too-few-credits",
          "title": "Not enough credits",
          "status": 402,
          "detail": "A model costs 1 credit(s) and 0 are available."
        }
        "#);
    }

    #[test]
    fn what_is_internal_is_never_sent() {
        let sent = serde_json::to_string(&Problem::ours("table exploded at 10.0.0.1").body()).unwrap();
        assert!(!sent.contains("exploded"), "{sent}");
    }
}
