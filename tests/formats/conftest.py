"""The files that every test reads: one GLB in every format, made once.

The model is the one that the environment names (FORMATS_GLB), else a small one made here.
"""

import json
import os
import subprocess
from pathlib import Path

import numpy
import pytest
import trimesh
from PIL import Image

REPOSITORY = Path(__file__).resolve().parents[2]
# Makes every format: the GLB, the folder and the height in millimetres follow. `make` names the example it has built.
CONVERT = os.environ.get("FORMATS_CONVERT", "cargo run --quiet --profile local -p inference-mesh --example convert --").split()
HEIGHT_MM = 80


@pytest.fixture(scope="session")
def made(tmp_path_factory) -> Path:
    """A textured model in every format."""
    return convert(os.environ.get("FORMATS_GLB") or textured(tmp_path_factory.mktemp("source")), tmp_path_factory)


@pytest.fixture(scope="session")
def painted(tmp_path_factory) -> Path:
    """A model with colours of its vertices in every format."""
    path = tmp_path_factory.mktemp("source") / "painted.glb"
    sphere = ball()
    colours = numpy.full((len(sphere.vertices), 4), 255, dtype=numpy.uint8)
    colours[:, 1] = numpy.where(sphere.vertices[:, 1] > 0.5, 0, 255)
    sphere.visual = trimesh.visual.ColorVisuals(sphere, vertex_colors=colours)
    sphere.export(path)
    return convert(path, tmp_path_factory)


@pytest.fixture(params=["made", "painted"])
def folder(request) -> Path:
    """Both models, one after the other."""
    return request.getfixturevalue(request.param)


def loaded(path) -> trimesh.Trimesh:
    """One mesh with the places that the file has, its equal vertices merged."""
    mesh = trimesh.load(path, force="mesh", process=False)
    mesh.merge_vertices(merge_tex=True, merge_norm=True)
    return mesh


def of_record(folder: Path) -> trimesh.Trimesh:
    return loaded(folder / "model.glb")


def convert(glb: Path, tmp_path_factory) -> Path:
    """Makes every format of a GLB, and keeps what was said beside them."""
    folder = tmp_path_factory.mktemp("formats")
    run = subprocess.run([*CONVERT, str(glb), str(folder), str(HEIGHT_MM)], cwd=REPOSITORY, check=True, capture_output=True, text=True)
    (folder / "savings.json").write_text(json.dumps(json.loads(run.stdout)))
    return folder


def ball() -> trimesh.Trimesh:
    """A ball with its base on y = 0, higher than wide."""
    sphere = trimesh.creation.icosphere(subdivisions=3, radius=0.4)
    sphere.apply_scale([1.0, 1.25, 0.75])
    sphere.apply_translation([0, 0.5, 0])
    return sphere


def textured(folder: Path) -> Path:
    """A ball, red above and blue below, green in front: its texture is its view from the front, twice."""
    sphere = ball()
    picture = numpy.zeros((64, 64, 3), dtype=numpy.uint8)
    picture[:32, :, 0] = 255
    picture[32:, :, 2] = 255
    picture[:, 32:, 1] = 255
    x, y, z = sphere.vertices.T
    # The left half of the texture for the back, the right half for the front.
    u = numpy.where(z > 0, 0.75 + x / 2, 0.25 + x / 2)
    sphere.visual = trimesh.visual.TextureVisuals(
        uv=numpy.column_stack([u, y]), material=trimesh.visual.material.PBRMaterial(baseColorTexture=Image.fromarray(picture))
    )
    path = folder / "textured.glb"
    sphere.export(path)
    return path
