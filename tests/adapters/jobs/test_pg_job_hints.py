from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from pixie.adapters.jobs.pg_job_hints import PgJobHints
from pixie.adapters.jobs.pg_job_store import PgJobStore
from pixie.adapters.kernel.database import Database
from pixie.domain.jobs.job import Job
from tests.support.builders.files import ANNA
from tests.support.builders.jobs import a_job
from tests.support.databases import add_user, opened, unit_of

pytestmark = pytest.mark.infra


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with opened(database_url) as database:
        await add_user(database, ANNA)
        yield database


async def kept(database: Database, *, due_in: float = -1) -> Job:
    now = datetime.now(UTC)
    job = a_job(owner=ANNA, now=now)
    job.due_at = now + timedelta(seconds=due_in)
    async with unit_of(database) as uow:
        await PgJobStore(uow).add(job)
        await uow.commit()
    return job


async def test_a_due_job_is_hinted_at_once_for_its_queue(database: Database) -> None:
    job = await kept(database)
    hints = PgJobHints(database)

    found = await hints.take_due(10)

    assert [(hint.actor, hint.queue, hint.row_id) for hint in found] == [("jobs.run", "generation", str(job.id))]
    assert await hints.take_due(10) == []


async def test_a_job_whose_time_has_not_come_is_left_alone(database: Database) -> None:
    await kept(database, due_in=60)

    assert await PgJobHints(database).take_due(10) == []


async def test_a_due_time_beyond_all_pauses_counts_as_come(database: Database) -> None:
    await kept(database, due_in=3600)

    assert len(await PgJobHints(database).take_due(10)) == 1


async def test_a_hint_without_effect_is_sent_again(database: Database) -> None:
    await kept(database)
    hints = PgJobHints(database)
    await hints.take_due(10)

    await database.execute("UPDATE ai_jobs SET hinted_at = hinted_at - interval '31 seconds'")

    assert len(await hints.take_due(10)) == 1


async def test_after_the_queue_was_emptied_everything_due_is_hinted_at_again(database: Database) -> None:
    await kept(database)
    hints = PgJobHints(database)
    await hints.take_due(10)

    await hints.forget_hints()

    assert len(await hints.take_due(10)) == 1


async def test_a_job_that_is_over_needs_no_hint(database: Database) -> None:
    job = await kept(database)
    job.cancel(datetime.now(UTC))
    async with unit_of(database) as uow:
        await PgJobStore(uow).save(job)
        await uow.commit()

    assert await PgJobHints(database).take_due(10) == []


async def test_looking_for_due_jobs_uses_their_index(database: Database) -> None:
    await database.execute(
        """
        INSERT INTO ai_jobs (id, user_id, job_type, status, provider, model_name, queue, input_data, credits_reserved,
                             completed_at)
        SELECT gen_random_uuid(), $1, 'image_generation', 'completed', 'fake', 'fake/x', 'generation', '{}', 0, now()
        FROM generate_series(1, 3000)
        """,
        ANNA,
    )
    await database.execute("ANALYZE ai_jobs")

    plan = await database.fetch(
        "EXPLAIN SELECT id FROM ai_jobs WHERE status IN ('pending', 'processing') AND due_at <= clock_timestamp()"
    )

    assert "ix_ai_jobs_due_at" in "\n".join(row[0] for row in plan)
