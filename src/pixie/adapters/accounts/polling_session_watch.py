import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import structlog

from pixie.application.accounts.ports import SessionReader
from pixie.application.accounts.session_watch import SessionWatch
from pixie.application.kernel.caller import Caller
from pixie.application.kernel.ports import Clock
from pixie.domain.kernel.errors import PixieError

LOOK_EVERY = 0.5
"""Seconds between two looks; half of what is promised."""

log = structlog.get_logger(__name__)


class PollingSessionWatch(SessionWatch):
    """One query serves all open streams of a process, and none is sent while there are none.

    The rows themselves are looked at, so nothing that gets lost in Redis keeps a stream open.
    """

    def __init__(self, sessions: SessionReader, clock: Clock, *, look_every: float = LOOK_EVERY) -> None:
        self._sessions = sessions
        self._clock = clock
        self._look_every = look_every
        self._calls: dict[object, tuple[Caller, Callable[[], None]]] = {}
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._task = asyncio.create_task(self._look_again_and_again())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def is_running(self, caller: Caller) -> bool:
        return await self._sessions.role_of(caller.session_id, caller.user_id, self._clock.now()) is caller.role

    @asynccontextmanager
    async def on_end(self, caller: Caller, call: Callable[[], None]) -> AsyncIterator[None]:
        key = object()
        self._calls[key] = caller, call
        try:
            yield
        finally:
            self._calls.pop(key, None)

    async def _look_again_and_again(self) -> None:
        while True:
            await asyncio.sleep(self._look_every)
            if not self._calls:
                continue
            try:
                await self._look()
            except PixieError as error:
                log.warning("sessions_not_looked_at", error=str(error))

    async def _look(self) -> None:
        watched = dict(self._calls)
        ids = {caller.session_id for caller, _ in watched.values()}
        roles = await self._sessions.roles_of(ids, self._clock.now())
        for key, (caller, call) in watched.items():
            if key in self._calls and roles.get(caller.session_id) is not caller.role:
                del self._calls[key]
                call()
