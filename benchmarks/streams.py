"""How late a change of a job reaches its owner's stream, with 1,000 streams on one API process.

Changes are made as a worker makes them: progress is written to the row and announced. The clock runs from the moment
the writer knows of its commit to the moment the client has the event's last byte. The promise: p99 below 50 ms.
The baseline is a single stream on the same process.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from uuid import UUID

from redis.asyncio import Redis

from benchmarks.load import quantile
from benchmarks.people import Submitted, sign_up, submit_for
from benchmarks.report import Figure, mb, ms, show, times
from benchmarks.stream_listener import Listener, Seen
from benchmarks.system import System, fresh_home, running_system
from pixie.adapters.jobs.pg_job_store import PgJobLeases
from pixie.adapters.jobs.redis_job_feed import RedisJobFeed
from pixie.adapters.kernel.database import open_database
from pixie.adapters.kernel.embedded.data_folder import Engines
from pixie.domain.kernel.ids import JobId

STREAMS = 1000
PEOPLE = 50
CHANGES_PER_SECOND = 250
SECONDS = 12
ALONE_CHANGES = 90
"""On the single stream; a job's progress has a hundred steps."""
PROMISED_P99 = 0.050
_WRITERS = 4
# As a worker holds them, for longer than this takes.
_HELD = """
UPDATE ai_jobs
SET status = 'processing', leased = true, fence = 1, attempts = 1, started_at = now(), due_at = now() + interval '9 min'
"""

Written = dict[tuple[str, int], float]
"""When each version of each job was committed, by the same clock as `Seen`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    streams: int
    lags: Sequence[float]
    """Sorted."""
    lost: int
    """Changes that never came, neither themselves nor a later one."""
    memory: int
    """What the API process grew by when the streams were opened."""
    cpu_share: float
    """Of one processor, in the API process."""


def measure(place: Path) -> None:
    env = {"PIXIE_HTTP_PROCESSES": "1"}
    with fresh_home(place) as home, running_system(home, env) as system, system.without_workers():
        jobs = asyncio.run(_jobs(system))
        alone = _run(system, jobs[:1], ALONE_CHANGES, pause=0.05)
        many = _run(system, jobs[1:], CHANGES_PER_SECOND * SECONDS, pause=1 / CHANGES_PER_SECOND)
        show(f"Event streams: {STREAMS} on one process, {CHANGES_PER_SECOND} changes a second", _figures(alone, many))


async def _jobs(system: System) -> list[Submitted]:
    people = await sign_up(system.port, PEOPLE)
    jobs = await submit_for(system.port, people, STREAMS + 1)
    database = await open_database(system.engines.database_url, pool_size=1)
    await database.execute(_HELD)
    await database.close()
    return jobs


def _run(system: System, jobs: Sequence[Submitted], changes: int, pause: float) -> Run:
    before = _memory(system)
    with Listener(system.port, jobs) as listener:
        grown = _memory(system) - before
        cpu, begun = system.cpu_seconds("api"), time.monotonic()
        written = asyncio.run(_change(system.engines, [job.job_id for job in jobs], changes, pause))
        share = (system.cpu_seconds("api") - cpu) / (time.monotonic() - begun)
        time.sleep(1)  # for the last ones
        lags, lost = _lags(written, listener.result())
    return Run(streams=len(jobs), lags=lags, lost=lost, memory=grown, cpu_share=share)


async def _change(engines: Engines, job_ids: Sequence[str], changes: int, pause: float) -> Written:
    """Make so many changes, one each pause, in turn over all jobs."""
    database = await open_database(engines.database_url, pool_size=_WRITERS)
    redis = Redis.from_url(engines.redis_url)
    feed, leases = RedisJobFeed(redis, database), PgJobLeases(database)
    written: Written = {}
    begun, writing = time.monotonic(), set()
    for number, job_id in enumerate(islice(cycle(job_ids), changes)):
        await asyncio.sleep(begun + number * pause - time.monotonic())
        progress = 1 + number // len(job_ids)
        task = asyncio.create_task(_write(leases, feed, job_id, progress, written))
        writing.add(task)
        task.add_done_callback(writing.discard)
    await asyncio.gather(*writing)
    await redis.aclose()
    await database.close()
    return written


async def _write(leases: PgJobLeases, feed: RedisJobFeed, job_id: str, progress: int, written: Written) -> None:
    job = JobId(UUID(job_id))
    version = await leases.report(job, 1, progress)
    if version is not None:
        written[job_id, version] = time.monotonic()
        await feed.announce(job, version)


def _lags(written: Written, seen: Seen) -> tuple[list[float], int]:
    """A state that came in between may be skipped: then the next one counts."""
    newest: dict[str, int] = {}
    for job_id, version in seen:
        newest[job_id] = max(version, newest.get(job_id, 0))
    lags = []
    for (job_id, version), moment in written.items():
        arrival = next(
            (seen[job_id, v] for v in range(version, newest.get(job_id, 0) + 1) if (job_id, v) in seen), None
        )
        if arrival is not None:
            lags.append(arrival - moment)
    return sorted(lags), len(written) - len(lags)


def _memory(system: System) -> int:
    """Of the API's one serving process, which is its largest."""
    return max(process.rss_bytes() for process in system.processes("api"))


def _figures(alone: Run, many: Run) -> list[Figure]:
    figures = []
    for share in (0.50, 0.99):
        lag, base = quantile(many.lags, share), quantile(alone.lags, share)
        promised = share > 0.5
        figures.append(
            Figure(
                name=f"committed to seen, p{share * 100:.0f}",
                measured=ms(lag),
                baseline=f"{ms(base)} with one stream",
                ratio=times(lag / base),
                promised=f"less than {ms(PROMISED_P99)}" if promised else "",
                kept=lag < PROMISED_P99 if promised else None,
            )
        )
    figures += [
        Figure(name="changes that were not seen", measured=str(many.lost), promised="0", kept=many.lost == 0),
        Figure(name="memory of the API process for them", measured=mb(many.memory)),
        Figure(name="memory for each stream", measured=f"{many.memory / many.streams / 1000:.0f} kB"),
        Figure(
            name="CPU of the API process",
            measured=f"{many.cpu_share:.0%} of one",
            baseline=f"{alone.cpu_share:.0%} with one stream",
        ),
    ]
    return figures
