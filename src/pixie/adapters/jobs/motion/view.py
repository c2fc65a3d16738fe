"""What a camera sees of a picture, and how it gets from one view to another. Numbers only: no pixels here."""

import math
from dataclasses import dataclass
from typing import Final

_SAME: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Size:
    width: float
    height: float

    @property
    def aspect(self) -> float:
        return self.width / self.height


@dataclass(frozen=True, slots=True)
class View:
    """A box in a picture, in pixels of it, with fractions; `x` and `y` are its top left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def center(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Stage:
    """A picture, and the shape of the frames that are taken of it. No view leaves the picture."""

    picture: Size
    frame: Size

    def widest(self) -> Size:
        """The largest box of the frame's shape."""
        width = min(self.picture.width, self.picture.height * self.frame.aspect)
        return Size(width, width / self.frame.aspect)

    def at(self, x: float, y: float, zoom: float) -> View:
        """The view, `zoom` times closer than the widest, whose middle is as near to a place as can be.

        The place is given in shares of the picture: 0, 0 is its top left corner, 1, 1 the bottom right one.
        """
        widest = self.widest()
        width, height = widest.width / zoom, widest.height / zoom
        return View(
            _clamped(x * self.picture.width - width / 2, self.picture.width - width),
            _clamped(y * self.picture.height - height / 2, self.picture.height - height),
            width,
            height,
        )

    def around(self, x: float, y: float, width: float, height: float) -> View:
        """The smallest view that shows all of a box, given in shares of the picture, or else the widest one."""
        wide, high = width * self.picture.width, height * self.picture.height
        needed = max(wide, high * self.frame.aspect)
        zoom = max(1.0, self.widest().width / needed)
        return self.at(x + width / 2, y + height / 2, zoom)


def between(start: View, end: View, share: float) -> View:
    """A view on the way. Closing in keeps its pace to the eye: each moment the box shrinks by the same part of itself.

    The middle moves along with the size, so that one point of the picture keeps its place on the screen throughout.
    """
    closer = math.log(end.width / start.width)
    moved = share if abs(closer) < _SAME else math.expm1(closer * share) / math.expm1(closer)
    return View(
        start.x + (end.x - start.x) * moved,
        start.y + (end.y - start.y) * moved,
        start.width * math.exp(closer * share),
        start.height * math.exp(closer * share),
    )


def _clamped(value: float, most: float) -> float:
    return min(max(value, 0.0), max(most, 0.0))
