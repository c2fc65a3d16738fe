from collections.abc import Sequence
from dataclasses import dataclass

from pixie.application.files.api import StagedOutput
from pixie.application.jobs.call_provider import CallProvider
from pixie.application.jobs.collect_result import CollectResult
from pixie.application.jobs.ports import Workdirs
from pixie.domain.jobs.generation import Done, Pending, Ticket
from pixie.domain.jobs.job import Job
from pixie.domain.kernel.errors import PixieError

Stored = Sequence[StagedOutput]
Outcome = Ticket | Pending | Stored | PixieError


@dataclass(slots=True, kw_only=True)
class ProduceResult:
    """The part of a job that happens outside: ask the provider, and bring home what it made.

    It writes nothing of the job. What went wrong is an outcome like any other.
    """

    workdirs: Workdirs
    call: CallProvider
    collect: CollectResult

    async def __call__(self, job: Job) -> Outcome:
        try:
            async with self.workdirs.open(job.id) as workdir:
                answer = await self.call(job, workdir)
                if isinstance(answer, Done):
                    return await self.collect(job, answer, workdir)
                return answer
        except PixieError as trouble:
            return trouble
