#!/usr/bin/env python3
"""Scores the shapes that engines make of pictures of known objects: the protocol is in README.md beside this file.

    python tests/models/shape.py --binaries target/local --objects folder --out folder [--views 2] [--engines …]

Writes `shape.json`, `shape.md` (a row for each model) and sheets to look at; prints means, medians and worst.
"""

import argparse
import csv
import json
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import trimesh
from PIL import Image, ImageDraw
from scipy.spatial import cKDTree

SEED = 7
PHOTO_PX = 512
POINTS = 10_000
ICP_ROUNDS = 40
NEAR, FAR = 0.05, 0.1  # the thresholds of F, in radii of the ball around the truth
VIEW_PX = 192
BOX_ALPHA, FOREGROUND_PERCENT = 32, 85  # as in inference/image/src/frame.rs and the pipeline's default
UNSEEN = ((90, 10), (180, 10), (270, 10), (45, 50))  # yaw from the photo's, and pitch, in degrees
BASELINES = ("card", "oracle")  # made of the true views by examples/layers.rs
LONGEST_RUN_S = 600
FIELDS = ("chamfer", "f_near", "f_far", "normals", "iou", "psnr", "unseen_iou", "unseen_psnr", "f_near_unaligned")


def main() -> int:
    options = read_options()
    options.out.mkdir(parents=True, exist_ok=True)
    views = options.binaries / "examples" / "views"
    run(views, options.objects, options.out / "views", options.views, SEED, 0, PHOTO_PX)
    with open(options.out / "views" / "views.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    with ThreadPoolExecutor(options.workers) as pool:
        results = sum(pool.map(lambda row: score_view(options, row), rows), [])
    (options.out / "shape.json").write_text(json.dumps(results, indent=1) + "\n")
    (options.out / "shape.md").write_text(table(results) + "\n")
    for part in range(0, len(rows), 10):
        sheet(options, rows[part : part + 10], options.out / f"shape-{part // 10}.png")
    for left in (*options.out.glob("seen-*"), options.out / "sheet.png"):
        left.unlink(missing_ok=True)
    print(summary(options, results))
    return 0


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binaries", type=Path, required=True, help="the folder with imageto3d and examples/")
    parser.add_argument("--objects", type=Path, required=True, help="a folder of GLB files")
    parser.add_argument("--views", type=int, default=2, help="pictures of each object")
    parser.add_argument("--engines", default="card,inflate,relief,oracle", type=lambda text: text.split(","))
    parser.add_argument("--workers", type=int, default=2, help="pictures that are worked on at once; times are longer then")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    options.binaries = options.binaries.resolve()
    return options


def score_view(options: argparse.Namespace, row: dict) -> list[dict]:
    truth = Truth(options, row)
    return [score(options, truth, engine) for engine in options.engines]


def run(*command: object) -> None:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=LONGEST_RUN_S)
    if done.returncode != 0:
        raise RuntimeError(f"{Path(str(command[0])).name} ended with {done.returncode}: {done.stderr.strip()[-300:]}")


class Truth:
    """One object in one view: its points in the camera's frame, in a ball of radius 1."""

    def __init__(self, options: argparse.Namespace, row: dict):
        self.row = row
        self.name = f"{row['object']}-{row['view']}"
        self.model = options.objects / f"{row['object']}.glb"
        self.photo = options.out / "views" / f"{self.name}.png"
        self.camera = json.loads(self.photo.with_suffix(".json").read_text())["camera"]
        self.pose = pose(self.camera)
        self.points, self.normals = sampled(self.model, 1)
        self.points, self.normals = self.points @ self.pose.T, self.normals @ self.pose.T
        self.middle, self.radius = ball(self.points)
        self.points = (self.points - self.middle) / self.radius


def pose(camera: dict) -> np.ndarray:
    """The rotation into the camera's frame: rows to the right, up, and towards the eye."""
    forward = np.array(camera["forward"])
    across = np.array(camera["right"])
    across = across - forward * (across @ forward)
    across /= np.linalg.norm(across)
    return np.stack([across, np.cross(across, forward), -forward])


def sampled(model: Path, seed: int) -> tuple[np.ndarray, np.ndarray]:
    surface = trimesh.load_mesh(model, process=False)
    points, faces = trimesh.sample.sample_surface(surface, POINTS, seed=seed)[:2]
    return np.asarray(points), np.asarray(surface.face_normals[faces])


def ball(points: np.ndarray) -> tuple[np.ndarray, float]:
    middle = (points.min(0) + points.max(0)) / 2
    return middle, float(np.linalg.norm(points - middle, axis=1).max())


def score(options: argparse.Namespace, truth: Truth, engine: str) -> dict:
    model = options.out / f"{truth.name}-{engine}.glb"
    result = {"object": truth.row["object"], "view": truth.row["view"], "engine": engine}
    start = time.monotonic()
    try:
        make(options, truth, engine, model)
        result["seconds"] = round(time.monotonic() - start, 2)
        report = json.loads(model.with_suffix(".json").read_text())
        result["timings_ms"] = report.get("timings_ms", {})
        surface = trimesh.load_mesh(model, process=False)
        welded, place = np.unique(surface.vertices, axis=0, return_inverse=True)
        result["watertight"] = bool(trimesh.Trimesh(welded, place.reshape(-1)[surface.faces], process=False).is_watertight)
        turn = pose(report["camera"])
        points, normals = sampled(model, 2)
        points, normals = points @ turn.T, normals @ turn.T
        middle, radius = ball(points)
        points = (points - middle) / radius
        result["f_near_unaligned"] = apart(truth, points, normals)["f_near"]
        scale, rotation, shift = aligned(points, truth.points)
        result |= apart(truth, points @ rotation.T * scale + shift, normals @ rotation.T)
        # From the model's own space to the truth's: first into its frame and ball, then aligned, then out of the truth's.
        grown = scale / radius * truth.radius
        whole = truth.pose.T @ rotation @ turn
        moved = truth.pose.T @ (truth.radius * (shift - rotation @ middle * scale / radius) + truth.middle)
        result |= seen(options, truth, engine, model, report["camera"], (grown, whole, moved))
    except (RuntimeError, OSError, ValueError, KeyError) as fault:
        result["fault"] = str(fault)
        print(f"{truth.name} {engine}: {fault}", file=sys.stderr)
    return result


def make(options: argparse.Namespace, truth: Truth, engine: str, model: Path) -> None:
    if engine in BASELINES:
        views = options.out / "views" / "views.bin"
        run(options.binaries / "examples" / "layers", truth.photo, views, truth.row["record"], truth.row["tangent"], engine, model)
    else:
        run(options.binaries / "imageto3d", truth.photo, "-o", model, "--engine", engine, "--report", model.with_suffix(".json"))


def aligned(points: np.ndarray, truth: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """ICP with scale: each point with the nearest of the other surface, both ways, so that nothing can shrink away."""
    scale, rotation, shift = 1.0, np.eye(3), np.zeros(3)
    tree = cKDTree(truth)
    for _ in range(ICP_ROUNDS):
        moved = points @ rotation.T * scale + shift
        there, back = tree.query(moved)[1], cKDTree(moved).query(truth)[1]
        source, target = np.concatenate([points, points[back]]), np.concatenate([truth[there], truth])
        a, b = source - source.mean(0), target - target.mean(0)
        u, size, v = np.linalg.svd(b.T @ a)
        sign = np.diag([1, 1, np.sign(np.linalg.det(u @ v))])
        rotation = u @ sign @ v
        scale = float((size * np.diag(sign)).sum() / (a**2).sum())
        shift = target.mean(0) - rotation @ source.mean(0) * scale
    return scale, rotation, shift


def apart(truth: Truth, points: np.ndarray, normals: np.ndarray) -> dict:
    to_truth, at_truth = cKDTree(truth.points).query(points)
    to_model, at_model = cKDTree(points).query(truth.points)
    one, two = (np.abs((normals * truth.normals[at_truth]).sum(1)).mean(), np.abs((truth.normals * normals[at_model]).sum(1)).mean())
    f = lambda near: harmonic((to_truth < near).mean(), (to_model < near).mean())
    return {"chamfer": float((to_truth.mean() + to_model.mean()) / 2), "f_near": f(NEAR), "f_far": f(FAR), "normals": float((one + two) / 2)}


def harmonic(one: float, two: float) -> float:
    return float(2 * one * two / (one + two)) if one + two else 0.0


def seen(options: argparse.Namespace, truth: Truth, engine: str, model: Path, camera: dict, move: tuple) -> dict:
    """Compares pictures: at the photo's view through the model's own camera, and at views that nobody had."""
    iou, psnr = compared(rendered(options, model, camera), framed(truth.photo, engine))
    unseen = []
    for yaw, pitch in UNSEEN:
        other = around(float(truth.row["yaw"]) + yaw, pitch)
        unseen.append(compared(rendered(options, model, brought(other, move)), rendered(options, truth.model, other)))
    return {"iou": iou, "psnr": psnr, "unseen_iou": float(np.mean([one for one, _ in unseen])), "unseen_psnr": float(np.mean([two for _, two in unseen]))}


def rendered(options: argparse.Namespace, model: Path, camera: dict) -> np.ndarray:
    path, picture = (options.out / f"seen-{threading.get_ident()}.{ending}" for ending in ("json", "png"))
    path.write_text(json.dumps({"camera": camera}))
    run(options.binaries / "imageto3d", "render", model, "-o", picture, "--kind", "flat", "--camera", path, "--size", VIEW_PX)
    with Image.open(picture) as opened:
        return np.asarray(opened.convert("RGBA"), dtype=np.float64)


def framed(photo: Path, engine: str) -> np.ndarray:
    """The photo as its model's camera frames it: baselines take it as it is, the pipeline cuts its own square."""
    with Image.open(photo) as opened:
        picture = opened.convert("RGBA")
    if engine not in BASELINES:
        alpha = np.asarray(picture)[..., 3] > BOX_ALPHA
        rows, columns = (np.flatnonzero(alpha.any(axis=axis)) for axis in (1, 0))
        low, high = np.array([columns[0], rows[0]]), np.array([columns[-1], rows[-1]]) + 1
        side = -(-int(max(high - low)) * 100 // FOREGROUND_PERCENT)
        square = Image.new("RGBA", (side, side))
        square.paste(picture.crop((*low, *high)), tuple(int(part) for part in (side - (high - low)) // 2))
        picture = square
    shares = np.asarray(picture, dtype=np.float64)
    shares[..., :3] *= shares[..., 3:] / 255
    scaled = np.stack([np.asarray(Image.fromarray(shares[..., part].astype(np.float32)).resize((VIEW_PX, VIEW_PX), Image.Resampling.BOX)) for part in range(4)], -1)
    scaled[..., :3] /= np.maximum(scaled[..., 3:] / 255, 1e-3)
    return scaled


def around(yaw: float, pitch: float) -> dict:
    """An eye four units from the middle of a unit box, that sees all of it."""
    (ys, yc), (ps, pc) = ((np.sin(angle), np.cos(angle)) for angle in np.radians([yaw, pitch]))
    forward = np.array([-ys * pc, -ps, -yc * pc])
    right, up = np.array([yc, 0, -ys]), np.array([-ys * ps, pc, -yc * ps])
    extent = 1.5 / 4
    return {"origin": list(-forward * 4), "right": list(right / extent), "down": list(-up / extent), "forward": list(forward), "perspective": True}


def brought(camera: dict, move: tuple[float, np.ndarray, np.ndarray]) -> dict:
    """The camera that sees a model as this one sees it moved."""
    scale, rotation, shift = move
    turned = {name: list(rotation.T @ np.array(camera[name])) for name in ("right", "down", "forward")}
    return camera | turned | {"origin": list(rotation.T @ (np.array(camera["origin"]) - shift) / scale)}


def compared(one: np.ndarray, two: np.ndarray) -> tuple[float, float]:
    """The share of all their pixels that both cover, and PSNR over all of them on grey."""
    covered = [picture[..., 3] > 127 for picture in (one, two)]
    either = covered[0] | covered[1]
    if not either.any():
        return 0.0, 0.0
    laid = [picture[..., :3] * (share := picture[..., 3:] / 255) + 128 * (1 - share) for picture in (one, two)]
    error = ((laid[0] - laid[1])[either] ** 2).mean()
    return float((covered[0] & covered[1]).sum() / either.sum()), float(10 * np.log10(255**2 / max(error, 1e-3)))


def summary(options: argparse.Namespace, results: list[dict]) -> str:
    lines = ["| engine | | " + " | ".join(FIELDS) + " | watertight |", "|---" * (len(FIELDS) + 3) + "|"]
    for engine in options.engines:
        mine = [result for result in results if result["engine"] == engine and "fault" not in result]
        for name, of in (("mean", np.mean), ("median", np.median), ("worst", None)):
            cells = []
            for field in FIELDS:
                values = [result[field] for result in mine]
                worst = max if field == "chamfer" else min
                cells.append(f"{(of or worst)(values):.3f}" if values else "")
            sound = f"{sum(result['watertight'] for result in mine)} of {sum(result['engine'] == engine for result in results)}"
            lines.append(f"| {engine} | {name} | " + " | ".join(cells) + f" | {sound if name == 'mean' else ''} |")
    return "\n".join(lines)


def table(results: list[dict]) -> str:
    lines = ["| object | view | engine | " + " | ".join(FIELDS) + " |", "|---" * (len(FIELDS) + 3) + "|"]
    for result in results:
        cells = [f"{result[field]:.3f}" if field in result else result.get("fault", "") for field in FIELDS]
        lines.append(f"| {result['object']} | {result['view']} | {result['engine']} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def sheet(options: argparse.Namespace, rows: list[dict], path: Path) -> None:
    """Photo, then for each engine the model from the photo's side, from 60° beside it and from behind it; last the truth."""
    columns = len(options.engines) * 3 + 4
    whole = Image.new("RGB", (columns * 128, len(rows) * 128), "white")
    pen = ImageDraw.Draw(whole)
    for line, row in enumerate(rows):
        name = f"{row['object']}-{row['view']}"
        with Image.open(options.out / "views" / f"{name}.png") as photo:
            put(whole, photo.convert("RGBA"), 0, line)
        sources = [(options.out / f"{name}-{engine}.glb", 0.0) for engine in options.engines]
        for place, (model, yaw) in enumerate([*sources, (options.objects / f"{row['object']}.glb", float(row["yaw"]))]):
            for turn, beside in enumerate((0, 60, 180)):
                picture = options.out / "sheet.png"
                try:
                    run(options.binaries / "imageto3d", "render", model, "-o", picture, "--yaw", yaw + beside, "--pitch", 10, "--size", 128)
                except RuntimeError:
                    continue
                with Image.open(picture) as opened:
                    put(whole, opened.convert("RGBA"), 1 + place * 3 + turn, line)
        pen.text((2, line * 128 + 2), name, fill="black")
    whole.save(path)


def put(whole: Image.Image, picture: Image.Image, column: int, line: int) -> None:
    small = picture.resize((128, 128), Image.Resampling.BOX)
    whole.paste(small, (column * 128, line * 128), small)


if __name__ == "__main__":
    sys.exit(main())
