#!/usr/bin/env python3
"""Scores the models that `imageto3d` makes: of each object a picture is taken, of the picture models are made.

    python tests/models/score.py --imageto3d target/release/imageto3d --objects folder [--photos folder] \\
        --faces 300,1000,5000,20000,100000 --out folder

Slow, so not part of the gate. Every model is checked by trimesh, which shares no code with us, against our own report.
Writes `results.json`, and a contact sheet for each number of faces; prints a table; ends with 1 if fewer than 99 % of
the models asked for are watertight, be it because one leaks or because it was not made.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import trimesh
from PIL import Image, ImageDraw
from scipy.spatial import cKDTree

LEAST_WATERTIGHT_SHARE = 0.99
SAMPLES = 20_000  # points on each surface for the distance between two: some thousandths of the longest side apart
SMALLEST_AREA = 1e-12  # of a triangle, as in inference/mesh/src/check.rs
PLACE_TOLERANCE = 1e-3  # how far a model may be from its unit box
BOX_ALPHA = 32  # and the next: as in inference/image/src/frame.rs
MOST_FRAME_PX = 2048
OPAQUE = 255
SHEET_MODELS = 20
SHEET_PX = 256
SHEET_YAWS = (0, 90, 180)
LONGEST_RUN_S = 600


def main() -> int:
    options = read_options()
    photos = take_photos(options) + sorted_files(options.photos, (".png", ".jpg", ".jpeg", ".webp"))
    if not photos:
        print("no object and no photo to score", file=sys.stderr)
        return 1
    results = [result for photo in photos for result in score_photo(options, photo)]
    for faces in options.faces:
        draw_sheet(options, faces, results)
    (options.out / "results.json").write_text(json.dumps(results, indent=1) + "\n")
    share = sum(result.get("is_watertight", False) for result in results) / len(results)
    print(table(results))
    print(f"\n{len(results)} models, {share:.1%} watertight")
    psnr = sorted(result["front_psnr"] for result in results if "front_psnr" in result)
    if psnr:
        print(f"front against the picture: median {psnr[len(psnr) // 2]:.1f} dB, least {psnr[0]:.1f} dB")
    return 0 if share >= LEAST_WATERTIGHT_SHARE else 1


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--imageto3d", type=Path, required=True, help="the binary")
    parser.add_argument("--objects", type=Path, help="a folder of GLB files to take pictures of")
    parser.add_argument("--photos", type=Path, help="a folder of photos")
    parser.add_argument("--faces", type=lambda text: sorted({int(part) for part in text.split(",")}), required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    options.imageto3d = options.imageto3d.resolve()
    options.out.mkdir(parents=True, exist_ok=True)
    return options


def sorted_files(folder: Path | None, endings: tuple[str, ...]) -> list[Path]:
    if folder is None:
        return []
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in endings)


def run(options: argparse.Namespace, *arguments: object) -> str | None:
    """Runs the binary; gives what went wrong, or nothing."""
    command = [str(options.imageto3d), *map(str, arguments)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_RUN_S)
    except subprocess.TimeoutExpired:
        return f"not done after {LONGEST_RUN_S} s"
    return None if done.returncode == 0 else f"ended with {done.returncode}: {done.stderr.strip()[-300:]}"


def render(options: argparse.Namespace, model: Path, picture: Path, yaw: int, pitch: int, size: int, kind="view") -> str | None:
    return run(options, "render", model, "-o", picture, "--kind", kind, "--yaw", yaw, "--pitch", pitch, "--size", size)


def take_photos(options: argparse.Namespace) -> list[Path]:
    """Draws a transparent picture of each object, without our light and shadow: scans bring their own. One that cannot be drawn still comes back, and fails later."""
    photos = []
    for model in sorted_files(options.objects, (".glb",)):
        photo = options.out / f"{model.stem}-photo.png"
        photo.unlink(missing_ok=True)
        if fault := render(options, model, photo, 20, 15, 1024, "flat"):
            print(f"no picture of {model.name}: {fault}", file=sys.stderr)
        photos.append(photo)
    return photos


def score_photo(options: argparse.Namespace, photo: Path) -> list[dict]:
    """Makes the models of one photo, and measures how far each is from the one with the most faces."""
    results, surfaces = [], []
    for faces in options.faces:
        result, surface = make(options, photo, faces)
        results.append(result)
        surfaces.append(surface)
    finest = surfaces[-1]
    for result, surface in zip(results, surfaces):
        if finest is not None and surface is not None and surface is not finest:
            result["distance"] = distance(surface, finest)
    return results


def make(options: argparse.Namespace, photo: Path, faces: int) -> tuple[dict, trimesh.Trimesh | None]:
    model = options.out / f"{photo.stem}-{faces}.glb"
    report = model.with_suffix(".json")
    result = {"photo": photo.name, "wanted": faces, "model": model.name}
    arguments = [photo, "-o", model, "--faces", faces, "--texture-size", 1024, "--report", report]
    if fault := run(options, *arguments):
        return result | {"fault": fault}, None
    try:
        surface = load(model)
        result |= judge(surface)
        facts = json.loads(report.read_text())
        result |= compare(facts, result)
        if facts["input"]["transparent"]:
            result |= front(options, photo, model, facts)
    except (OSError, ValueError, KeyError, IndexError) as fault:
        return result | {"fault": f"cannot be read: {fault}"}, None
    if fault := run(options, "convert", model, "-o", model.with_suffix(".stl")):
        result["disagrees"].append(f"convert {fault}")
    return result, surface


def load(model: Path) -> trimesh.Trimesh:
    """Reads a GLB without its texture, whose seams split vertices, and joins what is at one place."""
    surface = trimesh.load_mesh(model, process=False)
    if len(surface.vertices) == 0 or len(surface.faces) == 0:
        raise ValueError("it has no triangles")
    welded, place = np.unique(surface.vertices, axis=0, return_inverse=True)
    return trimesh.Trimesh(welded, place.reshape(-1)[surface.faces], process=False)


def judge(surface: trimesh.Trimesh) -> dict:
    """Says what is true of a surface, in trimesh's words."""
    low, high = surface.bounds
    box = [max(high - low) - 1.0, low[1], low[0] + high[0], low[2] + high[2]]
    return {
        "faces": len(surface.faces),
        "is_watertight": bool(surface.is_watertight),
        "is_winding_consistent": bool(surface.is_winding_consistent),
        "is_volume": bool(surface.is_volume),
        "euler": int(surface.euler_number),
        "shells": int(surface.body_count),
        "degenerate": int((surface.area_faces < SMALLEST_AREA).sum()),
        "bounds": [low.tolist(), high.tolist()],
        "in_place": bool(max(map(abs, box)) < PLACE_TOLERANCE),
    }


def compare(report: dict, found: dict) -> dict:
    """Takes times and PSNR from our report, and says where it disagrees with what was found."""
    ours = report.get("model", {})
    names = {"faces": "faces", "watertight": "is_watertight", "components": "shells", "shells": "shells"}
    names |= {"degenerate": "degenerate", "euler": "euler"}
    disagrees = [
        f"{name} {ours[name]}, found {found[theirs]}"
        for name, theirs in names.items()
        if name in ours and ours[name] != found[theirs]
    ]
    error = ours.get("simplification_error")
    return {"disagrees": disagrees, "error": error, "timings_ms": report.get("timings_ms", {})}


def front(options: argparse.Namespace, photo: Path, model: Path, report: dict) -> dict:
    """Draws a model as its photo's camera saw it, without light, and compares: PSNR where both are opaque, and the
    share of all their pixels that both cover. Framing a photo this small only moves pixels, so they meet exactly."""
    with Image.open(photo) as opened:
        pixels = np.asarray(opened.convert("RGBA"), dtype=np.float64)
    rows, columns = (np.flatnonzero((pixels[..., 3] > BOX_ALPHA).any(axis=axis)) for axis in (1, 0))
    cut = pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    side = -(-max(cut.shape[:2]) * 100 // report["options"]["foreground_percent"])
    if side > MOST_FRAME_PX:
        return {}
    view = options.out / "front.png"
    camera = model.with_suffix(".json")
    if fault := run(options, "render", model, "-o", view, "--kind", "flat", "--camera", camera, "--size", side):
        raise ValueError(f"front {fault}")
    with Image.open(view) as opened:
        seen = np.asarray(opened.convert("RGBA"), dtype=np.float64)
    view.unlink()
    framed = np.zeros_like(seen)
    top, left = ((side - length) // 2 for length in cut.shape[:2])
    framed[top : top + cut.shape[0], left : left + cut.shape[1]] = cut
    both = (framed[..., 3] >= OPAQUE) & (seen[..., 3] >= OPAQUE)
    either = (framed[..., 3] > BOX_ALPHA) | (seen[..., 3] > BOX_ALPHA)
    covered = (framed[..., 3] > BOX_ALPHA) & (seen[..., 3] > BOX_ALPHA)
    error = ((framed - seen)[both][:, :3] ** 2).mean()
    return {
        "front_psnr": round(float(10 * np.log10(255**2 / max(error, 1e-9))), 2),
        "front_overlap": round(float(covered.sum() / either.sum()), 4),
    }


def distance(one: trimesh.Trimesh, other: trimesh.Trimesh) -> dict:
    """Gives the distance of two surfaces in longest sides, both ways, between points on them.

    Even the distance of a surface to itself is not 0: it is the floor, how far apart the points lie.
    """
    # The seeds are fixed, so that a second run says the same.
    a, b, again = (points(surface, seed) for surface, seed in ((one, 1), (other, 2), (other, 3)))
    there, back = cKDTree(b).query(a)[0], cKDTree(a).query(b)[0]
    floor = cKDTree(b).query(again)[0]
    return {
        "hausdorff": float(max(there.max(), back.max())),
        "mean": float((there.mean() + back.mean()) / 2),
        "floor_hausdorff": float(floor.max()),
        "floor_mean": float(floor.mean()),
    }


def points(surface: trimesh.Trimesh, seed: int) -> np.ndarray:
    return trimesh.sample.sample_surface(surface, SAMPLES, seed=seed)[0]


def draw_sheet(options: argparse.Namespace, faces: int, results: list[dict]) -> None:
    """Puts front, side and back of the first models of one size into one picture."""
    made = [result for result in results if result["wanted"] == faces and "fault" not in result][:SHEET_MODELS]
    if not made:
        return
    sheet = Image.new("RGB", (SHEET_PX * len(SHEET_YAWS), SHEET_PX * len(made)), "white")
    pen = ImageDraw.Draw(sheet)
    view = options.out / "view.png"
    for row, result in enumerate(made):
        for column, yaw in enumerate(SHEET_YAWS):
            if fault := render(options, options.out / result["model"], view, yaw, 10, SHEET_PX):
                result["disagrees"].append(f"render {fault}")
                continue
            with Image.open(view) as opened:
                picture = opened.convert("RGBA")
            sheet.paste(picture, (column * SHEET_PX, row * SHEET_PX), picture)
        pen.text((4, row * SHEET_PX + 4), f"{result['photo']} {result['faces']}", fill="black")
    view.unlink(missing_ok=True)
    sheet.save(options.out / f"sheet-{faces}.png")


def table(results: list[dict]) -> str:
    head = "photo|wanted|faces|watertight|volume|euler|shells|degenerate|in place|Hausdorff|mean|error|PSNR|overlap|total ms|faults"
    lines = [f"| {head.replace('|', ' | ')} |", "|---" * (head.count("|") + 1) + "|"]
    for result in results:
        faults = [result["fault"]] if "fault" in result else result["disagrees"]
        apart = result.get("distance", {})
        cells = [result["photo"], result["wanted"]]
        names = ("faces", "is_watertight", "is_volume", "euler", "shells", "degenerate", "in_place")
        cells += [result.get(name, "") for name in names]
        cells += [f"{apart[name]:.4f}" if name in apart else "" for name in ("hausdorff", "mean")]
        cells += [result.get(name, "") for name in ("error", "front_psnr", "front_overlap")]
        cells.append(result.get("timings_ms", {}).get("total", ""))
        cells.append("; ".join(faults).replace("|", "/").replace("\n", " "))
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
