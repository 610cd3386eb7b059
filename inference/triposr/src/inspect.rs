//! For those who compare and measure: every stage by name, and parts of a run by themselves.

use std::sync::Arc;

use image::RgbaImage;
use inference_kernels::{Device, DeviceError};

use crate::engine::{Network, Settings, TripoSr, TripoSrError, on};
use crate::graph::{Graph, Stage};
use crate::preprocess::{framed, resized};
use crate::scene::{Scene, SceneError};

/// The side of the picture that is drawn through the density, in pixels.
const VIEW: u32 = 32;

/// Takes a stage's name, shape and numbers.
pub type Take<'a> = &'a mut dyn FnMut(&str, &[usize], &[f32]);

/// Runs a part of a run, each time it is called.
pub type Run<'a> = Box<dyn FnMut(Part) -> Result<(), TripoSrError> + 'a>;

/// A part of a run that is measured by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The image's tokens.
    Encoder,
    /// One block of the backbone.
    Block,
    /// The planes' tokens from the image's.
    Backbone,
    /// All nodes of the grid.
    Dense,
    /// The nodes near the surface, and the surface.
    Sparse,
    /// From the picture to the surface with a colour at each vertex.
    Request,
}

impl TripoSr {
    /// Hands over every stage of one cut-out: `input`, `tokens.*`, `backbone.*`, `scene_codes`, the field at `points`
    /// (`points.density`, `points.colour`), the surface in the network's axes, and its picture.
    pub fn stages(
        &self,
        cut: &RgbaImage,
        settings: &Settings,
        points: &[[f32; 3]],
        take: Take<'_>,
    ) -> Result<(), TripoSrError> {
        settings.check()?;
        on!(&self.network, graph => self.stages_on(graph, cut, settings, points, take))
    }

    fn stages_on<D: Device>(
        &self,
        graph: &Arc<Graph<D>>,
        cut: &RgbaImage,
        settings: &Settings,
        points: &[[f32; 3]],
        take: Take<'_>,
    ) -> Result<(), TripoSrError> {
        let (square, _) = framed(cut, settings.share).ok_or(TripoSrError::NoObject)?;
        let image = resized(&square, self.size);
        take("input", &[3, self.size, self.size], &image);
        let scene = self.watched(graph, &image, take).map_err(SceneError::Device)?;

        let mut samples = vec![[0.0; 4]; points.len()];
        scene.sample(points, &mut samples).map_err(SceneError::Device)?;
        let densities: Vec<f32> = samples.iter().map(|[density, ..]| *density).collect();
        let colours: Vec<f32> = samples.iter().flat_map(|[_, colour @ ..]| *colour).collect();
        take("points.density", &[points.len()], &densities);
        take("points.colour", &[points.len(), 3], &colours);

        let view = scene.view(VIEW).map_err(SceneError::Device)?;
        let side = view.len().isqrt();
        take("render", &[side, side, 3], view.as_flattened());

        let surface = scene.surface(settings.resolution, settings.threshold, settings.exact)?;
        // Back to the network's axes.
        let places: Vec<f32> = surface.positions.iter().flat_map(|[x, y, z]| [*z, *x, *y]).collect();
        let corners = surface.triangles.iter().flatten().map(|corner| inference_mesh::number::at(*corner));
        let corners: Vec<f32> = corners.map(inference_mesh::number::real).collect();
        take("mesh.vertices", &[surface.positions.len(), 3], &places);
        take("mesh.triangles", &[surface.triangles.len(), 3], &corners);
        Ok(())
    }

    fn watched<D: Device>(
        &self,
        graph: &Arc<Graph<D>>,
        image: &[f32],
        take: Take<'_>,
    ) -> Result<Scene<D>, DeviceError> {
        let mut fault = None;
        let mut watch = |stage: Stage, rows: &D::Rows| match graph.device.read(rows) {
            Ok(values) => {
                let columns = graph.columns(stage);
                take(&name(stage), &[values.len() / columns, columns], &values);
            }
            Err(error) => fault = Some(error),
        };
        let tokens = graph.tokens(image, &mut watch)?;
        let planes = graph.planes(&tokens, &mut watch)?;
        if let Some(fault) = fault {
            return Err(fault);
        }
        let texels = graph.upsampled(&planes)?;
        let channels = graph.channels();
        let side = (texels.len() / (3 * channels)).isqrt();
        // The reference has the channel before the row and the column.
        let mut codes = vec![0.0; texels.len()];
        for (number, value) in texels.iter().enumerate() {
            let (texel, channel) = (number / channels, number % channels);
            let (plane, texel) = (texel / (side * side), texel % (side * side));
            codes[(plane * channels + channel) * side * side + texel] = *value;
        }
        take("scene_codes", &[3, channels, side, side], &codes);
        self.field(graph, &planes)
    }

    /// Prepares parts of a run for measuring: each call of what it gives runs a part once.
    pub fn parts(&self, cut: &RgbaImage, settings: &Settings) -> Result<Run<'_>, TripoSrError> {
        settings.check()?;
        on!(&self.network, graph => self.parts_on(graph, cut, *settings))
    }

    fn parts_on<'a, D: Device>(
        &'a self,
        graph: &'a Arc<Graph<D>>,
        cut: &RgbaImage,
        settings: Settings,
    ) -> Result<Run<'a>, TripoSrError> {
        let (square, _) = framed(cut, settings.share).ok_or(TripoSrError::NoObject)?;
        let image = resized(&square, self.size);
        let device = |fault: DeviceError| TripoSrError::from(SceneError::Device(fault));
        let tokens = graph.tokens(&image, &mut |_, _| {}).map_err(device)?;
        let planes = graph.planes(&tokens, &mut |_, _| {}).map_err(device)?;
        let scene = self.field(graph, &planes).map_err(device)?;
        Ok(Box::new(move |part| {
            match part {
                Part::Encoder => {
                    let tokens = graph.tokens(&image, &mut |_, _| {}).map_err(device)?;
                    graph.device.read(&tokens).map_err(device)?;
                }
                Part::Block => graph.one_block(&tokens).map_err(device)?,
                Part::Backbone => {
                    let planes = graph.planes(&tokens, &mut |_, _| {}).map_err(device)?;
                    graph.device.read(&planes).map_err(device)?;
                }
                Part::Dense => {
                    let lattice = graph.device.lattice(&scene.field, settings.resolution).map_err(device)?;
                    graph.device.all_densities(&lattice).map_err(device)?;
                }
                Part::Sparse => drop(scene.surface(settings.resolution, settings.threshold, false)?),
                Part::Request => {
                    let scene = self.scene(graph, &square).map_err(device)?;
                    let surface = scene.surface(settings.resolution, settings.threshold, settings.exact)?;
                    let points: Vec<_> = surface.positions.iter().map(|[x, y, z]| [*z, *x, *y]).collect();
                    let mut samples = vec![[0.0; 4]; points.len()];
                    scene.sample(&points, &mut samples).map_err(device)?;
                }
            }
            Ok(())
        }))
    }
}

fn name(stage: Stage) -> String {
    match stage {
        Stage::Embeddings => "tokens.embeddings".into(),
        Stage::Layer(number) => format!("tokens.layer.{number}"),
        Stage::Tokens => "tokens".into(),
        Stage::Start => "backbone.in".into(),
        Stage::Block(number) => format!("backbone.block.{number}"),
        Stage::Planes => "backbone.out".into(),
    }
}
