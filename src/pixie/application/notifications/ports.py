"""What notifications need from outside themselves."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from pixie.application.notifications.mail import Mail
from pixie.application.notifications.views import MailSummary, MailView
from pixie.domain.kernel.locale import Locale


class Mailer(Protocol):
    @abstractmethod
    async def send(self, mail: Mail) -> None:
        """Hand a mail over. Sending the same mail again does not double it, where the service can tell.

        Raises `MailNotSent` when it may work later.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What a template became."""

    subject: str
    text: str
    html: str


class MailTemplates(Protocol):
    @abstractmethod
    def render(self, template: str, locale: Locale, facts: Mapping[str, str]) -> Letter:
        """Fill in a template. Facts are plain text: they are escaped wherever they go."""


class MailFolder(Protocol):
    """Mails that were kept instead of sent."""

    @abstractmethod
    async def newest(self, limit: int) -> list[MailSummary]:
        """The newest first."""

    @abstractmethod
    async def get(self, mail_id: str) -> MailView:
        """By its id, or by any beginning of it that fits only one. Raises `MailNotFound`."""
