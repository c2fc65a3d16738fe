"""Jobs that kill their worker, and workers that come back from the dead."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.support.journey import RunningPixie
from tests.support.journey_books import faults_in_the_books
from tests.support.waiting import eventually

pytestmark = [pytest.mark.journey, pytest.mark.timeout(240)]

DEATHS = 3


def test_a_job_that_kills_its_worker_is_given_up_after_three_deaths_and_others_are_not(
    rough_pixie: RunningPixie,
) -> None:
    pixie = rough_pixie
    with pixie.somebody() as mallory, pixie.somebody() as mina:
        others = [mina.script(delay_ms=2_500) for _ in range(4)]
        assert eventually(lambda: {mina.job(job["id"])["status"] for job in others} == {"processing"})
        poison = mallory.script(crash=True)

        assert eventually(lambda: mallory.job(poison["id"])["status"] == "failed", within=100)

        failed = mallory.job(poison["id"])
        assert (failed["error"]["code"], failed["error"]["retryable"]) == ("quarantined", False)
        assert mallory.credits() == {"available": 100, "held": 0}
        assert len([call for call in pixie.calls() if call.job_id == poison["id"]]) == DEATHS
        assert [mina.finished(job["id"])["status"] for job in others] == ["completed"] * len(others)
        deaths = {job["id"]: pixie.shell_json("jobs", "trace", job["id"])["deaths"] for job in (poison, *others)}
        assert deaths.pop(poison["id"]) == DEATHS
        assert max(deaths.values()) == DEATHS - 1, "nobody was in its company"
        assert faults_in_the_books(pixie) == []


def test_a_worker_that_slept_through_its_lease_writes_nothing(rough_pixie: RunningPixie) -> None:
    pixie = rough_pixie
    with pixie.somebody() as mina:
        job = mina.script(delay_ms=1_500)
        assert eventually(lambda: workers_of(pixie, job["id"]))
        (sleeper,) = workers_of(pixie, job["id"])
        with asleep(sleeper), another_worker(pixie):
            assert mina.finished(job["id"])["status"] == "completed"
            before = everything_about(pixie, job["id"])
        time.sleep(2.5)  # its call ends, and it finds out
        assert everything_about(pixie, job["id"]) == before
        first, second = workers_of(pixie, job["id"])
        assert first == sleeper != second
        assert mina.credits() == {"available": 99, "held": 0}
        assert faults_in_the_books(pixie) == []


def workers_of(pixie: RunningPixie, job_id: str) -> list[int]:
    """Those that called the provider for it, in order."""
    return [call.pid for call in pixie.calls() if call.job_id == job_id]


def everything_about(pixie: RunningPixie, job_id: str) -> list[object]:
    return [
        pixie.rows("SELECT * FROM ai_jobs WHERE id = $1", job_id),
        pixie.rows("SELECT * FROM files WHERE job_id = $1", job_id),
        pixie.rows("SELECT * FROM credit_entries WHERE hold_id = $1 ORDER BY id", job_id),
    ]


@contextmanager
def asleep(pid: int) -> Iterator[None]:
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


@contextmanager
def another_worker(pixie: RunningPixie) -> Iterator[None]:
    """As an operator adds one to a system that runs."""
    words = [sys.executable, "-P", "-m", "pixie", "worker", "--queues", "generation"]
    with (pixie.system.home / "another-worker").open("wb") as log:
        env = {**os.environ, **pixie.settings, "PIXIE_DATA_DIR": str(pixie.system.folder.path)}
        worker = subprocess.Popen(words, env=env, stdout=log, stderr=log)
    try:
        yield
    finally:
        worker.terminate()
        assert worker.wait(40) == 0
