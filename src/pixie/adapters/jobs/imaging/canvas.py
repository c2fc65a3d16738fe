"""The picture that operations pass along."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from PIL import Image

MAX_PIXELS: Final = 50_000_000
MAX_SIDE: Final = 16_000


class OperationImpossible(Exception):
    """An operation makes no sense for this picture; the text is a sentence for the person who asked."""


@dataclass(frozen=True, slots=True)
class Outline:
    """What is known of a picture that nobody has opened."""

    width: int
    height: int
    has_mask: bool

    @property
    def size(self) -> tuple[int, int]:
        return self.width, self.height

    def sized(self, size: tuple[int, int]) -> "Outline":
        return Outline(*size, has_mask=self.has_mask)


@dataclass(frozen=True, slots=True)
class Canvas:
    """`image` is RGB or RGBA, upright, in sRGB. `mask`, if there is one, is L and always as large as the image."""

    image: Image.Image
    mask: Image.Image | None = None

    @property
    def size(self) -> tuple[int, int]:
        return self.image.size

    def moved(self, move: Callable[[Image.Image], Image.Image]) -> "Canvas":
        """Geometry moves picture and mask alike."""
        return Canvas(move(self.image), None if self.mask is None else move(self.mask))

    def painted(self, image: Image.Image) -> "Canvas":
        return replace(self, image=image)


def check_size(width: int, height: int) -> None:
    """Before a picture of this size is made, however small the request that wants it."""
    if width > MAX_SIDE or height > MAX_SIDE or width * height > MAX_PIXELS:
        raise OperationImpossible(
            f"the result would have {width} x {height} pixels; at most {MAX_PIXELS // 1_000_000} million "
            f"and {MAX_SIDE} a side are made"
        )


def on_colors(image: Image.Image, change: Callable[[Image.Image], Image.Image]) -> Image.Image:
    """Change the colours and leave the transparency."""
    if image.mode == "RGB":
        return change(image)
    alpha = image.getchannel("A")
    changed = change(image.convert("RGB"))
    changed.putalpha(alpha)
    return changed


def flattened(image: Image.Image, background: tuple[int, int, int] = (255, 255, 255)) -> Image.Image:
    if image.mode == "RGB":
        return image
    ground = Image.new("RGB", image.size, background)
    ground.paste(image, mask=image.getchannel("A"))
    return ground
