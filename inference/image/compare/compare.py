"""Compares our decoding and resizing of photos with Pillow's.

    cargo build --release -p inference-image --example photos
    python compare.py TARGET/release/examples/photos OUT.json PHOTO.jpg PHOTO.png

Times are compared within one run, ours and Pillow's in turns, the least of the rounds: a ratio above 1 means that ours is faster. Both
decode to RGBA and shrink with a triangle filter as wide as the reduction; ours also checks the limits and the orientation. How far the
small pictures differ is printed with the times. Of the JPEG there is a WebP too, and one as large as a telephone's, both written by Pillow.
"""

import io
import json
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy as np
from PIL import Image

ROUNDS, RUNS = 15, 10
SIDE = 512
TELEPHONE = (4032, 2690)  # the JPEG's own shape
ALIKE = 2.0  # of 255, on the mean: decoders round differently


def ours(program, photo, out):
    """Gives wall and CPU milliseconds of each step."""
    command = [program, photo, str(SIDE), str(RUNS), out]
    lines = subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout.splitlines()
    return {name: (float(wall), float(cpu)) for name, wall, cpu in (line.split() for line in lines)}


def timed(step):
    step()
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(RUNS):
        answer = step()
    return answer, ((time.perf_counter() - wall) * 1000 / RUNS, (time.process_time() - cpu) * 1000 / RUNS)


def theirs(content):
    picture, decode = timed(lambda: Image.open(io.BytesIO(content)).convert("RGBA"))
    longer = max(picture.size)
    size = tuple(side * SIDE // longer for side in picture.size)
    small, resize = timed(lambda: picture.resize(size, Image.Resampling.BILINEAR))
    return small, {"decode": decode, "resize": resize}


def compare(program, name, photo, folder):
    """Prints and gives each step's ratio to Pillow: what, step, wall, CPU."""
    content, found = photo.read_bytes(), []
    for _ in range(ROUNDS):
        mine = ours(program, photo, folder / "small.png")
        small, other = theirs(content)
        found.append((mine, other))
    apart = np.abs(np.asarray(Image.open(folder / "small.png").convert("RGBA")).astype(int) - np.asarray(small)).mean()
    assert apart < ALIKE, f"{name}: {apart:.2f} of 255 apart"
    width, height = Image.open(photo).size
    rows = []
    for step in ("decode", "resize"):
        wall, cpu = (min(other[step][at] for _, other in found) / min(mine[step][at] for mine, _ in found) for at in (0, 1))
        rows.append([f"{name}, {width} × {height}", f"{step}, Pillow", round(wall, 2), round(cpu, 2)])
        print(f"  {rows[-1][0]}: {step} {wall:.2f} x wall, {cpu:.2f} x CPU ({apart:.2f} of 255 apart)", flush=True)
    return rows


def main(program, out, jpeg, png):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        picture = Image.open(jpeg)
        picture.save(folder / "photo.webp", quality=80)
        picture.resize(TELEPHONE, Image.Resampling.BICUBIC).save(folder / "large.jpg", quality=88)
        photos = {"JPEG": pathlib.Path(jpeg), "large JPEG": folder / "large.jpg", "PNG": pathlib.Path(png), "WebP": folder / "photo.webp"}
        rows = [row for name, photo in photos.items() for row in compare(program, name, photo, folder)]
    pathlib.Path(out).write_text("[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]\n")


main(*sys.argv[1:])
