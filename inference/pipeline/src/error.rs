//! What can go wrong in one run, and the one table that makes it a problem for HTTP.

use crate::engine::EngineError;
use crate::options::{EngineName, OptionsError};
use inference_image::{CutError, PhotoError};
use inference_mesh::{ColoursError, MeshError};
use serde::Serialize;

/// Why a run gave no model.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    /// The options are refused.
    #[error(transparent)]
    Options(#[from] OptionsError),
    /// The photo is refused.
    #[error(transparent)]
    Photo(#[from] PhotoError),
    /// The foreground network failed.
    #[error("the foreground network failed: {0}")]
    Foreground(String),
    /// The engine asked for is not there.
    #[error("`engine` {} is not loaded here", .0.as_str())]
    NoEngine(EngineName),
    /// The engine failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The shape has too many pieces or holes for the faces asked for.
    #[error("This shape needs at least {reached} faces; {faces} were asked for. Choose more faces.")]
    OutOfReach {
        /// What was asked for.
        faces: usize,
        /// The fewest that keep the shape what it is.
        reached: usize,
    },
    /// The shape could not be cleaned, simplified or coloured.
    #[error("the shape could not be finished: {0}")]
    Finish(String),
    /// The engine gave no colours.
    #[error(transparent)]
    Colours(#[from] ColoursError),
    /// The model could not be written.
    #[error("the model could not be written")]
    Model(#[from] MeshError),
    /// The preview or the archive could not be written.
    #[error("an answer file could not be written: {0}")]
    Answer(String),
    /// The model is larger than one answer may be.
    #[error(
        "The {what} would have {bytes} bytes; at most {limit} can be sent. Choose fewer faces or a smaller texture."
    )]
    TooLarge {
        /// What was counted: the model, or all that is sent.
        what: &'static str,
        /// Its bytes.
        bytes: usize,
        /// The most that is answered.
        limit: usize,
    },
}

impl PipelineError {
    /// Nothing that comes after will work either: the process has to be started anew.
    pub fn is_final(&self) -> bool {
        matches!(
            self,
            Self::Engine(EngineError::Broken { .. }) | Self::Colours(ColoursError { is_device_gone: true, .. })
        )
    }
}

impl From<CutError> for PipelineError {
    fn from(error: CutError) -> Self {
        match error {
            CutError::Photo(photo) => Self::Photo(photo),
            CutError::Network(reason) => Self::Foreground(reason),
        }
    }
}

/// One problem as the container answers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The HTTP status; not part of the body.
    #[serde(skip)]
    pub status: u16,
    /// The stable path that names the problem to programs.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The problem in a few words, the same every time.
    pub title: &'static str,
    /// What happened this time, with its numbers.
    pub detail: String,
}

impl Problem {
    /// Our fault: what exactly happened stays in the log.
    pub fn internal() -> Self {
        let detail = "the model could not be made; this is not the photo's fault".into();
        Self { status: 500, kind: "/problems/internal", title: "Something broke on our side", detail }
    }
}

impl From<&OptionsError> for Problem {
    fn from(error: &OptionsError) -> Self {
        let detail = error.to_string();
        Self { status: 400, kind: "/problems/options-invalid", title: "The options are not valid", detail }
    }
}

impl From<&PhotoError> for Problem {
    fn from(error: &PhotoError) -> Self {
        let (status, title) = match error {
            PhotoError::Empty => (422, "The photo is empty"),
            PhotoError::TooLarge { .. } => (413, "The photo has too many bytes"),
            PhotoError::NotAnImage { .. } => (415, "The file is not a picture we can read"),
            PhotoError::TypeMismatch { .. } => (415, "The photo is of another type than declared"),
            PhotoError::Sides { .. } => (422, "The picture's size is out of bounds"),
            PhotoError::TooMuchMemory { .. } => (422, "The picture is too large to decode"),
            PhotoError::Animated => (422, "The picture is animated"),
            PhotoError::Truncated { .. } => (422, "The picture is cut off"),
            PhotoError::NoObject { .. } => (422, "No object was found in the photo"),
        };
        Self { status, kind: error.problem_type(), title, detail: error.to_string() }
    }
}

impl From<&PipelineError> for Problem {
    fn from(error: &PipelineError) -> Self {
        match error {
            PipelineError::Options(options) => Self::from(options),
            PipelineError::Photo(photo) => Self::from(photo),
            PipelineError::NoEngine(_) => Self {
                status: 400,
                kind: "/problems/options-invalid",
                title: "The options are not valid",
                detail: error.to_string(),
            },
            PipelineError::Engine(EngineError::Object(_)) => Self {
                status: 422,
                kind: "/problems/photo-no-object",
                title: "No object was found in the photo",
                detail: error.to_string(),
            },
            PipelineError::OutOfReach { .. } => Self {
                status: 422,
                kind: "/problems/faces-out-of-reach",
                title: "The shape needs more faces",
                detail: error.to_string(),
            },
            PipelineError::TooLarge { .. } => Self {
                status: 422,
                kind: "/problems/model-too-large",
                title: "The model would be too large",
                detail: error.to_string(),
            },
            PipelineError::Foreground(_)
            | PipelineError::Engine(EngineError::Failed { .. } | EngineError::Broken { .. })
            | PipelineError::Finish(_)
            | PipelineError::Colours(_)
            | PipelineError::Model(_)
            | PipelineError::Answer(_) => Self::internal(),
        }
    }
}
