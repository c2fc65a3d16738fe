from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID, uuid4

import pytest

from pixie.adapters.kernel.database import Database
from pixie.adapters.kernel.ids import Uuid7Source
from pixie.adapters.kernel.pg_outbox import PgInbox, PgOutbox, PgOutboxHints
from tests.support.databases import opened, unit_of

pytestmark = pytest.mark.infra


@dataclass(frozen=True, slots=True, kw_only=True)
class LampLit:
    topic: ClassVar[str] = "lamps.lit"
    lamp_id: UUID
    note: str


SUBSCRIPTIONS = {"lamps.lit": ["moths.come", "people.read"]}


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with opened(database_url) as database:
        yield database


async def told(database: Database, *, commit: bool = True) -> LampLit:
    event = LampLit(lamp_id=uuid4(), note="روشن")
    async with unit_of(database) as uow:
        await PgOutbox(uow, Uuid7Source(), SUBSCRIPTIONS).add(event)
        if commit:
            await uow.commit()
    return event


async def test_every_subscriber_is_hinted_at_once(database: Database) -> None:
    await told(database)
    hints = PgOutboxHints(database)

    assert sorted(hint.actor for hint in await hints.take_due(10)) == ["moths.come", "people.read"]
    assert await hints.take_due(10) == []


async def test_nobody_hears_of_what_was_not_committed(database: Database) -> None:
    await told(database, commit=False)

    assert await PgOutboxHints(database).take_due(10) == []


async def test_an_event_without_subscribers_leaves_no_row(database: Database) -> None:
    async with unit_of(database) as uow:
        await PgOutbox(uow, Uuid7Source(), {}).add(LampLit(lamp_id=uuid4(), note=""))
        await uow.commit()

    assert await database.fetchval("SELECT count(*) FROM outbox") == 0


async def test_a_row_is_taken_once_with_its_payload(database: Database) -> None:
    event = await told(database)
    (hint, *_) = await PgOutboxHints(database).take_due(10)

    async with unit_of(database) as uow:
        payload = await PgInbox(uow).take(UUID(hint.row_id))
        await uow.commit()
    assert payload == {"lamp_id": str(event.lamp_id), "note": "روشن"}

    async with unit_of(database) as uow:
        assert await PgInbox(uow).take(UUID(hint.row_id)) is None


async def test_a_row_whose_effect_failed_stays(database: Database) -> None:
    await told(database)
    (hint, *_) = await PgOutboxHints(database).take_due(10)

    async with unit_of(database) as uow:
        await PgInbox(uow).take(UUID(hint.row_id))

    async with unit_of(database) as uow:
        assert await PgInbox(uow).take(UUID(hint.row_id)) is not None


async def test_a_row_that_stays_is_hinted_at_again_ever_more_seldom(database: Database) -> None:
    await told(database)
    hints = PgOutboxHints(database)
    pauses = []
    for _ in range(3):
        await hints.take_due(10)
        pauses.append(
            float(await database.fetchval("SELECT extract(epoch FROM max(due_at) - clock_timestamp()) FROM outbox"))
        )
        await database.execute("UPDATE outbox SET due_at = clock_timestamp()")

    assert [round(pause / 15) for pause in pauses] == [1, 2, 4]


async def test_after_the_queue_was_emptied_everything_is_hinted_at_again(database: Database) -> None:
    await told(database)
    hints = PgOutboxHints(database)
    await hints.take_due(10)

    await hints.forget_hints()

    assert len(await hints.take_due(10)) == 2
