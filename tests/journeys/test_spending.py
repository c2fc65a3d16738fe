"""Many requests at once from one person."""

import asyncio
from collections import Counter
from collections.abc import Sequence

import httpx
import pytest

from tests.support.journey import RunningPixie
from tests.support.journey_books import faults_in_the_books
from tests.support.journey_person import Person, expect, scripted

pytestmark = pytest.mark.journey


def at_once(pixie: RunningPixie, person: Person, requests: Sequence[dict[str, str]]) -> list[httpx.Response]:
    """The same submission many times in parallel, each on a connection of its own, with these headers more."""

    async def send_all() -> list[httpx.Response]:
        limits = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(base_url=pixie.url, headers=person.headers, limits=limits, timeout=30) as client:
            sent = [client.post("/api/ai/image/generate", json=scripted(), headers=more) for more in requests]
            return await asyncio.gather(*sent)

    return asyncio.run(send_all())


def test_with_credit_for_one_exactly_one_of_fifty_is_accepted(pixie: RunningPixie) -> None:
    with pixie.somebody(credits=1) as mina:
        answers = at_once(pixie, mina, [{}] * 50)

        assert Counter(answer.status_code for answer in answers) == {202: 1, 402: 49}
        refused = next(answer for answer in answers if answer.status_code == 402)
        assert refused.headers["content-type"] == "application/problem+json"
        assert refused.json()["code"] == "insufficient_credits"
        (accepted,) = expect(mina.get("/api/ai/jobs"), 200)["items"]
        assert mina.finished(accepted["id"])["status"] == "completed"
        assert mina.credits() == {"available": 0, "held": 0}
        assert faults_in_the_books(pixie) == []


def test_one_idempotency_key_is_one_job_however_often_it_is_sent(pixie: RunningPixie) -> None:
    with pixie.somebody() as mina:
        key = {"Idempotency-Key": "the-only-one"}
        answers = at_once(pixie, mina, [key] * 20)

        assert {answer.status_code for answer in answers} <= {202, 409}
        accepted = [answer for answer in answers if answer.status_code == 202]
        assert len({answer.json()["id"] for answer in accepted}) == 1
        assert [answer.headers.get("idempotent-replayed") for answer in accepted].count(None) == 1
        assert {answer.json()["code"] for answer in answers if answer.status_code == 409} <= {"idempotency_key_in_use"}
        (job,) = expect(mina.get("/api/ai/jobs"), 200)["items"]
        assert mina.submit(scripted(), **key)["id"] == job["id"]
        other = mina.post("/api/ai/image/generate", {**scripted(), "seed": 7}, **key)
        assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
        mina.finished(job["id"])
        assert mina.credits() == {"available": 99, "held": 0}
