"""From the registration to the mail folder: outbox row, actor, file."""

from collections.abc import AsyncIterator
from email import policy
from email.parser import BytesParser
from pathlib import Path
from uuid import UUID

import pytest
from dishka import AsyncContainer

from pixie.adapters.kernel.database import Database
from pixie.entrypoints.actors.notifications import SUBSCRIPTIONS
from pixie.entrypoints.wiring.container import offline_container
from tests.support.account_api import account_api
from tests.support.builders.settings import development_settings

pytestmark = pytest.mark.infra

(WELCOME,) = SUBSCRIPTIONS


@pytest.fixture
async def worker(database_url: str, tmp_path: Path) -> AsyncIterator[AsyncContainer]:
    container = offline_container(
        development_settings(tmp_path, PIXIE_DATABASE_URL=database_url, PIXIE_MAIL_SENDER="Pixie <post@pixie.test>")
    )
    yield container
    await container.close()


async def registered(database_url: str, tmp_path: Path) -> str:
    async with account_api(database_url, tmp_path) as api:
        user = (await api.register("ada@example.com", accept_language="fa"))["user"]
    return str(user["id"])


async def handle(worker: AsyncContainer, row_id: UUID) -> None:
    async with worker() as scope:
        await WELCOME.spec.work(scope, row_id)


async def the_row(worker: AsyncContainer) -> UUID | None:
    database = await worker.get(Database)
    row_id: UUID | None = await database.fetchval("SELECT id FROM outbox WHERE subscriber = $1", WELCOME.name)
    return row_id


async def test_a_registration_leads_to_one_mail_however_often_the_actor_is_called(
    worker: AsyncContainer, database_url: str, tmp_path: Path
) -> None:
    user_id = await registered(database_url, tmp_path)
    row_id = await the_row(worker)
    assert row_id is not None

    await handle(worker, row_id)
    await handle(worker, row_id)

    assert await the_row(worker) is None
    mail = tmp_path / "mail" / f"{user_id}.welcome.eml"
    message = BytesParser(policy=policy.default).parsebytes(mail.read_bytes())
    assert message["To"] == "Ada <ada@example.com>"
    assert message["From"] == "Pixie <post@pixie.test>"
    assert message["Subject"] == "به پیکسی خوش آمدید"


async def test_a_mail_that_cannot_be_written_leaves_the_row_for_later(
    worker: AsyncContainer, database_url: str, tmp_path: Path
) -> None:
    await registered(database_url, tmp_path)
    row_id = await the_row(worker)
    assert row_id is not None
    (tmp_path / "mail").write_text("in the way")

    with pytest.raises(Exception, match="mail folder cannot be written"):
        await handle(worker, row_id)

    assert await the_row(worker) == row_id
    (tmp_path / "mail").unlink()
    await handle(worker, row_id)
    assert await the_row(worker) is None
