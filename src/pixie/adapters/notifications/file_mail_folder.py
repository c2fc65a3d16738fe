import asyncio
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from pixie.adapters.notifications.file_mailer import SUFFIX
from pixie.application.notifications.errors import MailNotFound
from pixie.application.notifications.ports import MailFolder
from pixie.application.notifications.views import MailSummary, MailView

_PARSER = BytesParser(EmailMessage, policy=policy.default)


class FileMailFolder(MailFolder):
    """Reads what `FileMailer` wrote."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def newest(self, limit: int) -> list[MailSummary]:
        return await asyncio.to_thread(self._newest, limit)

    async def get(self, mail_id: str) -> MailView:
        return await asyncio.to_thread(self._get, mail_id)

    def _newest(self, limit: int) -> list[MailSummary]:
        return [_summary(path) for path in self._paths()[:limit]]

    def _get(self, mail_id: str) -> MailView:
        fitting = [path for path in self._paths() if path.stem.startswith(mail_id)]
        exact = [path for path in fitting if path.stem == mail_id]
        match exact or fitting:
            case [path]:
                return _view(path)
            case _:
                raise MailNotFound(mail_id)

    def _paths(self) -> list[Path]:
        return sorted((path for path in self._folder.glob(f"*{SUFFIX}") if path.name[0] != "."), reverse=True)


def _summary(path: Path) -> MailSummary:
    with path.open("rb") as file:
        message = _PARSER.parse(file, headersonly=True)
    return MailSummary(
        id=path.stem, to=_header(message, "To"), subject=_header(message, "Subject"), sent_at=_sent_at(message)
    )


def _view(path: Path) -> MailView:
    source = path.read_bytes()
    message = _PARSER.parsebytes(source)
    return MailView(
        id=path.stem,
        sender=_header(message, "From"),
        to=_header(message, "To"),
        subject=_header(message, "Subject"),
        sent_at=_sent_at(message),
        text=_body(message, "plain"),
        html=_body(message, "html"),
        source=source.decode("utf-8", "replace"),
    )


def _header(message: EmailMessage, name: str) -> str:
    """An address may stand there in UTF-8 (RFC 6532), which the parser leaves as single bytes."""
    return str(message[name]).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _sent_at(message: EmailMessage) -> datetime | None:
    date = message["Date"]
    return date.datetime if date is not None else None


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=("plain",) if kind == "plain" else ("html",))
    return str(part.get_content()).replace("\r\n", "\n") if part is not None else ""
