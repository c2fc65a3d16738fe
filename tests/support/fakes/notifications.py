from collections.abc import Mapping
from datetime import datetime

from pixie.application.kernel.ports import Clock
from pixie.application.notifications.errors import MailNotFound, MailNotSent
from pixie.application.notifications.mail import Mail
from pixie.application.notifications.ports import Letter, Mailer, MailFolder, MailTemplates
from pixie.application.notifications.views import MailSummary, MailView
from pixie.domain.kernel.locale import Locale


class FakeMailer(Mailer, MailFolder):
    """A mailbox that keeps the last delivery of each mail; with `down` it takes none."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.down = False
        self.mails: dict[str, tuple[Mail, datetime]] = {}

    async def send(self, mail: Mail) -> None:
        if self.down:
            raise MailNotSent("the service is down")
        self.mails[mail.id] = (mail, self.clock.now())

    async def newest(self, limit: int) -> list[MailSummary]:
        views = [_view(*self.mails[mail_id]) for mail_id in sorted(self.mails, reverse=True)[:limit]]
        return [MailSummary(id=view.id, to=view.to, subject=view.subject, sent_at=view.sent_at) for view in views]

    async def get(self, mail_id: str) -> MailView:
        fitting = [one for one in self.mails if one.startswith(mail_id)]
        exact = [one for one in fitting if one == mail_id]
        match exact or fitting:
            case [one]:
                return _view(*self.mails[one])
            case _:
                raise MailNotFound(mail_id)


class FakeMailTemplates(MailTemplates):
    """Says what it was asked for."""

    def render(self, template: str, locale: Locale, facts: Mapping[str, str]) -> Letter:
        told = ", ".join(f"{key}={value}" for key, value in sorted(facts.items()))
        return Letter(subject=f"{template} ({locale})", text=told, html=f"<p>{told}</p>")


def _view(mail: Mail, sent_at: datetime) -> MailView:
    return MailView(
        id=mail.id,
        sender="Pixie <pixie@localhost>",
        to=f"{mail.to_name} <{mail.to}>",
        subject=mail.subject,
        sent_at=sent_at,
        text=mail.text,
        html=mail.html,
        source=mail.text,
    )
