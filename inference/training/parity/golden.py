"""Writes the tiny network and everything that it does with a photo: what `cargo test` compares our engine with.

    python golden.py FOLDER
"""

import sys
from collections import OrderedDict
from pathlib import Path

import numpy as np
import torch
import yaml
from safetensors.numpy import save_file

from photo import blob
from reference import framed, resized
from weights import TINY, build, settle

# Name in front, height, width, share of the sides: framed larger than 64 pixels, smaller, and exactly 64.
PHOTOS = (("", 150, 190, 0.4), ("small.", 40, 36, 0.4), ("same.", 64, 64, 0.4))


@torch.no_grad()
def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    stages = {}
    for name, height, width, fill in PHOTOS:
        photo = blob(height, width, fill)
        square = framed(photo)
        stages |= {f"{name}photo": photo, f"{name}framed": square, f"{name}input": resized(square, 64)[0].numpy()}
    assert stages["same.framed"].shape[0] == 64, stages["same.framed"].shape
    image = torch.from_numpy(stages["input"])[None]
    model = build(TINY, seed=7)
    settle(model, image)
    seen = {}
    codes = model.scene(image, seen)
    points = torch.rand(512, 3, generator=torch.Generator().manual_seed(11)) * 2 - 1
    numbers, colours = model.field(codes, points)
    grid = model.on_grid(codes, 64)
    vertices, triangles = model.surface(grid)
    seen |= {"points": points, "points.density": numbers, "points.colour": colours, "render": model.render(codes, 32)}
    stages |= {name: value.numpy() for name, value in seen.items()}
    stages |= {"mesh.vertices": vertices, "mesh.triangles": triangles}
    save_file({name: np.ascontiguousarray(value) for name, value in sorted(stages.items())}, folder / "stages.safetensors")
    (folder / "config.yaml").write_text(yaml.safe_dump(TINY, sort_keys=False))
    torch.save(OrderedDict((name, value.detach().clone()) for name, value in model.state_dict().items()), folder / "model.ckpt")
    border = np.abs(vertices).max() / 0.87
    print(f"{len(vertices)} vertices, {len(triangles)} triangles, out to {border:.2f} of the cube; density's numbers {grid.min():.1f} to {grid.max():.1f}")
    for name, value in sorted(stages.items()):
        print(f"{name:24} {str(value.shape):20} rms {np.sqrt(np.mean(value.astype(np.float64) ** 2)):.3g}")


if __name__ == "__main__":
    main()
