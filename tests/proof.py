"""Writes docs/proof.md from what the slow commands left in docs/measured (and the tests that need none).

    python3 tests/proof.py
"""

import json
import math
import platform
import subprocess
from datetime import datetime, timezone

import proof_speed
from proof_speed import found, table
from stamp import REPOSITORY, line

README = REPOSITORY / "README.md"
PAGE = REPOSITORY / "docs" / "proof.md"
FAULTS = REPOSITORY / "tests" / "faults" / "map.json"


def kinds(played: dict[str, int]) -> str:
    """Each kind with how often it was played."""
    return ", ".join(f"{kind} {times}" for kind, times in played.items())


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


def figures(model: list[dict] | None, faults: dict | None) -> list[str]:
    """The few that README shows; of each only what was measured."""
    told = []
    if model:
        told.append(f"**{sum(run['states'] for run in model):,} states** of generations, messages and wallet, every one sound and able to end (`make interleavings`)")
    if faults:
        survived, played = (sum(one[key] for one in faults.values()) for key in ("survived", "played"))
        told.append(f"**{survived:,} of {played:,} faults** at every call survived, nothing charged twice or lost (`make test-faults`)")
    return told + proof_speed.figures()


def write_figures(told: list[str]) -> None:
    """Puts them between README's two marks."""
    if not told:
        return
    first, last = "<!-- figures: written by make proof -->\n", "<!-- end of figures -->\n"
    before, _, rest = README.read_text().partition(first)
    _, _, after = rest.partition(last)
    said = "Figures of [docs/proof.md](docs/proof.md), each made again by one command:\n" + ";\n".join(f"- {one}" for one in told) + ".\n"
    README.write_text(before + first + said + last + after)


def fuzzed() -> list[str]:
    """What the search for bad input spent and found; nothing if it never ran."""
    figures, fuzz = found("fuzz"), REPOSITORY / "tests" / "fuzz"
    if not figures:
        return []
    kept = {name: [len(list(path.iterdir())) if (path := fuzz / kind / name).is_dir() else 0 for kind in ("corpus", "crashes")] for name in figures}
    hours = sum(one["cpu_s"] for one in figures.values()) / 3600
    rows = [[name, f"{one['cpu_s'] / 60:.1f}", f"{one['executions']:,}", f"{one['edges']:,}", *kept[name]] for name, one in figures.items()]
    return ["## Bad input: `make fuzz`", line("fuzz"),
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
    model = found("interleavings")
    if model:
        (REPOSITORY / "docs" / "interleavings.svg").write_text(bars([(run["name"], run["states"]) for run in model], "states"))
        parts += ["## Every order of events: `make interleavings`", line("interleavings"),
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
        parts += ["## A fault at every call: `make test-faults`", line("faults"),
            "A proxy between the real functions and all that they call (rows, objects, queues, mail, the endpoint, Stripe) counts the calls of "
            "a clean run, then makes each of them go wrong in turn. `dies_before` and `dies_after`: the real process is killed (SIGKILL), so a "
            "death between any two steps needs nothing compiled in. `throttled`, `broken`, `lost_before`, `lost_after`, `slow` happen once; a "
            "slow write takes effect last, after the one that was tried instead. Each call meets one of these five, by turns that `SEED` moves "
            "on; `SEED=all` plays all of them. After each fault the invariants are checked on the rows, objects and logs. A fault that does not "
            "survive prints the `FAULT=…` that plays it alone.",
            table(["run", "calls", "kinds", "seed", "faults", "survived"],
                  [[name, one["calls"], kinds(one["kinds"]), one.get("seed", ""), one["played"], one["survived"]] for name, one in faults.items()])]
    memory = found("memory")
    if memory:
        parts += ["What a hostile photo takes of the real container's memory, as the system counted its peak:",
            table(["photo", "bytes", "MB more than idle"], [[name, f"{one['bytes']:,}", one["peak_mb"]] for name, one in memory.items()])]
    parts += ["## The 28 faults and where each is tested",
              table(["#", "fault", "tested by"], json.loads(FAULTS.read_text()))]
    fleet = found("fleet")
    if fleet:
        names = list(fleet["rows"][0])
        parts += ["## The fleet, simulated: `make simulate`", line("fleet"),
            f"Nothing ran on SageMaker: {fleet['service_s']} s a generation is an assumption, cold starts are others' measurements "
            f"(both named in [simulate.py](../tests/load/simulate.py)); seed {fleet['seed']}. The same code meets Erlang's formula for "
            "fixed fleets. The last column is what `MaxCopies=2`, the templates' default, gives: **it carries at most 8 a minute**. Raise "
            "`MaxCopies`, which the queue's reader follows, to the instances needed, with their quota (a wait beyond 3,600 s means that it fails "
            "at its deadline).",
            table([name.replace("_", " ") for name in names], [[row[name] for name in names] for row in fleet["rows"]])]
    parts += fuzzed()
    parts += proof_speed.all_sections()
    parts += ["## Not proven here",
        "- Load is that of one laptop with an emulator: nothing here ran on AWS.\n"
        "- An hour of fuzzing for each target: the table says how long it was.\n"
        "- A worker that outlives its lease, stores between a deletion's erasing and hiding, and dies before it takes that back.\n"
        "- The model covers two generations only with the bounds above; SQS, DynamoDB and S3 themselves are modelled, not explored."]
    write_figures(figures(model, faults))
    PAGE.write_text("\n\n".join(parts) + "\n")
    print(f"wrote {PAGE.relative_to(REPOSITORY)}")


if __name__ == "__main__":
    main()
