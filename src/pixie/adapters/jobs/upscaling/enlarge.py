"""Enlarges a decoded picture tile by tile. Memory beyond the picture and its result is that of one tile."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self, TypeAlias

import numpy as np
from PIL import Image

from pixie.adapters.jobs.upscaling.fidelity import kept_true
from pixie.adapters.jobs.upscaling.networks import ENLARGEMENT
from pixie.adapters.jobs.upscaling.tiles import Pixels, Tile, surrounded, tiles_of
from pixie.adapters.jobs.upscaling.transparency import bounds_of, without_hidden_colors

EnlargeTile: TypeAlias = Callable[[Pixels], Pixels]
"""Makes an RGB picture `ENLARGEMENT` times as wide and as high."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transparency:
    alpha: Pixels
    least: Image.Image
    most: Image.Image


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A picture made ready: colours for everything, transparency apart from them."""

    mode: str
    size: tuple[int, int]
    colors: Pixels
    transparency: Transparency | None

    @classmethod
    def of(cls, image: Image.Image, *, grey: bool) -> Self:
        """Of an upright picture in RGB or RGBA. A grey one is told to be so, for its result to be grey."""
        mode = "L" if grey else "RGB"
        if image.mode == "RGB":
            return cls(mode=mode, size=image.size, colors=np.asarray(image), transparency=None)
        alpha = image.getchannel("A")
        least, most = bounds_of(alpha)
        return cls(
            mode=f"{mode}A",
            size=image.size,
            colors=np.asarray(without_hidden_colors(image)),
            transparency=Transparency(alpha=np.asarray(alpha)[:, :, np.newaxis], least=least, most=most),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Enlarger:
    """`overlap` is how far a tile sees beyond itself; `side` is the most it answers for."""

    enlarge_tile: EnlargeTile
    side: int
    overlap: int
    scale: int

    def __call__(self, original: Original, report: Callable[[int, int], None]) -> Image.Image:
        """`report` gets how many tiles are done, and how many there are."""
        width, height = original.size
        large = Image.new(original.mode, (width * self.scale, height * self.scale))
        tiles = tiles_of(width, height, self.side)
        for number, tile in enumerate(tiles, 1):
            large.paste(self._painted(original, tile), tile.times(self.scale).box)
            report(number, len(tiles))
        return large

    def _painted(self, original: Original, tile: Tile) -> Image.Image:
        transparency = original.transparency
        if transparency is None:
            return self._enlarged(original.colors, tile).convert(original.mode)
        visible = surrounded(transparency.alpha, tile, self.overlap)
        if not visible.any():
            return Image.new(original.mode, tile.times(self.scale).size)
        colors = self._enlarged(original.colors, tile).convert(original.mode.removesuffix("A"))
        colors.putalpha(self._alpha(transparency, tile, flat=int(visible.min()) == int(visible.max())))
        return colors

    def _enlarged(self, pixels: Pixels, tile: Tile) -> Image.Image:
        """The tile at its final size. Shrinking looks beyond the tile too, so it leaves no seams either."""
        seen = surrounded(pixels, tile, self.overlap)
        area = Image.fromarray(kept_true(self.enlarge_tile(seen), seen))
        margin, (width, height) = self.overlap * ENLARGEMENT, tile.times(ENLARGEMENT).size
        box = (margin, margin, margin + width, margin + height)
        if self.scale == ENLARGEMENT:
            return area.crop(box)
        return area.resize(tile.times(self.scale).size, Image.Resampling.LANCZOS, box=box)

    def _alpha(self, transparency: Transparency, tile: Tile, *, flat: bool) -> Image.Image:
        size = tile.times(self.scale).size
        least, most = (
            bound.crop(tile.box).resize(size, Image.Resampling.NEAREST)
            for bound in (transparency.least, transparency.most)
        )
        if flat:
            return least
        grey = self._enlarged(transparency.alpha.repeat(3, axis=2), tile).convert("L")
        return Image.fromarray(np.clip(np.asarray(grey), np.asarray(least), np.asarray(most)))
