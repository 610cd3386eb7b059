//! `llms.txt`: the API in a page, for programs that write programs.

use crate::problem::Kind;
use crate::routes::ROUTES;
use std::fmt::Write;

const BEGINNING: &str = "# ImageTo3D

> One photo in, one textured, watertight 3D model (GLB) out. HTTP and JSON; errors are RFC 9457 problems with stable types.

Every call brings `Authorization: Bearer i3d_live_…`, a key made in the account. A key `i3d_test_…` goes the same way, costs
nothing and makes one and the same sample model. One model costs one credit, held at creation and charged only if it succeeds.

In short: `POST /api/generations` with `Idempotency-Key` and either JSON (`upload_id` or `image_url`) or a form with the photo in
`file`; then `GET /api/generations/{id}?wait=20` until `status` is SUCCEEDED, FAILED or CANCELLED; then
`GET /api/generations/{id}/files/model.glb`, which redirects. Sent again with the same `Idempotency-Key`, nothing is made twice.

- [OpenAPI 3.1](/openapi.json): every schema, example and problem
- [Reference](/reference/): the same for people, to try out
";

/// The whole file.
pub fn text() -> String {
    let mut text = format!("{BEGINNING}\n## Calls\n\n");
    for route in ROUTES.iter() {
        if let Some(scope) = route.scope {
            let _ = writeln!(text, "- `{}` (scope `{}`): {}", route.key, scope.word(), route.summary);
        }
    }
    text.push_str("\n## Problems\n\n");
    for kind in Kind::ALL {
        let _ = writeln!(text, "- {} `{}`: {}. {}", kind.status(), kind.path(), kind.title(), kind.remedy());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `I3D_WRITE=1 cargo test -p api` writes the file anew.
    #[test]
    fn the_committed_document_for_language_models_is_what_the_code_says() {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/public/llms.txt");
        let said = text();
        if std::env::vars().any(|(name, _)| name == "I3D_WRITE") {
            std::fs::write(&file, &said).unwrap();
        }
        assert!(std::fs::read_to_string(&file).unwrap_or_default() == said, "llms.txt is old: run `make openapi`");
    }
}
