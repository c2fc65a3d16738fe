"""How long to wait before starting again what has ended."""

from dataclasses import dataclass

_DELAYS = (0.0, 0.5, 1.0, 2.0, 5.0)
_CALM = 30.0
"""Seconds of life after which an end is no part of a series."""


@dataclass(slots=True)
class BackOff:
    """At once the first time, then later and later."""

    _ends: int = 0

    def after(self, lived: float) -> float:
        """Seconds to wait after something that lived so long."""
        if lived >= _CALM:
            self._ends = 0
        delay = _DELAYS[min(self._ends, len(_DELAYS) - 1)]
        self._ends += 1
        return delay
