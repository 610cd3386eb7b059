"""Random weights with a surface in them, from a seed: the official ones are not needed to compare two programs.

A backbone of random numbers makes planes of noise, and noise has no object. So one channel of the planes falls off from
the middle, one neuron of the decoder carries it through, and the rest is noise on top. All of that is in the weights.
"""

import math

import torch

from reference import LEVEL, TripoSR

# The share of the grid that is to be inside.
INSIDE = 0.12
# How much the noise moves the density's number, where the falling-off channel moves it by about 12.
NOISE = 0.6

OFFICIAL = {
    "cond_image_size": 512,
    "image_tokenizer": {"pretrained_model_name_or_path": "facebook/dino-vitb16"},
    "tokenizer": {"plane_size": 32, "num_channels": 1024},
    "backbone": {"in_channels": 1024, "num_attention_heads": 16, "attention_head_dim": 64, "num_layers": 16, "cross_attention_dim": 768},
    "post_processor": {"in_channels": 1024, "out_channels": 40},
    "decoder": {"in_channels": 120, "n_neurons": 64, "n_hidden_layers": 9, "activation": "silu"},
    "renderer": {"radius": 0.87, "feature_reduction": "concat", "density_activation": "exp", "density_bias": -1.0, "num_samples_per_ray": 128},
}

TINY = {
    "cond_image_size": 64,
    "image_tokenizer": {"pretrained_model_name_or_path": "facebook/dino-vitb16", "hidden_size": 128, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 256},
    "tokenizer": {"plane_size": 8, "num_channels": 128},
    "backbone": {"in_channels": 128, "num_attention_heads": 2, "attention_head_dim": 64, "num_layers": 2, "cross_attention_dim": 128},
    "post_processor": {"in_channels": 128, "out_channels": 8},
    "decoder": {"in_channels": 24, "n_neurons": 64, "n_hidden_layers": 3, "activation": "silu"},
    "renderer": {"radius": 0.87, "feature_reduction": "concat", "density_activation": "exp", "density_bias": -1.0, "num_samples_per_ray": 128},
}


@torch.no_grad()
def build(config: dict, seed: int) -> TripoSR:
    """The network with random weights."""
    model = TripoSR(config).eval()
    dice = torch.Generator().manual_seed(seed)

    def noise(like: torch.Tensor, scale: float) -> torch.Tensor:
        return torch.randn(like.shape, generator=dice) * scale

    for name, weight in model.named_parameters():
        if weight.dim() == 1:
            weight.copy_(noise(weight, 0.1) + (1.0 if "norm" in name and name.endswith("weight") else 0.0))
        elif "embeddings" in name and "projection" not in name:
            weight.copy_(noise(weight, 0.5))
        else:
            inner = weight.shape[0] if "upsample" in name else weight[0].numel()
            weight.copy_(noise(weight, 1 / math.sqrt(inner)))
    shape(model)
    return model


@torch.no_grad()
def shape(model: TripoSR) -> None:
    """Lets one channel fall off from the middle, and one neuron carry it to the density."""
    side = model.config["tokenizer"]["plane_size"]
    line = (torch.arange(side) + 0.5) / side * 2 - 1
    model.tokenizer.embeddings[:, 0] = 2 - 4 * (line[:, None] ** 2 + line[None] ** 2)
    model.backbone.proj_out.weight[0] = 0
    model.backbone.proj_out.bias[0] = 0
    upsample = model.post_processor.upsample
    upsample.weight[0] = 0
    upsample.weight[:, 0] *= 0.05
    upsample.weight[0, 0] = 1
    texel = model.config["post_processor"]["out_channels"]
    layers = [layer for layer in model.decoder.layers if hasattr(layer, "weight")]
    for number, layer in enumerate(layers):
        if number > 0:
            # The others must not see the carrier, nor it them.
            layer.weight[:, 0] = 0
        layer.weight[0] = 0
        layer.bias[0] = 0
    for plane in range(3):
        layers[0].weight[0, plane * texel] = 1.0
    # High enough that SiLU leaves it as it is.
    layers[0].bias[0] = 16.0
    for layer in layers[1:-1]:
        layer.weight[0, 0] = 1.0
    layers[-1].weight[0, 1:] = torch.linspace(-1, 1, layers[-1].weight.shape[1] - 1)
    layers[-1].weight[0, 0] = 1.0


@torch.no_grad()
def settle(model: TripoSR, image: torch.Tensor) -> None:
    """Scales the noise and moves the density so that a share of the grid is inside for this image."""
    codes = model.scene(image, {})
    last = model.decoder.layers[-1]
    carrier = last.weight[0, 0].item()
    last.weight[0, 0] = 0
    noise = model.on_grid(codes, 24).std().item()
    last.weight[0, 1:] *= NOISE / noise
    last.weight[0, 0] = carrier
    numbers = model.on_grid(codes, 32)
    surface = math.log(LEVEL) - model.config["renderer"]["density_bias"]
    last.bias[0] += surface - torch.quantile(numbers.flatten(), 1 - INSIDE).item()
