"""What a hostile photo costs the real container: its peak of memory, as the system counted it."""

import json
import time
import zlib
from pathlib import Path

import photos
import pytest
import requests
from stamp import FOUND, write
from system import listener_on, peak_mb, resident_mb

# What one photo may take more than the idle container has, in MB: the network alone takes up to 180.
MOST_MB = 300
REPORT = FOUND / "memory.json"


def grown(name: bytes) -> bytes:
    """A picture of 64 × 64 with 2 GB of zeros in this kind of chunk."""
    packer = zlib.compressobj(9)
    body = b"".join(packer.compress(bytes(1_000_000)) for _ in range(2000)) + packer.flush()
    return photos.png(64, 64, more=photos.chunk(name, b"Comment\0\0" + body))


# With bombs in their header nothing is decoded; the others are good pictures, in which no object is found.
BOMBS = [(name, photo, "photo-too-many-pixels") for name, photo, _, _ in photos.REFUSED if "000" in name or "bomb" in name]
BOMBS += [
    ("a plain picture", lambda: photos.png(64, 64), "photo-no-object"),
    ("2 GB of text", lambda: grown(b"zTXt"), "photo-no-object"), ("a colour profile of 2 GB", lambda: grown(b"iCCP"), "photo-no-object"),
]


@pytest.mark.parametrize(("name", "photo", "problem"), BOMBS, ids=[bomb[0] for bomb in BOMBS])
def test_a_bomb_costs_no_more_memory_than_a_photo(where, owner, name, photo, problem):
    container, body = listener_on(int(where["container"].rsplit(":", 1)[1])), photo()
    Path(f"/proc/{container}/clear_refs").write_text("5")  # the peak begins anew
    before, begun = resident_mb(container), time.monotonic()
    answer = requests.post(f"{where['container']}/invocations", data=body, timeout=60, headers={
        "Content-Type": "image/png", "X-Amzn-SageMaker-Custom-Attributes": json.dumps({"v": 1})})
    grew_mb = peak_mb(container) - before
    note(name, len(body), grew_mb, time.monotonic() - begun)
    assert (answer.status_code, answer.json()["type"]) == (422, f"/problems/{problem}"), answer.text
    assert grew_mb < MOST_MB, f"{name}: {grew_mb:.0f} MB more"


def note(name: str, size: int, grew_mb: float, took_s: float) -> None:
    known = json.loads(REPORT.read_text()) if REPORT.exists() else {}
    known[name] = {"bytes": size, "peak_mb": round(grew_mb, 1), "seconds": round(took_s, 3)}
    write(REPORT, known)
