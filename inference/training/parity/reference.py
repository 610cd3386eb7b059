"""TripoSR in plain PyTorch, written from its description: what our engine is compared with.

The modules have the official names of weights, so that the official checkpoint loads strictly. The vision transformer is
the one of transformers 4.35.0, the version that the authors ran: later ones interpolate positions differently.
"""

import math

import numpy as np
import torch
import torch.nn.functional as F
import yaml
from PIL import Image
from torch import nn
from transformers import ViTConfig, ViTModel

MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
LEVEL = 25.0


def framed(photo: np.ndarray, ratio: float = 0.85) -> np.ndarray:
    """[h, w, 4] u8 → [n, n, 3] u8: the object in the middle, on grey."""
    rows, columns = np.where(photo[..., 3] > 0)
    cut = photo[rows.min() : rows.max(), columns.min() : columns.max()]
    side = max(cut.shape[:2])
    for wanted in (side, int(side / ratio)):
        before = [(wanted - length) // 2 for length in cut.shape[:2]]
        after = [wanted - length - first for length, first in zip(cut.shape[:2], before)]
        cut = np.pad(cut, ((before[0], after[0]), (before[1], after[1]), (0, 0)))
    unit = cut.astype(np.float32) / 255.0
    over = unit[:, :, :3] * unit[:, :, 3:4] + (1 - unit[:, :, 3:4]) * 0.5
    return (over * 255.0).astype(np.uint8)


def resized(square: np.ndarray, size: int) -> torch.Tensor:
    """[n, n, 3] u8 → [1, 3, size, size] of 0 to 1."""
    pixels = torch.from_numpy(np.array(Image.fromarray(square)).astype(np.float32) / 255.0)
    return F.interpolate(pixels.permute(2, 0, 1)[None], (size, size), mode="bilinear", align_corners=False, antialias=True)


class ImageTokenizer(nn.Module):
    def __init__(self, config: dict):
        super().__init__()
        named = ("hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size")
        sizes = {name: config[name] for name in named if name in config}
        self.model = ViTModel(ViTConfig(image_size=224, patch_size=16, layer_norm_eps=1e-12, **sizes))
        self.register_buffer("mean", torch.tensor(MEAN).reshape(1, 3, 1, 1), persistent=False)
        self.register_buffer("deviation", torch.tensor(DEVIATION).reshape(1, 3, 1, 1), persistent=False)

    def forward(self, image: torch.Tensor, stages: dict) -> torch.Tensor:
        normal = (image - self.mean) / self.deviation
        seen = self.model(normal, interpolate_pos_encoding=True, output_hidden_states=True)
        stages["tokens.embeddings"] = seen.hidden_states[0][0]
        for number, state in enumerate(seen.hidden_states[1:]):
            stages[f"tokens.layer.{number}"] = state[0]
        stages["tokens"] = seen.last_hidden_state[0]
        return seen.last_hidden_state


class Attention(nn.Module):
    def __init__(self, width: int, context: int, heads: int):
        super().__init__()
        self.heads = heads
        self.to_q = nn.Linear(width, width, bias=False)
        self.to_k = nn.Linear(context, width, bias=False)
        self.to_v = nn.Linear(context, width, bias=False)
        self.to_out = nn.ModuleList([nn.Linear(width, width)])

    def forward(self, rows: torch.Tensor, context: torch.Tensor) -> torch.Tensor:
        def apart(values):
            return values.unflatten(-1, (self.heads, -1)).transpose(1, 2)

        seen = F.scaled_dot_product_attention(apart(self.to_q(rows)), apart(self.to_k(context)), apart(self.to_v(context)))
        return self.to_out[0](seen.transpose(1, 2).flatten(2))


class Gated(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.proj = nn.Linear(width, 8 * width)

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        values, gates = self.proj(rows).chunk(2, dim=-1)
        return values * F.gelu(gates)


class FeedForward(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.net = nn.ModuleList([Gated(width), nn.Identity(), nn.Linear(4 * width, width)])

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        return self.net[2](self.net[0](rows))


class Block(nn.Module):
    def __init__(self, width: int, context: int, heads: int):
        super().__init__()
        self.norm1, self.norm2, self.norm3 = (nn.LayerNorm(width) for _ in range(3))
        self.attn1 = Attention(width, width, heads)
        self.attn2 = Attention(width, context, heads)
        self.ff = FeedForward(width)

    def forward(self, rows: torch.Tensor, context: torch.Tensor) -> torch.Tensor:
        normal = self.norm1(rows)
        rows = rows + self.attn1(normal, normal)
        rows = rows + self.attn2(self.norm2(rows), context)
        return rows + self.ff(self.norm3(rows))


class Backbone(nn.Module):
    def __init__(self, config: dict):
        super().__init__()
        width = config["in_channels"]
        self.norm = nn.GroupNorm(32, width, eps=1e-6)
        self.proj_in = nn.Linear(width, width)
        sizes = (width, config["cross_attention_dim"], config["num_attention_heads"])
        self.transformer_blocks = nn.ModuleList([Block(*sizes) for _ in range(config["num_layers"])])
        self.proj_out = nn.Linear(width, width)

    def forward(self, tokens: torch.Tensor, context: torch.Tensor, stages: dict) -> torch.Tensor:
        """[1, channels, 3 · side²] → the same."""
        rows = self.proj_in(self.norm(tokens).transpose(1, 2))
        stages["backbone.in"] = rows[0]
        for number, block in enumerate(self.transformer_blocks):
            rows = block(rows, context)
            stages[f"backbone.block.{number}"] = rows[0]
        planes = self.proj_out(rows).transpose(1, 2) + tokens
        stages["backbone.out"] = planes[0].T
        return planes


class Planes(nn.Module):
    def __init__(self, config: dict):
        super().__init__()
        side = config["plane_size"]
        self.embeddings = nn.Parameter(torch.zeros(3, config["num_channels"], side, side))


class Upsample(nn.Module):
    def __init__(self, config: dict):
        super().__init__()
        self.upsample = nn.ConvTranspose2d(config["in_channels"], config["out_channels"], kernel_size=2, stride=2)


class Decoder(nn.Module):
    def __init__(self, config: dict):
        super().__init__()
        widths = [config["in_channels"]] + [config["n_neurons"]] * config["n_hidden_layers"]
        layers = []
        for inner, outer in zip(widths, widths[1:]):
            layers += [nn.Linear(inner, outer), nn.SiLU()]
        self.layers = nn.Sequential(*layers, nn.Linear(widths[-1], 4))


class TripoSR(nn.Module):
    def __init__(self, config: dict):
        super().__init__()
        self.config = config
        self.image_tokenizer = ImageTokenizer(config["image_tokenizer"])
        self.tokenizer = Planes(config["tokenizer"])
        self.backbone = Backbone(config["backbone"])
        self.post_processor = Upsample(config["post_processor"])
        self.decoder = Decoder(config["decoder"])

    @classmethod
    def open(cls, folder: str) -> "TripoSR":
        with open(f"{folder}/config.yaml") as file:
            model = cls(yaml.safe_load(file))
        model.load_state_dict(torch.load(f"{folder}/model.ckpt", weights_only=True, mmap=True), assign=True)
        return model.eval()

    def scene(self, image: torch.Tensor, stages: dict) -> torch.Tensor:
        """[1, 3, size, size] → [3, texel, 2 side, 2 side]."""
        tokens = self.image_tokenizer(image, stages)
        planes = self.tokenizer.embeddings.permute(1, 0, 2, 3).flatten(1)[None]
        planes = self.backbone(planes, tokens, stages)
        side = self.config["tokenizer"]["plane_size"]
        planes = planes[0].unflatten(1, (3, side, side)).transpose(0, 1)
        stages["scene_codes"] = self.post_processor.upsample(planes)
        return stages["scene_codes"]

    def field(self, codes: torch.Tensor, points: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """[n, 3] in the cube's own units → the density's number [n] and the colour [n, 3]."""
        points = points / self.config["renderer"]["radius"]
        pairs = torch.stack([points[:, [0, 1]], points[:, [0, 2]], points[:, [1, 2]]])
        sampled = F.grid_sample(codes, pairs[:, None], align_corners=False, mode="bilinear")
        numbers = self.decoder.layers(sampled[:, :, 0].permute(2, 0, 1).flatten(1))
        return numbers[:, 0], torch.sigmoid(numbers[:, 1:])

    def grid(self, resolution: int) -> torch.Tensor:
        """The nodes of the grid, [resolution³, 3], z fastest."""
        line = torch.linspace(0, 1, resolution) * 2 * self.config["renderer"]["radius"] - self.config["renderer"]["radius"]
        return torch.stack(torch.meshgrid(line, line, line, indexing="ij"), -1).reshape(-1, 3)

    def on_grid(self, codes: torch.Tensor, resolution: int, chunk: int = 8192) -> torch.Tensor:
        """The density's number at every node, [resolution, resolution, resolution]."""
        parts = [self.field(codes, points)[0] for points in self.grid(resolution).split(chunk)]
        return torch.cat(parts).reshape(resolution, resolution, resolution)

    def density(self, numbers: torch.Tensor) -> torch.Tensor:
        return torch.exp(numbers + self.config["renderer"]["density_bias"])

    def surface(self, numbers: torch.Tensor) -> tuple[np.ndarray, np.ndarray]:
        """Vertices in the cube's own axes and units, and triangles."""
        import mcubes

        vertices, triangles = mcubes.marching_cubes(self.density(numbers).double().numpy(), LEVEL)
        radius = self.config["renderer"]["radius"]
        places = vertices / (numbers.shape[0] - 1) * 2 * radius - radius
        return places.astype(np.float32), triangles.astype(np.int32)

    def render(self, codes: torch.Tensor, side: int, distance: float = 1.9, angle: float = 40.0) -> torch.Tensor:
        """The picture through the density from the front, [side, side, 3]."""
        samples = self.config["renderer"]["num_samples_per_ray"]
        half = self.config["renderer"]["radius"] * (1 - 1e-3)
        focal = 0.5 * side / math.tan(0.5 * math.radians(angle))
        down, right = torch.meshgrid(torch.arange(side) + 0.5, torch.arange(side) + 0.5, indexing="ij")
        right, down = (right - side / 2) / focal, (down - side / 2) / focal
        rays = F.normalize(torch.stack([-torch.ones_like(right), right, -down], -1).reshape(-1, 3), dim=-1)
        eye = torch.tensor([distance, 0.0, 0.0])
        along = torch.where(rays.abs() < 1e-6, torch.full_like(rays, 1e-6), rays)
        first, second = (half - eye) / along, (-half - eye) / along
        near = torch.minimum(first, second).amax(-1).clamp_min(0.0)
        far = torch.maximum(first, second).amin(-1)
        hit = far - near > 0.01
        steps = torch.linspace(0, 1, samples + 1)
        middle, deltas = (steps[:-1] + steps[1:]) / 2, steps[1:] - steps[:-1]
        depths = near[hit, None] * (1 - middle) + far[hit, None] * middle
        points = eye + depths[..., None] * rays[hit, None]
        numbers, colours = self.field(codes, points.reshape(-1, 3))
        alpha = 1 - torch.exp(-deltas * self.density(numbers).reshape(-1, samples))
        light = torch.cumprod(torch.cat([torch.ones_like(alpha[:, :1]), 1 - alpha[:, :-1] + 1e-10], -1), -1)
        weights = alpha * light
        picture = torch.ones(side * side, 3)
        blended = (weights[..., None] * colours.reshape(-1, samples, 3)).sum(-2)
        picture[hit] = blended + 1 - weights.sum(-1, keepdim=True)
        return picture.reshape(side, side, 3)
