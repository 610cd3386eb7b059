"""Makes simple household shapes with random proportions and paint: python shapes.py OUT COUNT SEED

Turned things (bottles, cans, bowls, cups, vases), boxes, pebbles and fruit, flat cut-outs, and things put together of
several parts. They are drawn from formulas, belong to nobody, and are what the collected objects have too few of.
"""

import sys
from pathlib import Path

import numpy as np
import trimesh
from PIL import Image, ImageDraw

TEXTURE_PX = 192


def main() -> None:
    out, count, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    out.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        dice = np.random.default_rng((seed, number))
        kind, make = KINDS[dice.choice(len(KINDS), p=[0.32, 0.22, 0.16, 0.22, 0.08])]
        parts = make(dice)
        low = np.min([part.bounds[0] for part in parts], 0)
        high = np.max([part.bounds[1] for part in parts], 0)
        scene = trimesh.Scene()
        for part in parts:
            part.vertices = (part.vertices - (low + high) / 2) / (high - low).max()
        whole = parts[0] if len(parts) == 1 else trimesh.util.concatenate(parts)
        scene.add_geometry(whole)
        (out / f"shape-{number:05}-{kind}.glb").write_bytes(scene.export(file_type="glb"))


def turned(dice: np.random.Generator) -> list[trimesh.Trimesh]:
    """A profile turned about an upright axis; hollow ones have an inner wall and are open at the top."""
    kind = dice.choice(["can", "bottle", "bowl", "vase", "ball"])
    tall = dice.uniform(0.5, 3.0)
    if kind == "can":
        rim = dice.uniform(0, 0.06)
        profile = [(0, 0), (1 - rim, 0), (1, rim), (1 - rim * 0.5, tall * 0.5), (1, tall - rim), (1 - rim, tall), (0, tall - rim * dice.uniform(0, 1))]
    elif kind == "bottle":
        tall = dice.uniform(1.8, 5.0)
        shoulder, neck, base = dice.uniform(0.45, 0.85), dice.uniform(0.2, 0.6), dice.uniform(0.75, 1.0)
        profile = [(0, 0), (base, 0), (1, 0.1 * tall), (dice.uniform(0.85, 1), shoulder * tall * 0.6), (1, shoulder * tall), (neck, (shoulder + (1 - shoulder) * 0.5) * tall), (neck, tall * 0.97), (neck * 0.9, tall), (0, tall)]
    elif kind == "bowl":
        tall, wall, foot = dice.uniform(0.25, 1.8), dice.uniform(0.03, 0.1), dice.uniform(0.3, 1.0)
        bend = dice.uniform(0.4, 1.2)
        steps = np.linspace(0, 1, 10)
        outer = [(foot + (1 - foot) * step**bend, tall * step) for step in steps]
        inner = [((foot + (1 - foot) * step**bend) - wall, max(tall * step, wall)) for step in steps[::-1]]
        profile = [(0, 0), *outer, *inner, (0, wall)]
    elif kind == "vase":
        steps = np.linspace(0, 1, 16)
        width = 0.4 + 0.6 * np.abs(np.sin(steps * dice.uniform(1, 5) + dice.uniform(0, 3)))
        profile = [(0, 0), *zip(width, steps * tall), (0, tall)]
    else:
        steps = np.linspace(0, np.pi, 24)
        dent = dice.uniform(0, 0.25)
        profile = [(np.sin(step), -np.cos(step) * tall * 0.5 * (1 - dent * np.exp(-((step - np.pi) ** 2) * 4))) for step in steps]
        profile[0], profile[-1] = (0, profile[0][1]), (0, profile[-1][1])
    parts = [skin(dice, *revolve(np.array(profile), int(dice.integers(24, 48))))]
    if kind in ("bowl", "can") and dice.random() < 0.4:
        size = dice.uniform(0.3, 0.45) * tall
        handle = trimesh.creation.torus(size, dice.uniform(0.06, 0.14), major_sections=24, minor_sections=10)
        handle.apply_translation([1 + size * 0.3, tall * 0.5, 0])
        parts = [tinted(dice, part) for part in (parts[0], handle)]
    return parts


def revolve(profile: np.ndarray, spokes: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Vertices, faces and places in the texture: around, and up."""
    around = np.linspace(0, 2 * np.pi, spokes + 1)
    along = np.r_[0, np.cumsum(np.linalg.norm(np.diff(profile, axis=0), axis=1))]
    along /= along[-1]
    vertices = np.stack([np.stack([radius * np.sin(around), np.full_like(around, height), radius * np.cos(around)], 1) for radius, height in profile])
    places = np.stack([np.stack([around / (2 * np.pi), np.full_like(around, up)], 1) for up in along])
    rows, columns = np.meshgrid(np.arange(len(profile) - 1), np.arange(spokes), indexing="ij")
    a = (rows * (spokes + 1) + columns).ravel()
    b, c, d = a + 1, a + spokes + 1, a + spokes + 2
    return vertices.reshape(-1, 3), np.concatenate([np.stack([a, b, d], 1), np.stack([a, d, c], 1)]), places.reshape(-1, 2)


def box(dice: np.random.Generator) -> list[trimesh.Trimesh]:
    """A carton: each face shows its own part of one picture."""
    size = np.exp(dice.uniform(-1.2, 0.3, 3))
    vertices, faces, places = [], [], []
    for axis in range(3):
        for sign in (-1, 1):
            u, v = (axis + 1) % 3, (axis + 2) % 3
            first = len(vertices) * 4
            corners = np.zeros((4, 3))
            corners[:, axis] = sign * size[axis]
            corners[:, u] = np.array([-1, 1, 1, -1]) * size[u] * sign
            corners[:, v] = np.array([-1, -1, 1, 1]) * size[v]
            vertices.append(corners)
            faces += [[first, first + 1, first + 2], [first, first + 2, first + 3]]
            corner = dice.uniform(0, 0.5, 2)
            places.append(corner + np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * dice.uniform(0.2, 0.5))
    return [skin(dice, np.concatenate(vertices), np.array(faces), np.concatenate(places))]


def pebble(dice: np.random.Generator) -> list[trimesh.Trimesh]:
    """A rounded lump between a ball and a box, bent and tapered: fruit, soap, toys."""
    ball = trimesh.creation.icosphere(4)
    power = dice.uniform(0.4, 1.0)
    place = np.sign(ball.vertices) * np.abs(ball.vertices) ** power * np.exp(dice.uniform(-0.9, 0.2, 3))
    place[:, [0, 2]] *= 1 + dice.uniform(-0.5, 0.5) * place[:, 1:2]
    place[:, 0] += dice.uniform(-0.6, 0.6) * place[:, 1] ** 2
    direction = ball.vertices
    for _ in range(3):
        place *= 1 + dice.uniform(0, 0.07) * np.sin(direction @ dice.normal(size=3) * dice.uniform(2, 6) + dice.uniform(0, 6))[:, None]
    places = np.stack([np.arctan2(direction[:, 0], direction[:, 2]) / (2 * np.pi) + 0.5, np.arccos(direction[:, 1].clip(-1, 1)) / np.pi], 1)
    return [skin(dice, place, ball.faces, places)]


def flat(dice: np.random.Generator) -> list[trimesh.Trimesh]:
    """A thin slab of any outline."""
    corners = int(dice.integers(5, 40))
    angles = np.sort(dice.uniform(0, 2 * np.pi, corners))
    reach = 0.3 + 0.7 * np.abs(np.sin(angles * dice.uniform(0.5, 2.5) + dice.uniform(0, 6))) + dice.uniform(0, 0.15, corners)
    outline = np.stack([np.cos(angles) * reach * dice.uniform(0.3, 1), np.sin(angles) * reach], 1)
    thick = dice.uniform(0.05, 0.35)
    middle = outline.mean(0)
    ring = np.arange(corners)
    after = (ring + 1) % corners
    vertices = np.concatenate([np.c_[outline, np.full(corners, z)] for z in (-thick, thick)] + [[[*middle, -thick], [*middle, thick]]])
    faces = np.concatenate([
        np.stack([after, ring, np.full(corners, 2 * corners)], 1),
        np.stack([ring + corners, after + corners, np.full(corners, 2 * corners + 1)], 1),
        np.stack([ring, after, after + corners], 1),
        np.stack([ring, after + corners, ring + corners], 1),
    ])
    mesh = tinted(dice, trimesh.Trimesh(vertices, faces, process=False))
    mesh.apply_transform(trimesh.transformations.random_rotation_matrix(dice.random(3)))
    return [mesh]


def together(dice: np.random.Generator) -> list[trimesh.Trimesh]:
    """Two to five parts grown onto each other: tools, toys, furniture."""
    parts = []
    for _ in range(int(dice.integers(2, 6))):
        kind = dice.choice(["box", "rod", "ball", "ring"])
        if kind == "box":
            part = trimesh.creation.box(np.exp(dice.uniform(-2, 0, 3)))
        elif kind == "rod":
            part = trimesh.creation.capsule(dice.uniform(0.3, 1.3), dice.uniform(0.04, 0.3), count=[16, 16]) if dice.random() < 0.5 else trimesh.creation.cylinder(dice.uniform(0.05, 0.4), dice.uniform(0.2, 1.3), 24)
        elif kind == "ball":
            part = trimesh.creation.icosphere(3, dice.uniform(0.1, 0.45))
        else:
            part = trimesh.creation.torus(dice.uniform(0.2, 0.45), dice.uniform(0.04, 0.12), major_sections=24, minor_sections=10)
        if kind != "ball" and dice.random() < 0.8:
            turn = trimesh.transformations.rotation_matrix(dice.choice([0, 90, 45]) * np.pi / 180, np.eye(3)[dice.integers(3)])
            part.apply_transform(turn)
        if parts:
            other = parts[dice.integers(len(parts))]
            part.apply_translation(other.vertices[dice.integers(len(other.vertices))])
        parts.append(tinted(dice, part))
    if dice.random() < 0.5:
        whole = trimesh.transformations.random_rotation_matrix(dice.random(3))
        for part in parts:
            part.apply_transform(whole)
    return parts


def colour(dice: np.random.Generator) -> np.ndarray:
    grey = dice.uniform(20, 245)
    return np.clip(grey + dice.normal(0, dice.choice([8, 60]), 3), 5, 250)


def tinted(dice: np.random.Generator, mesh: trimesh.Trimesh) -> trimesh.Trimesh:
    """One colour, with a second one over a part of it."""
    light = lambda stored: np.clip((stored / 255) ** 2.2 * 255, 0, 255)
    one, two = light(colour(dice)), light(colour(dice))
    over = mesh.vertices @ dice.normal(size=3) > dice.normal() * 0.8
    tint = np.where((over & (dice.random() < 0.5))[:, None], two, one)
    clean = trimesh.Trimesh(mesh.vertices, mesh.faces, process=False)
    clean.visual = trimesh.visual.ColorVisuals(clean, vertex_colors=np.c_[tint, np.full(len(tint), 255)].astype(np.uint8))
    return clean


def skin(dice: np.random.Generator, vertices: np.ndarray, faces: np.ndarray, places: np.ndarray) -> trimesh.Trimesh:
    """Lays a made-up label over a mesh."""
    picture = label(dice)
    material = trimesh.visual.material.PBRMaterial(baseColorTexture=picture, metallicFactor=0.0, roughnessFactor=1.0)
    visual = trimesh.visual.TextureVisuals(uv=places, material=material)
    return trimesh.Trimesh(vertices, faces, visual=visual, process=False)


def label(dice: np.random.Generator) -> Image.Image:
    """Bands, patches, discs and rows of small marks like writing, softened and grained."""
    side = TEXTURE_PX
    picture = Image.new("RGB", (side, side), tuple(map(int, colour(dice))))
    pen = ImageDraw.Draw(picture)
    for _ in range(int(dice.integers(0, 9))):
        tint = tuple(map(int, colour(dice)))
        x, y = dice.uniform(0, side, 2)
        w, h = dice.uniform(0.05, 0.6, 2) * side
        kind = dice.choice(["band", "patch", "disc", "writing", "rays"])
        if kind == "band":
            pen.rectangle([0, y, side, y + h * 0.5], fill=tint)
        elif kind == "patch":
            pen.rectangle([x, y, x + w, y + h], fill=tint)
        elif kind == "disc":
            pen.ellipse([x, y, x + w, y + h], fill=tint)
        elif kind == "writing":
            high = dice.uniform(2, 12)
            for line in range(int(dice.integers(1, 7))):
                at = x
                while at < min(x + w, side):
                    wide = dice.uniform(0.3, 1.2) * high
                    pen.rectangle([at, y + line * high * 1.6, at + wide, y + line * high * 1.6 + high], fill=tint)
                    at += wide + dice.uniform(0.2, 0.8) * high
        else:
            for _ in range(8):
                pen.line([x, y, *dice.uniform(0, side, 2)], fill=tint, width=int(dice.integers(1, 6)))
    pixels = np.asarray(picture, dtype=np.float32)
    grain = dice.normal(0, 1, (side // 8, side // 8, 1)).repeat(8, 0).repeat(8, 1)
    pixels = pixels + dice.uniform(0, 12) * grain + dice.uniform(0, 6) * dice.normal(0, 1, pixels.shape)
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


KINDS = (("turned", turned), ("box", box), ("pebble", pebble), ("together", together), ("flat", flat))

if __name__ == "__main__":
    main()
