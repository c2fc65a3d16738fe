from dataclasses import dataclass
from enum import StrEnum

from pixie.application.accounts.ports import SessionStore
from pixie.application.kernel.caller import Caller
from pixie.application.kernel.ports import Clock, UnitOfWork
from pixie.domain.accounts.session import EndReason


class Reach(StrEnum):
    THIS_SESSION = "this_session"
    EVERYWHERE = "everywhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogoutCommand:
    caller: Caller
    reach: Reach


@dataclass(frozen=True, slots=True, kw_only=True)
class Logout:
    """End this session, or all sessions of this account.

    - Their access tokens stop working at once, not when they expire.
    """

    sessions: SessionStore
    uow: UnitOfWork
    clock: Clock

    async def __call__(self, command: LogoutCommand) -> None:
        now = self.clock.now()
        match command.reach:
            case Reach.EVERYWHERE:
                await self.sessions.end_all(command.caller.user_id, EndReason.SIGNED_OUT, now)
            case Reach.THIS_SESSION:
                session = await self.sessions.find(command.caller.session_id)
                if session is None:
                    return
                session.end(EndReason.SIGNED_OUT, now)
                await self.sessions.save_ended(session)
        await self.uow.commit()
