"""One photo through the whole local cloud, as a visitor would send it, and the model back.

    python demo.py --photo cup.jpg --out cup.glb
"""

import argparse
import base64
import contextlib
import hashlib
import json
import struct
import subprocess
import sys
import time
import uuid
from pathlib import Path

from browser import Visitor
from control import running
from places import REPOSITORY, Place, Trouble

SAMPLE = REPOSITORY / ".local" / "photos" / "coffee.png"
# The longest that a model may take here: a cold start and two waits of the queue.
PATIENCE_S = 300
MAGIC = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"RIFF": "image/webp"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photo", type=Path, default=SAMPLE)
    parser.add_argument("--out", type=Path, default=REPOSITORY / ".local" / "demo" / "model.glb")
    parser.add_argument("--name", default="dev")
    parser.add_argument("--port-base", type=int, default=8300)
    arguments = parser.parse_args()
    try:
        photo = _read(arguments.photo)
        with _stack(Place(arguments.name, arguments.port_base)) as site:
            files = make_model(Visitor(site), photo)
        _write(files, arguments.out)
    except Trouble as trouble:
        print(f"error: {trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def make_model(visitor: Visitor, photo: bytes) -> dict[str, bytes]:
    """Signs in, uploads, orders, waits; returns the three files."""
    visitor.sign_in("demo@example.com")
    me = visitor.get("/api/me")
    _say(f"signed in as {me['email'] or me['user_id']}, {me['credits']['available']} credits")
    content_type = next((kind for magic, kind in MAGIC.items() if photo.startswith(magic)), "image/jpeg")
    upload = visitor.post("/api/uploads", {
        "content_type": content_type, "bytes": len(photo),
        "sha256": base64.b64encode(hashlib.sha256(photo).digest()).decode(),
    })
    visitor.upload(upload["url"], upload["fields"], photo, content_type)
    _say(f"uploaded {len(photo):,} bytes")
    order = {"upload_id": upload["upload_id"]}
    generation = visitor.post("/api/generations", order, **{"Idempotency-Key": uuid.uuid4().hex})
    generation = _wait(visitor, generation)
    return {file["name"]: visitor.file(file["url"]) for file in generation["files"]}


def check_glb(model: bytes) -> None:
    """A binary glTF 2.0 whose lengths all agree, and whose JSON can be read."""
    if len(model) < 20 or model[:4] != b"glTF":
        raise Trouble("the model is not a GLB file")
    version, total = struct.unpack_from("<II", model, 4)
    if version != 2 or total != len(model):
        raise Trouble(f"the model says version {version} and {total} bytes, but has {len(model)} bytes")
    kinds, at = [], 12
    while at < total:
        if at + 8 > total:
            raise Trouble("the model's last chunk is cut off")
        length, kind = struct.unpack_from("<I4s", model, at)
        if at + 8 + length > total:
            raise Trouble("a chunk of the model is longer than the file")
        kinds.append(kind)
        if kind == b"JSON":
            scene = json.loads(model[at + 8:at + 8 + length])
            if not scene.get("meshes"):
                raise Trouble("the model has no mesh")
        at += 8 + length
    if kinds != [b"JSON", b"BIN\0"]:
        raise Trouble(f"the model's chunks are {kinds}, not JSON and BIN")


def _wait(visitor: Visitor, generation: dict) -> dict:
    began, shown = time.monotonic(), ""
    while generation["status"] in ("QUEUED", "RUNNING"):
        waited = time.monotonic() - began
        if waited > PATIENCE_S:
            raise Trouble(f"no model after {PATIENCE_S} s; the last stage was '{generation['stage']}'")
        if sys.stderr.isatty():
            print(f"\r{generation['stage']:16} {waited:5.0f} s", end="", file=sys.stderr, flush=True)
        elif generation["stage"] != shown:
            shown = generation["stage"]
            _say(shown)
        time.sleep(0.5)
        generation = visitor.get(f"/api/generations/{generation['id']}")
    if sys.stderr.isatty():
        print("\r" + " " * 30, end="\r", file=sys.stderr)
    if generation["status"] != "SUCCEEDED":
        failure = generation.get("failure") or {}
        raise Trouble(failure.get("detail") or failure.get("title") or f"the generation ended as {generation['status']}")
    _say(f"done after {time.monotonic() - began:.1f} s")
    return generation


def _write(files: dict[str, bytes], out: Path) -> None:
    """The model under the name that was asked for, the other files beside it."""
    if "model.glb" not in files or "report.json" not in files:
        raise Trouble(f"the generation has only these files: {', '.join(files) or 'none'}")
    check_glb(files["model.glb"])
    out.parent.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = out if name == "model.glb" else out.parent / name
        path.write_bytes(content)
        print(f"{path}  ({len(content):,} bytes)")
    model = json.loads(files["report.json"])["model"]
    watertight = "yes" if model["watertight"] else "NO"
    print(f"watertight: {watertight}, {model['faces']:,} faces, {model['vertices']:,} vertices")


@contextlib.contextmanager
def _stack(place: Place):
    """The stack that runs, or one of our own for as long as we need it."""
    if running(place) is not None and place.ready_file.exists():
        yield json.loads(place.ready_file.read_text())["site"]
        return
    _say("starting the local cloud …")
    stack = [sys.executable, str(Path(__file__).with_name("stack.py"))]
    named = ["--name", place.name, "--port-base", str(place.port_base)]
    started = subprocess.run([*stack, "start", *named], capture_output=True, text=True, check=False)
    if started.returncode != 0:
        raise Trouble(started.stderr.strip().removeprefix("error: "))
    try:
        yield place.site
    finally:
        subprocess.run([*stack, "stop", *named], check=False)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Trouble(f"{path} cannot be read: {error.strerror}") from error


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
