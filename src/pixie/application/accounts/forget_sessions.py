from dataclasses import dataclass
from datetime import timedelta

from pixie.application.accounts.ports import SessionStore
from pixie.application.kernel.ports import Clock, UnitOfWork

_KEPT = timedelta(days=7)
_AT_ONCE = 50  # each may have thousands of spent tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetSessions:
    """Delete sessions a week after they expired, with all their spent tokens; periodic, harmless to repeat.

    Until then a spent token is still recognised, so that whoever sends it hears what happened.
    """

    sessions: SessionStore
    uow: UnitOfWork
    clock: Clock

    async def __call__(self) -> int:
        before = self.clock.now() - _KEPT
        forgotten = 0
        while True:
            batch = await self.sessions.forget(expired_before=before, limit=_AT_ONCE)
            await self.uow.commit()
            forgotten += batch
            if batch < _AT_ONCE:
                return forgotten
