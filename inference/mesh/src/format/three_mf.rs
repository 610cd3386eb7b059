//! 3MF: millimetres, Z up, a colour at each corner, as the materials extension has it.
//!
//! Colours and not a texture: slicers that read colour at all read colour groups (Bambu Studio, Orca), and none of those
//! at hand reads textures.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::ConvertError;
use super::place::{Up, placed, with_three_corners};
use super::tint::vertex_colours;
use super::zip::Archive;
use crate::Model;
use crate::number::at;

/// Says which files are of which kind.
const TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="model" ContentType="application/vnd.ms-package.3dmanufacturing-3dmodel+xml"/></Types>
"#;

/// Says which file is the model.
const RELATIONSHIPS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Target="/3D/3dmodel.model" Id="rel0" Type="http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel"/></Relationships>
"#;

/// Begins the model.
const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<model unit="millimeter" xml:lang="en-US" xmlns="http://schemas.microsoft.com/3dmanufacturing/core/2015/02" xmlns:m="http://schemas.microsoft.com/3dmanufacturing/material/2015/02">
<metadata name="Application">ImageTo3D</metadata>
<resources>
"#;

/// Ends the model.
const TAIL: &str = "</triangles></mesh></object>\n</resources>\n<build><item objectid=\"2\"/></build>\n</model>\n";

/// Writes a model as 3MF.
pub(super) fn write(model: &Model, height_mm: u32) -> Result<Vec<u8>, ConvertError> {
    let positions = placed(&model.surface, Up::Z, height_mm, 1.0)?;
    let colours = vertex_colours(model);
    let mut palette: BTreeMap<[u8; 3], usize> = colours.iter().map(|colour| (*colour, 0)).collect();
    for (number, entry) in palette.values_mut().enumerate() {
        *entry = number;
    }
    let mut text = String::from(HEAD);
    text.push_str("<m:colorgroup id=\"1\">");
    // Writing to a string cannot fail.
    for [red, green, blue] in palette.keys() {
        let _ = write!(text, "<m:color color=\"#{red:02X}{green:02X}{blue:02X}\"/>");
    }
    text.push_str(
        "</m:colorgroup>\n<object id=\"2\" type=\"model\" name=\"model\" pid=\"1\" pindex=\"0\"><mesh><vertices>\n",
    );
    for [x, y, z] in &positions {
        let _ = writeln!(text, "<vertex x=\"{x}\" y=\"{y}\" z=\"{z}\"/>");
    }
    text.push_str("</vertices><triangles>\n");
    let corner = |vertex: u32| palette.get(&colours[at(vertex)]).copied().unwrap_or(0);
    for (_, triangle) in with_three_corners(&model.surface) {
        let [a, b, c] = triangle;
        let [p1, p2, p3] = triangle.map(corner);
        let _ = writeln!(
            text,
            "<triangle v1=\"{a}\" v2=\"{b}\" v3=\"{c}\" pid=\"1\" p1=\"{p1}\" p2=\"{p2}\" p3=\"{p3}\"/>"
        );
    }
    text.push_str(TAIL);
    let mut archive = Archive::default();
    archive.deflated("[Content_Types].xml", TYPES.as_bytes())?;
    archive.deflated("_rels/.rels", RELATIONSHIPS.as_bytes())?;
    archive.deflated("3D/3dmodel.model", text.as_bytes())?;
    archive.finish()
}
