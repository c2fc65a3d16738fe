import asyncio
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixie.adapters.notifications.file_mail_folder import FileMailFolder
from pixie.adapters.notifications.file_mailer import FileMailer
from pixie.adapters.notifications.rfc5322 import message_of
from pixie.application.notifications.errors import MailNotSent
from pixie.application.notifications.mail import Mail
from pixie.domain.accounts.errors import InvalidName
from pixie.domain.accounts.user import PersonName
from tests.support.fakes.kernel import EPOCH, FakeClock

SENDER = "Pixie <post@pixie.test>"


def a_mail(
    mail_id: str = "0192.welcome", *, to: str = "ada@example.com", to_name: str = "Ada", text: str = "Hello\n"
) -> Mail:
    return Mail(
        id=mail_id, to=to, to_name=to_name, locale="fa", subject="به پیکسی خوش آمدید", text=text, html="<p>سلام</p>\n"
    )


def a_mailer(folder: Path) -> FileMailer:
    return FileMailer(folder, sender=SENDER, clock=FakeClock())


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def parsed(path: Path) -> EmailMessage:
    return BytesParser(EmailMessage, policy=policy.default).parsebytes(path.read_bytes())


async def test_a_mail_is_a_file_that_any_mail_program_opens(tmp_path: Path) -> None:
    await a_mailer(tmp_path).send(a_mail())

    message = parsed(tmp_path / "0192.welcome.eml")

    assert message["Message-ID"] == "<0192.welcome@pixie.test>"
    assert message["Subject"] == "به پیکسی خوش آمدید"
    assert message["Content-Language"] == "fa"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime == EPOCH
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


async def test_mails_are_private_and_nothing_else_is_left_behind(tmp_path: Path) -> None:
    folder = tmp_path / "mail"

    await a_mailer(folder).send(a_mail())

    (file,) = folder.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


async def test_the_same_mail_at_the_same_moment_is_one_whole_file(tmp_path: Path) -> None:
    mailer = a_mailer(tmp_path)

    await asyncio.gather(*(mailer.send(a_mail(text="x" * 100_000)) for _ in range(8)))

    (name,) = names_in(tmp_path)
    body = parsed(tmp_path / name).get_body(("plain",))
    assert body is not None
    assert len(body.get_content().strip()) == 100_000


async def test_a_folder_that_cannot_be_written_is_told_so_and_tried_again(tmp_path: Path) -> None:
    blocked = tmp_path / "mail"
    blocked.write_text("in the way")

    with pytest.raises(MailNotSent) as failed:
        await a_mailer(blocked).send(a_mail())

    assert failed.value.kind.passing


async def test_a_mail_that_cannot_take_its_name_leaves_no_draft(tmp_path: Path) -> None:
    (tmp_path / "0192.welcome.eml").mkdir()

    with pytest.raises(MailNotSent):
        await a_mailer(tmp_path).send(a_mail())

    assert names_in(tmp_path) == ["0192.welcome.eml"]


@pytest.mark.parametrize("mail_id", ["", "../etc", "a/b", ".hidden", "a b", "x" * 200])
async def test_an_id_that_names_no_file_is_a_fault(tmp_path: Path, mail_id: str) -> None:
    with pytest.raises(ValueError, match="names a file"):
        await a_mailer(tmp_path).send(a_mail(mail_id))


async def test_an_address_beyond_ascii_is_written_as_it_is(tmp_path: Path) -> None:
    await a_mailer(tmp_path).send(a_mail(to="آدا@xn--hhbbbed.com"))

    view = await FileMailFolder(tmp_path).get("0192")
    assert view.to == "Ada <آدا@xn--hhbbbed.com>"


@given(st.text(min_size=1, max_size=255))
def test_no_name_can_add_a_header_or_another_recipient(name: str) -> None:
    try:
        known = PersonName(name)
    except InvalidName:
        return

    message = message_of(a_mail(to_name=known.text), sender=SENDER, now=EPOCH)
    read = BytesParser(EmailMessage, policy=policy.default).parsebytes(message.as_bytes())

    assert [address.addr_spec for address in read["To"].addresses] == ["ada@example.com"]
    assert set(read.keys()) == set(message.keys())
