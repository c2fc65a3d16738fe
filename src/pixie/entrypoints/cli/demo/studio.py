"""The pictures that the jobs of the demo are given, each made once, in the folder of the demo."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image

from pixie.entrypoints.cli.demo.photo import scribbled, shrunk
from pixie.entrypoints.cli.demo.steps import Subject

_QUALITY: Final = 92


@dataclass(frozen=True, slots=True)
class Prepared:
    path: Path
    size: tuple[int, int]


class Studio:
    def __init__(self, photo: Image.Image, folder: Path, mask: Image.Image | None = None) -> None:
        """`mask` is white on what is to be erased; without it, there is a scribble to be taken off."""
        self._photo = photo
        self._folder = folder
        folder.mkdir(exist_ok=True)
        self._given = mask
        self._made: dict[tuple[str, int], Prepared] = {}

    @property
    def size(self) -> tuple[int, int]:
        return self._photo.size

    def prepared(self, subject: Subject, side: int) -> Prepared:
        if subject is Subject.PHOTO or self._given is not None:
            return self._kept("photo", side, shrunk(self._photo, side))
        return self._kept("scribbled", side, scribbled(shrunk(self._photo, side))[0])

    def mask(self, side: int) -> Prepared:
        photo = shrunk(self._photo, side)
        mask = scribbled(photo)[1] if self._given is None else self._given.resize(photo.size)
        return self._kept("mask", side, mask)

    def _kept(self, name: str, side: int, image: Image.Image) -> Prepared:
        if (name, side) not in self._made:
            lossless = image.mode in {"RGBA", "LA", "L"}
            path = self._folder / f"{name}-{max(image.size)}{'.png' if lossless else '.jpg'}"
            image.save(path, quality=_QUALITY, optimize=True)
            self._made[name, side] = Prepared(path, image.size)
        return self._made[name, side]
