from dataclasses import dataclass

from pixie.application.kernel.caller import Actor
from pixie.application.kernel.errors import NotAllowed
from pixie.application.notifications.ports import MailFolder
from pixie.application.notifications.views import MailView


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowMail:
    """One mail of the mail folder. Only admins may."""

    folder: MailFolder

    async def __call__(self, actor: Actor, mail_id: str) -> MailView:
        if not actor.is_admin:
            raise NotAllowed("read other people's mail")
        return await self.folder.get(mail_id)
