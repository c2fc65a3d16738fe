from dataclasses import dataclass
from uuid import UUID

from pixie.application.kernel.ports import Links
from pixie.application.notifications.mail import Mail
from pixie.application.notifications.ports import Mailer, MailTemplates
from pixie.domain.kernel.locale import Locale

_TEMPLATE = "welcome"


@dataclass(frozen=True, slots=True, kw_only=True)
class SendWelcomeMailCommand:
    user_id: UUID
    email: str
    name: str
    locale: Locale


@dataclass(frozen=True, slots=True, kw_only=True)
class SendWelcomeMail:
    """Greet a new user in their language, once: a user has one welcome mail, however often it is written."""

    mailer: Mailer
    templates: MailTemplates
    links: Links

    async def __call__(self, command: SendWelcomeMailCommand) -> None:
        facts = {"name": command.name, "docs_url": self.links.absolute("/docs")}
        letter = self.templates.render(_TEMPLATE, command.locale, facts)
        mail = Mail(
            id=f"{command.user_id}.{_TEMPLATE}",
            to=command.email,
            to_name=command.name,
            locale=command.locale,
            subject=letter.subject,
            text=letter.text,
            html=letter.html,
        )
        await self.mailer.send(mail)
