import pytest

from pixie.application.kernel.errors import NotAllowed
from pixie.application.notifications.errors import MailNotSent
from pixie.application.notifications.list_mails import ListMails
from pixie.application.notifications.send_welcome_mail import SendWelcomeMail, SendWelcomeMailCommand
from pixie.application.notifications.show_mail import ShowMail
from pixie.domain.kernel.locale import Locale
from tests.support.builders.accounts import OPERATOR, a_caller, new_id
from tests.support.fakes.kernel import FakeClock, FakeLinks
from tests.support.fakes.notifications import FakeMailer, FakeMailTemplates

COMMAND = SendWelcomeMailCommand(user_id=new_id(), email="ada@example.com", name="Ada", locale=Locale.PERSIAN)


def sending(mailer: FakeMailer) -> SendWelcomeMail:
    return SendWelcomeMail(mailer=mailer, templates=FakeMailTemplates(), links=FakeLinks())


async def test_a_new_user_is_greeted_in_their_language() -> None:
    mailer = FakeMailer(FakeClock())

    await sending(mailer)(COMMAND)

    ((mail, _),) = mailer.mails.values()
    assert (mail.to, mail.to_name, mail.locale) == ("ada@example.com", "Ada", "fa")
    assert mail.subject == "welcome (fa)"
    assert mail.text == "docs_url=https://pixie.test/docs, name=Ada"


async def test_greeting_twice_makes_one_mail() -> None:
    mailer = FakeMailer(FakeClock())

    await sending(mailer)(COMMAND)
    await sending(mailer)(COMMAND)

    assert len(mailer.mails) == 1


async def test_a_service_that_is_down_is_told_to_whoever_tries_again() -> None:
    mailer = FakeMailer(FakeClock())
    mailer.down = True

    with pytest.raises(MailNotSent) as failed:
        await sending(mailer)(COMMAND)

    assert failed.value.kind.passing


async def test_operators_read_the_mail_folder_and_users_do_not() -> None:
    mailer = FakeMailer(FakeClock())
    await sending(mailer)(COMMAND)

    (summary,) = await ListMails(folder=mailer)(OPERATOR, 10)
    view = await ShowMail(folder=mailer)(OPERATOR, summary.id)

    assert view.subject == "welcome (fa)"
    with pytest.raises(NotAllowed):
        await ListMails(folder=mailer)(a_caller(), 10)
    with pytest.raises(NotAllowed):
        await ShowMail(folder=mailer)(a_caller(), summary.id)
