//! One model in another format.

use crate::arguments::Convert;
use crate::fault::Fault;
use crate::files::{check_outputs, read_model, write_atomically};
use inference_mesh::chain;
use inference_mesh::format::{ConvertOptions, Format, convert as converted};

pub(crate) fn convert(arguments: &Convert) -> Result<String, Fault> {
    let output = &arguments.output;
    check_outputs(&[&arguments.model], &[output])?;
    let format = format(output.extension().and_then(|ending| ending.to_str()).unwrap_or_default())
        .ok_or_else(|| Fault::Ending { path: output.clone(), known: ".stl, .3mf, .usdz, .ply, .zip or .glb" })?;
    let glb = read_model(&arguments.model)?;
    let options = ConvertOptions { height_mm: arguments.height_mm };
    let bytes = converted(&glb, format, &options)
        .map_err(|fault| Fault::Convert { path: arguments.model.clone(), fault: chain(&fault) })?;
    write_atomically(output, &bytes)?;
    Ok(format!("{}: {format}, {} bytes", output.display(), bytes.len()))
}

/// The format that a file's ending asks for. Another plain GLB would be the same file.
fn format(ending: &str) -> Option<Format> {
    match ending.to_ascii_lowercase().as_str() {
        "stl" => Some(Format::Stl),
        "3mf" => Some(Format::ThreeMf),
        "usdz" => Some(Format::Usdz),
        "ply" => Some(Format::Ply),
        "zip" => Some(Format::Obj),
        "glb" => Some(Format::GlbCompact),
        _ => None,
    }
}
