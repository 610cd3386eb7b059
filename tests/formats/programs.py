"""The programs that people open our files with: PrusaSlicer and Blender. Slow to install, so not part of the gate.

`make test-programs` runs this file; the slicer is Debian's package (`apt install prusa-slicer`).
"""

import shutil
import subprocess
import zipfile

import bpy
import numpy
import pytest
from mathutils import Vector

from conftest import HEIGHT_MM, of_record


@pytest.mark.parametrize("name", ["model.stl", "model.3mf"])
def test_a_slicer_takes_it_as_it_is_and_cuts_it(folder, tmp_path, name):
    slicer = shutil.which("prusa-slicer")
    assert slicer, "prusa-slicer is missing: apt install prusa-slicer"
    said = subprocess.run([slicer, "--info", folder / name], check=True, capture_output=True, text=True).stdout
    facts = dict(line.split("=", 1) for line in said.replace(" ", "").splitlines() if "=" in line)
    assert facts["manifold"] == "yes" and facts["number_of_parts"] == "1", said
    # What the slicer had to repair it would list here.
    assert not {"degenerate_facets", "edges_fixed", "facets_removed", "facets_reversed", "backwards_edges"} & facts.keys()
    assert int(facts["number_of_facets"]) == len(of_record(folder).faces)
    assert float(facts["size_z"]) == pytest.approx(HEIGHT_MM, abs=1e-3)

    path = tmp_path / "model.gcode"
    subprocess.run([slicer, "--export-gcode", "--output", path, folder / name], check=True, capture_output=True)
    layers = [line for line in path.read_text().splitlines() if line.startswith(";LAYER_CHANGE")]
    assert len(layers) > HEIGHT_MM / 0.4, "no layer is thicker than the nozzle"


READERS = {
    "model.glb": lambda path: bpy.ops.import_scene.gltf(filepath=path),
    "model.obj": lambda path: bpy.ops.wm.obj_import(filepath=path),
    "model.stl": lambda path: bpy.ops.wm.stl_import(filepath=path),
    "model.ply": lambda path: bpy.ops.wm.ply_import(filepath=path),
    "model.usdz": lambda path: bpy.ops.wm.usd_import(filepath=path),
}
BLENDER_UNITS = {"model.stl": HEIGHT_MM, "model.usdz": HEIGHT_MM / 1000}


@pytest.mark.parametrize("name", READERS)
def test_blender_reads_it_upright_and_in_its_size(folder, tmp_path, name):
    bpy.ops.wm.read_factory_settings(use_empty=True)
    path = folder / name
    if name == "model.obj":
        with zipfile.ZipFile(folder / "model-obj.zip") as archive:
            archive.extractall(tmp_path)
        path = tmp_path / name
    READERS[name](str(path))
    [thing] = [thing for thing in bpy.data.objects if thing.type == "MESH"]
    record = of_record(folder)
    assert len(thing.data.polygons) == len(record.faces)
    corners = numpy.array([thing.matrix_world @ Vector(corner) for corner in thing.bound_box])
    low, high = corners.min(axis=0), corners.max(axis=0)
    # Blender's z is up; PLY has no axis of its own and stays y up.
    up = 1 if name == "model.ply" else 2
    assert low[up] == pytest.approx(0, abs=1e-4)
    assert high[up] == pytest.approx(BLENDER_UNITS.get(name, record.extents[1]), rel=1e-4)
