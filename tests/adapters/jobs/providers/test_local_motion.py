import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from pixie.adapters.jobs.providers.local import LocalProvider
from pixie.adapters.kernel.compute_pool import ComputePool
from pixie.domain.files.media import HEAD_BYTES, MediaType
from pixie.domain.jobs.errors import ProviderRefused
from pixie.domain.jobs.generation import GenerationRequest, InputFile, OutputFile
from pixie.domain.kernel.ids import JobId
from tests.support import pictures


@pytest.fixture
async def pool() -> AsyncIterator[ComputePool]:
    async with ComputePool(size=1) as pool:
        yield pool


@pytest.fixture
def provider(pool: ComputePool) -> LocalProvider:
    return LocalProvider(pool, memory_mb=512, timeout_seconds=60)


@pytest.fixture
def request_(tmp_path: Path) -> GenerationRequest:
    path = pictures.written(tmp_path, pictures.picture("PNG", 80, 60))
    workdir = tmp_path / "work"
    workdir.mkdir()
    return GenerationRequest(
        job_id=JobId(UUID(int=1)),
        idempotency_key="key",
        attempt=1,
        model="local/edit",
        workdir=workdir,
        images=(InputFile(path=path, media_type="image/png", width=80, height=60),),
        parameters={"operations": [{"op": "resize", "width": 20}]},
    )


async def ignore(percent: int) -> None:
    pass


def as_film(request: GenerationRequest, seconds: float = 1, **parameters: object) -> GenerationRequest:
    return replace(request, model="local/motion", duration_seconds=seconds, parameters=parameters)


@pytest.mark.parametrize("container", ["mp4", "webm"])
async def test_a_picture_becomes_a_film(container: str, provider: LocalProvider, request_: GenerationRequest) -> None:
    told: list[int] = []

    async def listen(percent: int) -> None:
        told.append(percent)

    done = await provider.submit(as_film(request_, seconds=2, resolution=360, format=container), listen)

    (output,) = done.outputs
    assert isinstance(output, OutputFile)
    assert output.path.name == f"motion.{container}"
    assert MediaType.of(output.path.read_bytes()[:HEAD_BYTES]) is MediaType[container.upper()]
    assert told == sorted(told)
    assert len(told) > 1


async def test_a_film_that_nobody_awaits_any_more_ends_within_a_second(
    provider: LocalProvider, request_: GenerationRequest
) -> None:
    working = asyncio.create_task(provider.submit(as_film(request_, seconds=30, resolution=1080), ignore))
    await asyncio.sleep(2)
    assert not working.done()
    began = time.monotonic()

    working.cancel()
    await asyncio.wait([working])

    assert time.monotonic() - began < 1


async def test_a_long_film_of_large_pictures_needs_no_more_memory_than_a_short_one(
    pool: ComputePool, request_: GenerationRequest, tmp_path: Path
) -> None:
    """A hundred frames of 1920 x 1080 alone would be 600 MB."""
    path = pictures.written(tmp_path, pictures.picture("JPEG", 5000, 4000), "large")
    large = InputFile(path=path, media_type="image/jpeg", width=5000, height=4000)
    provider = LocalProvider(pool, memory_mb=450, timeout_seconds=60)
    film = as_film(request_, 4, resolution=1080, fps=24, moves=[{"move": "orbit"}], transition_seconds=0.5)

    done = await provider.submit(replace(film, images=(large, large)), ignore)

    assert len(done.outputs) == 1


async def test_a_film_without_a_picture_or_of_nonsense_is_refused(
    provider: LocalProvider, request_: GenerationRequest
) -> None:
    for request in (replace(as_film(request_), images=()), as_film(request_, moves=[{"move": "teleport"}])):
        with pytest.raises(ProviderRefused):
            await provider.submit(request, ignore)
