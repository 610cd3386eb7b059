//! The OpenAPI document: schemas from the types, paths from the route table.

use crate::account::{
    ActivityPage, ActivityView, ChoicesBody, ConsentView, Deleted, Deletion, Deletions, ExportFileView, ExportView,
    Exports, PageView, Privacy, ProfileChange, SessionView, Sessions, Welcome, WelcomeState,
};
use crate::asked::{BatchItem, BatchResult, NewBatch, NewGeneration, PhotoForm};
use crate::billing::{
    CheckoutState, EntryPage, EntryView, NewCheckout, ProductView, Products, Standing, StripePage, SubscriptionView,
};
use crate::container::{FORMATS, RESULTS};
use crate::hooks::{
    AttemptView, DeliveryPage, DeliveryView, KindWord, MadeWebhook, NewWebhook, WebhookChange, WebhookView, Webhooks,
};
use crate::keys::{ApiKeyView, ApiKeys, MadeApiKey, NewApiKey, ScopeWord};
use crate::problem::{Kind, ProblemBody};
use crate::routes::{EVENTS, ROUTES, Route};
use crate::share::{LabelBody, SharedModel};
use crate::types::{GenerationPage, GenerationView, Me, NewUpload, UploadForm};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::LazyLock;
use utoipa::OpenApi;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "ImageTo3D",
        description = "One photo in, one textured 3D model out. Errors are RFC 9457 problems with stable types.",
        license(name = "MIT")
    ),
    components(schemas(
        Me,
        NewUpload,
        UploadForm,
        NewGeneration,
        PhotoForm,
        NewBatch,
        BatchItem,
        BatchResult,
        GenerationView,
        GenerationPage,
        ProblemBody,
        Products,
        ProductView,
        Standing,
        SubscriptionView,
        EntryPage,
        EntryView,
        NewCheckout,
        StripePage,
        CheckoutState,
        ProfileChange,
        Welcome,
        WelcomeState,
        ChoicesBody,
        ConsentView,
        Privacy,
        SessionView,
        Sessions,
        ActivityView,
        ActivityPage,
        ExportFileView,
        ExportView,
        Exports,
        Deletion,
        PageView,
        Deletions,
        Deleted,
        LabelBody,
        SharedModel,
        ScopeWord,
        NewApiKey,
        ApiKeyView,
        MadeApiKey,
        ApiKeys,
        KindWord,
        NewWebhook,
        WebhookChange,
        WebhookView,
        Webhooks,
        MadeWebhook,
        AttemptView,
        DeliveryView,
        DeliveryPage
    ))
)]
struct Schemas;

/// A body of each kind, checked against its schema by the contract tests.
static EXAMPLES: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("examples.json")).unwrap_or_default());
/// What takes a form too, and its schema.
const FORMS: &[(&str, &str)] = &[("create_generation", "PhotoForm")];

/// The whole document, OpenAPI 3.1.
pub fn document() -> Value {
    let mut document = serde_json::to_value(Schemas::openapi()).unwrap_or_default();
    let mut paths: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
    for route in ROUTES.iter() {
        let (method, path) = route.key.split_once(' ').unwrap_or(("GET", route.key));
        paths.entry(path).or_default().insert(method.to_lowercase(), operation(route, path));
    }
    document["paths"] = json!(paths);
    document["components"]["securitySchemes"] = json!({
        "session": { "type": "apiKey", "in": "cookie", "name": "__Host-session" },
        "key": { "type": "http", "scheme": "bearer", "description": "An API key, for the scopes that it has." },
    });
    document
}

fn operation(route: &Route, path: &str) -> Value {
    let mut operation = json!({
        "operationId": route.operation,
        "summary": route.summary,
        "tags": [route.function],
        "parameters": parameters(route, path),
        "responses": responses(route),
        "security": security(route),
    });
    if let Some(schema) = route.body {
        let mut content = json!({ "application/json": body(schema) });
        if let Some((_, form)) = FORMS.iter().find(|(name, _)| *name == route.operation) {
            content["multipart/form-data"] = json!({ "schema": reference(form) });
        }
        operation["requestBody"] = json!({ "required": true, "content": content });
    }
    operation
}

/// A session or, where keys are taken, a key with the scope.
fn security(route: &Route) -> Vec<Value> {
    if !route.access.is_closed() {
        return Vec::new();
    }
    let key = route.scope.map(|scope| json!({ "key": [scope.word()] }));
    [json!({ "session": [] })].into_iter().chain(key).collect()
}

fn parameters(route: &Route, path: &str) -> Vec<Value> {
    let in_path = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let mut all: Vec<Value> = in_path
        .map(|name| json!({ "in": "path", "name": name, "required": true, "schema": path_schema(name) }))
        .collect();
    for parameter in route.parameters {
        let schema: Value = serde_json::from_str(parameter.schema).unwrap_or_default();
        all.push(json!({
            "in": parameter.place, "name": parameter.name, "required": parameter.required,
            "description": parameter.means, "schema": schema,
        }));
    }
    all
}

fn path_schema(name: &str) -> Value {
    match name {
        "session" => json!({ "type": "string", "example": "ses_01ARZ3NDEKTSV4RRFFQ69G5FAV" }),
        "export" => json!({ "type": "string", "example": "exp_01ARZ3NDEKTSV4RRFFQ69G5FAV" }),
        "webhook" => json!({ "type": "string", "example": "whk_01ARZ3NDEKTSV4RRFFQ69G5FAV" }),
        "delivery" => json!({ "type": "string", "example": "evt_01ARZ3NDEKTSV4RRFFQ69G5FAV" }),
        "key" => json!({ "type": "string", "pattern": "^[0-9A-Za-z]{8}$", "example": "4gT9xQ2b" }),
        "part" => json!({ "type": "string", "example": "export-1.zip" }),
        "checkout" => json!({ "type": "string", "pattern": "^[A-Za-z0-9_]{1,200}$", "example": "cs_test_1" }),
        "secret" => json!({ "type": "string", "pattern": "^[0-9a-f]{40}$" }),
        "file" => {
            let formats = FORMATS.iter().map(|(name, _)| *name);
            let names: Vec<&str> = RESULTS.into_iter().chain(["photo"]).chain(formats).collect();
            json!({ "type": "string", "enum": names })
        }
        _ => json!({ "type": "string", "example": "gen_01ARZ3NDEKTSV4RRFFQ69G5FAV" }),
    }
}

fn responses(route: &Route) -> BTreeMap<String, Value> {
    let mut responses = BTreeMap::new();
    for answer in route.answers {
        let mut response = json!({ "description": answer.means });
        if let Some(schema) = answer.schema {
            response["content"] = json!({ answer.media_type: content(answer.media_type, schema) });
        }
        responses.insert(answer.status.to_string(), response);
    }
    let mut problems: BTreeMap<u16, Vec<Kind>> = BTreeMap::new();
    for kind in route.all_problems() {
        problems.entry(kind.status()).or_default().push(kind);
    }
    for (status, kinds) in problems {
        let lines: Vec<String> =
            kinds.iter().map(|kind| format!("- `{}`: {}. {}", kind.path(), kind.title(), kind.remedy())).collect();
        let examples: Map<String, Value> = kinds
            .iter()
            .map(|kind| (kind.path().trim_start_matches("/problems/").to_owned(), problem(*kind)))
            .collect();
        let content = json!({ "application/problem+json": { "schema": reference("Problem"), "examples": examples } });
        responses.insert(status.to_string(), json!({ "description": lines.join("\n"), "content": content }));
    }
    responses
}

/// A body with its example.
fn body(schema: &str) -> Value {
    let mut body = json!({ "schema": reference(schema) });
    if let Some(example) = EXAMPLES.get(schema) {
        body["example"] = example.clone();
    }
    body
}

fn problem(kind: Kind) -> Value {
    let sample = ProblemBody {
        kind: kind.path(),
        title: kind.title(),
        status: kind.status(),
        detail: kind.remedy().to_owned(),
        errors: Vec::new(),
    };
    json!({ "summary": kind.title(), "value": sample })
}

/// A stream is text to OpenAPI 3.1, which has no word for its events: the example says what they are.
fn content(media_type: &str, schema: &str) -> Value {
    if media_type != EVENTS {
        return body(schema);
    }
    let means = format!("Server-sent events; `data` is a `{schema}` in one line of JSON.");
    let example = "retry: 1000\n\nevent: generation\nid: W/\"9f86d081884c7d65\"\n\
                   data: {\"id\":\"gen_01ARZ3NDEKTSV4RRFFQ69G5FAV\",\"status\":\"RUNNING\",\"stage\":\"reconstructing\",\"progress\":42}\n\n\
                   : still here\n\n";
    json!({ "schema": { "type": "string", "description": means }, "example": example })
}

fn reference(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `I3D_WRITE=1 cargo test -p api` writes the file anew.
    #[test]
    fn the_committed_document_is_what_the_code_says() {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
        let said = format!("{:#}\n", document());
        if std::env::vars().any(|(name, _)| name == "I3D_WRITE") {
            std::fs::write(&file, &said).unwrap();
        }
        let committed = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(committed == said, "openapi.json is not what the code says: run `make openapi`");
    }

    #[test]
    fn every_body_has_an_example() {
        for route in ROUTES.iter() {
            for schema in route.body.into_iter().chain(route.answers.iter().filter_map(|answer| answer.schema)) {
                assert!(EXAMPLES[schema].is_object(), "examples.json has none of {schema}, of {}", route.key);
            }
        }
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let document = document();
        let text = document.to_string();
        for part in text.split("#/components/schemas/").skip(1) {
            let name = part.split('"').next().unwrap();
            assert!(document["components"]["schemas"][name].is_object(), "{name}");
        }
    }

    #[test]
    fn a_key_never_opens_what_is_about_the_person_or_money() {
        for route in ROUTES.iter() {
            let for_people = ["/api/me", "/api/auth", "/api/billing", "/api/stripe", "/api/shares"];
            let for_people = for_people.iter().any(|begins| route.key.contains(begins));
            assert_eq!(route.scope.is_none(), for_people, "{}", route.key);
        }
    }

    #[test]
    fn every_route_but_the_sign_in_stripe_s_the_prices_and_what_is_shared_demands_a_session() {
        for route in ROUTES.iter() {
            let open = [
                "GET /api/auth/login",
                "GET /api/auth/callback",
                "POST /api/auth/logout",
                "GET /api/billing/products",
                "POST /api/stripe/webhook",
                "GET /api/shares/{secret}",
                "GET /api/shares/{secret}/page",
                "GET /api/shares/{secret}/files/{file}",
            ];
            assert_eq!(route.access.is_closed(), !open.contains(&route.key), "{}", route.key);
        }
    }
}
