//! `POST /api/generations/{id}/cancel`: stops what has not ended; it stays in the list, and its credits come back.

use crate::{App, TRIES, kept_moving};
use api::{Kind, Problem};
use cloud::CloudError;
use domain::generation::Status;
use edge::Answer;
use lambda_http::Request;

pub(crate) async fn cancel(app: &App, request: &Request) -> Result<Answer, Problem> {
    let caller = app.door.changer(request).await?;
    for _ in 0..TRIES {
        let generation = app.door.generation(&caller, request).await?;
        if generation.status == Status::Cancelled {
            return Answer::json(200, &app.door.show(&generation, app.at_once).await);
        }
        let ended = |_| Problem::new(Kind::AlreadyEnded, format!("It is {} already.", generation.status.word()));
        let cancelled = generation.cancel(edge::now()).map_err(ended)?;
        match edge::end(&app.door.table, &app.errands, &app.meter, &generation, &cancelled).await {
            Ok(()) => return Answer::json(200, &app.door.show(&cancelled, app.at_once).await),
            Err(CloudError::Raced) => {}
            Err(error) => return Err(edge::cloud(error)),
        }
    }
    Err(kept_moving("generation"))
}
