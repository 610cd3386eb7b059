//! Names, tags and sharing.

use super::{Access, Route, gives, only};
use crate::problem::Kind;
use domain::api_key::Scope;

const READ: Route = Route {
    key: "GET /api/shares/{secret}",
    function: "generations",
    operation: "get_shared",
    access: Access::Public,
    scope: None,
    summary: "A shared model, for whoever has the secret of its link.",
    body: None,
    parameters: &[],
    answers: &[gives(200, "The model.", "SharedModel")],
    problems: &[Kind::NotFound, Kind::TooOften],
};

pub(super) const ROUTES: &[Route] = &[
    Route {
        key: "PATCH /api/generations/{id}",
        function: "generations",
        operation: "label_generation",
        access: Access::Session,
        scope: Some(Scope::Create),
        summary: "Gives a generation that has ended a name and tags.",
        body: Some("Label"),
        parameters: &[],
        answers: &[gives(200, "The generation.", "Generation")],
        problems: &[Kind::NotFound, Kind::NotReady],
    },
    Route {
        key: "POST /api/generations/{id}/share",
        function: "generations",
        operation: "share_generation",
        access: Access::Member,
        scope: Some(Scope::Create),
        summary: "Opens a finished model to whoever has the secret that the answer names; shared twice, it keeps the first.",
        body: None,
        parameters: &[],
        answers: &[gives(200, "The generation.", "Generation")],
        problems: &[Kind::NotFound, Kind::NotReady],
    },
    Route {
        key: "DELETE /api/generations/{id}/share",
        function: "generations",
        operation: "unshare_generation",
        access: Access::Session,
        scope: Some(Scope::Create),
        summary: "Closes it again: from now on the secret opens nothing.",
        body: None,
        parameters: &[],
        answers: &[gives(200, "The generation.", "Generation")],
        problems: &[Kind::NotFound, Kind::NotReady],
    },
    READ,
    Route {
        key: "GET /api/shares/{secret}/page",
        operation: "get_shared_page",
        summary: "The same as a page with Open Graph tags, which sends people on to the site; HTML.",
        answers: &[only(200, "The page.")],
        ..READ
    },
    Route {
        key: "GET /api/shares/{secret}/files/{file}",
        operation: "get_shared_file",
        summary: "Redirects to a file of a shared model: `model.glb`, `preview.webp` or `turntable.webp`.",
        answers: &[only(302, "To a link that works for five minutes.")],
        ..READ
    },
];
