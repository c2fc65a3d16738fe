"""Callers that are signed in, until they are not."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from pixie.application.accounts.session_watch import SessionWatch
from pixie.application.kernel.caller import Caller


class FakeSessionWatch(SessionWatch):
    """One session, the same for everybody."""

    def __init__(self) -> None:
        self.running = True
        self._calls: list[Callable[[], None]] = []

    def sign_out(self) -> None:
        self.running = False
        for call in self._calls:
            call()

    async def is_running(self, caller: Caller) -> bool:
        return self.running

    @asynccontextmanager
    async def on_end(self, caller: Caller, call: Callable[[], None]) -> AsyncIterator[None]:
        self._calls.append(call)
        yield
        self._calls.remove(call)
