"""Views as the network sees them: read from what `inference/render/examples/views.rs` wrote, lit and painted anew each time.

Depths count from the object's middle plane, away from the eye, in halves of the framed square's side at that plane.
"""

import csv
import hashlib
from pathlib import Path

import numpy as np
import torch
from scipy.ndimage import distance_transform_edt
from torch.nn import functional as F

SIDE = 128
PIXELS = SIDE * SIDE
RECORD = PIXELS * 14
DEPTH_PARTS = 8192.0
HELD_OUT = 20  # one object in so many is kept for watching, and never learned from


def is_held_out(name: str) -> bool:
    return hashlib.sha256(name.encode()).digest()[0] % HELD_OUT == 0


class Folder:
    """One folder of views."""

    def __init__(self, folder: Path, held_out: bool):
        with open(folder / "views.csv", newline="") as file:
            rows = [row for row in csv.DictReader(file) if is_held_out(row["object"]) == held_out]
        self.records = np.array([int(row["record"]) for row in rows])
        self.tangents = np.array([float(row["tangent"]) for row in rows], dtype=np.float32)
        self.memory = np.memmap(folder / "views.bin", dtype=np.uint8, mode="r")

    def read(self, numbers: np.ndarray) -> dict[str, torch.Tensor]:
        raw = np.stack([self.memory[at * RECORD : (at + 1) * RECORD] for at in self.records[numbers]])
        cut = lambda first, last: raw[:, first * PIXELS : last * PIXELS]
        picture = lambda part, kind, channels: torch.from_numpy(part.copy().view(kind).reshape(len(raw), channels, SIDE, SIDE).astype(np.float32))
        return {
            "front": picture(cut(0, 3), np.uint8, 3) / 255,
            "cover": picture(cut(3, 4), np.uint8, 1) / 255,
            "back": picture(cut(4, 7), np.uint8, 3) / 255,
            "normal": picture(cut(7, 10), np.int8, 3) / 127,
            "first": picture(cut(10, 12), "<i2", 1) / DEPTH_PARTS,
            "last": picture(cut(12, 14), "<i2", 1) / DEPTH_PARTS,
            "tangent": torch.from_numpy(self.tangents[numbers]),
        }


def distance(cover: np.ndarray) -> np.ndarray:
    """Gives each pixel's distance to the nearest one outside, in halves of the side; the frame's border is outside."""
    side = cover.shape[-1]
    padded = np.pad(cover > 0.5, 1)
    return (distance_transform_edt(padded)[1:-1, 1:-1] * (2.0 / side)).astype(np.float32)


def inputs(colour: torch.Tensor, cover: torch.Tensor) -> torch.Tensor:
    """[n, 3, s, s] stored colour and [n, 1, s, s] cover, both 0 to 1, to what the network takes."""
    apart = torch.from_numpy(np.stack([distance(one[0].numpy()) for one in cover]))[:, None]
    # The encoder's own scale, (byte - 127) / 128; nothing is middle grey.
    return torch.cat(((colour * 255 - 127) / 128 * cover, cover, apart), 1)


def light(views: dict[str, torch.Tensor], dice: torch.Generator, share: float) -> None:
    """Lights a share of the views: a lamp from the viewer's side, light from above, exposure, a tint."""
    count = len(views["front"])
    rand = lambda *size: torch.rand(*size, generator=dice)
    lit = (rand(count) < share).float()[:, None, None, None]
    # Right, down, away from the viewer: lamps stand before the object, mostly above it.
    lamp = torch.stack((rand(count) * 2 - 1, rand(count) * -1.2 + 0.3, -rand(count) - 0.1), 1)
    lamp = F.normalize(lamp, dim=1)[:, :, None, None]
    strength, soft = rand(count, 1, 1, 1) * 1.1, rand(count, 1, 1, 1) * 0.5
    toward = (views["normal"] * lamp).sum(1, keepdim=True)
    up = 0.5 - 0.5 * views["normal"][:, 1:2]
    shade = 0.35 + 0.35 * rand(count, 1, 1, 1) + 0.3 * rand(count, 1, 1, 1) * up + strength * ((toward + soft) / (1 + soft)).clamp_min(0)
    inside = (views["cover"] > 0.5).float()
    mean = (shade * inside).sum((1, 2, 3), keepdim=True) / inside.sum((1, 2, 3), keepdim=True).clamp_min(1)
    exposure = torch.exp((rand(count, 1, 1, 1) - 0.5) * 0.9) * (1 + (rand(count, 3, 1, 1) - 0.5) * 0.2)
    shade = 1 + lit * (shade / mean.clamp_min(0.2) - 1)
    # A stored colour is about the root of its light.
    views["front"] = (views["front"].clamp(0, 1) * (shade.clamp_min(0) * exposure).sqrt()).clamp_max(1)
    views["back"] = (views["back"].clamp(0, 1) * exposure.sqrt()).clamp_max(1)


def paint(views: dict[str, torch.Tensor], dice: torch.Generator, share: float) -> None:
    """Lays stripes, checks or blots in space over a share of the views, the same on both layers."""
    rand = lambda *size: torch.rand(*size, generator=dice)
    chosen = (rand(len(views["front"])) < share).nonzero()[:, 0]
    count = len(chosen)
    wave = torch.randn(count, 4, 3, generator=dice) * torch.exp(rand(count, 1, 1) * 2.2 + 0.7)
    phase = rand(count, 4) * 6.28
    blot = rand(count, 1, 1, 1) < 0.5
    colour = rand(count, 3, 1, 1)
    sharp = 1 + rand(count, 1, 1, 1) * 12
    amount = rand(count, 1, 1, 1)
    for picture, layer in LAYERS:
        waves = torch.sin(torch.einsum("nwc,nchv->nwhv", wave, places(views, layer, chosen)) + phase[:, :, None, None])
        field = torch.where(blot, waves.sum(1, keepdim=True), waves[:, :1] * waves[:, 1:2] * 3)
        mix = torch.sigmoid(field * sharp) * amount
        views[picture][chosen] = views[picture][chosen] * (1 - mix) + colour * mix


def wrap(views: dict[str, torch.Tensor], dice: torch.Generator, share: float) -> None:
    """Wraps a share of the views in a piece of another one's picture, thrown through them in some direction."""
    rand = lambda *size: torch.rand(*size, generator=dice)
    chosen = (rand(len(views["front"])) < share).nonzero()[:, 0]
    count = len(chosen)
    others = torch.randint(len(views["front"]), (count,), generator=dice)
    cover = views["cover"][others]
    source = views["front"][others].clamp(0, 1) * cover
    # What is beside the other object has its mean colour.
    source = source + (1 - cover) * source.sum((2, 3), keepdim=True) / cover.sum((2, 3), keepdim=True).clamp_min(1)
    middle = (rand(count, 1, 1, 2) - 0.5) * 0.8
    size = 0.12 + 0.4 * rand(count, 1, 1, 1)
    along = F.normalize(torch.randn(count, 2, 3, generator=dice), dim=2) * (0.8 + 2.5 * rand(count, 1, 1))
    shift = rand(count, 2, 1, 1) * 6.28
    amount = 0.5 + 0.5 * rand(count, 1, 1, 1)
    for picture, layer in LAYERS:
        spread = torch.einsum("nwc,nchv->nwhv", along, places(views, layer, chosen)) + shift
        # There and back again: the piece has no seam.
        folded = torch.asin(torch.sin(spread)) * (2 / np.pi)
        piece = F.grid_sample(source, middle + size * folded.permute(0, 2, 3, 1), align_corners=False)
        views[picture][chosen] = views[picture][chosen] * (1 - amount) + piece * amount


def tint(views: dict[str, torch.Tensor], dice: torch.Generator, share: float) -> None:
    """Exchanges red, green and blue in a share of the views, and makes some paler: what a thing is must not hang on its colour."""
    rand = lambda *size: torch.rand(*size, generator=dice)
    for number in (rand(len(views["front"])) < share).nonzero()[:, 0].tolist():
        order, left = torch.randperm(3, generator=dice), rand(1).clamp_max(0.5) * 2
        for picture in ("front", "back"):
            mixed = views[picture][number, order]
            views[picture][number] = mixed * left + mixed.mean(0) * (1 - left)


LAYERS = (("front", "first"), ("back", "last"))


def places(views: dict[str, torch.Tensor], layer: str, chosen: torch.Tensor) -> torch.Tensor:
    """[n, 3, s, s]: where the layer's pixels lie in space, to the right, down, and away."""
    side = views[layer].shape[-1]
    line = (torch.arange(side) + 0.5) * (2.0 / side) - 1
    down, right = torch.meshgrid(line, line, indexing="ij")
    depth = views[layer][chosen]
    grown = 1 + depth * views["tangent"][chosen, None, None, None]
    return torch.cat((right * grown, down * grown, depth), 1)


def narrowing(side: int) -> torch.Tensor:
    """[side, SIDE]: each row the shares of a triangle filter, as the image crates scale down."""
    step = SIDE / side
    middle = (torch.arange(side) + 0.5) * step - 0.5
    share = (1 - (torch.arange(SIDE)[None] - middle[:, None]).abs() / max(step, 1)).clamp_min(0)
    return share / share.sum(1, keepdim=True)


def shrink(views: dict[str, torch.Tensor], side: int) -> dict[str, torch.Tensor]:
    """Scales views down; colours and depths are averaged over what is seen only."""
    seen = ((views["first"] != 0) | (views["last"] != 0)).float()
    weights = [views["cover"]] * 2 + [seen] * 3
    names = ("front", "back", "first", "last", "normal")
    stacked = torch.cat([views[name] * weight for name, weight in zip(names, weights)] + [views["cover"], seen], 1)
    if side != SIDE:
        small = narrowing(side)
        stacked = small @ stacked @ small.T
    front, back, first, last, normal, cover, seen = stacked.split((3, 3, 1, 1, 3, 1, 1), 1)
    colour, depth = 1 / cover.clamp_min(1e-3), 1 / seen.clamp_min(1e-3)
    return {
        "front": front * colour,
        "back": back * colour,
        "first": first * depth,
        "last": last * depth,
        "normal": normal * depth,
        "cover": cover,
        "seen": ((seen > 0.5) & (cover > 0.5)).float(),
        "tangent": views["tangent"],
    }


def mirror(views: dict[str, torch.Tensor], dice: torch.Generator) -> None:
    """Turns half of the views left to right."""
    turn = torch.rand(len(views["front"]), generator=dice) < 0.5
    for name, picture in views.items():
        if picture.dim() == 4:
            picture[turn] = picture[turn].flip(3)
            if name == "normal":
                picture[turn, 0] *= -1
