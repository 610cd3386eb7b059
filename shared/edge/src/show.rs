//! A generation as whoever asks for it sees it: the same in an answer, in a list and in a stream.

use crate::caller::{Caller, Door};
use crate::{cloud, id, now};
use ::cloud::{CloudError, Table};
use api::Problem;
use api::types::GenerationView;
use domain::fleet::Fleet;
use domain::generation::{Generation, Status};
use domain::ids::GenerationId;
use lambda_http::Request;
use sha2::{Digest, Sha256};
use std::num::NonZeroU64;

impl Door {
    /// The caller's generation that the path names; a deleted one and another's are not there, nor a real one for a test key.
    pub async fn generation(&self, caller: &Caller, request: &Request) -> Result<Generation, Problem> {
        self.generation_of(caller, &id(request, "id")?).await
    }

    /// The caller's generation of this id, as above.
    pub async fn generation_of(&self, caller: &Caller, id: &GenerationId) -> Result<Generation, Problem> {
        let found = self.table.generation(&caller.user, id).await.map_err(cloud)?;
        found.filter(|generation| caller.sees(generation)).ok_or_else(Problem::not_found)
    }

    /// One generation as the API shows it, where so many models are made at once.
    pub async fn show(&self, generation: &Generation, at_once: NonZeroU64) -> GenerationView {
        Line::read(&self.table, std::slice::from_ref(generation)).await.show(generation, at_once)
    }

    /// Several of them.
    pub async fn shown(&self, generations: &[Generation], at_once: NonZeroU64) -> Vec<GenerationView> {
        let line = Line::read(&self.table, generations).await;
        generations.iter().map(|generation| line.show(generation, at_once)).collect()
    }
}

impl Caller {
    /// Whether a generation of the person is there for who calls in the person's name.
    pub fn sees(&self, generation: &Generation) -> bool {
        generation.deleted.is_none() && (generation.test || !self.is_test())
    }
}

/// A weak tag: the forecast runs on by itself, and is no news.
pub fn tag(view: &GenerationView) -> Result<String, Problem> {
    let mut body = serde_json::to_value(view).map_err(|error| Problem::ours(error.to_string()))?;
    if let Some(fields) = body.as_object_mut() {
        fields.remove("progress");
        fields.remove("eta_seconds");
    }
    Ok(format!("W/\"{:.16x}\"", Sha256::digest(body.to_string())))
}

/// What is the same for all who wait: the measured times and the line. Read once for a whole page.
struct Line {
    fleet: Fleet,
    waiting: Vec<GenerationId>,
}

impl Line {
    /// Nobody is refused because a forecast cannot be made: it is then the one of before any measurement.
    async fn read(table: &Table, generations: &[Generation]) -> Self {
        let mut line = Self { fleet: Fleet::default(), waiting: Vec::new() };
        if generations.iter().any(|generation| !generation.status.is_terminal()) {
            line.fleet = table.fleet().await.unwrap_or_else(|error| unknown(&error));
        }
        // Nobody waits for the GPU with a test.
        if generations.iter().any(|generation| generation.status == Status::Queued && !generation.test) {
            line.waiting = table.line().await.unwrap_or_else(|error| unknown(&error));
        }
        line
    }

    fn show(&self, generation: &Generation, at_once: NonZeroU64) -> GenerationView {
        let ahead = self.waiting.partition_point(|other| *other < generation.id);
        let ahead = if generation.test { 0 } else { ahead };
        let ahead = u64::try_from(ahead).unwrap_or(u64::MAX);
        GenerationView::new(generation, self.fleet.outlook(generation, ahead, at_once, now()))
    }
}

fn unknown<T: Default>(error: &CloudError) -> T {
    tracing::warn!(why = %error, "the time that a model will take is a guess: {error}");
    T::default()
}
