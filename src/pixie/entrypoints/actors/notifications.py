from dataclasses import dataclass

from msgspec import convert

from pixie.application.notifications.send_welcome_mail import SendWelcomeMail, SendWelcomeMailCommand
from pixie.domain.kernel.json import JsonObject
from pixie.entrypoints.actors.binding import LongSubscription


@dataclass(frozen=True, slots=True, kw_only=True)
class OnUserRegistered:
    """After a crash between the mail and the end of its row it goes again, under the same id."""

    send: SendWelcomeMail

    async def __call__(self, payload: JsonObject) -> None:
        await self.send(convert(payload, SendWelcomeMailCommand))


SUBSCRIPTIONS = (
    LongSubscription(topic="accounts.user_registered", name="notifications.mail_welcome", handler=OnUserRegistered),
)
