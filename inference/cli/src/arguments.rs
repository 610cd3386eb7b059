//! What can be asked for on the command line.

use clap::{Args, Parser, Subcommand, ValueEnum};
use inference_pipeline::{Coat, EngineName, Options, WEIGHTS_FILE};
use std::path::{Path, PathBuf};

/// Makes a textured 3D model (GLB) of one photo, on this machine.
#[derive(Debug, Clone, Parser)]
#[command(name = "imageto3d", version, args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Arguments {
    /// Something else than making a model.
    #[command(subcommand)]
    pub(crate) task: Option<Task>,
    #[command(flatten)]
    pub(crate) make: Option<Make>,
}

/// What can be done with a model that is there.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Task {
    /// Writes a model (GLB) in another format
    Convert(Convert),
    /// Draws a model (GLB): a view, a turntable, or a map for measuring
    Render(Render),
}

/// A photo, and what to make of it.
#[derive(Debug, Clone, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(crate) struct Make {
    /// The photo: JPEG, PNG or WebP, up to 10 MB and 40 megapixels, one object in front of a plain background
    pub(crate) photo: PathBuf,
    /// Where the model goes
    #[arg(short, long, value_name = "FILE.glb")]
    pub(crate) output: PathBuf,
    /// Where a rendered preview goes
    #[arg(long, value_name = "FILE.webp")]
    pub(crate) preview: Option<PathBuf>,
    /// Where the turning model goes, as an animated picture
    #[arg(long, value_name = "FILE.webp")]
    pub(crate) turntable: Option<PathBuf>,
    /// Where the report goes: sizes, checks, times, hashes
    #[arg(long, value_name = "FILE.json")]
    pub(crate) report: Option<PathBuf>,
    /// How much of the frame the object's longer side fills, in percent: 50 to 100
    #[arg(long, value_name = "PERCENT", default_value_t = 85)]
    foreground_percent: u32,
    /// The most triangles of the model: 100 to 500000
    #[arg(long, value_name = "COUNT", default_value_t = 20_000)]
    faces: u32,
    /// Colours at the vertices instead of a texture
    #[arg(long)]
    vertex_colours: bool,
    /// The texture's side in pixels: 512, 1024, 2048 or 4096
    #[arg(long, value_name = "PIXELS", default_value_t = 1024)]
    texture_size: u32,
    /// Passes of smoothing: 0 to 20
    #[arg(long, value_name = "PASSES", default_value_t = 0)]
    smooth: u32,
    /// One half becomes the mirror of the other
    #[arg(long)]
    symmetry: bool,
    /// The underside is pressed flat
    #[arg(long)]
    flat_base: bool,
    /// The whole picture is the object: no background is removed
    #[arg(long)]
    keep_background: bool,
    /// The engine
    #[arg(long, value_enum, default_value = "relief")]
    pub(crate) engine: EngineChoice,
    /// The directory with the engine's weights (triposr); default: `triposr` in the directory of the network's weights
    #[arg(long, value_name = "DIRECTORY")]
    weights: Option<PathBuf>,
    /// Nodes along each axis of the grid in which the surface is looked for (triposr): 64 to 512
    #[arg(long, value_name = "NODES", default_value_t = 256)]
    resolution: u32,
    /// The density at which the surface is drawn (triposr): 1 to 200
    #[arg(long, value_name = "DENSITY", default_value_t = 25)]
    threshold: u32,
    /// Every node of the grid is evaluated (triposr), and not only those near the surface
    #[arg(long)]
    exact: bool,
    /// The seed of engines that draw random numbers
    #[arg(long, default_value_t = 0)]
    seed: u32,
    /// The directory with the network's weights; default: .local/models here or in a directory above
    #[arg(long, value_name = "DIRECTORY")]
    models: Option<PathBuf>,
    /// No progress bar
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

/// The engines there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum EngineChoice {
    /// Sees depth with a small network that is a part of this program: about a second
    Relief,
    /// Inflates the outline, and has learned nothing: the baseline
    Inflate,
    /// Has learned shapes: needs its weights (make weights), and some 20 seconds on two cores
    Triposr,
}

/// A model, and the format it is wanted in.
#[derive(Debug, Clone, Args)]
pub(crate) struct Convert {
    /// The model
    #[arg(value_name = "MODEL.glb")]
    pub(crate) model: PathBuf,
    /// Where it goes; the ending says the format: .stl, .3mf, .usdz, .ply, .zip (OBJ) or .glb (compact)
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,
    /// The model's height in the formats that have a physical size, in millimetres: 10 to 1000
    #[arg(long, value_name = "MM", default_value_t = 100)]
    pub(crate) height_mm: u32,
}

/// A model, and how to look at it.
#[derive(Debug, Clone, Args)]
pub(crate) struct Render {
    /// The model
    #[arg(value_name = "MODEL.glb")]
    pub(crate) model: PathBuf,
    /// Where the picture goes; the ending says the format: .png or .webp
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,
    /// What is drawn
    #[arg(long, value_enum, default_value = "view")]
    pub(crate) kind: Kind,
    /// How far the eye is turned to the model's left side, in degrees; 180 is the back [default: 25]
    #[arg(long, value_name = "DEGREES", allow_negative_numbers = true)]
    pub(crate) yaw: Option<f32>,
    /// How far the eye looks down, in degrees [default: 14]
    #[arg(long, value_name = "DEGREES", allow_negative_numbers = true)]
    pub(crate) pitch: Option<f32>,
    /// The picture's side in pixels: 16 to 4096, of a turntable to 1024
    #[arg(long, value_name = "PIXELS", default_value_t = 512)]
    pub(crate) size: u32,
    /// Looks through the camera of a report instead, where the photo was taken from: flat, depth or normals
    #[arg(long, value_name = "REPORT.json", conflicts_with_all = ["yaw", "pitch"])]
    pub(crate) camera: Option<PathBuf>,
}

/// What is drawn of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// The lit model on its shadow
    View,
    /// One turn, as an animated WebP
    Turntable,
    /// Its bare colours, without light and shadow
    Flat,
    /// How far away each pixel is: near is bright, nothing is black
    Depth,
    /// Where each pixel faces: red right, green up, blue to the eye
    Normals,
}

impl Make {
    /// The options of the run, not yet checked.
    pub(crate) fn options(&self) -> Options {
        Options {
            foreground_percent: self.foreground_percent,
            faces: self.faces,
            paint: if self.vertex_colours { Coat::Vertices } else { Coat::Texture },
            texture_size: self.texture_size,
            smooth: self.smooth,
            symmetry: self.symmetry,
            flat_base: self.flat_base,
            engine: Some(match self.engine {
                EngineChoice::Relief => EngineName::Relief,
                EngineChoice::Inflate => EngineName::Inflate,
                EngineChoice::Triposr => EngineName::Triposr,
            }),
            resolution: self.resolution,
            threshold: self.threshold,
            exact: self.exact,
            seed: self.seed,
            remove_background: !self.keep_background,
            ..Options::default()
        }
    }

    /// The directory with the weights.
    pub(crate) fn models(&self) -> PathBuf {
        if let Some(directory) = &self.models {
            return directory.clone();
        }
        let usual = Path::new(".local").join("models");
        let Ok(here) = std::env::current_dir() else { return usual };
        let found = here.ancestors().map(|above| above.join(&usual)).find(|path| path.join(WEIGHTS_FILE).is_file());
        found.unwrap_or(usual)
    }

    /// The directory with the engine's weights.
    pub(crate) fn weights(&self) -> PathBuf {
        self.weights.clone().unwrap_or_else(|| self.models().join("triposr"))
    }

    /// Every file that is to be written.
    pub(crate) fn outputs(&self) -> Vec<&Path> {
        let more = [&self.preview, &self.turntable, &self.report].into_iter().flatten();
        std::iter::once(&self.output).chain(more).map(PathBuf::as_path).collect()
    }
}
