"""The network: a framed cut-out to the depths of its first and last surface and the colour of the last one.

The encoder is EfficientNet-Lite0 (Apache-2.0 weights, trained on ImageNet), its normalisation folded into its
convolutions: nothing then depends on the batch, and the same graph trains and runs. The decoder climbs back with the
encoder's pictures beside it. `inference/relief/src/network` is the same graph in Rust; a test holds them together.
"""

import torch
from torch import nn
from torch.nn import functional as F

INPUTS = 5  # red, green, blue, cover, distance to the outline
OUTPUTS = 5  # middle depth, thickness before its softplus, the last surface's red, green, blue before their sigmoid
# Kernel, stride, expansion, channels, repeats: EfficientNet-Lite0 as published.
STAGES = (
    (3, 1, 1, 16, 1),
    (3, 2, 6, 24, 2),
    (5, 2, 6, 40, 2),
    (3, 2, 6, 80, 3),
    (5, 1, 6, 112, 3),
    (5, 2, 6, 192, 4),
    (3, 1, 6, 320, 1),
)
# After these stages lies what the decoder takes: at a half, quarter, eighth, sixteenth and thirty-second of the side.
KEPT = (0, 1, 2, 4, 6)
# The encoder's pictures are large numbers; brought to about 1, or the decoder's units die within a few hundred steps.
CALM = 0.15
LEAK = 0.1  # of the decoder's units below 0, so that none dies
DECODER = (256, 128, 96, 56, 32)


def same(picture: torch.Tensor, kernel: int, stride: int) -> torch.Tensor:
    """Pads as the encoder was trained: for a stride of 2 one more on the right and below."""
    whole = kernel - stride
    before = whole // 2
    return F.pad(picture, (before, whole - before, before, whole - before))


class Block(nn.Module):
    """An inverted residual: widen, look around in each channel, narrow."""

    def __init__(self, before: int, after: int, kernel: int, stride: int, expansion: int):
        super().__init__()
        inner = before * expansion
        self.kernel, self.stride, self.adds = kernel, stride, stride == 1 and before == after
        self.expand = nn.Conv2d(before, inner, 1) if expansion > 1 else None
        self.depthwise = nn.Conv2d(inner, inner, kernel, stride, groups=inner)
        self.project = nn.Conv2d(inner, after, 1)

    def forward(self, picture: torch.Tensor) -> torch.Tensor:
        inner = picture if self.expand is None else F.relu6(self.expand(picture))
        inner = F.relu6(self.depthwise(same(inner, self.kernel, self.stride)))
        inner = self.project(inner)
        return picture + inner if self.adds else inner


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(INPUTS, 32, 3, 2)
        self.blocks = nn.ModuleList()
        self.kept = []
        before = 32
        for number, (kernel, stride, expansion, after, repeats) in enumerate(STAGES):
            for repeat in range(repeats):
                self.blocks.append(Block(before, after, kernel, stride if repeat == 0 else 1, expansion))
                before = after
            if number in KEPT:
                self.kept.append(len(self.blocks) - 1)

    def forward(self, picture: torch.Tensor) -> list[torch.Tensor]:
        picture = F.relu6(self.stem(same(picture, 3, 2)))
        kept = []
        for number, block in enumerate(self.blocks):
            picture = block(picture)
            if number in self.kept:
                kept.append(picture)
        return kept


class Network(nn.Module):
    """[n, INPUTS, s, s] to [n, OUTPUTS, s, s]; s a multiple of 32."""

    def __init__(self):
        super().__init__()
        self.encoder = Encoder()
        widths = [STAGES[stage][3] for stage in KEPT]
        self.bottom = nn.Conv2d(widths[-1], DECODER[0], 1)
        self.whole = nn.Linear(widths[-1], DECODER[0])  # what the whole picture says, to every place of it
        self.ups = nn.ModuleList(
            nn.Conv2d(DECODER[level] + widths[-2 - level], DECODER[level + 1], 3, padding=1) for level in range(4)
        )
        self.last = nn.Conv2d(DECODER[-1], OUTPUTS * 4, 3, padding=1)
        with torch.no_grad():
            self.last.weight.mul_(0.2)
            self.last.bias.zero_()

    def forward(self, picture: torch.Tensor) -> torch.Tensor:
        kept = [one * CALM for one in self.encoder(picture)]
        deepest = kept[-1]
        whole = self.whole(deepest.mean((2, 3)))
        state = F.leaky_relu(self.bottom(deepest) + whole[:, :, None, None], LEAK)
        for level, up in enumerate(self.ups):
            state = F.interpolate(state, scale_factor=2, mode="nearest")
            state = F.leaky_relu(up(torch.cat((state, kept[-2 - level]), 1)), LEAK)
        return F.pixel_shuffle(self.last(state), 2)


def load_encoder(network: Network, path: str) -> None:
    """Folds the published weights' normalisation into the convolutions; the new inputs start at zero."""
    stored = torch.load(path, map_location="cpu", weights_only=True)

    def fold(target: nn.Conv2d, convolution: str, norm: str) -> None:
        weight = stored[f"{convolution}.weight"]
        scale = stored[f"{norm}.weight"] / torch.sqrt(stored[f"{norm}.running_var"] + 1e-3)
        weight = weight * scale[:, None, None, None]
        with torch.no_grad():
            target.weight.zero_()
            target.weight[:, : weight.shape[1]] = weight
            target.bias.copy_(stored[f"{norm}.bias"] - stored[f"{norm}.running_mean"] * scale)

    fold(network.encoder.stem, "_conv_stem", "_bn0")
    for number, block in enumerate(network.encoder.blocks):
        name = f"_blocks.{number}."
        if block.expand is not None:
            fold(block.expand, name + "_expand_conv", name + "_bn0")
        fold(block.depthwise, name + "_depthwise_conv", name + "_bn1")
        fold(block.project, name + "_project_conv", name + "_bn2")
