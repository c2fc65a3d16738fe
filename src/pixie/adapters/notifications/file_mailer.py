import asyncio
import os
import re
import tempfile
from pathlib import Path

from pixie.adapters.notifications.rfc5322 import message_of
from pixie.application.kernel.ports import Clock
from pixie.application.notifications.errors import MailNotSent
from pixie.application.notifications.mail import Mail
from pixie.application.notifications.ports import Mailer

SUFFIX = ".eml"
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,150}")


class FileMailer(Mailer):
    """Keeps each mail as a file of its own, named by its id; the same mail again takes the place of the first.

    A file is whole as soon as it has its name. Mails are private: only the owner of the folder reads them.
    """

    def __init__(self, folder: Path, *, sender: str, clock: Clock) -> None:
        self._folder = folder
        self._sender = sender
        self._clock = clock

    async def send(self, mail: Mail) -> None:
        if not _SAFE.fullmatch(mail.id):
            raise ValueError(f"A mail's id names a file: {mail.id!r} does not do.")
        message = message_of(mail, sender=self._sender, now=self._clock.now())
        try:
            await asyncio.to_thread(self._write, mail.id + SUFFIX, message.as_bytes())
        except OSError as error:
            raise MailNotSent(f"the mail folder cannot be written ({error.strerror})") from error

    def _write(self, name: str, content: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(dir=self._folder, prefix=".draft-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(draft).replace(self._folder / name)
        except BaseException:
            Path(draft).unlink(missing_ok=True)
            raise
