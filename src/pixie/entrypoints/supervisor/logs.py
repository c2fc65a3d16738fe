"""Showing what the processes wrote into their logs."""

from collections.abc import Callable, Iterable
from pathlib import Path

_TAIL = 30
_TAIL_BYTES = 16_384


def tail(log: Path) -> str:
    """The last lines."""
    with log.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _TAIL_BYTES))
        lines = file.read().decode(errors="replace").splitlines()
    return "\n".join(lines[-_TAIL:])


class LogFollower:
    """Tells each line that is added to the logs from now on, with the name of its process before it."""

    def __init__(self, logs: Iterable[Path], tell: Callable[[str], None]) -> None:
        self._positions = {log: log.stat().st_size for log in logs}
        self._tell = tell

    def follow(self) -> None:
        for log, position in self._positions.items():
            with log.open("rb") as file:
                file.seek(position)
                added = file.read()
            whole = added[: added.rfind(b"\n") + 1]
            self._positions[log] = position + len(whole)
            for line in whole.decode(errors="replace").splitlines():
                self._tell(f"{log.stem:>12} │ {line}")
