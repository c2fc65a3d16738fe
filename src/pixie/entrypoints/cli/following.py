"""Following a job up to its end, before somebody's eyes."""

from contextlib import aclosing

from pixie.entrypoints.cli.board import Line
from pixie.entrypoints.cli.client.answers import Job
from pixie.entrypoints.cli.client.pixie_client import PixieClient


async def follow(client: PixieClient, job: Job, line: Line) -> Job:
    """The job as it ended."""
    show(line, job)

    def trouble(words: str) -> None:
        line.at(job.progress or None, words)

    async with aclosing(client.watch(job.id, trouble)) as states:
        async for state in states:
            job = state
            show(line, job)
    return job


def show(line: Line, job: Job) -> None:
    match job.status:
        case "pending":
            line.at(None, f"waiting, {job.queue_position} before it" if job.queue_position else "waiting")
        case "processing":
            line.at(job.progress or None, "working" if job.attempts <= 1 else f"working, attempt {job.attempts}")
        case "completed":
            line.end(f"done{_took(job)}, {credit(job.credits_used)}", good=True)
        case "failed":
            line.end(f"failed: {job.error.message if job.error else 'nobody knows why'}", good=False)
        case "cancelled":
            line.end("cancelled, the credits are back", good=False)


def credit(amount: int) -> str:
    return f"{amount} credit" if amount == 1 else f"{amount} credits"


def seconds(job: Job) -> str:
    return "" if job.processing_time_ms is None else f"{job.processing_time_ms / 1000:.1f} s"


def _took(job: Job) -> str:
    return f" in {took}" if (took := seconds(job)) else ""
