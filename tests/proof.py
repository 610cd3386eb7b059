"""Writes docs/proof.md from what the slow commands left in .local/proof (and the tests that need none).

    python3 tests/proof.py
"""

import json
import math
import platform
import re
import subprocess
from datetime import datetime, timezone
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
FOUND = REPOSITORY / ".local" / "proof"
PAGE = REPOSITORY / "docs" / "proof.md"
FAULTS = REPOSITORY / "tests" / "faults" / "map.json"


def found(name: str) -> dict:
    """What a command left, or nothing."""
    path = FOUND / f"{name}.json"
    return json.loads(path.read_text()) if path.exists() else {}


def table(heads: list[str], rows: list[list]) -> str:
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    return "\n".join(lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows])


def explored() -> list[dict]:
    """The lines in which the searches say what they went through."""
    path = FOUND / "interleavings.log"
    lines = re.findall(r"([a-z][a-z ,]+): (\d+) states, (\d+) steps", path.read_text() if path.exists() else "")
    return [{"name": name, "states": int(states), "steps": int(steps)} for name, states, steps in lines]


def bars(rows: list[tuple[str, float]], unit: str) -> str:
    """A plot as SVG: one bar a row, as long as its logarithm, with its number."""
    tall, most = 24, max(math.log10(value + 1) for _, value in rows) or 1
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="760" height="{tall * len(rows) + 8}" font-family="sans-serif" font-size="12">']
    for place, (name, value) in enumerate(rows):
        y, long = place * tall + 4, 360 * math.log10(value + 1) / most
        parts.append(f'<text x="270" y="{y + 14}" text-anchor="end" fill="#555">{name}</text>'
                     f'<rect x="278" y="{y}" width="{long:.0f}" height="18" fill="#4a7bd0"/>'
                     f'<text x="{284 + long:.0f}" y="{y + 14}" fill="#555">{value:,.0f} {unit}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def fuzzed() -> list[str]:
    """What the search for bad input spent and found; nothing if it never ran."""
    figures, fuzz = found("fuzz"), REPOSITORY / "tests" / "fuzz"
    if not figures:
        return []
    kept = {name: [len(list(path.iterdir())) if (path := fuzz / kind / name).is_dir() else 0 for kind in ("corpus", "crashes")] for name in figures}
    hours = sum(one["cpu_s"] for one in figures.values()) / 3600
    rows = [[name, f"{one['cpu_s'] / 60:.1f}", f"{one['executions']:,}", f"{one['edges']:,}", *kept[name]] for name, one in figures.items()]
    return ["## Bad input: `make fuzz`",
        f"Every parser that meets the outside, with what must be true of its result, and a bound on memory and on the processor's time for "
        f"each input ([targets](../tests/fuzz/README.md)). {hours:.1f} hours of the processor so far, {sum(one['executions'] for one in figures.values()):,} "
        "executions; the figures add up over runs. The gate replays all inputs that are kept (`make unit`). What it found; what is mended stays as an input:",
        *([(fuzz / "crashes" / "README.md").read_text().strip()] if (fuzz / "crashes" / "README.md").exists() else []),
        table(["target", "minutes", "executions", "edges reached", "inputs kept", "of them once broke it"], rows)]


def main() -> None:
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout.strip()
    parts = [
        "# Proof",
        f"Written by `make proof` on {datetime.now(timezone.utc):%Y-%m-%d} at commit {commit}, on {platform.machine()} with "
        "two shared cores. Each table names the command that makes its figures again.",
    ]
    model = explored()
    if model:
        (REPOSITORY / "docs" / "interleavings.svg").write_text(bars([(run["name"], run["states"]) for run in model], "states"))
        parts += ["## Every order of events: `make interleavings`",
            "The service's own state machine and wallet, in single steps, any of which may be somebody's last. In every state the "
            "entries add up to the wallet, nothing is below zero, a generation is charged or released exactly once if it has ended, "
            "an ended one never changes; and from every state a way leads to where all has ended. Bounds are in "
            "[main.rs](../shared/domain/tests/interleavings/main.rs). With a condition left out, the same search finds the fault "
            "(fence, wallet version, key, upkeep, late results). Found by it: results that a worker stored after their "
            "deletion stayed if it then died; a message for an ended generation now takes them with it (`tests/faults` fails without that, "
            "on the real binaries). **Not promised**: the same where "
            "a message reached two workers, or ended among the dead letters, at that very moment.",
            table(["what", "states", "steps"], [[run["name"], f"{run['states']:,}", f"{run['steps']:,}"] for run in model]),
            "![states](interleavings.svg)"]
    faults = found("faults")
    if faults:
        parts += ["## A fault at every call: `make test-faults`",
            "A proxy between the real functions and the local cloud counts the calls of a clean run, then makes each of them go wrong "
            "in turn. `dies_before` and `dies_after`: nothing after that point takes effect, as if the function had been killed there; "
            "so a death between any two steps needs nothing compiled in. `throttled`, `broken`, `lost_before`, `lost_after` happen once. "
            "After each fault the invariants are checked on the rows, objects and logs.",
            table(["run", "calls", "kinds", "faults", "survived"],
                  [[name, len(one["calls"]), ", ".join(one["kinds"]), one["played"], one["survived"]] for name, one in faults.items()])]
    parts += ["## The 28 faults and where each is tested",
              table(["#", "fault", "tested by"], json.loads(FAULTS.read_text()))]
    fleet = found("fleet")
    if fleet:
        names = list(fleet["rows"][0])
        parts += ["## The fleet, simulated: `make simulate`",
            f"Nothing ran on SageMaker: {fleet['service_s']} s a generation is an assumption, cold starts are others' measurements "
            f"(both named in [simulate.py](../tests/load/simulate.py)); seed {fleet['seed']}. The same code meets Erlang's formula for "
            "fixed fleets. The last column is what today's `MaximumConcurrency: 2` gives: **it carries at most 8 a minute**, and must be "
            "raised to `workers_needed` with the quota of instances (a wait beyond 3,600 s means that it fails at its deadline).",
            table([name.replace("_", " ") for name in names], [[row[name] for name in names] for row in fleet["rows"]])]
    parts += fuzzed()
    parts += ["## Not proven here",
        "- Load on the local stack with its knee, and 30 minutes of flat memory: not measured.\n"
        "- An hour of fuzzing for each target: the table says how long it was.\n"
        "- Start-up and warm calls next to Node and Python, and budgets of sizes in the gate: not measured.\n"
        "- Faults of webhook, export and erasure at every call; slow answers; Stripe behind the proxy; `kill -9` of the container.\n"
        "- Steps and networks next to PyTorch and the Python libraries: `make bench`, `make compare`; scores: `make score` "
        "([figures](../tests/models/README.md)).\n"
        "- The model covers two generations only with the bounds above; SQS, DynamoDB and S3 themselves are modelled, not explored."]
    PAGE.write_text("\n\n".join(parts) + "\n")
    print(f"wrote {PAGE.relative_to(REPOSITORY)}")


if __name__ == "__main__":
    main()
