"""What every process of a local cloud uses: memory and processor time from /proc, twice a period."""

import hashlib
import os
import statistics
import threading
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
TICK_S = 1 / os.sysconf("SC_CLK_TCK")
# Of what a process was started with, what it is called here.
CALLED = {
    "inference-server": "container", "fake-sagemaker-runtime": "endpoint (fake)", "function-url": "streams' host (fake)",
    "ministack_launch.py": "cloud (ministack)", "vite.js": "site (vite)", "server.mjs": "sign-in (fake)",
    "fake.py": "Stripe (fake)", "stack.py": "stack",
}


def functions_by_digest() -> dict[str, str]:
    """Which function a binary is, by what is in it: the local cloud unpacks them under other names."""
    built = (REPOSITORY / "target" / "lambda").glob("*/bootstrap")
    return {hashlib.sha256(path.read_bytes()).hexdigest(): path.parent.name for path in built}


class Watch:
    """Samples all descendants of one process, and this one, until it is stopped."""

    def __init__(self, root: int, every_s: float = 2.0) -> None:
        self.root, self.every_s = root, every_s
        self.samples: list[dict] = []
        self._functions = functions_by_digest()
        self._names: dict[int, str] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(self.every_s):
            self.samples.append({"at": time.time(), "machine": machine_ticks(), "processes": self._look()})

    def _look(self) -> dict[int, tuple[str, int, int]]:
        """Of each process its name, kilobytes in memory and ticks so far."""
        parents = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and (fields := stat(int(entry.name))):
                parents[int(entry.name)] = fields
        ours = {self.root, os.getpid()}
        for _ in range(4):  # as deep as the tree is
            ours |= {pid for pid, fields in parents.items() if int(fields[1]) in ours}
        found = {}
        for pid in ours & parents.keys():
            fields = parents[pid]
            found[pid] = (self._name(pid), int(fields[21]) * 4, int(fields[11]) + int(fields[12]))
        return found

    def _name(self, pid: int) -> str:
        if pid == os.getpid():
            return "client"
        if pid not in self._names:
            self._names[pid] = self._find_name(pid)
        return self._names[pid]

    def _find_name(self, pid: int) -> str:
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
            if any(word.endswith("bootstrap") for word in words[:1]):
                digest = hashlib.sha256(Path(f"/proc/{pid}/exe").read_bytes()).hexdigest()
                return self._functions.get(digest, "a function")
            if words[-2:-1] == ["stream-bootstrap"]:
                return "stream"
        except OSError:
            return "gone"
        return next((name for part, name in CALLED.items() if any(word.endswith(part) for word in words)), words[0].rsplit("/", 1)[-1])


def stat(pid: int) -> list[str] | None:
    """The fields after the name; the first is the state."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None


def machine_ticks() -> tuple[int, int]:
    """Busy and all, of all cores."""
    ticks = [int(field) for field in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    return sum(ticks) - ticks[3] - ticks[4], sum(ticks)


def shares(samples: list[dict]) -> dict[str, float]:
    """Cores that each name used, and the machine's other work: who saturates."""
    if len(samples) < 2:
        return {}
    took_s = samples[-1]["at"] - samples[0]["at"]
    used: dict[str, float] = {}
    for before, after in zip(samples, samples[1:]):
        for pid, (name, _, ticks) in after["processes"].items():
            known = before["processes"].get(pid)
            used[name] = used.get(name, 0) + (ticks - (known[2] if known else 0)) * TICK_S
    cores = {name: seconds / took_s for name, seconds in used.items()}
    busy = (samples[-1]["machine"][0] - samples[0]["machine"][0]) * TICK_S / took_s
    cores["everything else here"] = max(0.0, busy - sum(cores.values()))
    return dict(sorted(cores.items(), key=lambda item: -item[1]))


def memory(samples: list[dict], skip: float = 1 / 3, bucket_s: float = 60) -> dict[str, dict]:
    """Of each name that lived on: memory of its largest process in MB, and what its peaks of a minute grow in an hour.

    Peaks, for work comes and goes. The first third is left out: pools and caches fill.
    """
    late = samples[int(len(samples) * skip):]
    found = {}
    for name in sorted({name for sample in late for name, _, _ in sample["processes"].values()}):
        points = []
        for sample in late:
            sizes = [size for one, size, _ in sample["processes"].values() if one == name]
            if sizes:
                points.append((sample["at"], max(sizes) / 1024))
        if len(points) < max(3, len(late) // 2):
            continue
        peaks: dict[int, float] = {}
        for at, mb in points:
            minute = int((at - points[0][0]) / bucket_s)
            peaks[minute] = max(peaks.get(minute, 0), mb)
        slope = statistics.linear_regression(list(peaks), list(peaks.values())).slope / bucket_s if len(peaks) > 1 else 0.0
        found[name] = {
            "mean_mb": round(statistics.fmean(mb for _, mb in points), 1), "most_mb": round(max(mb for _, mb in points), 1),
            "grows_mb_per_hour": round(slope * 3600, 1), "minutes": len(peaks),
            "line": [(round(at - samples[0]["at"]), round(mb, 1)) for at, mb in points[:: max(1, len(points) // 40)]],
        }
    return found
