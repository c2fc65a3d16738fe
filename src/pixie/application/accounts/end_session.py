from dataclasses import dataclass

from pixie.application.accounts.ports import SessionStore
from pixie.application.kernel.caller import Caller
from pixie.application.kernel.ports import Clock, UnitOfWork
from pixie.domain.accounts.errors import SessionNotFound
from pixie.domain.accounts.session import EndReason
from pixie.domain.kernel.ids import SessionId


@dataclass(frozen=True, slots=True, kw_only=True)
class EndSessionCommand:
    caller: Caller
    session_id: SessionId


@dataclass(frozen=True, slots=True, kw_only=True)
class EndSession:
    """Sign out one of your own devices.

    - Its access tokens stop working at once.
    """

    sessions: SessionStore
    uow: UnitOfWork
    clock: Clock

    async def __call__(self, command: EndSessionCommand) -> None:
        now = self.clock.now()
        session = await self.sessions.find(command.session_id)
        if session is None or session.user_id != command.caller.user_id or session.is_over(now):
            raise SessionNotFound
        session.end(EndReason.REVOKED, now)
        await self.sessions.save_ended(session)
        await self.uow.commit()
