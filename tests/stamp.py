"""Keeps what was measured in docs/measured, and says when, where and of what: python stamp.py NAME… writes NAME.stamp.json of each.

A measurement without its stamp is a rumour: docs/proof.md prints both. They are part of the repository, so that a machine on which
one thing is measured anew does not lose all others. A stamp is written after what it speaks of.
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
FOUND = REPOSITORY / "docs" / "measured"
# What measurements and `make proof` write themselves: it changes nothing of what is measured.
WRITTEN = ("docs", "README.md")
# What fits this is one line, so that a change of one figure is a change of one line.
WIDE = 140


def machine() -> dict:
    cpu = re.search(r"model name\s*: (.+)", _read("/proc/cpuinfo"))
    memory = re.search(r"MemTotal:\s*(\d+) kB", _read("/proc/meminfo"))
    return {"cpu": cpu[1] if cpu else platform.processor() or platform.machine(), "architecture": platform.machine(), "cores": os.cpu_count(),
            "memory_gb": round(int(memory[1]) / 1e6) if memory else None, "system": platform.system()}


def stamp() -> dict:
    def git(*words: str) -> str:
        return subprocess.run(["git", *words], cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout.strip()
    changed = git("status", "--porcelain", "--untracked-files=no", "--", ".", *(f":!{path}" for path in WRITTEN))
    commit = git("rev-parse", "--short", "HEAD") + ("+" if changed else "")
    return {"date": f"{datetime.now(timezone.utc):%Y-%m-%d %H:%M} UTC", "commit": commit, **machine()}


def line(name: str) -> str:
    """The same in a sentence, for the page."""
    path = FOUND / f"{name}.stamp.json"
    if not path.exists():
        return "Without a stamp: when and where is not known."
    told = json.loads(path.read_text())
    return (f"Measured {told['date']} at {told['commit']}, on {told['cpu']} ({told['architecture']}, {told['cores']} cores, "
            f"{told['memory_gb']} GB, {told['system']}).")


def text(figures, indent: str = "") -> str:
    """As JSON for people: in the order in which the page shows it, a row of a table on a line."""
    flat = json.dumps(figures, ensure_ascii=False)
    if not isinstance(figures, dict | list | tuple) or not figures or _is_curve(figures) or len(indent) + len(flat) <= WIDE and not _is_deep(figures):
        return flat
    inner = indent + " "
    if isinstance(figures, dict):
        parts, (first, last) = [f"{json.dumps(name, ensure_ascii=False)}: {text(one, inner)}" for name, one in figures.items()], "{}"
    else:
        parts, (first, last) = [text(one, inner) for one in figures], "[]"
    return f"{first}\n{inner}" + f",\n{inner}".join(parts) + f"\n{indent}{last}"


def write(path: Path, figures) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text(figures) + "\n")


def keep(path: Path, figures) -> None:
    """Writes what was just measured, and its stamp beside it."""
    write(path, figures)
    mark(path)


def mark(path: Path) -> None:
    """Stamps what was just written."""
    write(path.with_suffix(".stamp.json"), stamp())


def _is_deep(figures: dict | list) -> bool:
    """Whether there are tables in it, not only figures."""
    return any(isinstance(one, dict | list | tuple) for one in (figures.values() if isinstance(figures, dict) else figures))


def _is_curve(figures: dict | list) -> bool:
    """Points of a plot: nobody reads them one by one."""
    return isinstance(figures, list) and all(isinstance(one, list | tuple) and [type(part) in (int, float) for part in one] == [True, True] for one in figures)


def _read(path: str) -> str:
    return Path(path).read_text() if Path(path).exists() else ""


if __name__ == "__main__":
    for name in sys.argv[1:]:
        mark(FOUND / f"{name}.json")
