#!/usr/bin/env python3
"""Fetches TripoSR's official weights (1.7 GB) into a directory.

    python3 inference/triposr/fetch-weights.py [DIRECTORY]      default: .local/models/triposr of this repository

Provenance: `stabilityai/TripoSR` by Stability AI and Tripo AI, licence MIT, code and weights. The revision is pinned and
the checkpoint's SHA-256 is checked; it is never committed. Nothing is done if the right files are already there. An
interrupted download goes on where it stopped.
"""

import hashlib
import pathlib
import sys
import urllib.error
import urllib.request

REVISION = "c1cf7716aed5aa6c1c5e174657791ef0e1327bde"
HOME = f"https://huggingface.co/stabilityai/TripoSR/resolve/{REVISION}"
SHA256 = "429e2c6b22a0923967459de24d67f05962b235f79cde6b032aa7ed2ffcd970ee"
MOST_CONFIG = 64 * 1024
PIECE = 1 << 20


def sha256(path: pathlib.Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def give_up(directory: pathlib.Path, reason: str) -> None:
    sys.exit(f"fetch-weights: {reason}. Is this machine online? Or put config.yaml and model.ckpt of stabilityai/TripoSR, "
             f"revision {REVISION}, into {directory}; model.ckpt has the SHA-256 {SHA256}.")


def config(directory: pathlib.Path) -> None:
    """A page of settings; its hash is not known, but the engine refuses what it does not know."""
    with urllib.request.urlopen(f"{HOME}/config.yaml", timeout=30) as answer:
        content = answer.read(MOST_CONFIG + 1)
    if len(content) > MOST_CONFIG:
        give_up(directory, f"config.yaml has more than {MOST_CONFIG} bytes")
    part = directory / "config.yaml.part"
    part.write_bytes(content)
    part.replace(directory / "config.yaml")


def checkpoint(directory: pathlib.Path) -> None:
    part = directory / "model.ckpt.part"
    there = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(f"{HOME}/model.ckpt", headers={"Range": f"bytes={there}-"} if there else {})
    with urllib.request.urlopen(request, timeout=30) as answer:
        if answer.status != 206:
            there = 0
        total = there + int(answer.headers["Content-Length"])
        with part.open("ab" if there else "wb") as file:
            while piece := answer.read(PIECE):
                file.write(piece)
                there += len(piece)
                print(f"\rmodel.ckpt: {there * 100 // total} % of {total / 1e9:.2f} GB", end="", file=sys.stderr)
    print(file=sys.stderr)
    found = sha256(part)
    if found != SHA256:
        part.unlink()
        give_up(directory, f"model.ckpt came with the SHA-256 {found}; it was thrown away")
    part.replace(directory / "model.ckpt")


def main() -> None:
    root = pathlib.Path(__file__).resolve().parents[2]
    directory = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else root / ".local" / "models" / "triposr"
    directory.mkdir(parents=True, exist_ok=True)
    model = directory / "model.ckpt"
    try:
        if not (directory / "config.yaml").is_file():
            config(directory)
        if not model.is_file() or sha256(model) != SHA256:
            checkpoint(directory)
    except (urllib.error.URLError, OSError) as fault:
        give_up(directory, f"the weights could not be fetched ({fault})")
    print(f"{model} is there")


if __name__ == "__main__":
    main()
