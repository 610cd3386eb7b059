"""Says when, where and of what a measurement was made: python stamp.py NAME… writes .local/proof/NAME.stamp.json of each.

A measurement without its stamp is a rumour: docs/proof.md prints both.
"""

import json
import os
import platform
import re
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
FOUND = REPOSITORY / ".local" / "proof"


def machine() -> dict:
    cpu = re.search(r"model name\s*: (.+)", _read("/proc/cpuinfo"))
    memory = re.search(r"MemTotal:\s*(\d+) kB", _read("/proc/meminfo"))
    return {"cpu": cpu[1] if cpu else platform.processor() or platform.machine(), "architecture": platform.machine(), "cores": os.cpu_count(),
            "memory_gb": round(int(memory[1]) / 1e6) if memory else None, "system": platform.system()}


def stamp() -> dict:
    def git(*words: str) -> str:
        return subprocess.run(["git", *words], cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout.strip()
    commit = git("rev-parse", "--short", "HEAD") + ("+" if git("status", "--porcelain", "--untracked-files=no") else "")
    return {"date": f"{datetime.now(timezone.utc):%Y-%m-%d %H:%M} UTC", "commit": commit, **machine()}


def line(name: str) -> str:
    """The same in a sentence, for the page."""
    path = FOUND / f"{name}.stamp.json"
    if not path.exists():
        return "Without a stamp: when and where is not known."
    told = json.loads(path.read_text())
    return (f"Measured {told['date']} at {told['commit']}, on {told['cpu']} ({told['architecture']}, {told['cores']} cores, "
            f"{told['memory_gb']} GB, {told['system']}).")


def _read(path: str) -> str:
    return Path(path).read_text() if Path(path).exists() else ""


if __name__ == "__main__":
    FOUND.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[1:]:
        (FOUND / f"{name}.stamp.json").write_text(json.dumps(stamp(), indent=1) + "\n")
