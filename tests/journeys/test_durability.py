"""Parts of a running system are killed while it works. Nothing that was accepted may be lost, or paid twice."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from redis.exceptions import RedisError

from tests.support.journey import API, WORKER, RunningPixie
from tests.support.journey_books import faults_in_the_books
from tests.support.journey_person import expect
from tests.support.journey_work import broken, needless_submissions, submit_mix, unfinished
from tests.support.waiting import eventually

pytestmark = [pytest.mark.journey, pytest.mark.timeout(240)]

JOBS = 60
RECOVERY = 60.0
HANG_BOUND = 3.0


def kill_the_worker(pixie: RunningPixie) -> None:
    pixie.kill(WORKER)


def kill_redis_and_empty_it(pixie: RunningPixie) -> None:
    old = pixie.engines.redis_pid
    os.kill(old, signal.SIGKILL)
    assert eventually(lambda: pixie.engines.redis_pid != old, within=30)
    assert eventually(lambda: flushed(pixie))


def flushed(pixie: RunningPixie) -> bool:
    try:
        with pixie.redis() as redis:
            return bool(redis.flushall())
    except RedisError:
        return False


def kill_the_database(pixie: RunningPixie) -> None:
    os.kill(pixie.engines.postgres_pid, signal.SIGKILL)


def kill_the_api(pixie: RunningPixie) -> None:
    pixie.kill(API)


@pytest.mark.parametrize("kill", [kill_the_worker, kill_redis_and_empty_it, kill_the_database, kill_the_api])
def test_whatever_is_killed_every_job_ends_well_and_the_books_are_exact(
    rough_pixie: RunningPixie, kill: Callable[[RunningPixie], None], record_property: Callable[[str, object], None]
) -> None:
    pixie = rough_pixie
    with pixie.somebody() as mina:
        accepted = submit_mix(mina, JOBS)

        scene = broken(pixie, kill)

        begun = time.monotonic()
        assert eventually(lambda: not unfinished(pixie, accepted), within=RECOVERY), unfinished(pixie, accepted)
        record_property("recovered_after", time.monotonic() - begun)
        assert faults_in_the_books(pixie) == []
        assert needless_submissions(pixie, accepted, [scene]) == []
        assert mina.credits() == {"available": 100 - JOBS, "held": 0}


def test_without_redis_people_sign_in_read_and_submit(rough_pixie: RunningPixie) -> None:
    pixie = rough_pixie
    with pixie.somebody() as mina, supervisor_asleep(pixie):
        done = mina.script()
        mina.finished(done["id"])
        os.kill(pixie.engines.redis_pid, signal.SIGKILL)

        mina.sign_in_again()
        assert mina.job(done["id"])["status"] == "completed"
        accepted = [mina.script() for _ in range(5)]
        assert expect(mina.get("/api/ai/jobs"), 200)["items"][0]["id"] == accepted[-1]["id"]
        assert mina.cancel(mina.script(hang=True)["id"])["status"] == "cancelled"
        health = mina.client.get("/health/ready")
        assert health.status_code in {200, 503}
        assert "redis" in health.text
    assert eventually(pixie.ready, within=RECOVERY)
    with pixie.client() as client:
        mina.client = client
        assert [mina.finished(job["id"])["status"] for job in accepted] == ["completed"] * 5
    assert faults_in_the_books(pixie) == []


def test_with_a_redis_that_hangs_every_request_is_answered_soon(rough_pixie: RunningPixie) -> None:
    pixie = rough_pixie
    with pixie.somebody() as mina:
        stopped = pixie.engines.redis_pid
        os.kill(stopped, signal.SIGSTOP)
        try:
            for ask in (mina.sign_in_again, mina.credits, mina.script, mina.script, lambda: mina.get("/api/ai/jobs")):
                begun = time.monotonic()
                ask()
                assert time.monotonic() - begun < HANG_BOUND
        finally:
            os.kill(stopped, signal.SIGCONT)
        assert eventually(pixie.ready, within=RECOVERY)
        for job in expect(mina.get("/api/ai/jobs"), 200)["items"]:
            assert mina.finished(job["id"])["status"] == "completed"


@contextmanager
def supervisor_asleep(pixie: RunningPixie) -> Iterator[None]:
    """What is killed meanwhile stays dead."""
    pixie.system.send(signal.SIGSTOP)
    try:
        yield
    finally:
        pixie.system.send(signal.SIGCONT)
