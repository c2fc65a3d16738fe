from dataclasses import dataclass

from pixie.application.kernel.caller import Actor
from pixie.application.kernel.errors import NotAllowed
from pixie.application.notifications.ports import MailFolder
from pixie.application.notifications.views import MailSummary


@dataclass(frozen=True, slots=True, kw_only=True)
class ListMails:
    """The mails in the mail folder, newest first. Only admins may."""

    folder: MailFolder

    async def __call__(self, actor: Actor, limit: int) -> list[MailSummary]:
        if not actor.is_admin:
            raise NotAllowed("read other people's mail")
        return await self.folder.newest(limit)
