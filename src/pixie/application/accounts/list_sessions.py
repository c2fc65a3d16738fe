from dataclasses import dataclass, replace

from pixie.application.accounts.ports import SessionReader
from pixie.application.accounts.views import SessionView
from pixie.application.kernel.caller import Caller
from pixie.application.kernel.page import Page, PageRequest
from pixie.application.kernel.ports import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSessions:
    """The devices on which you are signed in, with their address and user agent; the newest sign-in comes first."""

    sessions: SessionReader
    clock: Clock

    async def __call__(self, caller: Caller, request: PageRequest) -> Page[SessionView]:
        page = await self.sessions.page(caller.user_id, request, self.clock.now())
        return replace(page, items=[replace(item, current=item.id == caller.session_id) for item in page.items])
