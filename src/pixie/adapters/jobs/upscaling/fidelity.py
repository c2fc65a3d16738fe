"""Holds a network to its original."""

from typing import Final

import numpy as np
from PIL import Image

from pixie.adapters.jobs.upscaling.networks import ENLARGEMENT
from pixie.adapters.jobs.upscaling.tiles import Pixels

_MIDDLE: Final = 128


def kept_true(enlarged: Pixels, original: Pixels) -> Pixels:
    """What a network made, corrected so that it becomes its original when it is shrunk again, or nearly so.

    A network paints what it believes: colours drift, stars and distant birds vanish. The difference is added, softly
    enlarged; edges stay as crisp as the network drew them.
    """
    height, width = enlarged.shape[:2]
    shrunk = np.asarray(Image.fromarray(enlarged).reduce(ENLARGEMENT)).astype(np.int16)
    missing = np.clip(original.astype(np.int16) - shrunk + _MIDDLE, 0, 255).astype(np.uint8)
    softly = Image.fromarray(missing).resize((width, height), Image.Resampling.BICUBIC)
    corrected = enlarged.astype(np.int16)
    corrected += np.asarray(softly)
    corrected -= _MIDDLE
    return np.clip(corrected, 0, 255, out=corrected).astype(np.uint8)
