"""Every format, read by programs that we did not write."""

import json
import struct
import zipfile

import numpy
import pytest
import trimesh
from pxr import Usd, UsdGeom, UsdShade, UsdValidation

from conftest import HEIGHT_MM, loaded, of_record

APART = 1e-4  # of the model's size: what rounding to decimals or 32 bits may move a place


def assert_same_shape(mesh, folder, bounds=None):
    record = of_record(folder)
    assert len(mesh.faces) == len(record.faces)
    assert mesh.is_watertight and mesh.volume > 0
    if bounds is None:
        bounds = record.bounds
    assert numpy.allclose(mesh.bounds, bounds, atol=APART * numpy.abs(bounds).max())


def printed_bounds(folder):
    """Where the model stands in millimetres: x right, the front towards −Y, the base on z = 0."""
    record = of_record(folder)
    x, y, z = record.extents * HEIGHT_MM / record.extents[1]
    return numpy.array([[-x / 2, -z / 2, 0], [x / 2, z / 2, y]])


def test_the_record_is_watertight(folder):
    assert of_record(folder).is_watertight


def test_stl_is_watertight_in_millimetres(folder):
    mesh = loaded(folder / "model.stl")
    assert_same_shape(mesh, folder, printed_bounds(folder))
    assert (folder / "model.stl").read_bytes()[:5] != b"solid"


def test_3mf_is_watertight_in_millimetres_and_coloured(folder):
    assert_same_shape(loaded(folder / "model.3mf"), folder, printed_bounds(folder))
    with zipfile.ZipFile(folder / "model.3mf") as archive:
        assert archive.testzip() is None
        assert archive.namelist()[0] == "[Content_Types].xml"
        model = archive.read("3D/3dmodel.model").decode()
    assert 'unit="millimeter"' in model
    assert model.count("<m:color ") > 1 and model.count(' pid="1" p1=') == len(of_record(folder).faces)


def test_ply_has_the_colours_of_the_record(folder):
    mesh = loaded(folder / "model.ply")
    assert_same_shape(mesh, folder)
    plain = trimesh.load(folder / "model.ply", process=False)
    colours = plain.visual.vertex_colors[:, :3].astype(int)
    record = trimesh.load(folder / "model.glb", force="mesh", process=False)
    seen = record.visual.to_color() if record.visual.kind == "texture" else record.visual
    seen = seen.vertex_colors[:, :3].astype(int)
    nearest = {tuple(place): colour for place, colour in zip(record.vertices.astype("f4"), seen)}
    apart = [numpy.abs(colour - nearest[tuple(place)]).max() for place, colour in zip(plain.vertices.astype("f4"), colours)]
    # trimesh takes the nearest pixel and the stored value of a linear colour: most vertices agree closely, borders do not.
    if record.visual.kind == "texture":
        assert numpy.mean(numpy.array(apart) < 40) > 0.8
    else:
        assert len(numpy.unique(colours, axis=0)) > 1


def test_obj_has_its_parts_and_places_in_the_texture(folder, tmp_path):
    with zipfile.ZipFile(folder / "model-obj.zip") as archive:
        assert archive.testzip() is None
        archive.extractall(tmp_path)
        names = set(archive.namelist())
    textured = "texture.png" in names
    assert names - {"texture.png"} == {"model.obj", "model.mtl"}
    assert_same_shape(loaded(tmp_path / "model.obj"), folder)
    mesh = trimesh.load(tmp_path / "model.obj", process=False)
    if textured:
        record = trimesh.load(folder / "model.glb", force="mesh", process=False)
        assert mesh.visual.material.image.size == record.visual.material.baseColorTexture.size
        places = {tuple(row) for row in numpy.round(numpy.column_stack([record.vertices, record.visual.uv]), 4)}
        there = [tuple(row) in places for row in numpy.round(numpy.column_stack([mesh.vertices, mesh.visual.uv]), 4)]
        assert numpy.mean(there) > 0.99
    else:
        # trimesh passes over colours beside a material.
        places = [line.split() for line in (tmp_path / "model.obj").read_text().splitlines() if line.startswith("v ")]
        assert {len(place) for place in places} == {7}
        assert len({tuple(place[4:]) for place in places}) > 1


def test_usdz_passes_every_validator_and_has_its_real_size(folder):
    stage = Usd.Stage.Open(str(folder / "model.usdz"))
    validators = UsdValidation.ValidationRegistry().GetOrLoadAllValidators()
    assert len(validators) > 20
    assert [error.GetMessage() for error in UsdValidation.ValidationContext(validators).Validate(stage)] == []
    assert UsdGeom.GetStageUpAxis(stage) == "Y"
    mesh = UsdGeom.Mesh(stage.GetPrimAtPath("/Model/Mesh"))
    assert len(mesh.GetFaceVertexCountsAttr().Get()) == len(of_record(folder).faces)
    low, high = numpy.array(mesh.GetExtentAttr().Get()) * UsdGeom.GetStageMetersPerUnit(stage)
    assert low[1] == 0 and high[1] == pytest.approx(HEIGHT_MM / 1000)
    assert UsdShade.MaterialBindingAPI(mesh.GetPrim()).ComputeBoundMaterial()[0]


def test_usdz_is_stored_and_aligned_its_layer_first(folder):
    path = folder / "model.usdz"
    contents = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[0] == "model.usda"
        for entry in archive.infolist():
            name, extra = struct.unpack("<HH", contents[entry.header_offset + 26 : entry.header_offset + 30])
            assert entry.compress_type == zipfile.ZIP_STORED
            assert (entry.header_offset + 30 + name + extra) % 64 == 0


def test_the_compact_file_is_smaller_and_says_what_it_needs(folder):
    contents = (folder / "model-compact.glb").read_bytes()
    description = json.loads(contents[20 : 20 + struct.unpack("<I", contents[12:16])[0]])
    assert {"KHR_mesh_quantization", "EXT_meshopt_compression"} <= set(description["extensionsRequired"])
    savings = json.loads((folder / "savings.json").read_text())
    assert savings["coded_geometry"] < savings["quantised_geometry"] < savings["plain_geometry"]
    assert len(contents) < (folder / "model.glb").stat().st_size
