"""The picture that operations pass along, and the others of its request."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeAlias

from PIL import Image

from pixie.adapters.kernel.pictures import DAMAGE, opened, orientation_of, plain, srgb, upright, upright_size

MAX_PIXELS: Final = 50_000_000
MAX_SIDE: Final = 16_000

Told: TypeAlias = Callable[[float], None]
"""Takes how far the work is, 0 to 1."""


class OperationImpossible(Exception):
    """An operation makes no sense for this picture; the text is a sentence for the person who asked."""


class Album:
    """The pictures of a request, decoded when somebody wants them: upright, in sRGB, and without their metadata."""

    def __init__(self, paths: Sequence[Path] = ()) -> None:
        self._paths = tuple(paths)

    def __len__(self) -> int:
        return len(self._paths)

    def size(self, index: int) -> tuple[int, int]:
        """Without decoding it."""
        with self._opened(index) as source:
            return upright_size(source.size, orientation_of(source))

    def picture(self, index: int, within: tuple[int, int] | None = None) -> Image.Image:
        """RGB or RGBA. `within` is the size that somebody needs: what is far larger is decoded smaller, where its
        format can do that.
        """
        with self._opened(index) as source:
            if within is not None:
                source.draft(None, upright_size(within, orientation_of(source)))
            return loaded(source)

    @contextmanager
    def _opened(self, index: int) -> Iterator[Image.Image]:
        if index >= len(self):
            counted = f"only 0 to {len(self) - 1}" if len(self) > 1 else "no other (list all of them in image_file_ids)"
            raise OperationImpossible(f"it wants picture {index}, but the request has {counted}")
        try:
            with opened(self._paths[index]) as source:
                check_size(*source.size)
                yield source
        except DAMAGE as error:
            raise OperationImpossible(f"picture {index} cannot be decoded") from error


_NO_ALBUM: Final = Album()


def _to_nobody(done: float) -> None:
    """Nobody asked how far it is."""


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
    """`image` is RGB or RGBA, upright, in sRGB. `mask`, if there is one, is L and always as large as the image.

    `seed` decides what is left to chance.
    """

    image: Image.Image
    mask: Image.Image | None = None
    album: Album = _NO_ALBUM
    seed: int = 0
    told: Told = _to_nobody

    @property
    def size(self) -> tuple[int, int]:
        return self.image.size

    def moved(self, move: Callable[[Image.Image], Image.Image]) -> "Canvas":
        """Geometry moves picture and mask alike."""
        return replace(self, image=move(self.image), mask=None if self.mask is None else move(self.mask))

    def painted(self, image: Image.Image) -> "Canvas":
        return replace(self, image=image)


def loaded(source: Image.Image) -> Image.Image:
    """Nothing of the file's metadata goes on from here: not the place, not the profile."""
    source.load()
    picture = srgb(upright(plain(source), orientation_of(source)), source.info.get("icc_profile"))
    picture.info = {}  # or Pillow writes comments and profiles of the input into the output
    return picture


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
