//! From photo to model.

use super::{Access, CURSOR, IDEMPOTENCY_KEY, LIMIT, Parameter, Route, gives, only, optional, streams};
use crate::problem::Kind;
use domain::api_key::Scope;

const WAIT: Parameter = optional(
    "query",
    "wait",
    "Seconds to wait for news: until status or stage change or, with `If-None-Match`, anything but the forecast does.",
    r#"{"type":"integer","minimum":0,"maximum":20,"default":0}"#,
);
const IF_NONE_MATCH: Parameter =
    optional("header", "If-None-Match", "The `ETag` that is known already.", r#"{"type":"string"}"#);

const STATUS: Parameter = optional(
    "query",
    "status",
    "Only those that stand so.",
    r#"{"type":"string","enum":["QUEUED","RUNNING","SUCCEEDED","FAILED","CANCELLED"]}"#,
);
const ENGINE: Parameter = optional(
    "query",
    "engine",
    "Only models that this engine made.",
    r#"{"type":"string","enum":["relief","inflate","triposr"]}"#,
);
const FROM: Parameter =
    optional("query", "created_from", "Only those created then or later.", r#"{"type":"string","format":"date-time"}"#);
const UNTIL: Parameter =
    optional("query", "created_until", "Only those created before then.", r#"{"type":"string","format":"date-time"}"#);
const LAST_EVENT_ID: Parameter = optional(
    "header",
    "Last-Event-ID",
    "The `id` of the last event that was seen: it is not sent again.",
    r#"{"type":"string"}"#,
);

pub(super) const ROUTES: &[Route] = &[
    Route {
        key: "POST /api/uploads",
        function: "uploads",
        operation: "create_upload",
        access: Access::Member,
        scope: Some(Scope::Create),
        summary: "Hands out a form that uploads one photo straight to the bucket.",
        body: Some("NewUpload"),
        parameters: &[],
        answers: &[gives(201, "The form.", "UploadForm")],
        problems: &[Kind::PhotoEmpty, Kind::PhotoTooLarge, Kind::TooOften],
    },
    Route {
        key: "POST /api/generations/deletions",
        function: "generations",
        operation: "delete_generations",
        access: Access::Session,
        scope: Some(Scope::Delete),
        summary: "Deletes up to 100 generations, like `DELETE` of each.",
        body: Some("Deletions"),
        parameters: &[],
        answers: &[gives(200, "What came of it.", "Deleted")],
        problems: &[],
    },
    Route {
        key: "POST /api/generations",
        function: "generations",
        operation: "create_generation",
        access: Access::Member,
        scope: Some(Scope::Create),
        summary: "Makes a model of a photo that was uploaded, is fetched from an address or, with an API key, comes along in a form; holds its price until it ends.",
        body: Some("NewGeneration"),
        parameters: &[IDEMPOTENCY_KEY],
        answers: &[gives(202, "Taken; follow `Location`.", "Generation")],
        problems: &[
            Kind::KeyMissing,
            Kind::KeyReused,
            Kind::InProgress,
            Kind::AddressRefused,
            Kind::TooFewCredits,
            Kind::TooManyRunning,
            Kind::TooOften,
            Kind::NotFound,
            Kind::UploadNotReceived,
            Kind::UploadUsed,
            Kind::OptionsInvalid,
            Kind::PhotoEmpty,
            Kind::PhotoTooLarge,
            Kind::PhotoNotAnImage,
            Kind::PhotoTypeMismatch,
            Kind::PhotoTooManyPixels,
            Kind::PhotoTruncated,
            Kind::PhotoAnimated,
        ],
    },
    Route {
        key: "POST /api/generations/batch",
        function: "generations",
        operation: "create_generations",
        access: Access::Member,
        scope: Some(Scope::Create),
        summary: "Makes up to 50 models; each item is like a call of its own, with a status of its own. Sent again, it makes only those that are missing.",
        body: Some("NewBatch"),
        parameters: &[IDEMPOTENCY_KEY],
        answers: &[gives(200, "What came of each.", "BatchResult")],
        problems: &[Kind::KeyMissing],
    },
    Route {
        key: "POST /api/generations/{id}/cancel",
        function: "generations",
        operation: "cancel_generation",
        access: Access::Session,
        scope: Some(Scope::Create),
        summary: "Stops a generation that has not ended; what it held comes back, and it stays in the list.",
        body: None,
        parameters: &[],
        answers: &[gives(200, "The cancelled generation.", "Generation")],
        problems: &[Kind::NotFound, Kind::AlreadyEnded],
    },
    Route {
        key: "GET /api/generations",
        function: "generations",
        operation: "list_generations",
        access: Access::Session,
        scope: Some(Scope::Read),
        summary: "The caller's generations, newest first.",
        body: None,
        parameters: &[LIMIT, CURSOR, STATUS, ENGINE, FROM, UNTIL],
        answers: &[gives(200, "A page.", "GenerationPage")],
        problems: &[Kind::Invalid],
    },
    Route {
        key: "GET /api/generations/{id}",
        function: "generations",
        operation: "get_generation",
        access: Access::Session,
        scope: Some(Scope::Read),
        summary: "One generation. `Retry-After` says when to ask again; `If-None-Match` spares the body if only the forecast went on; `wait` holds the answer back until there is news.",
        body: None,
        parameters: &[WAIT, IF_NONE_MATCH],
        answers: &[gives(200, "The generation.", "Generation"), only(304, "As it was.")],
        problems: &[Kind::NotFound, Kind::Invalid],
    },
    Route {
        key: "GET /api/generations/{id}/events",
        function: "stream",
        operation: "follow_generation",
        access: Access::Session,
        scope: Some(Scope::Read),
        summary: "Follows one generation: an event whenever it changes, until it ends. A comment every ten seconds says that the stream lives; after 14 minutes it ends, and goes on where it was with `Last-Event-ID`.",
        body: None,
        parameters: &[LAST_EVENT_ID],
        answers: &[
            streams("Events `generation`; the `id` of each is the generation's `ETag`.", "Generation"),
            only(204, "It has ended, and the last event was seen: nothing more will come."),
        ],
        problems: &[Kind::NotFound, Kind::TooOften],
    },
    Route {
        key: "GET /api/generations/{id}/files/{file}",
        function: "generations",
        operation: "get_file",
        access: Access::Session,
        scope: Some(Scope::Read),
        summary: "Redirects to a file: `model.glb`, `preview.webp`, `turntable.webp`, `report.json`, `photo`, or a format that is made of the model when it is first asked for.",
        body: None,
        parameters: &[],
        answers: &[only(302, "To a link that works for five minutes.")],
        problems: &[Kind::NotFound, Kind::NotReady],
    },
    Route {
        key: "DELETE /api/generations/{id}",
        function: "generations",
        operation: "delete_generation",
        access: Access::Session,
        scope: Some(Scope::Delete),
        summary: "Deletes photo, model and row in any state; a running one is cancelled and costs nothing.",
        body: None,
        parameters: &[],
        answers: &[only(204, "Gone.")],
        problems: &[Kind::NotFound],
    },
];
