"""What files need from outside themselves."""

from abc import abstractmethod
from pathlib import Path
from typing import Protocol

from pixie.domain.files.media import Inspection


class MediaInspector(Protocol):
    @abstractmethod
    async def inspect(self, path: Path, *, thumbnail: Path | None) -> Inspection:
        """Decode the whole picture, and write a small WebP of it to `thumbnail` if that is given.

        Raises `UnsupportedMediaType` when the content is no picture (a video is none either), `ImageTooManyPixels`, and
        `InvalidImage` when it is broken. An overloaded machine answers with an error of a passing kind. Nothing is
        written when it raises.
        """
