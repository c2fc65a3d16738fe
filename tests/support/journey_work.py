"""Work in progress, for tests that break something under it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from pixie.adapters.jobs.providers.call_log import Call
from tests.support.journey import RunningPixie
from tests.support.journey_person import Json, Person, scripted
from tests.support.waiting import eventually

MIX: tuple[Json, ...] = (
    {"delay_ms": 400},
    {"delay_ms": 1_500, "progress": [30, 60]},
    {"mode": "ticket", "delay_ms": 2_000, "look_after_ms": 200},
    {"error": "down", "fail_attempts": 1},
    {"mode": "ticket", "delay_ms": 500, "look_after_ms": 100, "error": "throttled", "fail_attempts": 2},
    {"delay_ms": 0},
)
"""All of them end well when nothing kills them: at once, after a while, by ticket, at another attempt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A job that was accepted, and how often its script alone makes it be submitted to its provider."""

    job_id: str
    submissions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """How things stood just before something was broken, and how long it stayed broken."""

    until: datetime
    unfinished: frozenset[str]
    with_ticket: frozenset[str]


def submit_mix(person: Person, count: int) -> list[Accepted]:
    accepted = []
    for number in range(count):
        script = MIX[number % len(MIX)]
        job = person.submit(scripted(**script), **{"Idempotency-Key": f"mix-{number}"})
        accepted.append(Accepted(job_id=job["id"], submissions=1 + script.get("fail_attempts", 0)))
    return accepted


def broken(pixie: RunningPixie, kill: Callable[[RunningPixie], None]) -> Scene:
    """Break something while work is in progress, and wait until the API says that all is well."""
    rows = pixie.rows(
        "SELECT id, ticket IS NOT NULL AS has_ticket FROM ai_jobs WHERE status IN ('pending', 'processing')"
    )
    assert rows, "there is nothing left to disturb"
    kill(pixie)
    assert eventually(pixie.ready, within=60)
    return Scene(
        until=datetime.now(UTC),
        unfinished=frozenset(str(row["id"]) for row in rows),
        with_ticket=frozenset(str(row["id"]) for row in rows if row["has_ticket"]),
    )


def unfinished(pixie: RunningPixie, accepted: Sequence[Accepted]) -> dict[str, str]:
    """Those that are not over, with their status; whoever is not there at all is lost."""
    rows = pixie.rows("SELECT id, status FROM ai_jobs WHERE id = ANY($1)", [one.job_id for one in accepted])
    known = {str(row["id"]): str(row["status"]) for row in rows}
    statuses = {one.job_id: known.get(one.job_id, "lost") for one in accepted}
    return {job_id: status for job_id, status in statuses.items() if status != "completed"}


def needless_submissions(pixie: RunningPixie, accepted: Sequence[Accepted], scenes: Sequence[Scene]) -> list[str]:
    """Submissions to the provider beyond those that the scripts ask for, of jobs that were in no call at any break.

    A job whose ticket was on record needs none at all; one that was in a call may need one more for each break.
    """
    calls = pixie.calls()
    found = []
    for one in accepted:
        submits = [call for call in calls if call.verb == "submit" and call.job_id == one.job_id]
        spare = sum(_was_in_a_call(submits, scene, one.job_id) for scene in scenes)
        if len(submits) > one.submissions + spare:
            told = pixie.shell("jobs", "trace", one.job_id)
            found.append(
                f"{one.job_id}: submitted at {[str(call.at) for call in submits]}; "
                f"{one.submissions} + {spare} were due, "
                f"all was well at {[str(scene.until) for scene in scenes]}\n{told}"
            )
        if len({call.idempotency_key for call in submits}) > 1:
            found.append(f"{one.job_id}: more than one idempotency key")
        found += [
            f"{one.job_id}: submitted again though its ticket was on record"
            for scene in scenes
            if one.job_id in scene.with_ticket and any(call.at > scene.until for call in submits)
        ]
    return found


def _was_in_a_call(submits: Sequence[Call], scene: Scene, job_id: str) -> bool:
    return job_id in scene.unfinished - scene.with_ticket and any(call.at <= scene.until for call in submits)
