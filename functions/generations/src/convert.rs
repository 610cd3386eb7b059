//! A format of a model: made of the GLB of record when it is first asked for, and kept beside it.

use crate::App;
use api::Problem;
use api::container::{MODEL, media_type};
use cloud::{CloudError, keys};
use domain::generation::Generation;
use inference_mesh::{ConvertOptions, Format, chain, convert};

/// Makes sure that a format of a finished generation lies in the bucket.
///
/// Two callers at once make the same bytes twice; the second write changes nothing.
pub(crate) async fn made(app: &App, generation: &Generation, name: &str) -> Result<(), Problem> {
    let format = Format::ALL.into_iter().find(|format| format.file_name() == name).ok_or_else(Problem::not_found)?;
    let key = keys::result(&generation.user, &generation.id, name);
    match app.models.head(&key).await {
        Ok(_) => return Ok(()),
        Err(CloudError::Gone { .. }) => {}
        Err(error) => return Err(edge::cloud(error)),
    }
    let model = keys::result(&generation.user, &generation.id, MODEL);
    let glb = app.models.get(&model, None, None).await.map_err(edge::cloud)?;
    let options = ConvertOptions { height_mm: u32::from(generation.options.height_mm) };
    let bytes = convert(&glb, format, &options).map_err(|error| {
        Problem::ours(format!("{name} of generation {} cannot be made: {}", generation.id, chain(&error)))
    })?;
    let content_type = media_type(name).unwrap_or("application/octet-stream");
    app.models.put(&key, content_type, bytes).await.map_err(edge::cloud)?;
    stays(app, generation, &key).await
}

/// Takes the format away again if the generation was deleted while it was made: nobody else would.
async fn stays(app: &App, generation: &Generation, key: &str) -> Result<(), Problem> {
    let found = app.door.table.generation(&generation.user, &generation.id).await.map_err(edge::cloud)?;
    if found.is_some_and(|now| now.deleted.is_none()) {
        return Ok(());
    }
    app.models.erase(key).await.map_err(edge::cloud)?;
    Err(Problem::not_found())
}

#[cfg(test)]
mod tests {
    use api::container::FORMATS;
    use inference_mesh::Format;

    #[test]
    fn the_api_offers_every_format_that_can_be_made() {
        let made = Format::ALL.into_iter().filter(|format| *format != Format::Glb);
        let made: Vec<_> = made.map(|format| (format.file_name(), format.media_type())).collect();
        assert_eq!(made, FORMATS);
    }
}
