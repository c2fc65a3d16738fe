"""`pixie jobs watch`: several jobs at once, up to their ends."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final
from uuid import UUID

import rich_click as click

from pixie.entrypoints.cli.board import Line, make_board
from pixie.entrypoints.cli.client.answers import Job
from pixie.entrypoints.cli.connection import Where, signed_in, where_options
from pixie.entrypoints.cli.following import follow, show
from pixie.entrypoints.cli.kernel import OPERATOR, Exit, guarded, overrides_of, print_json
from pixie.entrypoints.cli.suggestions import suggest_jobs
from pixie.entrypoints.cli.terminal import note

_LOOK: Final = 0.4
"""Seconds between two looks at the rows of a system on this machine."""

Watch = Callable[[str, Line], Awaitable[Job]]


@click.command()
@click.argument("job_ids", metavar="JOB…", type=click.UUID, nargs=-1, required=True, shell_complete=suggest_jobs)
@click.option("--json", "as_json", is_flag=True, help="Print the jobs as they ended, as JSON, for scripts.")
@where_options
def watch(job_ids: tuple[UUID, ...], *, as_json: bool, where: Where) -> None:
    """Follow jobs until they are over; several at once.

    The exit code is 0 when all of them were completed, else 1. stdout gets a line for each: its id and its state.
    With --url or --key the jobs are yours there; without, everybody's on the system of the data folder here. Ctrl-C
    stops watching, and the jobs go on.
    """
    with guarded():
        try:
            ended = asyncio.run(_watched(where, [str(one) for one in dict.fromkeys(job_ids)]))
        except KeyboardInterrupt:
            note("The jobs go on; `pixie jobs cancel JOB` stops one.")
            raise SystemExit(int(Exit.INTERRUPTED)) from None
        if as_json:
            print_json(ended)
        else:
            for job in ended:
                click.echo(f"{job.id}\t{job.status}")
        if any(job.status != "completed" for job in ended):
            raise SystemExit(int(Exit.FAILED))


async def _watched(where: Where, job_ids: list[str]) -> list[Job]:
    opened = _remote(where) if where.url or where.key else _local(where)
    async with opened as look, _first_trouble() as group:
        with make_board() as board:
            tasks = [group.create_task(_as_coroutine(look, one, board.line(_label(one, job_ids)))) for one in job_ids]
            return [await task for task in tasks]


@asynccontextmanager
async def _first_trouble() -> AsyncIterator[asyncio.TaskGroup]:
    """A group of tasks; of what goes wrong in them, the first is told."""
    try:
        async with asyncio.TaskGroup() as group:
            yield group
    except ExceptionGroup as troubles:
        first = troubles
        while isinstance(first, ExceptionGroup):
            first = first.exceptions[0]
        raise first from None


async def _as_coroutine(look: Watch, job_id: str, line: Line) -> Job:
    return await look(job_id, line)


@asynccontextmanager
async def _remote(where: Where) -> AsyncIterator[Watch]:
    async with signed_in(where) as client:

        async def look(job_id: str, line: Line) -> Job:
            return await follow(client, await client.job(job_id), line)

        yield look


@asynccontextmanager
async def _local(where: Where) -> AsyncIterator[Watch]:
    """By the rows, as an operator looks at them: it needs no API that runs."""
    import msgspec

    from pixie.adapters.kernel.logging import configure_logging
    from pixie.application.jobs.trace_job import TraceJob
    from pixie.domain.kernel.ids import JobId
    from pixie.entrypoints.wiring.container import offline_container
    from pixie.entrypoints.wiring.process import process_settings

    settings = process_settings(overrides_of(where.data_dir))
    configure_logging("pretty", "error")
    container = offline_container(settings)

    async def look(job_id: str, line: Line) -> Job:
        seen = 0
        while True:
            async with container() as scope:
                trace = await (await scope.get(TraceJob))(OPERATOR, JobId(UUID(job_id)))
            job = msgspec.convert(msgspec.to_builtins(trace.job), Job)
            if job.version > seen:
                seen = job.version
                show(line, job)
            if job.over:
                return job
            await asyncio.sleep(_LOOK)

    try:
        yield look
    finally:
        await container.close()


def _label(job_id: str, job_ids: list[str]) -> str:
    """The end of the id tells jobs apart; a single one needs no telling."""
    return f"…{job_id[-8:]}" if len(job_ids) > 1 else "job"
