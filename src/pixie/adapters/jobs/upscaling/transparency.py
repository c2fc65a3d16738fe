"""What a network that knows nothing of transparency needs, and what its answer needs."""

from typing import Final

from PIL import Image, ImageChops, ImageFilter

_REACHES: Final = (2, 6, 18)
"""Radii of blurs, one after the other: near an edge its nearest colours count, further out their mixture."""
_FELT: Final = 8  # below this, blurred alpha says nothing of a colour any more
_NOTHING: Final = (128, 128, 128)


def without_hidden_colors(image: Image.Image) -> Image.Image:
    """The colours of an RGBA picture, with what nobody sees replaced by what stands near it.

    A network would otherwise mix black, or whatever lies hidden there, into the edges of what is visible.
    """
    colors = image.convert("RGB")
    known = image.getchannel("A").point(_at_least(1))
    premultiplied = image.convert("RGBa")
    for reach in _REACHES:
        near = premultiplied.filter(ImageFilter.GaussianBlur(reach)).convert("RGBA")
        reached = near.getchannel("A").point(_at_least(_FELT))
        colors.paste(near.convert("RGB"), mask=ImageChops.subtract(reached, known))
        known = ImageChops.lighter(known, reached)
    colors.paste(_NOTHING, mask=ImageChops.invert(known))
    return colors


def bounds_of(alpha: Image.Image) -> tuple[Image.Image, Image.Image]:
    """The least and the most of each pixel and its neighbours.

    An enlarged pixel stays within them: what is opaque, or empty, all around stays exactly so.
    """
    return alpha.filter(ImageFilter.MinFilter(3)), alpha.filter(ImageFilter.MaxFilter(3))


def _at_least(level: int) -> list[int]:
    return [255 if value >= level else 0 for value in range(256)]
