from uuid import UUID

import rich_click as click
from dishka import AsyncContainer

from pixie.entrypoints.cli.kernel import OPERATOR, Exit, fail, print_facts, print_json, print_table, with_container
from pixie.entrypoints.cli.suggestions import suggest_jobs
from pixie.entrypoints.cli.watch import watch

Id = click.UUID
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")


@click.group()
def jobs() -> None:
    """Follow AI jobs and look into them; retry or cancel them."""


jobs.add_command(watch)


@jobs.command("list")
@click.option("--status", type=click.Choice(["pending", "processing", "completed", "failed", "cancelled"]))
@click.option("--model", help="Only jobs of this model.")
@click.option("--user", "owner", metavar="E-MAIL", help="Only jobs of this person.")
@click.option("--limit", default=20, type=click.IntRange(1, 100), show_default=True)
@click.option("--before", metavar="ID", type=click.UUID, help="Go on after the last one of a page before.")
@as_json
@with_container
async def list_jobs(
    container: AsyncContainer,
    status: str | None,
    model: str | None,
    owner: str | None,
    limit: int,
    before: UUID | None,
    as_json: bool,
) -> None:
    """The newest jobs of everybody."""
    from pixie.application.accounts.api import Accounts
    from pixie.application.jobs.job_filter import JobFilter
    from pixie.application.jobs.trace_job import ListAllJobs
    from pixie.application.kernel.page import PageRequest
    from pixie.domain.jobs.job import JobStatus

    user_id = await (await container.get(Accounts)).id_of(owner) if owner else None
    wanted = JobFilter(status=JobStatus(status) if status else None, model=model)
    request = PageRequest(limit=limit, before=before)
    page = await (await container.get(ListAllJobs))(OPERATOR, user_id, wanted, request)
    if as_json:
        print_json(page.items)
        return
    print_table(
        "Jobs",
        ("id", "status", "model", "progress", "attempts", "credits", "created", "error"),
        [
            (
                job.id,
                job.status,
                job.model,
                f"{job.progress} %",
                job.attempts,
                job.credits_used or job.credits_reserved,
                job.created_at,
                job.error.code if job.error else None,
            )
            for job in page.items
        ],
    )
    if page.next_cursor is not None:
        click.echo(f"More follow: --before {page.next_cursor}", err=True)


@jobs.command()
@click.argument("job_id", type=Id, shell_complete=suggest_jobs)
@as_json
@with_container
async def show(container: AsyncContainer, job_id: UUID, as_json: bool) -> None:
    """One job."""
    from pixie.application.jobs.trace_job import TraceJob
    from pixie.domain.kernel.ids import JobId

    trace = await (await container.get(TraceJob))(OPERATOR, JobId(job_id))
    job = trace.job
    if as_json:
        print_json(job)
        return
    print_facts(
        f"Job {job.id}",
        {
            "status": job.status,
            "model": job.model,
            "owner": trace.owner,
            "prompt": job.input.prompt,
            "progress": f"{job.progress} %",
            "attempts": job.attempts,
            "credits": f"{job.credits_used} used of {job.credits_reserved} held",
            "created": job.created_at,
            "started": job.started_at,
            "completed": job.completed_at,
            "error": f"{job.error.code}: {job.error.message}" if job.error else None,
            "files": ", ".join(map(str, trace.output_file_ids)) or None,
        },
    )


@jobs.command()
@click.argument("job_id", type=Id, shell_complete=suggest_jobs)
@as_json
@with_container
async def trace(container: AsyncContainer, job_id: UUID, as_json: bool) -> None:
    """Everything that happened to a job: its states, its attempts, its ledger entries."""
    from pixie.application.jobs.trace_job import TraceJob
    from pixie.domain.kernel.ids import JobId

    found = await (await container.get(TraceJob))(OPERATOR, JobId(job_id))
    if as_json:
        print_json(found)
        return
    print_facts(
        f"Job {job_id}",
        {
            "status": found.job.status,
            "held by a worker": found.leased,
            "claims so far": found.fence,
            "workers that died": found.deaths,
            "due": found.due_at,
            "provider's ticket": found.ticket,
        },
    )
    print_table(
        "States",
        ("at", "status", "attempt", "note"),
        [
            (found.job.created_at, "submitted", 0, None),
            *((moment.at, moment.status, moment.attempt, moment.note or None) for moment in found.history),
        ],
    )
    print_table(
        "Ledger",
        ("at", "kind", "available", "held"),
        [(line.at, line.kind, f"{line.available_delta:+}", f"{line.held_delta:+}") for line in found.ledger],
    )


@jobs.command()
@click.argument("job_id", type=Id, shell_complete=suggest_jobs)
@click.option("--again", is_flag=True, help="Also one that was completed; its owner pays once more.")
@as_json
@with_container
async def retry(container: AsyncContainer, job_id: UUID, again: bool, as_json: bool) -> None:
    """Run the request of a job that failed or was cancelled once more, as a new job of its owner."""
    from pixie.application.jobs.retry_job import RetryJob
    from pixie.application.jobs.trace_job import TraceJob
    from pixie.domain.jobs.job import JobStatus
    from pixie.domain.kernel.ids import JobId

    before = (await (await container.get(TraceJob))(OPERATOR, JobId(job_id))).job
    if before.status is JobStatus.COMPLETED and not again:
        fail([f"Job {job_id} is completed."], Exit.FAILED, advice="With --again its owner pays for it once more.")
    job = await (await container.get(RetryJob))(OPERATOR, JobId(job_id))
    print_json(job) if as_json else click.echo(f"Job {job.id} was submitted; {job.credits_reserved} credits are held.")


@jobs.command()
@click.argument("job_id", type=Id, shell_complete=suggest_jobs)
@as_json
@with_container
async def cancel(container: AsyncContainer, job_id: UUID, as_json: bool) -> None:
    """Stop a job; its credits go back. One that is over stays as it is."""
    from pixie.application.jobs.cancel_job import CancelJob
    from pixie.domain.kernel.ids import JobId

    job = await (await container.get(CancelJob))(OPERATOR, JobId(job_id))
    print_json(job) if as_json else click.echo(f"Job {job.id} is {job.status}.")
