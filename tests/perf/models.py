"""How large our models are, and how long three.js takes to show them, next to what TripoSR's own program writes of the same surface.

    python models.py --imageto3d BINARY --out docs/measured/models.json

That program writes vertices with colours by trimesh, uncompressed, and never simplifies: so its file is made here twice by the same
trimesh call, of our model's surface and of the whole surface before simplification. Both sides are read by the loader that our site uses.
"""

import argparse
import gzip
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import trimesh

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.append(str(REPOSITORY / "tests"))

from stamp import FOUND, keep  # noqa: E402  (the tests' own module, found by the line above)

PHOTOS = ("coffee.png", "mushroom-with-alpha.png")
WHOLE = 500_000


def plain(model: Path, to: Path) -> None:
    """The same surface, each vertex with the colour that the model has there, as trimesh writes it."""
    mesh = trimesh.load(model, force="mesh")
    colours = mesh.visual.to_color().vertex_colors
    # A texture's seams part vertices; without one there are none.
    places, first, back = np.unique(mesh.vertices, axis=0, return_index=True, return_inverse=True)
    trimesh.Trimesh(places, back.reshape(-1)[mesh.faces], vertex_colors=np.asarray(colours)[first], process=False).export(to)


def make(imageto3d: str, folder: Path) -> list[dict]:
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for photo in PHOTOS:
        name = Path(photo).stem.split("-")[0]
        source = REPOSITORY / ".local" / "photos" / photo
        ours, compact, whole = folder / f"{name}.glb", folder / f"{name}-compact.glb", folder / f"{name}-whole.glb"
        subprocess.run([imageto3d, source, "-o", ours], check=True, stdout=subprocess.DEVNULL)
        subprocess.run([imageto3d, "convert", ours, "-o", compact], check=True, stdout=subprocess.DEVNULL)
        subprocess.run([imageto3d, source, "-o", whole, "--faces", str(WHOLE)], check=True, stdout=subprocess.DEVNULL)
        plain(ours, folder / f"{name}-same-plain.glb")
        plain(whole, folder / f"{name}-whole-plain.glb")
        for kind in ("", "-compact", "-same-plain", "-whole-plain"):
            path = folder / f"{name}{kind}.glb"
            content = path.read_bytes()
            faces = len(trimesh.load(path, force="mesh").faces) if kind != "-compact" else None
            files.append({"photo": name, "kind": kind.lstrip("-") or "model", "path": str(path), "bytes": len(content),
                          "gzip_bytes": len(gzip.compress(content, 9)), "faces": faces})
    return files


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--imageto3d", required=True)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--out", type=Path, default=FOUND / "models.json")
    arguments = parser.parse_args()
    files = make(arguments.imageto3d, REPOSITORY / ".local" / "perf-models")
    command = ["node", str(Path(__file__).parent / "show.mjs"), str(arguments.rounds), *(file["path"] for file in files)]
    shown = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    for file, times in zip(files, shown["times"]):
        file |= times
        del file["path"]
        print(file, flush=True)
    keep(arguments.out, {"files": files, "browser": shown["browser"], "three": shown["three"], "rounds": arguments.rounds})


if __name__ == "__main__":
    main()
