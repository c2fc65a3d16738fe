from dataclasses import dataclass

from msgspec import convert

from pixie.application.kernel.ports import UnitOfWork
from pixie.application.notifications.send_welcome_mail import SendWelcomeMail, SendWelcomeMailCommand
from pixie.domain.kernel.json import JsonObject
from pixie.entrypoints.actors.binding import Subscription


@dataclass(frozen=True, slots=True, kw_only=True)
class OnUserRegistered:
    """A mail cannot be taken back, so it goes first. After a crash in between it goes again, under the same id."""

    send: SendWelcomeMail
    uow: UnitOfWork

    async def __call__(self, payload: JsonObject) -> None:
        await self.send(convert(payload, SendWelcomeMailCommand))
        await self.uow.commit()


SUBSCRIPTIONS = (
    Subscription(topic="accounts.user_registered", name="notifications.mail_welcome", handler=OnUserRegistered),
)
