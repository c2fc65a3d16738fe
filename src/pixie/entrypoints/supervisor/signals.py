"""Ctrl-C and its like, as a wish that is granted at the next pause and not in the middle of something."""

import contextlib
import select
import signal
import socket
from types import FrameType, TracebackType
from typing import Self

_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopAsked(Exception):
    """Somebody wants everything to stop."""


class Hurried(Exception):
    """Somebody wants it to stop faster than it does."""


class StopSignals:
    """All waiting goes through here, so that it ends early when a signal comes, a child's death included."""

    def __init__(self) -> None:
        self._asked = 0
        self._handlers: dict[signal.Signals, signal._HANDLER] = {}
        self._ear, self._mouth = socket.socketpair()

    def __enter__(self) -> Self:
        for end in (self._ear, self._mouth):
            end.settimeout(0)
        self._wakeup = signal.set_wakeup_fd(self._mouth.fileno(), warn_on_full_buffer=False)
        for number in _STOPPING:
            if number is not signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:  # as nohup wants it
                self._handlers[number] = signal.signal(number, self._ask)
        self._handlers[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        signal.set_wakeup_fd(self._wakeup)
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._ear.close()
        self._mouth.close()

    def pause(self, seconds: float) -> None:
        """Wait; raises `StopAsked` as soon as somebody wants to stop."""
        if not self._asked:
            self._wait(seconds)
        if self._asked:
            raise StopAsked

    def pause_while_stopping(self, seconds: float) -> None:
        """Wait; raises `Hurried` when somebody asks once more."""
        if self._asked <= 1:
            self._wait(seconds)
        if self._asked > 1:
            raise Hurried

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self._asked += 1

    def _wait(self, seconds: float) -> None:
        select.select([self._ear], [], [], seconds)
        with contextlib.suppress(BlockingIOError):
            while self._ear.recv(64):
                pass
