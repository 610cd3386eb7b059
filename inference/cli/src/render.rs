//! Pictures of a model.

use crate::arguments::{Kind, Render};
use crate::fault::Fault;
use crate::files::{check_outputs, read_model, write_atomically};
use image::{DynamicImage, ImageFormat, Luma, Rgb, RgbaImage};
use inference_mesh::format::read_glb;
use inference_mesh::number::{byte, word};
use inference_mesh::{Camera, Model, chain};
use inference_render::{DepthMap, MOST_PX, MOST_TURNING_PX, NormalMap};
use std::io::Cursor;
use std::path::Path;

/// Frames of a turntable and how long each is shown: a turn takes 3.6 seconds.
const FRAMES: u32 = 36;
const FRAME_MS: u32 = 100;

/// The quality of a WebP, of 100.
const QUALITY: u8 = 90;

/// The smallest picture in pixels a side.
const LEAST_PX: u32 = 16;

/// Ten turns: 32 bits say larger angles ever more coarsely.
const MOST_DEGREES: f32 = 3600.0;

pub(crate) fn render(arguments: &Render) -> Result<String, Fault> {
    let output = &arguments.output;
    check_outputs(&[&arguments.model], &[output])?;
    check(arguments)?;
    let bytes = read_model(&arguments.model)?;
    let model =
        read_glb(&bytes).map_err(|fault| Fault::Convert { path: arguments.model.clone(), fault: chain(&fault) })?.model;
    let (yaw, pitch, size) = (arguments.yaw.unwrap_or(25.0), arguments.pitch.unwrap_or(14.0), arguments.size);
    let camera = match &arguments.camera {
        Some(report) => camera(report)?,
        None => inference_render::view_camera(&model, yaw, pitch),
    };
    let ending = output.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase();
    let file = match (arguments.kind, ending.as_str()) {
        (Kind::Turntable, "webp") => turntable(&model, size)?,
        (Kind::Turntable, _) => return Err(Fault::Ending { path: output.clone(), known: ".webp for a turntable" }),
        (Kind::View, "png") => png(&inference_render::view(&model, size, yaw, pitch).into())?,
        (Kind::Flat, "png") => png(&inference_render::photo_view(&model, &camera, size).into())?,
        (Kind::View, "webp") => webp(&inference_render::view(&model, size, yaw, pitch))?,
        (Kind::Flat, "webp") => webp(&inference_render::photo_view(&model, &camera, size))?,
        (Kind::Depth, "png") => png(&depth_picture(&inference_render::depth(&model, &camera, size)))?,
        (Kind::Normals, "png") => png(&normal_picture(&inference_render::normals(&model, &camera, size), &camera))?,
        (Kind::Depth | Kind::Normals, _) => {
            return Err(Fault::Ending { path: output.clone(), known: ".png for a map" });
        }
        (Kind::View | Kind::Flat, _) => return Err(Fault::Ending { path: output.clone(), known: ".png or .webp" }),
    };
    write_atomically(output, &file)?;
    Ok(format!("{}: {} bytes", output.display(), file.len()))
}

/// Refuses what is beyond its limits, and what the kind of picture would pass over.
fn check(arguments: &Render) -> Result<(), Fault> {
    let turns = arguments.kind == Kind::Turntable;
    let (size, most) = (arguments.size, if turns { MOST_TURNING_PX } else { MOST_PX });
    if !(LEAST_PX..=most).contains(&size) {
        return Err(Fault::Size { size, most });
    }
    if arguments.camera.is_some() && (turns || arguments.kind == Kind::View) {
        return Err(Fault::Idle { option: "camera", kinds: "flat, depth or normals" });
    }
    for (option, angle) in [("yaw", arguments.yaw), ("pitch", arguments.pitch)] {
        let Some(found) = angle else { continue };
        if turns {
            return Err(Fault::Idle { option, kinds: "view, flat, depth or normals" });
        }
        if !(-MOST_DEGREES..=MOST_DEGREES).contains(&found) {
            return Err(Fault::Angle { option, most: MOST_DEGREES, found });
        }
    }
    Ok(())
}

/// The camera that a report names.
fn camera(report: &Path) -> Result<Camera, Fault> {
    let refused = |fault: String| Fault::Camera { path: report.to_owned(), fault };
    let text = std::fs::read(report).map_err(|fault| refused(fault.to_string()))?;
    let mut report: serde_json::Value = serde_json::from_slice(&text).map_err(|fault| refused(fault.to_string()))?;
    serde_json::from_value(report["camera"].take()).map_err(|fault| refused(fault.to_string()))
}

fn turntable(model: &Model, size: u32) -> Result<Vec<u8>, Fault> {
    let frames = inference_render::turntable(model, size, FRAMES);
    inference_render::animated_webp(&frames, FRAME_MS, QUALITY).map_err(|fault| Fault::Picture(fault.to_string()))
}

fn webp(picture: &RgbaImage) -> Result<Vec<u8>, Fault> {
    inference_render::lossy_webp(picture, QUALITY).map_err(|fault| Fault::Picture(fault.to_string()))
}

fn png(picture: &DynamicImage) -> Result<Vec<u8>, Fault> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).map_err(|fault| Fault::Picture(fault.to_string()))?;
    Ok(bytes.into_inner())
}

/// Depth as 16-bit grey, from white for the nearest to nearly black for the farthest; nothing is black.
fn depth_picture(map: &DepthMap) -> DynamicImage {
    let seen = || map.pixels().map(|pixel| pixel.0[0]).filter(|depth| depth.is_finite());
    let (near, far) = (seen().fold(f32::INFINITY, f32::min), seen().fold(f32::NEG_INFINITY, f32::max));
    let grey =
        |depth: f32| if depth.is_finite() { word(1.0 - 0.95 * (depth - near) / (far - near).max(1e-6)) } else { 0 };
    let mut picture = image::ImageBuffer::<Luma<u16>, Vec<u16>>::new(map.width(), map.height());
    for (pixel, depth) in picture.pixels_mut().zip(map.pixels()) {
        pixel.0 = [grey(depth.0[0])];
    }
    picture.into()
}

/// Normals as the eye sees them: half grey is 0 on each axis; nothing is black.
fn normal_picture(map: &NormalMap, camera: &Camera) -> DynamicImage {
    let unit = |arrow: [f32; 3]| {
        let length = dot(arrow, arrow).sqrt().max(f32::MIN_POSITIVE);
        arrow.map(|part| part / length)
    };
    let axes = [unit(camera.right), unit(camera.down.map(|part| -part)), camera.forward.map(|part| -part)];
    let mut picture = image::RgbImage::new(map.width(), map.height());
    for (pixel, normal) in picture.pixels_mut().zip(map.pixels()) {
        if dot(normal.0, normal.0) > 0.0 {
            *pixel = Rgb(axes.map(|axis| byte((dot(axis, normal.0) * 0.5 + 0.5) * 255.0)));
        }
    }
    picture.into()
}

fn dot(a: [f32; 3], b: [f32; 3]) -> f32 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}
