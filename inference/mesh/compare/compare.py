"""Compares our surfaces with PyMCubes, scikit-image, fast-simplification and trimesh, which also checks every one.

    cargo build --release -p inference-mesh --example surfaces
    python compare.py TARGET/release/examples/surfaces OBJECTS_FOLDER|none [OUT.json]

Times are compared within one run: a ratio above 1 means that ours is faster; these go into OUT too. Objects (*.glb) are voxelised to closed
signed distances; random fields with handles come on top.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import time

import fast_simplification
import mcubes
import numpy as np
import trimesh
from scipy import ndimage
from skimage import measure

RUNS = 3
COUNTS = [100, 300, 1000, 5000, 20000, 100000]


def timed(step):
    """Gives what a step gives, and its mean wall and CPU milliseconds."""
    step()
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(RUNS):
        answer = step()
    return answer, (time.perf_counter() - wall) * 1000 / RUNS, (time.process_time() - cpu) * 1000 / RUNS


def ours(program, field, level, counts):
    """Runs the example; gives for each step its surface, wall ms, CPU ms and error."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder)
        field.astype("<f4").tofile(path / "field")
        depth, height, width = field.shape
        command = [program, path / "field", width, height, depth, level, path, *counts]
        lines = subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout
        found = {}
        for line in lines.splitlines():
            name, wall, cpu, _, _, error = line.split()
            vertices = np.fromfile(path / f"{name}.v", "<f4").reshape(-1, 3)
            faces = np.fromfile(path / f"{name}.t", "<u4").reshape(-1, 3).astype(np.int64)
            found[name] = (vertices, faces, float(wall), float(cpu), float(error))
        return found


def balls(side, seed, level=1.0, ripple=0.0):
    """Gives a field of random metaballs; ripples make handles and many faces."""
    random = np.random.default_rng(seed)
    line = np.linspace(-1, 1, side, dtype=np.float32)
    z, y, x = np.meshgrid(line, line, line, indexing="ij")
    field = np.full((side,) * 3, -level, np.float32)
    for at in random.uniform(-0.6, 0.6, (12, 3)):
        field += np.float32(0.05) / ((x - at[0]) ** 2 + (y - at[1]) ** 2 + (z - at[2]) ** 2 + np.float32(0.001))
    return field + np.float32(ripple) * np.sin(20 * x) * np.sin(20 * y) * np.sin(20 * z)


def voxelised(path, side=200):
    """Gives the signed distance of an object's filled voxels."""
    mesh = trimesh.load(path, force="mesh")
    voxels = mesh.voxelized(mesh.extents.max() / (side - 8)).matrix
    solid = ndimage.binary_fill_holes(ndimage.binary_closing(np.pad(voxels, 4))).transpose(2, 1, 0)
    distance = ndimage.distance_transform_edt(solid) - ndimage.distance_transform_edt(~solid)
    return ndimage.gaussian_filter(distance.astype(np.float32), 0.7)


def judge(mesh):
    """Asks trimesh what our check says."""
    return mesh.is_watertight, mesh.is_winding_consistent, mesh.body_count, mesh.volume, mesh.area_faces.min()


def compare_times(program, side, ripple):
    """Prints and gives each step's ratios to each library: name, wall, CPU."""
    rows = []

    def tell(name, wall, cpu):
        print(f"  {name}: {wall:.1f} x wall, {cpu:.1f} x CPU", flush=True)
        rows.append([f"{side}^3, {triangles:,} triangles", name, round(wall, 2), round(cpu, 2)])

    field = balls(side, 1, ripple=ripple)
    found = ours(program, field, 0.0, [20000])
    vertices, faces, wall, cpu, _ = found["dense"]
    triangles = len(faces)
    print(f"\n{side}^3, {len(faces)} triangles: dense {wall:.0f} ms wall, {cpu:.0f} ms CPU")
    for name, other in [
        ("PyMCubes", lambda: mcubes.marching_cubes(field, 0.0)),
        ("scikit-image lewiner", lambda: measure.marching_cubes(field, 0.0)),
    ]:
        _, other_wall, other_cpu = timed(other)
        tell(f"surface, {name}", other_wall / wall, other_cpu / max(cpu, 1))
    vertices, faces, *_ = found["smooth"]
    _, other_wall, other_cpu = timed(
        lambda: fast_simplification.simplify(vertices, faces.astype(np.int32), target_count=20000)
    )
    _, _, wall, cpu, error = found["simple20000"]
    print(f"  {len(faces)} to 20000: {wall:.0f} ms wall, {cpu:.0f} ms CPU, error {error:.5f}")
    tell("to 20,000, fast-simplification", other_wall / wall, other_cpu / cpu)
    whole = trimesh.Trimesh(vertices, faces, process=False)
    for name, other in [
        ("check", lambda: judge(trimesh.Trimesh(vertices, faces, process=False))),
        ("smooth", lambda: trimesh.smoothing.filter_taubin(whole.copy(), iterations=10)),
    ]:
        _, other_wall, other_cpu = timed(other)
        tell(f"{name}, trimesh", other_wall / found[name][2], other_cpu / max(found[name][3], 1))
    for name in ["clean", "smooth", "mirror", "base"]:
        print(f"  {name}: {found[name][2]:.0f} ms wall, {found[name][3]:.0f} ms CPU")
    return rows


def compare_quality(program, name, field):
    """Checks every surface; gives how many were checked, and how many of ours and of the other's were not closed."""
    found = ours(program, field, 0.0, COUNTS)
    del found["check"]  # has no surface of its own
    bad = other_bad = 0
    whole = trimesh.Trimesh(*found["smooth"][:2], process=False)
    pieces = whole.body_count
    notes = []
    for step, (vertices, faces, *_, error) in found.items():
        mesh = trimesh.Trimesh(vertices, faces, process=False)
        sound = mesh.is_watertight and mesh.is_winding_consistent and mesh.is_volume and mesh.area_faces.min() > 0
        if step.startswith("simple"):
            count = int(step[6:])
            sound &= len(faces) <= count and mesh.body_count == pieces
            sound &= len(faces) < count or mesh.euler_number == whole.euler_number
            if count >= len(whole.faces):
                continue
            points, chosen = fast_simplification.simplify(
                whole.vertices.astype(np.float32), whole.faces.astype(np.int32), target_count=count
            )
            other = trimesh.Trimesh(points, chosen, process=False)
            other_bad += not (other.is_volume and other.body_count == pieces)
            if count in (1000, 20000):
                notes.append(f"{count}: volume {mesh.volume / whole.volume:.4f} (other {other.volume / whole.volume:.4f})")
        if not sound:
            bad += 1
            notes.append(f"NOT SOUND: {step}")
    print(f"  {name}: {len(whole.faces)} faces, {pieces} pieces, euler {whole.euler_number}; {'; '.join(notes)}", flush=True)
    return len(found), bad, other_bad


def main(program, objects, out=None):
    rows = [row for side, ripple in ((256, 0.0), (256, 0.3), (128, 0.3)) for row in compare_times(program, side, ripple)]
    if out:
        pathlib.Path(out).write_text("[\n" + ",\n".join(map(json.dumps, rows)) + "\n]\n")
    if objects == "none":
        return
    fields = [(path.stem, lambda path=path: voxelised(path)) for path in sorted(pathlib.Path(objects).glob("*.glb"))]
    fields += [(f"balls {seed}", lambda seed=seed: balls(96, seed, ripple=0.5)) for seed in range(2, 8)]
    totals = np.sum([compare_quality(program, name, field()) for name, field in fields], axis=0)
    print(f"{totals[0]} surfaces, {totals[1]} of ours not sound, {totals[2]} of fast-simplification's not closed")


main(*sys.argv[1:])
