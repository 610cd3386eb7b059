"""Compares our unwrap with xatlas for Python, and our bake with one of NumPy and SciPy.

    cargo build --release -p inference-texture --example textures
    python compare.py TARGET/release/examples/textures OUT.json MODEL.glb…

Times are compared within one run, ours and theirs in turn: a ratio above 1 means that ours is faster. The NumPy bake
works on our charts and does less than ours: it reads the photo once at each texel and fills the gutters, but asks
neither what hides a texel nor how fine the photo is there. How far the two agree in front is printed with the times.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy as np
import trimesh
import xatlas
from PIL import Image
from scipy import ndimage

SIZES = [1024, 2048]
PHOTO_PX = 1024
ALIKE = 24  # of 255: the photo is read a little differently, at its pixels' borders


def clock(step):
    step()
    start = time.perf_counter()
    answer = step()
    return answer, (time.perf_counter() - start) * 1000


def ours(program, model, photo, size):
    """Gives the milliseconds of each step, the texture and the charts."""
    with tempfile.TemporaryDirectory() as folder:
        command = [program, model, photo, str(size), folder]
        lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
        times = {name: float(took) for name, took in (line.split() for line in lines)}
        path = pathlib.Path(folder)
        points = np.fromfile(path / "points.f32", "<f4").reshape(-1, 2).astype(np.float64)
        corners = np.fromfile(path / "triangles.u32", "<u4").reshape(-1, 3).astype(np.int64)
        return times, np.asarray(Image.open(path / "texture.png")).astype(int), points, corners


def photo_of(path):
    """Writes a photo with soft spots of many colours, opaque everywhere."""
    random = np.random.default_rng(1)
    soft = ndimage.gaussian_filter(random.uniform(size=(PHOTO_PX, PHOTO_PX, 3)), (6, 6, 0))
    soft = (soft - soft.min()) / (soft.max() - soft.min())
    opaque = np.full((PHOTO_PX, PHOTO_PX, 1), 255.0)
    Image.fromarray(np.concatenate([soft * 255, opaque], axis=2).astype(np.uint8)).save(path)
    return soft * 255


def baked(surface, points, corners, size, photo):
    """Bakes with NumPy: all texels in all triangles' boxes at once, then the photo, then the gutters."""
    places = points[corners] * size
    low = np.floor(places.min(axis=1) - 0.5).astype(int).clip(0, size - 1)
    high = np.ceil(places.max(axis=1) + 0.5).astype(int).clip(1, size)
    spans = high - low
    counts = spans.prod(axis=1)
    which = np.repeat(np.arange(len(corners)), counts)
    inside = np.arange(counts.sum()) - np.repeat(counts.cumsum() - counts, counts)
    x = low[which, 0] + inside % spans[which, 0]
    y = low[which, 1] + inside // spans[which, 0]
    a, b, c = places[which, 0], places[which, 1], places[which, 2]
    u, v, w = b - a, c - a, np.column_stack([x + 0.5, y + 0.5]) - a
    whole = u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        s = (w[:, 0] * v[:, 1] - w[:, 1] * v[:, 0]) / whole
        t = (u[:, 0] * w[:, 1] - u[:, 1] * w[:, 0]) / whole
    keep = (s >= 0) & (t >= 0) & (s + t <= 1)
    which, x, y, s, t = which[keep], x[keep], y[keep], s[keep, None], t[keep, None]
    corner = surface.vertices[surface.faces[which]]
    at = corner[:, 0] * (1 - s - t) + corner[:, 1] * s + corner[:, 2] * t
    across, down = (at[:, 0] + 0.5) * PHOTO_PX - 0.5, (1 - at[:, 1]) * PHOTO_PX - 0.5
    front = surface.face_normals[which, 2] > 0
    colour = np.full((len(at), 3), 127.0)
    for channel in range(3):
        colour[front, channel] = ndimage.map_coordinates(
            photo[..., channel], [down[front], across[front]], order=1, mode="nearest"
        )
    texture, known = np.zeros((size, size, 3)), np.zeros((size, size), bool)
    texture[y, x], known[y, x] = colour, True
    nearest = ndimage.distance_transform_edt(~known, return_distances=False, return_indices=True)
    texture = texture[nearest[0], nearest[1]]
    straight = np.zeros((size, size), bool)
    straight[y, x] = surface.face_normals[which, 2] > 0.9
    return texture, straight


def main(program, out, models):
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        picture = pathlib.Path(folder) / "photo.png"
        photo = photo_of(picture)
        for model in models:
            whole = trimesh.load_mesh(model, process=False)
            welded, place = np.unique(whole.vertices, axis=0, return_inverse=True)
            surface = trimesh.Trimesh(welded, place.reshape(-1)[whole.faces], process=False)
            vertices, faces = surface.vertices.astype(np.float32), surface.faces.astype(np.uint32)
            _ = surface.face_normals
            print(f"\n{pathlib.Path(model).stem}: {len(faces)} triangles", flush=True)
            for size in SIZES:
                times, texture, points, corners = ours(program, model, picture, size)
                (theirs, straight), took = clock(lambda: baked(surface, points, corners, size, photo))
                alike = (np.abs(texture - theirs).max(axis=2) <= ALIKE)[straight].mean()
                rows.append([f"{pathlib.Path(model).stem}, {len(faces):,} triangles", f"bake {size}, NumPy", round(took / times["bake"], 2)])
                print(f"  bake {size}: {took / times['bake']:.1f} x NumPy's wall ({alike:.1%} alike in front)", flush=True)
            _, took = clock(lambda: xatlas.parametrize(vertices, faces))
            rows.append([f"{pathlib.Path(model).stem}, {len(faces):,} triangles", "unwrap, xatlas", round(took / times["unwrap"], 2)])
            print(f"  unwrap: {took / times['unwrap']:.1f} x xatlas's wall", flush=True)
    pathlib.Path(out).write_text("[\n" + ",\n".join(map(json.dumps, rows)) + "\n]\n")


main(sys.argv[1], sys.argv[2], sys.argv[3:])
