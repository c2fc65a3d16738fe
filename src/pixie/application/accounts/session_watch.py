from abc import abstractmethod
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from pixie.application.kernel.caller import Caller


class SessionWatch(Protocol):
    """Whether callers who were let in for longer than one request are still signed in, and still what they were."""

    @abstractmethod
    async def is_running(self, caller: Caller) -> bool:
        """Whether the session runs at this moment, its account is active, and the role is the caller's."""

    @abstractmethod
    def on_end(self, caller: Caller, call: Callable[[], None]) -> AbstractAsyncContextManager[None]:
        """Within the block: `call` at most a second after that has become untrue. The database being away ends
        nobody's session.
        """
