"""Callers that are signed in, or were."""

from datetime import datetime

from pixie.application.accounts.api import SessionWatch
from pixie.application.accounts.ports import SessionReader
from pixie.application.accounts.views import SessionView
from pixie.application.kernel.page import Page, PageRequest
from pixie.domain.kernel.ids import SessionId, UserId
from pixie.domain.kernel.role import Role
from tests.support.fakes.kernel import FakeClock


class OneAnswer(SessionReader):
    """Says the same of every session."""

    def __init__(self, role: Role | None) -> None:
        self._role = role

    async def role_of(self, session_id: SessionId, user_id: UserId, now: datetime) -> Role | None:
        return self._role

    async def page(self, user_id: UserId, request: PageRequest, now: datetime) -> Page[SessionView]:
        return Page(items=[], next_cursor=None)


def AlwaysSignedIn() -> SessionWatch:  # noqa: N802 - reads as what it stands for
    return SessionWatch(sessions=OneAnswer(Role.USER), clock=FakeClock())


def SignedOut() -> SessionWatch:  # noqa: N802 - as above
    return SessionWatch(sessions=OneAnswer(None), clock=FakeClock())
