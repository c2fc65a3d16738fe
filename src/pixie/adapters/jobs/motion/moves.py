"""The moves that a camera makes over a flat picture, and around one that was given depth.

Their fields are their JSON Schema, and their docstrings the schema's descriptions.
"""

import math
from abc import abstractmethod
from typing import Annotated, ClassVar, Final, Literal, TypeAlias

import msgspec
from msgspec import Meta

from pixie.adapters.jobs.motion.view import Stage, View

Share: TypeAlias = Annotated[float, Meta(ge=0, le=1)]
SmallShare: TypeAlias = Annotated[float, Meta(ge=0.05, le=1)]
Strength: TypeAlias = Annotated[
    float, Meta(ge=0.1, le=2, description="How far the camera goes; beyond 1 edges may show that they were guessed.")
]
Direction: TypeAlias = Literal["left", "right", "up", "down", "up_left", "up_right", "down_left", "down_right"]

_TOWARD: Final[dict[str, tuple[float, float]]] = {
    "left": (-1, 0),
    "right": (1, 0),
    "up": (0, -1),
    "down": (0, 1),
    "up_left": (-1, -1),
    "up_right": (1, -1),
    "down_left": (-1, 1),
    "down_right": (1, 1),
}


class Point(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A place in the picture, in shares of its width and height; 0, 0 is the top left corner."""

    x: Share = 0.5
    y: Share = 0.5


class Area(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A box in the picture, in shares of its width and height. The camera shows all of it, and what is around."""

    x: Share
    y: Share
    width: SmallShare
    height: SmallShare


class Move(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="move"):
    """What a camera does with one picture."""

    closed: ClassVar[bool] = False
    """Whether it ends where it began by itself."""


class FlatMove(Move, frozen=True, kw_only=True):
    """A move over the picture as it is."""

    @abstractmethod
    def path(self, stage: Stage) -> tuple[View, View]:
        """The first view and the last one."""


class Still(FlatMove, frozen=True, kw_only=True, tag="still"):
    """The camera stands."""

    toward: Annotated[Point, Meta(description="What to keep in view where the video is narrower.")] = Point()

    def path(self, stage: Stage) -> tuple[View, View]:
        view = stage.at(self.toward.x, self.toward.y, 1)
        return view, view


class _Zoom(FlatMove, frozen=True, kw_only=True):
    amount: Annotated[float, Meta(ge=0.02, le=3, description="How much closer: 0.25 is a quarter larger.")] = 0.25
    toward: Annotated[Point, Meta(description="What it closes in on.")] = Point()

    def closing_in(self, stage: Stage) -> tuple[View, View]:
        x, y = self.toward.x, self.toward.y
        return stage.at(x, y, 1), stage.at(x, y, 1 + self.amount)


class ZoomIn(_Zoom, frozen=True, kw_only=True, tag="zoom_in"):
    """The camera comes closer."""

    def path(self, stage: Stage) -> tuple[View, View]:
        return self.closing_in(stage)


class ZoomOut(_Zoom, frozen=True, kw_only=True, tag="zoom_out"):
    """The camera draws back."""

    def path(self, stage: Stage) -> tuple[View, View]:
        start, end = self.closing_in(stage)
        return end, start


class Pan(FlatMove, frozen=True, kw_only=True, tag="pan"):
    """The camera goes over the picture from one edge to the other."""

    direction: Annotated[Direction, Meta(description="Where the camera goes; the picture seems to go the other way.")]
    zoom: Annotated[
        float, Meta(ge=1, le=4, description="How close the camera is; at 1 there may be no room to go.")
    ] = 1.25

    def path(self, stage: Stage) -> tuple[View, View]:
        x, y = _TOWARD[self.direction]
        return stage.at(0.5 - x / 2, 0.5 - y / 2, self.zoom), stage.at(0.5 + x / 2, 0.5 + y / 2, self.zoom)


class KenBurns(FlatMove, frozen=True, kw_only=True, tag="ken_burns"):
    """The camera goes from one part of the picture to another."""

    start: Area = msgspec.field(name="from")
    end: Area = msgspec.field(name="to")

    def path(self, stage: Stage) -> tuple[View, View]:
        return _around(stage, self.start), _around(stage, self.end)


class DeepMove(Move, frozen=True, kw_only=True):
    """A move that shifts what is near against what is far, by a guess of the depth."""

    strength: Strength = 1.0

    @abstractmethod
    def camera(self, share: float) -> tuple[float, float, float]:
        """Right, down and forward, each from -1 to 1."""


class Parallax(DeepMove, frozen=True, kw_only=True, tag="parallax"):
    """The camera moves past the picture, or into it: what is near shifts against what is far.

    How far away things are is guessed from sharpness, colour, haze and place, by rules; there is no AI in it.
    """

    direction: Annotated[Literal["left", "right", "up", "down", "in", "out"], Meta(description="Where it goes.")] = "in"

    def camera(self, share: float) -> tuple[float, float, float]:
        if self.direction in ("in", "out"):
            return 0, 0, share if self.direction == "in" else 1 - share
        x, y = _TOWARD[self.direction]
        return x * (2 * share - 1), y * (2 * share - 1), 0


class Orbit(DeepMove, frozen=True, kw_only=True, tag="orbit"):
    """The camera goes round in a small circle, once, and ends where it began: what is near shifts against what is far.

    How far away things are is guessed from sharpness, colour, haze and place, by rules; there is no AI in it.
    """

    closed: ClassVar[bool] = True

    def camera(self, share: float) -> tuple[float, float, float]:
        angle = 2 * math.pi * share
        return math.sin(angle), -math.cos(angle) / 2, 0


def _around(stage: Stage, area: Area) -> View:
    return stage.around(area.x, area.y, area.width, area.height)
