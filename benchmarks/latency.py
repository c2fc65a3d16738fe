"""How long a job takes, from the answer to its submission to the event that says it is completed.

The provider answers at once with a tiny picture, so what is measured is Pixie. The promise: p50 below 30 ms, p99 below
150 ms. The baseline is the submission's own transaction, by one client of pgbench: a job's life has three such commits.
"""

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path

import asyncpg
import uvloop

from benchmarks.load import load_process, quantile
from benchmarks.people import Person, sign_up, submission
from benchmarks.pgbench import run_pgbench
from benchmarks.report import Figure, ms, show, times
from benchmarks.submission_sql import VARIABLES, note_people, submission_script
from benchmarks.system import fresh_home, running_system
from benchmarks.wire import EventWire, Wire, event_field, get

PEOPLE = 16
WARM_UP = 40
RUNS = ((1, 300), (8, 1200))
"""In flight, jobs."""
PROMISED_P50 = 0.030
PROMISED_P99 = 0.150
PATIENCE = 60.0
_JOBS = "SELECT id, created_at, started_at, completed_at FROM ai_jobs WHERE id = ANY($1::text[]::uuid[])"
_NOTES = (
    "created to started: the submission commits, a hint goes out, a worker claims the job",
    "started to completed: the claim commits, the provider works, the result is inspected and stored",
    "completed to seen: the end commits, is announced and sent to the client",
)


@dataclass(frozen=True, slots=True)
class Life:
    """One job as its owner saw it, in seconds since the epoch."""

    job_id: str
    asked: float
    answered: float
    seen: float


@dataclass(frozen=True, slots=True)
class Row:
    created: float
    started: float
    completed: float


def measure(place: Path) -> None:
    with fresh_home(place) as home, running_system(home) as system, load_process() as client:
        people = asyncio.run(sign_up(system.port, PEOPLE))
        url = system.engines.database_url
        asyncio.run(note_people(url))
        _lives(client, system.port, people, in_flight=4, count=WARM_UP)
        measured = []
        for in_flight, count in RUNS:
            lives = _lives(client, system.port, people, in_flight=in_flight, count=count)
            measured.append((in_flight, lives, asyncio.run(_rows(url, lives))))
        script = home / "script.sql"
        script.write_text(submission_script(), encoding="utf-8")
        with system.without_workers():
            bare = run_pgbench(url, script, clients=1, seconds=3, variables={**VARIABLES, "people": PEOPLE})
        for in_flight, lives, rows in measured:
            together = "one at a time" if in_flight == 1 else f"{in_flight} in flight"
            title = f"Submit to completed: {together}, {len(lives)} jobs"
            show(title, _figures(lives, rows, bare.seconds_each), _NOTES)


def _lives(client: ProcessPoolExecutor, port: int, people: list[Person], *, in_flight: int, count: int) -> list[Life]:
    return client.submit(live_through, port, people, in_flight, count).result()


def live_through(port: int, people: list[Person], in_flight: int, count: int) -> list[Life]:
    return uvloop.run(_live_through(port, people, in_flight, count))


async def _live_through(port: int, people: list[Person], in_flight: int, count: int) -> list[Life]:
    share = count // in_flight
    owners = [people[number % len(people)] for number in range(in_flight)]
    groups = await asyncio.gather(*(_one_after_another(port, owner, share) for owner in owners))
    return list(chain.from_iterable(groups))


async def _one_after_another(port: int, owner: Person, count: int) -> list[Life]:
    wire = await Wire.open(port)
    lives = [await _live(port, wire, owner) for _ in range(count)]
    wire.close()
    return lives


async def _live(port: int, wire: Wire, owner: Person) -> Life:
    completed: asyncio.Future[float] = asyncio.get_running_loop().create_future()

    def on_event(event: bytes) -> None:
        if event_field(event, b"event") == b"completed" and not completed.done():
            completed.set_result(time.time())

    events = await EventWire.open(port, on_event)
    asked = time.time()
    answer = await wire.ask(submission(owner))
    answered = time.time()
    job_id = answer.json()["id"]
    events.send(get(f"/api/ai/jobs/{job_id}/events", owner.token))
    seen = await asyncio.wait_for(completed, PATIENCE)
    events.close()
    return Life(job_id, asked, answered, seen)


async def _rows(url: str, lives: Sequence[Life]) -> list[Row]:
    """In the order of the lives."""
    connection = await asyncpg.connect(url)
    found = await connection.fetch(_JOBS, [life.job_id for life in lives])
    await connection.close()
    rows = {str(row["id"]): row for row in found}
    return [Row(*(_seconds(value) for value in list(rows[life.job_id].values())[1:])) for life in lives]


def _seconds(moment: datetime) -> float:
    return moment.timestamp()


def _figures(lives: Sequence[Life], rows: Sequence[Row], bare: float) -> list[Figure]:
    pairs = list(zip(lives, rows, strict=True))
    whole = [life.seen - life.answered for life in lives]
    steps = {
        "asked to answered": [life.answered - life.asked for life in lives],
        "  created to started": [row.started - row.created for row in rows],
        "  started to completed": [row.completed - row.started for row in rows],
        "  completed to seen": [life.seen - row.completed for life, row in pairs],
    }
    base = f"{ms(bare)} bare transaction"
    p50, p99 = (quantile(sorted(whole), share) for share in (0.50, 0.99))
    return [
        Figure(
            name="answered to completed, p50",
            measured=ms(p50),
            baseline=base,
            ratio=times(p50 / bare),
            promised=f"less than {ms(PROMISED_P50)}",
            kept=p50 < PROMISED_P50,
        ),
        Figure(
            name="answered to completed, p99",
            measured=ms(p99),
            baseline=base,
            ratio=times(p99 / bare),
            promised=f"less than {ms(PROMISED_P99)}",
            kept=p99 < PROMISED_P99,
        ),
        *(_step(name, sorted(values), base, bare) for name, values in steps.items()),
    ]


def _step(name: str, ordered: Sequence[float], base: str, bare: float) -> Figure:
    p50, p99 = (quantile(ordered, share) for share in (0.50, 0.99))
    return Figure(name=f"{name}, p50, p99", measured=f"{ms(p50)}, {ms(p99)}", baseline=base, ratio=times(p50 / bare))
