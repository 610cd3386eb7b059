//! What can be asked for on the command line.

use crate::fault::Fault;
use clap::Parser;
use inference_pipeline::{Options, WEIGHTS_FILE};
use std::path::{Path, PathBuf};

/// Makes a textured 3D model (GLB) of one photo, on this machine, without a GPU.
#[derive(Debug, Clone, Parser)]
#[command(name = "imageto3d", version)]
pub struct Arguments {
    /// The photo: JPEG, PNG or WebP, up to 10 MB and 40 megapixels, one object in front of a plain background
    pub photo: PathBuf,
    /// Where the model goes
    #[arg(short, long, value_name = "FILE.glb")]
    pub output: PathBuf,
    /// Where a rendered preview goes
    #[arg(long, value_name = "FILE.webp")]
    pub preview: Option<PathBuf>,
    /// Where the report goes: sizes, checks, times, hashes
    #[arg(long, value_name = "FILE.json")]
    pub report: Option<PathBuf>,
    /// How much of the frame the object's longer side fills, in percent: 50 to 100
    #[arg(long, value_name = "PERCENT", default_value_t = 85)]
    pub foreground_percent: u32,
    /// The texture's side in pixels: 512, 1024 or 2048
    #[arg(long, value_name = "PIXELS", default_value_t = 1024)]
    pub texture_size: u32,
    /// The seed of engines that draw random numbers
    #[arg(long, default_value_t = 0)]
    pub seed: u32,
    /// The directory with the network's weights; default: .local/models here or in a directory above
    #[arg(long, value_name = "DIRECTORY")]
    pub models: Option<PathBuf>,
    /// No progress bar
    #[arg(short, long)]
    pub quiet: bool,
}

impl Arguments {
    /// The options of the run, not yet checked.
    pub fn options(&self) -> Options {
        Options {
            foreground_percent: self.foreground_percent,
            texture_size: self.texture_size,
            seed: self.seed,
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

    /// Refuses outputs that would overwrite the photo or each other, before any work is done.
    pub(crate) fn check_outputs(&self) -> Result<(), Fault> {
        let outputs: Vec<&PathBuf> =
            [Some(&self.output), self.preview.as_ref(), self.report.as_ref()].into_iter().flatten().collect();
        for (at, path) in outputs.iter().enumerate() {
            if **path == self.photo || outputs[..at].contains(path) {
                return Err(Fault::SameFile { path: (*path).clone() });
            }
        }
        Ok(())
    }
}
