"""The sections of docs/proof.md about load, speed, budgets and scores."""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

from stamp import FOUND, REPOSITORY, line


def found(name: str):
    """What a command left, or nothing."""
    path = FOUND / f"{name}.json"
    return json.loads(path.read_text()) if path.exists() else None


def table(heads: list[str], rows: list[list]) -> str:
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    return "\n".join(lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows])


def section(title: str, command: str, *names: str) -> Callable[[Callable[..., list[str]]], Callable[[], list[str]]]:
    """A part of the page, written from what a command left under these names; it says so if that is nothing."""
    def made(write: Callable[..., list[str]]) -> Callable[[], list[str]]:
        def whole() -> list[str]:
            told = [found(name) for name in names]
            return [f"## {title}: `{command}`", *(write(*told) if any(told) else [f"Not measured: `{command}` has left nothing."])]
        return whole
    return made


def curve(lines: dict[str, list[tuple[float, float]]], across: str, up: str) -> str:
    """A plot as SVG: lines over one axis, both from zero."""
    colours = ("#4a7bd0", "#d0764a", "#4aa36b", "#8a5bc0", "#b0a030", "#c04a6b", "#4aa8b8", "#777777", "#8b5a2b", "#222222")
    most_x = max(x for points in lines.values() for x, _ in points) or 1
    most_y = max(y for points in lines.values() for _, y in points) or 1
    parts = ['<svg xmlns="http://www.w3.org/2000/svg" width="760" height="300" font-family="sans-serif" font-size="12">',
             f'<path d="M60 20V260H580" fill="none" stroke="#999"/><text x="580" y="280" text-anchor="end" fill="#555">{across}, to {most_x:,.0f}</text>'
             f'<text x="60" y="14" fill="#555">{up}, to {most_y:,.1f}</text>']
    for place, (name, points) in enumerate(lines.items()):
        colour = colours[place % len(colours)]
        way = " ".join(f"{60 + 520 * x / most_x:.1f},{260 - 240 * y / most_y:.1f}" for x, y in points)
        parts.append(f'<polyline points="{way}" fill="none" stroke="{colour}" stroke-width="1.5"/>'
                     f'<text x="592" y="{34 + 18 * place}" fill="{colour}">{name}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


@section("Load", "make load", "load")
def load(told: dict) -> list[str]:
    kept, agreed = told["kept"], told["agreed"][0]
    carried = [step for step in told["steps"] if step["per_minute"] <= told["knee_after"]]
    last = told["steps"][-1]
    busy = list(last["cores"].items())
    (REPOSITORY / "docs" / "load.svg").write_text(curve(
        {"slowest twentieth": [(step["per_minute"], step["p95_s"]) for step in told["steps"]],
         "median": [(step["per_minute"], step["median_s"]) for step in told["steps"]]}, "orders a minute", "seconds from order to model"))
    flat = {name: [(at / 60, mb) for at, mb in one["line"]] for name, one in told["memory"].items() if name in told["ours"]}
    (REPOSITORY / "docs" / "memory.svg").write_text(curve(flat, "minutes", "MB of each process"))
    faults = "No error; no order lost, made or charged twice; every order made its model." if not told["faults"] else "**Faults:** " + "; ".join(told["faults"][:8])
    knee = (f"{told['knee_after']} a minute are carried; at {last['per_minute']} the slowest twentieth waits more than {told['slow']:g} times the usual time. "
            if told["is_knee"] else f"No knee up to {told['knee_after']} a minute. ")
    return [line("load") + f" Seed {told['seed']}. Orders come at moments drawn before (a Poisson process), whatever the answers; each uploads a "
        "photo, orders a model, and asks 20 times, once a second. The functions are unoptimised builds, the cloud is an emulator in Python on the same "
        "cores, so these are no figures of AWS: they show how the service behaves at its limit, not where that limit is.",
        f"**The knee**: {knee}There, of {sum(last['cores'].values()):.2f} busy cores, {busy[0][0]} used {busy[0][1]:.2f}"
        + (f", {busy[1][0]} {busy[1][1]:.2f}" if len(busy) > 1 else "") + (f", {busy[2][0]} {busy[2][1]:.2f}" if len(busy) > 2 else "")
        + f"; the client used {last['cores'].get('client', 0):.2f} and was at most {last['late_s']} s late.",
        table(["a minute", "orders", "made", "median s", "p95 s", "p95 create ms", "p95 poll ms"],
              [[step["per_minute"], step["orders"], step["succeeded"], step["median_s"], step["p95_s"], step["p95_ms"].get("create"), step["p95_ms"].get("poll")]
               for step in told["steps"]]),
        "![time by rate](load.svg)",
        f"**{told['minutes']:g} minutes at {kept['per_minute']} a minute**, below it ({len(carried)} rate{'s' * (len(carried) > 1)} and this one are judged): {kept['succeeded']} of {kept['orders']} orders made their "
        f"model, median {kept['median_s']} s, p95 {kept['p95_s']} s. {faults}",
        table(["process", "mean MB", "most MB", "grows MB an hour"],
              [[name, one["mean_mb"], one["most_mb"], one["grows_mb_per_hour"]] for name, one in told["memory"].items() if name in told["ours"]]),
        "![memory](memory.svg)",
        f"**The simulation**, given the same arrivals and the measured {agreed['service_mean_s']} s a model: waits of {agreed['told_mean_s']} s (mean) and "
        f"{agreed['told_p95_s']} s (p95); seen were {agreed['wait_mean_s']} and {agreed['wait_p95_s']} s. More than 30 % and 1.5 s apart would fail the command."]


@section("Functions next to Node.js and Python", "make perf-functions", "functions")
def functions(told: dict) -> list[str]:
    names = {"show": "show a model", "open": "open an upload", "webhook": "check a signature"}
    rows = []
    for case, sides in told["cases"].items():
        for side, one in sides.items():
            times = [f"{one[key]:g}" + ("" if side == "ours" else f" ({one[key] / sides['ours'][key]:.1f}×)")
                     for key in ("start_ms", "start_cpu_ms", "warm_ms", "warm_p95_ms", "warm_cpu_ms", "most_mb")]
            rows.append([names.get(case, case), side, *times])
    return [line("functions") + f" Node.js {told['versions']['node']}, Python {told['versions']['python']}; medians of {told['rounds']} rounds "
        f"in turns, {told['calls']} warm calls each; in brackets how many times ours. The same runtime interface, role, table, bucket and secrets; the first "
        "event waits already when the process starts.",
        table(["handler", "by", "start ms", "start CPU ms", "warm ms", "warm p95 ms", "warm CPU ms", "most MB"], rows),
        "**Limits**: not on Lambda: no download of the zip, no sandbox, files in the page cache. The peers do less (no schema, metrics, traces, tags "
        "or problem documents), use a loop of 15 lines instead of AWS's runtime clients, and Node's is bundled and minified. Warm times of the first two "
        "are mostly the emulator's; CPU is the process's own."]


@section("Models next to the reference's plain output", "make perf-models", "models")
def models(told: dict) -> list[str]:
    names = {"model": "ours, textured", "compact": "ours, compact", "same-plain": "the same surface, plain", "whole-plain": "unsimplified, plain"}
    rows = [[file["photo"], names[file["kind"]], f"{file['faces']:,}" if file["faces"] else "as ours", f"{file['bytes'] / 1000:,.0f}", f"{file['gzip_bytes'] / 1000:,.0f}",
             file["parse_ms"], file["draw_ms"], f"{file['bytes'] * 8 / 20e3 + file['total_ms']:.0f}"] for file in told["files"]]
    return [line("models") + f" {told['browser']}, drawn in software, three.js {told['three']}, medians of {told['rounds']} rounds in turns. "
        "Plain is what TripoSR's own program writes: vertices with colours by trimesh, uncompressed; it never simplifies.",
        table(["photo", "file", "triangles", "kB", "kB gzipped", "parse ms", "first picture ms", "with 20 Mbit/s ms"], rows),
        "**Where we lose**: a texture must be decoded and sent to the card, so the same surface with colours at its vertices is read and drawn sooner, and "
        "its file is smaller than our uncompressed one; ours carries 1,048,576 texels instead of 10,000 colours."]


@section("TripoSR next to PyTorch, stage by stage", "make perf-engine", "engine")
def engine(told: dict) -> list[str]:
    rows = []
    for part, sides in told["parts"].items():
        ours, theirs = sides["ours"], sides.get("PyTorch")
        rows.append([part, f"{ours['wall_s']:.3f}", f"{ours['cpu_s']:.2f}", *([f"{theirs['wall_s']:.3f}", f"{theirs['cpu_s']:.2f}",
                     f"{theirs['wall_s'] / ours['wall_s']:.2f}×", f"{theirs['cpu_s'] / ours['cpu_s']:.2f}×"] if theirs else ["", "", "", ""])])
    return [line("engine") + f" PyTorch {told['pytorch']} on this CPU, the same random weights on both sides, least of {told['rounds']} rounds in turns. "
        "The outputs agree (`make parity`). `request` is a whole model; `sparse` is our way to the surface, which PyTorch's program lacks (`dense`).",
        table(["stage", "ours s", "CPU s", "PyTorch s", "CPU s", "faster", "by CPU"], rows)]


@section("Steps next to Python's libraries", "make perf-steps", "steps-mesh", "steps-texture", "steps-image")
def steps(mesh: list | None, texture: list | None, image: list | None) -> list[str]:
    rows = [[*row[:2], *(f"{ratio:g}×" for ratio in row[2:]), *[""] * (4 - len(row))] for row in [*(mesh or []), *(texture or []), *(image or [])]]
    return [line("steps") + " How many times faster ours is, in one run; below 1 we lose. "
            + (f"Next to Pillow: m{line('steps-image')[1:]}" if image else "Pillow is not compared."),
            table(["on", "step, library", "wall", "CPU"], rows)]


@section("The container as a Lambda function", "make perf-container", "container")
def container(told: dict) -> list[str]:
    rows = [[one["photo"], one["cores"], one["start_s"], one["first_s"], one["next_s"], one["most_mb"]] for one in told["rows"]]
    return [line("container") + f" The embedded engine, defaults; medians of {told['rounds']} processes with {told['calls']} further calls each. Lambda gives one core for "
        "1,769 MB of memory, two for 3,538 MB; its download of the image and its sandbox are not here.",
        table(["photo", "cores", "start s", "first model s", "next model s", "most MB"], rows)]


def budgets() -> list[str]:
    told, title = found("budgets"), "Budgets: `make budgets`, `make budgets-release`"
    about = ("A change that makes a function's zip, a start-up, a hot path or the container's program larger than "
             "[budgets.toml](../tests/budgets/budgets.toml) fails: of local builds in every gate, of what is deployed beside it and before each deploy. "
             "The web app's bundles have theirs in its own check. Start-ups and hot paths are counted in instructions by valgrind: no clock, no noise.")
    if not told:
        return [f"## {title}", about, "The release build was not measured: `make budgets-release` has left nothing."]
    heads = {"zip_kb": "zip kB", "start_million_instructions": "start, million instructions"}
    rows = [[name, *(f"{told['found'][what][name]:g} of {told['limits'][what][name]:g}" for what in heads)] for name in told["found"]["zip_kb"]]
    container = told["found"].get("container_mb", {})
    parts = [f"## {title}", about + " " + line("budgets"), table(["function", *heads.values()], rows)]
    return parts + [f"The container's program: {value:g} MB of {told['limits']['container_mb'][name]:g}." for name, value in container.items()]


def scores() -> list[str]:
    """Of the scores' own page, its table: its figures stand in one place."""
    page = REPOSITORY / "tests" / "models" / "README.md"
    rows = re.search(r"## Found\n(.*?\n\n)((?:\|.*\n)+)", _linked(page, REPOSITORY / "docs"))
    return ["## Quality: `make score`", "The protocol, its limits and more figures: [tests/models](../tests/models/README.md). " + (rows[1].strip() if rows else ""),
            rows[2].strip() if rows else "Not measured."]


def _linked(page: Path, folder: Path) -> str:
    """A page's text with its links as they are written in another folder."""
    return re.sub(r"\]\((?!\w+:|#)([^)]+)\)", lambda link: f"]({os.path.relpath(page.parent / link[1], folder)})", page.read_text())


def figures() -> list[str]:
    """Of load and speed, what README shows."""
    told = []
    if (run := found("load")) and not run["faults"]:
        kept = run["kept"]
        told.append(f"**{run['minutes']:g} minutes of load**, {kept['succeeded']} of {kept['orders']} orders made, none lost or charged twice, memory flat (`make load`)")
    if speed := found("functions"):
        sides = speed["cases"]["show"]
        told.append(f"a function's **first answer after {sides['ours']['start_ms']:.0f} ms**, the same in Node.js after {sides['node']['start_ms']:.0f} and in Python after "
                    f"{sides['python']['start_ms']:.0f} ms, on the same machine (`make perf-functions`)")
    return told


def all_sections() -> list[str]:
    return [*load(), *functions(), *engine(), *steps(), *models(), *container(), *budgets(), *scores()]
