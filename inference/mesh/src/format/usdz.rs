//! USDZ: metres, Y up, in its real size, for augmented reality; by Apple's rules.
//!
//! The layer comes first, as text; nothing is compressed, and every file begins at a multiple of 64 bytes. The texture
//! is the GLB's own file where it is one that Apple reads.

use std::fmt::{Display, Write};

use super::ConvertError;
use super::obj::png;
use super::place::{Up, placed};
use super::read::Read;
use super::zip::Archive;
use crate::colour::linear_table;
use crate::{Model, Paint};

/// Metres in a millimetre.
const METRES_PER_MM: f64 = 0.001;

/// Begins the layer, up to the mesh.
const HEAD: &str = r#"#usda 1.0
(
    defaultPrim = "Model"
    doc = "ImageTo3D"
    metersPerUnit = 1
    upAxis = "Y"
)

def Xform "Model" (
    assetInfo = {
        string name = "Model"
    }
    kind = "component"
)
{
    def Mesh "Mesh" (
        prepend apiSchemas = ["MaterialBindingAPI"]
    )
    {
        uniform bool doubleSided = 0
        uniform token orientation = "rightHanded"
        uniform token subdivisionScheme = "none"
        rel material:binding = </Model/Material>
"#;

/// Begins the material.
const MATERIAL: &str = r#"    }

    def Material "Material"
    {
        token outputs:surface.connect = </Model/Material/Surface.outputs:surface>

        def Shader "Surface"
        {
            uniform token info:id = "UsdPreviewSurface"
            color3f inputs:diffuseColor.connect = </Model/Material/Colour.outputs:COLOUR>
            float inputs:metallic = 0
            float inputs:roughness = 0.9
            token outputs:surface
        }
"#;

/// Colours the material from a texture.
const TEXTURED: &str = r#"
        def Shader "Places"
        {
            uniform token info:id = "UsdPrimvarReader_float2"
            string inputs:varname = "st"
            float2 outputs:result
        }

        def Shader "Colour"
        {
            uniform token info:id = "UsdUVTexture"
            asset inputs:file = @TEXTURE@
            token inputs:sourceColorSpace = "sRGB"
            float2 inputs:st.connect = </Model/Material/Places.outputs:result>
            token inputs:wrapS = "clamp"
            token inputs:wrapT = "clamp"
            float3 outputs:rgb
        }
    }
}
"#;

/// Colours the material from the vertices.
const PAINTED: &str = r#"
        def Shader "Colour"
        {
            uniform token info:id = "UsdPrimvarReader_float3"
            string inputs:varname = "displayColor"
            float3 outputs:result
        }
    }
}
"#;

/// Writes a model as USDZ.
pub(super) fn write(read: &Read, height_mm: u32) -> Result<Vec<u8>, ConvertError> {
    let positions = placed(&read.model.surface, Up::Y, height_mm, METRES_PER_MM)?;
    let texture = match (&read.model.paint, &read.texture) {
        (Paint::Vertices(_), _) => None,
        (Paint::Texture { .. }, Some(own)) if own.media_type == "image/jpeg" => {
            Some(("textures/photo.jpg", own.bytes.clone()))
        }
        (Paint::Texture { .. }, Some(own)) if own.media_type == "image/png" => {
            Some(("textures/photo.png", own.bytes.clone()))
        }
        (Paint::Texture { image, .. }, _) => Some(("textures/photo.png", png(image)?)),
    };
    let mut archive = Archive::default();
    archive
        .aligned("model.usda", layer(&read.model, &positions, texture.as_ref().map(|(name, _)| *name)).as_bytes())?;
    if let Some((name, bytes)) = texture {
        archive.aligned(name, &bytes)?;
    }
    archive.finish()
}

fn layer(model: &Model, positions: &[[f32; 3]], texture: Option<&str>) -> String {
    let surface = &model.surface;
    let mut text = String::from(HEAD);
    let standing = crate::Surface { positions: positions.to_vec(), triangles: Vec::new() };
    let (low, high) = standing.bounds();
    list(&mut text, "float3[] extent", [low, high].map(tuple));
    list(&mut text, "int[] faceVertexCounts", surface.triangles.iter().map(|_| 3));
    list(&mut text, "int[] faceVertexIndices", surface.triangles.iter().flatten());
    list(&mut text, "point3f[] points", positions.iter().map(|place| tuple(*place)));
    list(&mut text, "normal3f[] primvars:normals", surface.normals().into_iter().map(short));
    interpolation(&mut text, "vertex");
    match &model.paint {
        Paint::Texture { charts, .. } => {
            // USD counts v from the bottom.
            let points = charts.points.iter().map(|[u, v]| format!("({u}, {})", 1.0 - v));
            list(&mut text, "texCoord2f[] primvars:st", points);
            interpolation(&mut text, "faceVarying");
            list(&mut text, "int[] primvars:st:indices", charts.triangles.iter().flatten());
        }
        Paint::Vertices(colours) => {
            let linear = linear_table();
            let colours = colours.iter().map(|colour| short(colour.map(|part| linear[usize::from(part)])));
            list(&mut text, "color3f[] primvars:displayColor", colours);
            interpolation(&mut text, "vertex");
        }
    }
    text.push_str(&MATERIAL.replace("COLOUR", if texture.is_some() { "rgb" } else { "result" }));
    match texture {
        Some(name) => text.push_str(&TEXTURED.replace("TEXTURE", name)),
        None => text.push_str(PAINTED),
    }
    text
}

fn tuple([x, y, z]: [f32; 3]) -> String {
    format!("({x}, {y}, {z})")
}

/// Writes what need not be exact: directions and colours.
fn short([x, y, z]: [f32; 3]) -> String {
    format!("({x:.5}, {y:.5}, {z:.5})")
}

fn list(text: &mut String, name: &str, values: impl IntoIterator<Item = impl Display>) {
    // Writing to a string cannot fail.
    let _ = write!(text, "        {name} = [");
    for (number, value) in values.into_iter().enumerate() {
        let _ = write!(text, "{}{value}", if number == 0 { "" } else { "," });
    }
    text.push_str("]\n");
}

/// Says how the values of the list that was written last lie on the mesh.
fn interpolation(text: &mut String, name: &str) {
    text.pop();
    let _ = write!(text, " (\n            interpolation = \"{name}\"\n        )\n");
}
