"""Parts of a running system are killed while it works. Nothing that was accepted may be lost, or paid twice."""

import os
import random
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from redis.exceptions import RedisError

from tests.support.journey import API, COMPUTE, WORKER, RunningPixie, running_pixie
from tests.support.journey_books import faults_in_the_books
from tests.support.journey_person import FINAL, Person, expect, scripted
from tests.support.journey_work import MIX, broken, needless_submissions, submit_mix, unfinished
from tests.support.waiting import eventually

pytestmark = [pytest.mark.journey, pytest.mark.timeout(240)]

RECOVERY = 60.0
STORM = 3_000
HANG_BOUND = 3.0


def kill_the_worker(pixie: RunningPixie) -> None:
    pixie.kill(WORKER)


def kill_redis_and_empty_it(pixie: RunningPixie) -> None:
    assert eventually(lambda: killed(pixie.engines.redis_pid), within=30)
    assert eventually(lambda: flushed(pixie), within=30)


def flushed(pixie: RunningPixie) -> bool:
    try:
        with pixie.redis() as redis:
            return bool(redis.flushall())
    except RedisError:
        return False


def kill_the_database(pixie: RunningPixie) -> None:
    assert eventually(lambda: killed(pixie.engines.postgres_pid), within=30)


def killed(pid: int) -> bool:
    """False where it was dead already; its successor will be published."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def kill_the_api(pixie: RunningPixie) -> None:
    pixie.kill(API)


@pytest.mark.parametrize("kill", [kill_the_worker, kill_redis_and_empty_it, kill_the_database, kill_the_api])
@pytest.mark.parametrize("jobs", [60, pytest.param(200, marks=pytest.mark.soak)])
def test_whatever_is_killed_every_job_ends_well_and_the_books_are_exact(
    rough_pixie: RunningPixie,
    kill: Callable[[RunningPixie], None],
    jobs: int,
    record_property: Callable[[str, object], None],
) -> None:
    pixie = rough_pixie
    with pixie.somebody(credits=jobs) as mina:
        accepted = submit_mix(mina, jobs)

        scene = broken(pixie, kill)

        begun = time.monotonic()
        assert eventually(lambda: not unfinished(pixie, accepted), within=RECOVERY), unfinished(pixie, accepted)
        record_property("recovered_after", time.monotonic() - begun)
        assert faults_in_the_books(pixie) == []
        assert needless_submissions(pixie, accepted, [scene]) == []
        assert mina.credits() == {"available": 0, "held": 0}


def test_a_whole_system_that_was_killed_goes_on_where_it_was(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    with running_pixie(tmp_path) as pixie, pixie.somebody() as mina:
        accepted = submit_mix(mina, 30)
        pixie.system.send(signal.SIGKILL)
        assert eventually(lambda: not pixie.system.left_over(), within=20)
    begun = time.monotonic()
    with running_pixie(tmp_path) as following:
        record_property("second_start", time.monotonic() - begun)
        assert eventually(lambda: not unfinished(following, accepted), within=RECOVERY)
        assert faults_in_the_books(following) == []
        with following.client() as client:
            mina.client = client
            mina.sign_in_again()
            assert mina.credits() == {"available": 70, "held": 0}


@pytest.mark.soak
@pytest.mark.timeout(0)
def test_nothing_is_lost_while_parts_are_killed_all_the_time(tmp_path: Path) -> None:
    """Clients are stubborn: whatever answer is no answer, they ask again under the same key."""
    chance = random.Random(1)
    faults = (kill_the_worker, kill_the_compute_worker, kill_redis_and_empty_it, kill_the_database, kill_the_api)
    with running_pixie(tmp_path) as pixie, pixie.somebody(credits=STORM) as mina, ThreadPoolExecutor(2) as pool:
        submitting = [pool.submit(submit_stubbornly, pixie, mina, range(start, STORM, 2)) for start in (0, 1)]
        while not all(future.done() for future in submitting):
            chance.choice(faults)(pixie)
            time.sleep(chance.uniform(0.5, 6))
        job_ids = {job_id for future in submitting for job_id in future.result()}
        assert eventually(pixie.ready, within=RECOVERY)
        assert eventually(lambda: statuses(pixie).keys() <= FINAL, within=RECOVERY), statuses(pixie)
        assert len(job_ids) == sum(statuses(pixie).values()) == STORM
        reasons = {row["error_code"] for row in pixie.rows("SELECT error_code FROM ai_jobs WHERE status = 'failed'")}
        assert reasons <= {"quarantined"}
        assert faults_in_the_books(pixie) == []
        assert len({(call.job_id, call.idempotency_key) for call in pixie.calls() if call.model}) == len(job_ids)


def kill_the_compute_worker(pixie: RunningPixie) -> None:
    pixie.kill(COMPUTE)


def submit_stubbornly(pixie: RunningPixie, person: Person, numbers: Iterable[int]) -> list[str]:
    job_ids = []
    with pixie.client(timeout=5) as client:
        for number in numbers:
            headers = {**person.headers, "Idempotency-Key": f"stubborn-{number}"}
            while True:
                try:
                    answer = client.post(
                        "/api/ai/image/generate", json=scripted(**MIX[number % len(MIX)]), headers=headers
                    )
                except httpx.TransportError:
                    time.sleep(0.2)
                    continue
                if answer.status_code == 202:
                    job_ids.append(str(answer.json()["id"]))
                    break
                assert answer.status_code in {409, 503}, answer.text
                time.sleep(0.2)
    return job_ids


def statuses(pixie: RunningPixie) -> dict[str, int]:
    return {row["status"]: row["n"] for row in pixie.rows("SELECT status, count(*) AS n FROM ai_jobs GROUP BY 1")}


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
