"""Writes the weights as Rust reads them, and what a test compares with: python export.py RUN/last.pt WEIGHTS GOLDEN SIDE

Weights are f16, convolutions `[outer, kernel, kernel, inner]`, depthwise ones `[kernel, kernel, channels]`.
"""

import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file

import views as V
from network import Network


@torch.no_grad()
def main() -> None:
    checkpoint, weights, golden, side = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
    network = Network().eval()
    network.load_state_dict(torch.load(checkpoint, weights_only=True)["mean"])
    stored = {}
    for name, value in network.state_dict().items():
        # What runs in Rust is what is compared: the rounded numbers.
        value.copy_(value.half().float())
        value = value.permute(0, 2, 3, 1) if value.dim() == 4 else value
        if name.endswith("depthwise.weight"):
            value = value[..., 0].permute(1, 2, 0)
        stored[name] = np.ascontiguousarray(value.half().numpy())
    weights.parent.mkdir(parents=True, exist_ok=True)
    save_file(stored, weights, metadata={"side": str(side)})

    # A round thing with a band around it, in a picture of the network's side.
    line = (torch.arange(side) + 0.5) / side * 2 - 1
    down, right = torch.meshgrid(line, line, indexing="ij")
    cover = ((0.8 - (right**2 * 1.6 + down**2).sqrt()) * side / 4 + 0.5).clamp(0, 1)[None, None]
    colour = torch.stack((0.5 + 0.4 * right, torch.where(down.abs() < 0.2, 0.9, 0.2), 0.4 - 0.3 * down))[None]
    picture = V.inputs(colour, cover)
    answer = network(picture)
    golden.parent.mkdir(parents=True, exist_ok=True)
    tensors = {"colour": colour, "cover": cover, "inputs": picture, "answer": answer}
    save_file({name: np.ascontiguousarray(value[0].permute(1, 2, 0).float().numpy()) for name, value in tensors.items()}, golden)
    print(f"{sum(value.size for value in stored.values())} numbers, {weights.stat().st_size} bytes; answer {answer.min():.3f} to {answer.max():.3f}")


if __name__ == "__main__":
    main()
