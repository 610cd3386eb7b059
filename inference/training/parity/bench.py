"""Our engine and PyTorch on the same CPU, in turns, in one run.

    python bench.py FOLDER OURS [ROUNDS [OUT.json]]    FOLDER as `full.py make` writes it; OURS is the example program `parity`

Prints the least of the rounds for each part of a run: seconds on the clock, seconds of the processor, GFLOP/s that two
free cores would give, and how many times faster ours is. The numbers of operations are those of the network's sizes.
"""

import json
import os
import pathlib
import resource
import subprocess
import sys
import time

import numpy as np
import torch
from PIL import Image

from reference import TripoSR, framed, resized

RESOLUTION = 256
# Thousands of millions of operations; of the dense grid, what the reference does.
WORK = {"encoder": 210, "block": 170.7, "backbone": 2731, "dense": 1366, "request": None}
CORES = os.cpu_count()


def processor_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


class Ours:
    def __init__(self, program: str, folder: str):
        command = [program, "serve", folder, f"{folder}/photo.png", str(RESOLUTION)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.facts = json.loads(self.process.stdout.readline())

    def run(self, part: str) -> dict:
        self.process.stdin.write(f"{part}\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


class Theirs:
    def __init__(self, folder: str):
        start = time.perf_counter()
        self.model = TripoSR.open(folder)
        self.load_s = time.perf_counter() - start
        self.square = framed(np.array(Image.open(f"{folder}/photo.png").convert("RGBA")))
        self.image = resized(self.square, self.model.config["cond_image_size"])
        with torch.inference_mode():
            self.tokens = self.model.image_tokenizer(self.image, {})
            self.codes = self.model.scene(self.image, {})
            self.rows = torch.randn(1, 3 * self.model.config["tokenizer"]["plane_size"] ** 2, self.model.config["backbone"]["in_channels"])

    def part(self, name: str) -> None:
        model = self.model
        match name:
            case "encoder":
                model.image_tokenizer(self.image, {})
            case "block":
                model.backbone.transformer_blocks[-1](self.rows, self.tokens)
            case "backbone":
                planes = model.tokenizer.embeddings.permute(1, 0, 2, 3).flatten(1)[None]
                model.backbone(planes, self.tokens, {})
            case "dense":
                model.on_grid(self.codes, RESOLUTION)
            case "request":
                codes = model.scene(resized(self.square, model.config["cond_image_size"]), {})
                vertices, _ = model.surface(model.on_grid(codes, RESOLUTION))
                for places in torch.from_numpy(vertices).split(8192):
                    model.field(codes, places)

    def run(self, part: str) -> dict:
        start, processor = time.perf_counter(), processor_s()
        with torch.inference_mode():
            self.part(part)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return {"wall_s": time.perf_counter() - start, "cpu_s": processor_s() - processor, "peak_kb": peak}


def main() -> None:
    folder, program, *rest = sys.argv[1:]
    rounds, out = int(rest[0]) if rest else 3, rest[1] if len(rest) > 1 else None
    torch.set_num_threads(CORES)
    ours, theirs = Ours(program, folder), Theirs(folder)
    best: dict[str, dict] = {}
    for _ in range(rounds):
        for part in WORK:
            for name, engine in (("ours", ours), ("PyTorch", theirs)):
                found = engine.run(part)
                before = best.setdefault(part, {}).get(name)
                if before is None or found["cpu_s"] < before["cpu_s"]:
                    best[part][name] = found
        best.setdefault("sparse", {})["ours"] = ours.run("sparse")
    print(f"{ours.facts['device']}, {CORES} cores; least of {rounds} rounds in turns; PyTorch {torch.__version__}")
    print(f"{'part':10} {'ours s':>8} {'CPU s':>8} {'GF/s':>6} {'PyTorch s':>10} {'CPU s':>8} {'GF/s':>6} {'faster':>7} {'by CPU':>7}")
    for part, found in best.items():
        own, other = found["ours"], found.get("PyTorch")
        rate = [f"{WORK[part] * CORES / run['cpu_s']:.0f}" if run and WORK.get(part) else "" for run in (own, other)]
        line = f"{part:10} {own['wall_s']:8.3f} {own['cpu_s']:8.2f} {rate[0]:>6}"
        if other:
            ratios = [other[key] / own[key] for key in ("wall_s", "cpu_s")]
            line += f" {other['wall_s']:10.3f} {other['cpu_s']:8.2f} {rate[1]:>6} {ratios[0]:6.2f}× {ratios[1]:6.2f}×"
        print(line)
    if out:
        short = {part: {name: {key: round(value, 4) for key, value in run.items()} for name, run in found.items()} for part, found in best.items()}
        facts = {"parts": short, "pytorch": torch.__version__, "cores": CORES, "rounds": rounds,
                 "load_s": {"ours": ours.facts["load_s"], "PyTorch": theirs.load_s}}
        pathlib.Path(out).write_text(json.dumps(facts, indent=1) + "\n")
    print(f"peak memory: ours {ours.run('sparse')['peak_kb'] / 1e6:.2f} GB, PyTorch {theirs.run('block')['peak_kb'] / 1e6:.2f} GB; load {ours.facts['load_s']:.2f} and {theirs.load_s:.2f} s")


if __name__ == "__main__":
    main()
