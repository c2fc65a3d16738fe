"""`pixie mail`: reads the mail folder, and needs nothing else."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pixie.adapters.notifications.file_mail_templates import FileMailTemplates
from pixie.adapters.notifications.file_mailer import FileMailer
from pixie.application.notifications.send_welcome_mail import SendWelcomeMail, SendWelcomeMailCommand
from pixie.domain.kernel.locale import Locale
from pixie.entrypoints.cli.mail import mail as commands
from tests.support.builders.accounts import new_id
from tests.support.builders.settings import STORED_SECRETS
from tests.support.fakes.kernel import FakeClock, FakeLinks

Run = Callable[..., Result]


@pytest.fixture
def pixie(tmp_path: Path) -> Run:
    """Beside a folder with two mails, the newer one in Persian."""
    mailer = FileMailer(tmp_path / "mail", sender="Pixie <pixie@localhost>", clock=FakeClock())
    send = SendWelcomeMail(mailer=mailer, templates=FileMailTemplates(), links=FakeLinks())
    for email, name, locale in (
        ("ada@example.com", "Ada", Locale.ENGLISH),
        ("zahra@example.com", "زهرا", Locale.PERSIAN),
    ):
        command = SendWelcomeMailCommand(user_id=new_id(), email=email, name=name, locale=locale)
        asyncio.run(send(command))
    environment = {
        "PIXIE_ENV": "development",
        "PIXIE_DATA_DIR": str(tmp_path),
        **{f"PIXIE_KEYS_{name.removesuffix('_key').upper()}": value for name, value in STORED_SECRETS.items()},
    }
    return lambda *arguments: CliRunner().invoke(commands, arguments, env=environment)


def test_mails_are_listed_newest_first(pixie: Run) -> None:
    lines = [line.split("\t") for line in pixie("list").stdout.splitlines()]

    assert [(line[1], line[2]) for line in lines] == [
        ("زهرا <zahra@example.com>", "به پیکسی خوش آمدید"),
        ("Ada <ada@example.com>", "Welcome to Pixie"),
    ]
    assert len(json.loads(pixie("list", "--json", "--limit", "1").stdout)) == 1


def test_a_mail_is_shown_as_text_html_source_or_json(pixie: Run) -> None:
    newest = json.loads(pixie("list", "--json").stdout)[0]["id"]

    text = pixie("show", newest).stdout
    html = pixie("show", newest, "--html").stdout
    source = pixie("show", newest, "--source").stdout
    whole = json.loads(pixie("show", newest, "--json").stdout)

    assert "Subject: به پیکسی خوش آمدید" in text
    assert "سلام" in text
    assert '<html lang="fa" dir="rtl">' in html
    assert source.startswith("From: Pixie")
    assert {"id", "to", "subject", "text", "html"} <= set(whole)


def test_a_mail_that_is_not_there_is_told_in_a_line(pixie: Run) -> None:
    result = pixie("show", "nonsense")

    assert result.exit_code == 1
    assert "There is no mail 'nonsense'." in result.stderr
