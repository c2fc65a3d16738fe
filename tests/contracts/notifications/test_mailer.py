"""What every mailer and mail folder promises."""

from pathlib import Path
from typing import Protocol, cast

import pytest

from pixie.adapters.notifications.file_mail_folder import FileMailFolder
from pixie.adapters.notifications.file_mailer import FileMailer
from pixie.application.notifications.errors import MailNotFound
from pixie.application.notifications.mail import Mail
from pixie.application.notifications.ports import Mailer, MailFolder
from tests.support.fakes.kernel import EPOCH, FakeClock
from tests.support.fakes.notifications import FakeMailer

SENDER = "Pixie <pixie@localhost>"


class Post(Protocol):
    mailer: Mailer
    folder: MailFolder


class _Post:
    def __init__(self, mailer: Mailer, folder: MailFolder) -> None:
        self.mailer = mailer
        self.folder = folder


@pytest.fixture(params=["memory", "files"])
def post(request: pytest.FixtureRequest, tmp_path: Path) -> Post:
    if request.param == "memory":
        mailer = FakeMailer(FakeClock())
        return cast("Post", _Post(mailer, mailer))
    folder = tmp_path / "a folder" / "پست"
    return cast("Post", _Post(FileMailer(folder, sender=SENDER, clock=FakeClock()), FileMailFolder(folder)))


def a_mail(mail_id: str = "0192.welcome", *, to: str = "ada@example.com", subject: str = "Welcome") -> Mail:
    return Mail(
        id=mail_id, to=to, to_name="Ada", locale="en", subject=subject, text="Hello Ada\n", html="<p>Hello Ada</p>\n"
    )


async def test_a_mail_arrives_as_it_was_sent(post: Post) -> None:
    await post.mailer.send(a_mail())

    view = await post.folder.get("0192.welcome")

    assert (view.sender, view.to, view.subject) == (SENDER, "Ada <ada@example.com>", "Welcome")
    assert (view.text, view.html) == ("Hello Ada\n", "<p>Hello Ada</p>\n")
    assert view.sent_at == EPOCH


async def test_the_same_mail_sent_twice_arrives_once(post: Post) -> None:
    await post.mailer.send(a_mail(subject="Draft"))
    await post.mailer.send(a_mail(subject="Welcome"))

    (summary,) = await post.folder.newest(10)

    assert summary.subject == "Welcome"


async def test_the_newest_mails_come_first(post: Post) -> None:
    for number in (2, 1, 3):
        await post.mailer.send(a_mail(f"019{number}.welcome"))

    assert [mail.id for mail in await post.folder.newest(2)] == ["0193.welcome", "0192.welcome"]


async def test_a_mail_is_found_by_any_beginning_that_fits_only_one(post: Post) -> None:
    for mail_id in ("01a.welcome", "01ab.welcome", "02.welcome"):
        await post.mailer.send(a_mail(mail_id))

    assert (await post.folder.get("02")).id == "02.welcome"
    assert (await post.folder.get("01a.welcome")).id == "01a.welcome"
    for ambiguous_or_missing in ("01a", "03", "", "../02.welcome"):
        with pytest.raises(MailNotFound):
            await post.folder.get(ambiguous_or_missing)


async def test_an_empty_folder_holds_nothing(post: Post) -> None:
    assert await post.folder.newest(10) == []
    with pytest.raises(MailNotFound):
        await post.folder.get("01")
