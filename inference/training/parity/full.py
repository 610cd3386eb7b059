"""The whole network at its official size.

    python full.py make FOLDER                                   random weights, 1.7 GB, and a photo
    python full.py stages FOLDER PHOTO.png OURS.safetensors      ours against PyTorch's, stage by stage
"""

import sys
from collections import OrderedDict
from pathlib import Path

import numpy as np
import torch
import yaml
from PIL import Image
from safetensors.numpy import load_file

from photo import blob
from reference import TripoSR, framed, resized
from weights import OFFICIAL, build, settle

# Of the root mean square of the reference: the bar for the planes' texels, and for all before them.
LIMIT = 1e-3


@torch.no_grad()
def make(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    photo = blob(600, 700)
    Image.fromarray(photo).save(folder / "photo.png")
    model = build(OFFICIAL, seed=3)
    settle(model, resized(framed(photo), OFFICIAL["cond_image_size"]))
    (folder / "config.yaml").write_text(yaml.safe_dump(OFFICIAL, sort_keys=False))
    torch.save(OrderedDict((name, value.detach()) for name, value in model.state_dict().items()), folder / "model.ckpt")


@torch.no_grad()
def stages(folder: Path, photo: str, ours: str, resolution: int = 256) -> int:
    found = load_file(ours)
    model = TripoSR.open(str(folder))
    image = resized(framed(np.array(Image.open(photo).convert("RGBA"))), model.config["cond_image_size"])
    seen = {}
    codes = model.scene(image, seen)
    numbers, colours = model.field(codes, torch.from_numpy(found["points"]))
    reference = {name: value.numpy() for name, value in seen.items()}
    reference |= {"input": image[0].numpy(), "points.colour": colours.numpy(), "render": model.render(codes, 32).numpy()}
    found["points.density"] = np.log(np.maximum(found["points.density"], 1e-37)) - model.config["renderer"]["density_bias"]
    reference["points.density"] = numbers.numpy()
    worst = 0.0
    print(f"{'stage':24} {'rms':>9} {'max |Δ| / rms':>14}")
    for name, value in reference.items():
        size = np.sqrt(np.mean(value.astype(np.float64) ** 2))
        off = np.abs(found[name] - value).max() / size
        worst = max(worst, off)
        print(f"{name:24} {size:9.3g} {off:14.2e}")
    distance = mesh(model, model.on_grid(codes, resolution), found, resolution)
    return int(worst > LIMIT or distance > 0.5)


def mesh(model: TripoSR, grid: torch.Tensor, found: dict, resolution: int) -> float:
    """Prints both meshes and gives their Hausdorff distance in voxels."""
    from scipy.spatial import cKDTree

    vertices, triangles = model.surface(grid)
    voxel = 2 * model.config["renderer"]["radius"] / (resolution - 1)
    ours = found["mesh.vertices"]
    there = cKDTree(vertices).query(ours)[0].max() / voxel
    back = cKDTree(ours).query(vertices)[0].max() / voxel
    print(f"mesh: {len(ours)} vertices, {len(found['mesh.triangles'])} triangles; PyMCubes {len(vertices)}, {len(triangles)}")
    print(f"Hausdorff distance {max(there, back):.4f} voxels")
    return max(there, back)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["make", folder]:
            make(Path(folder))
        case ["stages", folder, photo, ours, *rest]:
            sys.exit(stages(Path(folder), photo, ours, *map(int, rest)))
        case _:
            sys.exit(__doc__)
