//! `GET /api/generations/{id}/files/{file}`: a link to a stored file, or to a format that is made now and then kept.

use crate::App;
use crate::convert::made;
use api::{Kind, Problem, container};
use cloud::keys;
use domain::generation::Status;
use domain::plan;
use edge::Answer;
use lambda_http::Request;

pub(crate) async fn file(app: &App, request: &Request) -> Result<Answer, Problem> {
    let caller = app.door.caller(request).await?;
    let generation = app.door.generation(&caller, request).await?;
    let name = edge::path(request, "file");
    let link = if name == "photo" {
        let key = keys::photo(&generation.user, &generation.photo.upload);
        app.uploads.link(&key, plan::DOWNLOAD_LINK_S, None).await
    } else {
        container::media_type(name).ok_or_else(Problem::not_found)?;
        if generation.status != Status::Succeeded {
            return Err(Problem::new(Kind::NotReady, format!("The generation is {}.", generation.status.word())));
        }
        if !generation.files.iter().any(|file| file.name == name) {
            made(app, &generation, name).await?;
        }
        let key = keys::result(&generation.user, &generation.id, name);
        app.models.link(&key, plan::DOWNLOAD_LINK_S, saved_as(name, &generation.id.to_string()).as_deref()).await
    };
    // The browser may reuse the redirect for as long as the link surely works.
    let reuse = format!("private, max-age={}", plan::DOWNLOAD_LINK_S / 2);
    Ok(Answer::to(302, link.map_err(edge::cloud)?).with("cache-control", reuse))
}

/// What a browser saves a model as, so that two of them do not have the same name; pictures and reports are shown.
fn saved_as(name: &str, id: &str) -> Option<String> {
    name.strip_prefix("model").map(|rest| format!("{id}{rest}"))
}

#[cfg(test)]
mod tests {
    use super::saved_as;

    #[test]
    fn models_are_saved_under_their_id_and_pictures_are_shown() {
        assert_eq!(saved_as("model.glb", "gen_1").as_deref(), Some("gen_1.glb"));
        assert_eq!(saved_as("model-obj.zip", "gen_1").as_deref(), Some("gen_1-obj.zip"));
        assert_eq!(saved_as("preview.webp", "gen_1"), None);
    }
}
