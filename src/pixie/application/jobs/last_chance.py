"""When a worker dies, every job in its hands is suspected, and mostly only one of them did it.

So a job that has one worker left to lose runs while no other such job does: the guilty one then dies alone, and those
that merely were in its company come through.
"""

from collections.abc import Iterator
from contextlib import contextmanager


class LastChances:
    """Of one process: a dying job takes its whole process along, and no other."""

    def __init__(self) -> None:
        self.taken = False

    @contextmanager
    def turn(self) -> Iterator["Turn"]:
        """Whoever takes it keeps it to the end of the block."""
        turn = Turn(self)
        try:
            yield turn
        finally:
            turn.give_back()


class Turn:
    def __init__(self, chances: LastChances) -> None:
        self._chances = chances
        self._mine = False

    def take(self) -> bool:
        """False while a job of somebody else has it."""
        if not self._chances.taken:
            self._chances.taken = self._mine = True
        return self._mine

    def give_back(self) -> None:
        if self._mine:
            self._chances.taken = self._mine = False
