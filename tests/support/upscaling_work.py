"""What tests of upscaling run in compute children: their memory is bounded there."""

import numpy as np
from PIL import Image

from pixie.adapters.jobs.upscaling.enlarge import Enlarger, Original
from pixie.adapters.jobs.upscaling.tiles import Pixels


def repeated(pixels: Pixels) -> Pixels:
    """Stands in for a network: each pixel sixteen times."""
    return pixels.repeat(4, axis=0).repeat(4, axis=1)


def enlarge_blank(width: int, height: int, mode: str) -> tuple[int, int]:
    values = np.random.default_rng(7).integers(0, 255, (height, width, len(mode)), np.uint8)
    original = Original.of(Image.fromarray(values, mode), grey=False)
    enlarger = Enlarger(enlarge_tile=repeated, side=256, overlap=18, scale=4)
    return enlarger(original, lambda done, all_: None).size
