import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pixie.application.files.api import FilesApi
from pixie.application.jobs.ports import JobFeed, JobLeases, Providers, ReportProgress
from pixie.domain.jobs.errors import ProviderDown
from pixie.domain.jobs.generation import Done, GenerationRequest, InputFile, Pending, Ticket
from pixie.domain.jobs.job import Job
from pixie.domain.kernel.errors import PixieError
from pixie.domain.kernel.ids import FileId

log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class CallProvider:
    """One call to a provider: start the request, or look how it gets on.

    Raises nothing but `PixieError`: providers are plug-ins, and what one of them breaks is told as `ProviderDown`. A
    call that outlives the model's deadline is given up.
    """

    providers: Providers
    files: FilesApi
    leases: JobLeases
    feed: JobFeed

    async def __call__(self, job: Job, workdir: Path) -> Ticket | Pending | Done:
        seconds = self.providers.card(job.card_name).terms(job.input.parameters).deadline_seconds
        try:
            async with asyncio.timeout(seconds):
                return await self._call(job, workdir)
        except PixieError:
            raise
        except TimeoutError:
            raise ProviderDown(job.provider, f"no answer within {seconds} s") from None
        except Exception as error:  # the edge of a plug-in
            log.exception("provider_broke")
            raise ProviderDown(job.provider, f"it failed in an unknown way ({type(error).__name__})") from error

    async def _call(self, job: Job, workdir: Path) -> Ticket | Pending | Done:
        provider = self.providers.get(job.provider)
        if job.ticket is not None:
            return await provider.poll(job.ticket, request_for(job, workdir))
        images = [
            await self._local_copy(file_id, workdir / f"image-{number}")
            for number, file_id in enumerate(job.input.pictures)
        ]
        mask_id = job.input.mask_file_id
        mask = None if mask_id is None else await self._local_copy(mask_id, workdir / "mask")
        return await provider.submit(request_for(job, workdir, images, mask), self._report_for(job))

    async def _local_copy(self, file_id: FileId, path: Path) -> InputFile:
        facts = await self.files.fetch(file_id, path)
        return InputFile(path=path, media_type=facts.media_type, width=facts.width, height=facts.height)

    def _report_for(self, job: Job) -> ReportProgress:
        async def report(progress: int) -> None:
            version = await self.leases.report(job.id, job.fence, min(progress, 99))
            if version is not None:
                await self.feed.announce(job.id, version)

        return report


def request_for(
    job: Job, workdir: Path, images: Sequence[InputFile] = (), mask: InputFile | None = None
) -> GenerationRequest:
    asked = job.input
    return GenerationRequest(
        job_id=job.id,
        idempotency_key=str(job.id),
        attempt=job.attempts,
        model=job.card_name,
        workdir=workdir,
        prompt=asked.prompt,
        negative_prompt=asked.negative_prompt,
        images=tuple(images),
        mask=mask,
        width=asked.width,
        height=asked.height,
        aspect_ratio=asked.aspect_ratio,
        num_images=asked.num_images,
        seed=asked.seed,
        strength=asked.strength,
        scale=asked.scale,
        duration_seconds=asked.duration_seconds,
        parameters=asked.parameters,
    )
