"""How many submissions a second are accepted, against pgbench with the same SQL on the same server in the same run.

The promise: at least half of pgbench's transactions a second, at most 1 ms of CPU for each in Pixie's processes, and a
p95 below 50 ms, with 64 in flight. Nobody works on the jobs meanwhile, but in the last variant.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from benchmarks.load import MARKER, Load, Measured, load_process, quantile, run_load
from benchmarks.people import BODY, SUBMIT, Person, sign_up, submission
from benchmarks.pgbench import PgbenchResult, run_pgbench
from benchmarks.report import Figure, ms, per_second, show, times
from benchmarks.submission_sql import VARIABLES, note_people, submission_script
from benchmarks.system import System, fresh_home, running_system
from benchmarks.wire import post

PEOPLE = 256
IN_FLIGHT = 64
ROUNDS = 2
SECONDS = 4
PROMISED_SHARE = 0.5
PROMISED_CPU = 0.001
PROMISED_P95 = 0.050


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    name: str
    requests: Callable[[list[Person]], list[bytes]]
    script: str
    working: bool = False
    """Whether workers and scheduler run meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One load on the API after one of pgbench."""

    load: Measured
    api_cpu: float
    postgres_cpu: float
    pgbench: PgbenchResult


VARIANTS = (
    Variant(
        name="many users", requests=lambda people: [submission(person) for person in people], script=submission_script()
    ),
    Variant(
        name="one hot account",
        requests=lambda people: [submission(people[0])],
        script=submission_script(hot=True),
    ),
    Variant(
        name="with Idempotency-Key",
        requests=lambda people: [_keyed(person) for person in people],
        script=submission_script(keyed=True),
    ),
    Variant(
        name="many users, workers at work",
        requests=lambda people: [submission(person) for person in people],
        script=submission_script(),
        working=True,
    ),
)


def measure(place: Path) -> None:
    with fresh_home(place) as home, running_system(home) as system, load_process() as loader:
        people = asyncio.run(sign_up(system.port, PEOPLE))
        asyncio.run(note_people(system.engines.database_url))
        loader.submit(run_load, _load(system, VARIANTS[0], people, seconds=2)).result()
        for variant in VARIANTS:
            rounds = [_round(system, loader, variant, people, home / "script.sql") for _ in range(ROUNDS)]
            show(f"Submissions: {variant.name}", _figures(rounds), _notes(rounds))


def _round(system: System, loader: ProcessPoolExecutor, variant: Variant, people: list[Person], script: Path) -> Round:
    script.write_text(variant.script, encoding="utf-8")
    state: AbstractContextManager[None] = nullcontext() if variant.working else system.without_workers()
    with state:
        bare = run_pgbench(
            system.engines.database_url,
            script,
            clients=IN_FLIGHT,
            seconds=SECONDS,
            variables={**VARIABLES, "people": PEOPLE},
        )
        api_cpu, postgres_cpu = system.cpu_seconds("api"), system.cpu_seconds("postgres")
        load = loader.submit(run_load, _load(system, variant, people)).result()
        return Round(
            load=load,
            api_cpu=system.cpu_seconds("api") - api_cpu,
            postgres_cpu=system.cpu_seconds("postgres") - postgres_cpu,
            pgbench=bare,
        )


def _load(system: System, variant: Variant, people: list[Person], seconds: float = SECONDS) -> Load:
    return Load(port=system.port, requests=variant.requests(people), in_flight=IN_FLIGHT, seconds=seconds)


def _keyed(person: Person) -> bytes:
    return post(SUBMIT, BODY, person.token, f"Idempotency-Key: bench-{MARKER.decode()}\r\n")


def _figures(rounds: Sequence[Round]) -> list[Figure]:
    rate = fmean(each.load.per_second for each in rounds)
    bare = fmean(each.pgbench.per_second for each in rounds)
    latencies = sorted(latency for each in rounds for latency in each.load.latencies)
    count = len(latencies)
    cpu = sum(each.api_cpu for each in rounds) / count
    database = sum(each.postgres_cpu for each in rounds) / count
    waits = fmean(each.pgbench.seconds_each for each in rounds)
    p50, p95, p99 = (quantile(latencies, share) for share in (0.50, 0.95, 0.99))
    return [
        Figure(
            name="accepted",
            measured=per_second(rate),
            baseline=f"{per_second(bare)} pgbench",
            ratio=times(rate / bare),
            promised=f"{PROMISED_SHARE:.1f}x or more",
            kept=rate >= PROMISED_SHARE * bare,
        ),
        Figure(
            name="CPU each, Pixie's processes",
            measured=ms(cpu),
            baseline=f"{ms(database)} PostgreSQL's",
            ratio=times(cpu / database),
            promised=f"{ms(PROMISED_CPU)} or less",
            kept=cpu <= PROMISED_CPU,
        ),
        Figure(name="p50", measured=ms(p50), baseline=f"{ms(waits)} pgbench, mean", ratio=times(p50 / waits)),
        Figure(
            name="p95",
            measured=ms(p95),
            baseline=f"{ms(waits)} pgbench, mean",
            ratio=times(p95 / waits),
            promised=f"less than {ms(PROMISED_P95)}",
            kept=p95 < PROMISED_P95,
        ),
        Figure(name="p99", measured=ms(p99), baseline=f"{ms(waits)} pgbench, mean", ratio=times(p99 / waits)),
    ]


def _notes(rounds: Sequence[Round]) -> list[str]:
    count = sum(len(each.load.latencies) for each in rounds)
    own = sum(each.load.own_cpu_seconds for each in rounds) / count
    refused = sum(number for each in rounds for status, number in each.load.statuses.items() if status != 202)
    return [f"{count} submissions, {refused} not accepted; the load itself cost {ms(own)} of CPU each."]
