"""Looks for inputs that break a promise of a parser, with libFuzzer, and adds up what was spent.

    python3 tests/fuzz/fuzz.py --seconds 3600                      # each target, one after the other; figures into docs/measured/fuzz.json
    python3 tests/fuzz/fuzz.py --seconds 60 --only photo,glb
    python3 tests/fuzz/fuzz.py --minimise                          # corpus/ anew from what was found

Needs a C++ compiler, and no other Rust than the gate, which replays `corpus/` and `crashes/` with `make unit`.
"""

import argparse
import contextlib
import fcntl
import hashlib
import heapq
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent))

import stamp  # noqa: E402  (the tests' own module, found by the line above)

REPOSITORY = HERE.parents[1]
BUILT = REPOSITORY / "target" / "fuzz"
FOUND = REPOSITORY / ".local" / "fuzz"
FIGURES = stamp.FOUND / "fuzz.json"
# An input that takes longer by the clock hangs, in seconds; what the program may hold, in MiB. Each target's own bounds are narrower
# and count the processor's time, so that a busy machine finds nothing.
TIMEOUT, MEMORY = 300, 2048
# The most inputs of a target in the repository, and their most bytes; all of them stay in .local/fuzz.
KEPT, KEPT_BYTES = 100, 80_000


def targets() -> list[str]:
    return sorted(path.stem for path in (HERE / "libfuzzer" / "src" / "bin").glob("*.rs"))


def build() -> None:
    if not shutil.which("c++"):
        sys.exit("error: libFuzzer is C++, and there is no compiler for it: apt install g++")
    host = subprocess.run(["rustc", "-vV"], cwd=HERE, capture_output=True, text=True, check=True).stdout.split("host: ")[1].split()[0]
    # Named, so that the wrapper can tell what is built for it from what runs while building.
    asked = ["cargo", "build", "--release", "--locked", "--target", host, "--target-dir", str(BUILT)]
    environment = {**os.environ, "RUSTC_WRAPPER": str(HERE / "libfuzzer" / "rustc.sh"), "CARGO_INCREMENTAL": "0"}
    subprocess.run(asked, cwd=HERE / "libfuzzer", env=environment, check=True)


def program(name: str) -> str:
    found = [path for path in BUILT.glob(f"*/release/{name}") if path.is_file()]
    return str(found[0]) if found else sys.exit(f"error: {name} is not built")


def folders(name: str) -> tuple[Path, Path]:
    """What was found for a target so far, and what broke it."""
    found, broken = FOUND / "corpus" / name, FOUND / "crashes" / name
    found.mkdir(parents=True, exist_ok=True)
    broken.mkdir(parents=True, exist_ok=True)
    return found, broken


def search(name: str, seconds: int) -> dict:
    """Runs one target; gives what this run spent and found."""
    found, broken = folders(name)
    more = [path for path in (HERE / "corpus" / name, HERE / "crashes" / name, FOUND / "seeds" / name) if path.is_dir()]
    before, spent = set(broken.iterdir()), resource.getrusage(resource.RUSAGE_CHILDREN)
    asked = [program(name), str(found), *map(str, more), f"-max_total_time={seconds}", f"-timeout={TIMEOUT}", f"-rss_limit_mb={MEMORY}",
             f"-artifact_prefix={broken}/", "-print_final_stats=1", "-use_value_profile=1",
             f"-report_slow_units={TIMEOUT}"]
    ran = subprocess.run(asked, capture_output=True, check=False)
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    log = ran.stderr.decode(errors="replace")
    last = re.findall(r"cov: (\d+) ft: (\d+)", log)
    units = re.findall(r"stat::number_of_executed_units: (\d+)", log)
    findings = sorted(path.name for path in set(broken.iterdir()) - before)
    if findings or ran.returncode:
        (FOUND / f"{name}.log").write_text(log)
        print(f"{name}: {findings or ran.returncode}; see .local/fuzz/{name}.log", flush=True)
    return {
        "cpu_s": now.ru_utime + now.ru_stime - spent.ru_utime - spent.ru_stime,
        "executions": int(units[-1]) if units else 0,
        "edges": int(last[-1][0]) if last else 0,
        "corpus": len(list(found.iterdir())),
        "findings": len(findings),
    }


def add(name: str, run: dict) -> None:
    """Adds a run to the figures; several programs may do so at once."""
    FIGURES.parent.mkdir(parents=True, exist_ok=True)
    with FIGURES.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        figures = json.loads(file.read() or "{}")
        one = figures.setdefault(name, {"cpu_s": 0.0, "executions": 0, "edges": 0})
        for part in ("cpu_s", "executions"):
            one[part] = round(one[part] + run[part], 1)
        one["edges"] = run["edges"] or one["edges"]
        file.truncate(0)
        file.write(stamp.text(dict(sorted(figures.items()))) + "\n")
    stamp.mark(FIGURES)


def reached(control: str) -> dict[Path, set[str]]:
    """What each input reaches, from the file that a merge writes: its inputs by number, then a line `FT number edge edge …` for each."""
    lines = control.splitlines()
    inputs = [Path(line) for line in lines[2:2 + int(lines[0])]]
    edges = (line.split()[1:] for line in lines if line.startswith("FT "))
    return {inputs[int(place)]: set(of_it) for place, *of_it in edges}


def choose(edges_of: dict[Path, set[str]]) -> list[Path]:
    """The inputs for the repository: again and again the one that adds most edges, the shorter of two, while there is room."""
    # What one adds only falls as others are chosen: whoever still leads when counted again adds most.
    waiting = [(-len(edges), path.stat().st_size, path) for path, edges in edges_of.items()]
    heapq.heapify(waiting)
    chosen, seen, room = [], set(), KEPT_BYTES
    while waiting and len(chosen) < KEPT:
        _, size, path = heapq.heappop(waiting)
        again = (-len(edges_of[path] - seen), size, path)
        if again[0] == 0 or size > room:
            continue
        if waiting and waiting[0] < again:
            heapq.heappush(waiting, again)
            continue
        chosen.append(path)
        seen |= edges_of[path]
        room -= size
    return chosen


def minimise(name: str) -> None:
    """Keeps the inputs that reach most of what all of them reach."""
    kept = HERE / "corpus" / name
    with tempfile.TemporaryDirectory() as work:
        control, merged, copied = (Path(work) / part for part in ("control", "merged", "copied"))
        merged.mkdir()
        copied.mkdir()
        # A copy, because a search may be going on, which takes away what it finds a shorter one for.
        for path in folders(name)[0].iterdir():
            with contextlib.suppress(FileNotFoundError):
                shutil.copy(path, copied)
        # Of this merge only the list of what each input reaches is taken; the plain one lists no more than what is new.
        asked = [program(name), "-set_cover_merge=1", "-use_counters=0", f"-merge_control_file={control}", f"-timeout={TIMEOUT}",
                 f"-rss_limit_mb={MEMORY}", *(str(path) for path in (merged, kept, FOUND / "seeds" / name, copied) if path.is_dir())]
        subprocess.run(asked, capture_output=True, check=True)
        edges_of = reached(control.read_text())
        chosen = choose(edges_of)
        contents = [path.read_bytes() for path in chosen]
    shutil.rmtree(kept, ignore_errors=True)
    kept.mkdir(parents=True)
    for content in contents:
        (kept / hashlib.sha1(content).hexdigest()).write_bytes(content)
    by_all, by_chosen = (len(set().union(*(edges_of[path] for path in some))) for some in (edges_of, chosen))
    print(f"{name}: {len(chosen)} of {len(edges_of)} inputs reach {by_chosen} of {by_all} edges", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--only", type=lambda text: text.split(","), default=targets(), help="some targets")
    parser.add_argument("--built", action="store_true", help="take the programs as they are")
    parser.add_argument("--minimise", action="store_true", help="make corpus/ anew")
    chosen = parser.parse_args()
    if not chosen.built:
        build()
    failed = False
    for name in chosen.only:
        if chosen.minimise:
            minimise(name)
            continue
        run = search(name, chosen.seconds)
        add(name, run)
        failed |= bool(run["findings"])
        print(f"{name}: {run['cpu_s']:.0f} s of the processor, {run['executions']:,} executions, {run['edges']:,} edges, {run['corpus']} inputs", flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
