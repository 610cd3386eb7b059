"""What a hostile photo costs the real container: its peak of memory, as the system counted it, and its time."""

import json
import time
from pathlib import Path

import photos
import pytest
import requests
from system import listener_on, peak_mb, resident_mb

# More than a photo of the largest size itself may take while it is read, in MB.
MOST_MB = 300
MOST_S = 2
REPORT = Path(__file__).resolve().parents[2] / ".local" / "proof" / "memory.json"
BOMBS = [(name, photo, kind) for name, photo, kind, _ in photos.REFUSED if "pixels" in name or "bomb" in name]
BOMBS += [("text that grows to 200 MB", photos.text_bomb, "image/png")]


@pytest.mark.parametrize(("name", "photo", "kind"), BOMBS, ids=[bomb[0] for bomb in BOMBS])
def test_a_bomb_costs_little_memory_and_time(where, owner, name, photo, kind):
    container, body = listener_on(int(where["container"].rsplit(":", 1)[1])), photo()
    Path(f"/proc/{container}/clear_refs").write_text("5")  # the peak begins anew
    before, begun = resident_mb(container), time.monotonic()
    answer = requests.post(f"{where['container']}/invocations", data=body, timeout=30, headers={
        "Content-Type": kind, "X-Amzn-SageMaker-Custom-Attributes": json.dumps({"v": 1})})
    took_s, grew_mb = time.monotonic() - begun, peak_mb(container) - before
    note(name, len(body), answer.status_code, grew_mb, took_s)
    if "text" not in name:
        assert answer.status_code == 422, answer.text
        assert took_s < MOST_S
    assert grew_mb < MOST_MB, f"{name}: {grew_mb:.0f} MB more"


def note(name: str, size: int, status: int, grew_mb: float, took_s: float) -> None:
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    known = json.loads(REPORT.read_text()) if REPORT.exists() else {}
    known[name] = {"bytes": size, "status": status, "peak_mb": round(grew_mb, 1), "seconds": round(took_s, 3)}
    REPORT.write_text(json.dumps(known, indent=2) + "\n")
