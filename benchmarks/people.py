"""Those who use the system: signed up by its own front door, with credits for more than they can spend."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.wire import Answer, Wire, post

SUBMIT = "/api/ai/image/generate"
BODY = {"model": "scripted/image", "prompt": "a lake at sunset, pine trees, mist, soft light"}
_AT_ONCE = 16


class Refused(Exception):
    def __init__(self, answer: Answer) -> None:
        super().__init__(f"{answer.status}: {answer.body.decode(errors='replace')}")


@dataclass(frozen=True, slots=True)
class Person:
    user_id: str
    token: str


@dataclass(frozen=True, slots=True)
class Submitted:
    owner: Person
    job_id: str


async def sign_up(port: int, count: int) -> list[Person]:
    numbers = iter(range(count))
    groups = await asyncio.gather(*(_sign_up_some(port, numbers) for _ in range(min(_AT_ONCE, count))))
    return [person for group in groups for person in group]


async def submit_for(port: int, people: list[Person], count: int) -> list[Submitted]:
    """Let them submit so many jobs between them."""
    owners = iter([people[number % len(people)] for number in range(count)])
    groups = await asyncio.gather(*(_submit_some(port, owners) for _ in range(min(_AT_ONCE, count))))
    return [job for group in groups for job in group]


def submission(person: Person) -> bytes:
    return post(SUBMIT, BODY, person.token)


async def _sign_up_some(port: int, numbers: Iterator[int]) -> list[Person]:
    wire = await Wire.open(port)
    people = []
    for number in numbers:
        body = {"email": f"person-{number}@example.com", "password": "correct horse battery", "name": f"No. {number}"}
        answer = await wire.ask(post("/api/auth/register", body))
        if answer.status != 201:
            raise Refused(answer)
        signed_up = answer.json()
        people.append(Person(signed_up["user"]["id"], signed_up["access_token"]))
    wire.close()
    return people


async def _submit_some(port: int, owners: Iterator[Person]) -> list[Submitted]:
    wire = await Wire.open(port)
    jobs = []
    for owner in owners:
        answer = await wire.ask(submission(owner))
        if answer.status != 202:
            raise Refused(answer)
        jobs.append(Submitted(owner, answer.json()["id"]))
    wire.close()
    return jobs
