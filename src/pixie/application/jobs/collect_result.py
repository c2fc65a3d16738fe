from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pixie.application.files.api import FilesApi, JobOutput, StagedOutput
from pixie.application.jobs.ports import ResultFetcher
from pixie.application.kernel.concurrency import all_or_none
from pixie.domain.jobs.errors import InvalidResult
from pixie.domain.jobs.generation import Done, Output, OutputFile, OutputUrl
from pixie.domain.jobs.job import Job
from pixie.domain.kernel.errors import PixieError


@dataclass(slots=True, kw_only=True)
class CollectResult:
    """Bring a provider's results home: fetched, inspected by content, stored; no row is written yet.

    A result that is no picture, or no good one, fails the whole request: `InvalidResult`. What one claim
    stored and never adopted is swept away later; no claim can overwrite another's.
    """

    files: FilesApi
    fetcher: ResultFetcher

    async def __call__(self, job: Job, done: Done, workdir: Path) -> Sequence[StagedOutput]:
        if not done.outputs:
            raise InvalidResult("The provider finished without any result.")
        return await all_or_none(*(self._one(job, index, output, workdir) for index, output in enumerate(done.outputs)))

    async def _one(self, job: Job, index: int, output: Output, workdir: Path) -> StagedOutput:
        path = await self._at_hand(output, workdir / f"result-{index}")
        try:
            return await self.files.store_output(
                JobOutput(
                    fence=job.fence,
                    job_id=job.id,
                    index=index,
                    owner=job.owner,
                    path=path,
                    name=f"{_short_name(job)}-{index + 1}",
                )
            )
        except PixieError as error:
            if error.kind.passing:
                raise
            raise InvalidResult(f"The provider's result is no good: {error.detail}") from error

    async def _at_hand(self, output: Output, path: Path) -> Path:
        match output:
            case OutputFile():
                return output.path
            case OutputUrl():
                await self.fetcher.fetch(output.url, path)
                return path


def _short_name(job: Job) -> str:
    """What people find again in their downloads: the model and the beginning of the job's id."""
    return f"{job.card_name.rpartition('/')[2]}-{str(job.id)[-12:]}"
