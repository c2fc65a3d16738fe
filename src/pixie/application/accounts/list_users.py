from dataclasses import dataclass

from pixie.application.accounts.ports import UserReader
from pixie.application.accounts.views import UserSummary
from pixie.application.kernel.caller import Actor
from pixie.application.kernel.errors import NotAllowed
from pixie.application.kernel.page import Page, PageRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class ListUsers:
    """All users, newest first, or those whose address or name contains a text. Only admins may."""

    users: UserReader

    async def __call__(self, actor: Actor, request: PageRequest, query: str | None = None) -> Page[UserSummary]:
        if not actor.is_admin:
            raise NotAllowed("list users")
        return await self.users.page(request, query)
