"""Keeping one thing running."""

import signal
import time
from collections.abc import Callable
from typing import Protocol

from pixie.adapters.kernel.embedded.engine import EngineFailed
from pixie.entrypoints.supervisor.back_off import BackOff


class Kept(Protocol):
    """What ends against its will and can be started again."""

    @property
    def name(self) -> str: ...

    def start(self) -> object: ...

    def exit_code(self) -> int | None: ...


class Keeper:
    """Starts what has ended: at once the first time, then after longer and longer pauses."""

    def __init__(self, kept: Kept, *, tell: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        self.ends = 0
        self._kept = kept
        self._tell = tell
        self._clock = clock
        self._back_off = BackOff()
        self._alive_since = clock()
        self._due: float | None = None

    def tend(self) -> bool:
        """Look after it; True when it has just been started again."""
        code = self._kept.exit_code()
        if code is None:
            return False
        if self._due is None:
            self._note_end(described(code))
        if self._due is None or self._clock() < self._due:
            return False
        self._due = None
        self._alive_since = self._clock()
        try:
            self._kept.start()
        except EngineFailed as error:
            self._note_end(str(error))
            return False
        self._tell(f"{self._kept.name} runs again.")
        return True

    def _note_end(self, how: str) -> None:
        self.ends += 1
        delay = self._back_off.after(self._clock() - self._alive_since)
        self._due = self._clock() + delay
        when = f"in {delay:g} s" if delay else "at once"
        self._tell(f"{self._kept.name} has ended ({how}); it is started again {when}.")


def described(code: int) -> str:
    """An exit code in words."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"by {signal.Signals(-code).name}"
    except ValueError:
        return f"by signal {-code}"
