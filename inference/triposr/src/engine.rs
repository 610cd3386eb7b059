//! The engine as it is used: weights on a device, a cut-out in, a shape out.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use image::{RgbImage, RgbaImage};
use inference_kernels::{Cpu, Decoder, Device, DeviceError};
#[cfg(feature = "cuda")]
use inference_kernels::{Cuda, Precision};
use inference_mesh::{Camera, Colours, Shape};

use crate::config::{Config, ConfigError};
use crate::graph::Graph;
use crate::layout::Layout;
use crate::preprocess::{Square, framed, resized};
use crate::scene::{Scene, SceneError};
use crate::view::{DISTANCE, FIELD_OF_VIEW};
use crate::weights::{Weights, WeightsError};

/// The fewest and the most nodes along each axis of the grid.
pub const RESOLUTIONS: std::ops::RangeInclusive<usize> = 64..=512;

/// The least and the greatest density at which a surface may be asked for.
pub const THRESHOLDS: std::ops::RangeInclusive<f32> = 1.0..=200.0;

/// The choices of one run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Nodes along each axis of the grid: 64 to 512.
    pub resolution: usize,
    /// The density at which the surface lies: 1 to 200; the authors' is 25.
    pub threshold: f32,
    /// How much of the network's picture the object's longer side fills: 0.5 to 1; the authors' is 0.85.
    pub share: f32,
    /// Evaluate every node of the grid, as the reference does, and not only those near the surface.
    pub exact: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { resolution: 256, threshold: 25.0, share: 0.85, exact: false }
    }
}

/// Why the engine cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The configuration is missing or not one of ours.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The weights are missing or not those of the configuration.
    #[error(transparent)]
    Weights(#[from] WeightsError),
    /// The weights do not get onto the device.
    #[error(transparent)]
    Device(#[from] DeviceError),
}

/// Why a photo gave no shape.
#[derive(Debug, thiserror::Error, PartialEq)]
pub enum TripoSrError {
    /// The cut-out shows nothing, or a line.
    #[error("the object is less than two pixels wide or high")]
    NoObject,
    /// A choice beyond its limits.
    #[error("`{field}` must be from {least} to {most}, not {found}")]
    Setting {
        /// The choice.
        field: &'static str,
        /// The least it may be.
        least: f32,
        /// The most it may be.
        most: f32,
        /// What it is.
        found: f32,
    },
    /// The scene has no surface, or the device failed.
    #[error(transparent)]
    Scene(#[from] SceneError),
}

/// Where an engine computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// On a GPU, if there is one that can be used, otherwise on the CPU.
    Best,
    /// On the CPU.
    Cpu,
    /// On a GPU, as exactly as this.
    #[cfg(feature = "cuda")]
    Gpu(Precision),
}

/// The network, on the device that it is on.
pub(crate) enum Network {
    Cpu(Arc<Graph<Cpu>>),
    #[cfg(feature = "cuda")]
    Cuda(Arc<Graph<Cuda>>),
}

/// Does the same with the network's graph on each device.
macro_rules! on {
    ($network:expr, $graph:ident => $result:expr) => {
        match $network {
            Network::Cpu($graph) => $result,
            #[cfg(feature = "cuda")]
            Network::Cuda($graph) => $result,
        }
    };
}
pub(crate) use on;

/// TripoSR with its weights.
pub struct TripoSr {
    pub(crate) network: Network,
    /// Why it is on the CPU, where a GPU was looked for.
    no_gpu: Option<String>,
    radius: f32,
    decoder: Decoder,
    /// The network's picture has this many pixels a side.
    pub(crate) size: usize,
    /// Counts in the background: the file is large, and nobody waits for its hash before the first report.
    hash: Mutex<Hash>,
}

enum Hash {
    Counting(JoinHandle<String>),
    Known(String),
}

impl TripoSr {
    /// Loads `config.yaml` and `model.safetensors` or `model.ckpt` of a directory, to the best device there is.
    pub fn load(directory: &Path) -> Result<Self, LoadError> {
        Self::load_to(directory, Place::Best)
    }

    /// Loads them to a device.
    pub fn load_to(directory: &Path, place: Place) -> Result<Self, LoadError> {
        let config = Config::open(directory)?;
        let weights = Weights::open(directory)?;
        let layout = Layout::take(&config, &mut weights.shelf())?;
        weights.check_finite()?;
        let (network, no_gpu) = Network::load(place, &config, &layout)?;
        let file = weights.mapping();
        let decoder = Decoder { layers: layout.decoder, density_bias: config.renderer.density_bias };
        Ok(Self {
            network,
            no_gpu,
            radius: config.renderer.radius,
            decoder,
            size: config.cond_image_size,
            hash: Mutex::new(Hash::Counting(std::thread::spawn(move || Weights::hash(&file)))),
        })
    }

    /// Makes the shape of an object cut out of its photo (straight alpha).
    pub fn reconstruct(&self, cut: &RgbaImage, settings: &Settings) -> Result<(Shape, Square), TripoSrError> {
        settings.check()?;
        let (square, place) = framed(cut, settings.share).ok_or(TripoSrError::NoObject)?;
        let shape = on!(&self.network, graph => self.shape(graph, &square, settings)?);
        Ok((shape, place))
    }

    /// Names the device, such as `cpu avx2`.
    pub fn device(&self) -> String {
        on!(&self.network, graph => graph.device.name())
    }

    /// Says why no GPU is used, where one was looked for.
    pub fn no_gpu(&self) -> Option<&str> {
        self.no_gpu.as_deref()
    }

    /// Gives the bytes of the GPU's memory in use, by whomever, and all that it has; nothing on the CPU.
    #[cfg(feature = "cuda")]
    pub fn gpu_memory(&self) -> Option<Result<[usize; 2], DeviceError>> {
        match &self.network {
            Network::Cpu(_) => None,
            Network::Cuda(graph) => Some(graph.device.memory()),
        }
    }

    /// Gives the SHA-256 of the weights' file in hex; waits for it once.
    pub fn weights_sha256(&self) -> String {
        let mut hash = self.hash.lock().unwrap_or_else(PoisonError::into_inner);
        let known = match std::mem::replace(&mut *hash, Hash::Known(String::new())) {
            // Counting reads a mapping and cannot panic.
            Hash::Counting(thread) => thread.join().unwrap_or_default(),
            Hash::Known(known) => known,
        };
        *hash = Hash::Known(known.clone());
        known
    }

    fn shape<D: Device + 'static>(
        &self,
        graph: &Arc<Graph<D>>,
        square: &RgbImage,
        settings: &Settings,
    ) -> Result<Shape, TripoSrError> {
        let scene = self.scene(graph, square).map_err(SceneError::Device)?;
        let surface = scene.surface(settings.resolution, settings.threshold, settings.exact)?;
        let colours: Box<dyn Colours> = Box::new(scene);
        // The network's idea of the object does not lie under the photo to the pixel.
        Ok(Shape { surface, colours, camera: camera(), fits: false })
    }

    pub(crate) fn scene<D: Device>(&self, graph: &Arc<Graph<D>>, square: &RgbImage) -> Result<Scene<D>, DeviceError> {
        let image = resized(square, self.size);
        let tokens = graph.tokens(&image, &mut |_, _| {})?;
        let planes = graph.planes(&tokens, &mut |_, _| {})?;
        drop(tokens);
        self.field(graph, &planes)
    }

    pub(crate) fn field<D: Device>(&self, graph: &Arc<Graph<D>>, planes: &D::Rows) -> Result<Scene<D>, DeviceError> {
        let texels = graph.device.rows(&graph.upsampled(planes)?, graph.channels())?;
        let field = graph.device.field(&texels, &self.decoder)?;
        Ok(Scene { graph: graph.clone(), field, radius: self.radius })
    }
}

impl Network {
    #[cfg(not(feature = "cuda"))]
    fn load(place: Place, config: &Config, layout: &Layout) -> Result<(Self, Option<String>), DeviceError> {
        let no_gpu = (place == Place::Best).then(|| "this program was built without GPUs".to_owned());
        Ok((Self::Cpu(Arc::new(Graph::load(Cpu::new(), config, layout)?)), no_gpu))
    }

    #[cfg(feature = "cuda")]
    fn load(place: Place, config: &Config, layout: &Layout) -> Result<(Self, Option<String>), DeviceError> {
        let on_gpu = |precision| {
            let graph = Graph::load(Cuda::find(precision)?, config, layout)?;
            Ok(Self::Cuda(Arc::new(graph)))
        };
        let fallback = || Ok::<_, DeviceError>(Self::Cpu(Arc::new(Graph::load(Cpu::new(), config, layout)?)));
        match place {
            Place::Gpu(precision) => Ok((on_gpu(Some(precision))?, None)),
            Place::Cpu => Ok((fallback()?, None)),
            Place::Best => match on_gpu(None) {
                Ok(network) => Ok((network, None)),
                Err(fault @ (DeviceError::Broken { .. } | DeviceError::Memory { .. })) => {
                    Ok((fallback()?, Some(fault.to_string())))
                }
                Err(fault) => Err(fault),
            },
        }
    }
}

impl Settings {
    /// Names the first choice beyond its limits.
    pub fn check(&self) -> Result<(), TripoSrError> {
        let within = |field, found: f32, least: f32, most: f32| {
            if (least..=most).contains(&found) {
                Ok(())
            } else {
                Err(TripoSrError::Setting { field, least, most, found })
            }
        };
        let nodes = inference_mesh::number::real;
        within("resolution", nodes(self.resolution), nodes(*RESOLUTIONS.start()), nodes(*RESOLUTIONS.end()))?;
        within("threshold", self.threshold, *THRESHOLDS.start(), *THRESHOLDS.end())?;
        within("share", self.share, 0.5, 1.0)
    }
}

/// From where the network takes every photo to be taken, in the product's axes: straight from the front.
fn camera() -> Camera {
    let reach = 0.5 / (FIELD_OF_VIEW.to_radians() / 2.0).tan();
    Camera {
        origin: [0.0, 0.0, DISTANCE],
        right: [reach, 0.0, 0.0],
        down: [0.0, -reach, 0.0],
        forward: [0.0, 0.0, -1.0],
        perspective: true,
    }
}
