"""A photo that is made of a formula: a soft-edged blob with stripes, cut out."""

import numpy as np


def blob(height: int, width: int, fill: float = 0.4) -> np.ndarray:
    """[height, width, 4] u8; the blob's half axes are `fill` of the sides."""
    y, x = np.mgrid[0:height, 0:width]
    u, v = (x + 0.5) / width * 2 - 1, (y + 0.5) / height * 2 - 1
    radius = np.sqrt((u / (2 * fill)) ** 2 + (v / (2 * fill)) ** 2) * (1 + 0.15 * np.sin(3 * np.arctan2(v, u)))
    alpha = np.clip((1 - radius) * 8, 0, 1)
    stripes = [np.sin(5 * u + 2 * v), np.sin(4 * v - u), np.cos(6 * u * v + 1)]
    colours = [127 + 110 * stripe for stripe in stripes]
    return np.stack([*colours, 255 * alpha], -1).astype(np.uint8)
