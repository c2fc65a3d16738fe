"""Which pictures show at a moment of a film, how far each has got, and how the one gives way to the other."""

from dataclasses import dataclass
from typing import Final

_SHORTEST_REST: Final = 0.5
"""The share of a picture's time that transitions leave to it alone, at least."""


@dataclass(frozen=True, slots=True)
class Showing:
    """A picture, by its place in the request, and how much of its time is over, from 0 to 1."""

    picture: int
    time: float


@dataclass(frozen=True, slots=True)
class Moment:
    """What shows: one picture, or one that gives way to the next, `share` of which has come already."""

    now: Showing
    next: Showing | None = None
    share: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """A film of `frames` frames over some pictures, each as long as the others; `overlap` is in frames.

    A film that `loops` ends just before its first frame: with several pictures, the last one gives way to the first.
    """

    pictures: int
    frames: int
    overlap: float = 0.0
    loops: bool = False

    @property
    def step(self) -> float:
        """From the beginning of one picture to that of the next, in frames."""
        if self.loops:
            return self.frames / self.pictures
        return (self.frames - self._overlap) / self.pictures

    @property
    def _overlap(self) -> float:
        """No longer than leaves each picture some time of its own."""
        if self.pictures == 1:
            return 0.0
        return min(self.overlap, (1 - _SHORTEST_REST) * self.frames / self.pictures)

    def at(self, frame: int) -> Moment:
        if self.pictures == 1:
            # One frame less without a loop: the last frame shows the end itself.
            whole = self.frames if self.loops else max(1, self.frames - 1)
            return Moment(Showing(0, frame / whole))
        # A loop begins when the first picture has come all the way.
        place = (frame + self._overlap) % self.frames if self.loops else float(frame)
        number = min(int(place / self.step), self.pictures - 1)
        since = place - number * self.step
        now = Showing(number, self._time(since))
        before = number - 1 if number else self.pictures - 1
        if since >= self._overlap or (number == 0 and not self.loops):
            return Moment(now)
        return Moment(Showing(before, self._time(since + self.step)), now, since / self._overlap)

    def _time(self, since: float) -> float:
        return min(1.0, since / (self.step + self._overlap))
