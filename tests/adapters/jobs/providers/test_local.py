import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from PIL import Image

from pixie.adapters.jobs.providers.local import LocalProvider
from pixie.adapters.kernel.compute_pool import ComputePool
from pixie.application.jobs.ports import Resubmission
from pixie.domain.files.media import HEAD_BYTES, MediaType
from pixie.domain.jobs.errors import ProviderDown, ProviderRefused
from pixie.domain.jobs.generation import Done, GenerationRequest, InputFile, OutputFile
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


def as_sketch(request: GenerationRequest) -> GenerationRequest:
    return replace(request, model="local/sketch", images=(), prompt="sea", width=96, height=64, parameters={})


async def ignore(percent: int) -> None:
    pass


def sizes(done: Done) -> list[tuple[int, int]]:
    found = []
    for output in done.outputs:
        assert isinstance(output, OutputFile)
        with Image.open(output.path) as image:
            found.append(image.size)
    return found


async def test_a_picture_is_edited(provider: LocalProvider, request_: GenerationRequest) -> None:
    assert sizes(await provider.submit(request_, ignore)) == [(20, 15)]


async def test_a_sketch_is_painted_for_each_seed(provider: LocalProvider, request_: GenerationRequest) -> None:
    done = await provider.submit(replace(as_sketch(request_), num_images=3, seed=41), ignore)

    assert sizes(done) == [(96, 64)] * 3
    assert done.facts == {"seed": 41}
    assert len({output.path.read_bytes() for output in done.outputs if isinstance(output, OutputFile)}) == 3


async def test_without_a_seed_each_attempt_paints_the_same(
    provider: LocalProvider, request_: GenerationRequest
) -> None:
    first = await provider.submit(as_sketch(request_), ignore)
    second = await provider.submit(replace(as_sketch(request_), attempt=2), ignore)
    other = await provider.submit(replace(as_sketch(request_), idempotency_key="another"), ignore)

    assert first.facts == second.facts != other.facts


async def test_work_that_needs_too_much_memory_is_refused(pool: ComputePool, request_: GenerationRequest) -> None:
    provider = LocalProvider(pool, memory_mb=64, timeout_seconds=60)
    grown = replace(request_, parameters={"operations": [{"op": "resize", "width": 7000}]})

    with pytest.raises(ProviderRefused, match="more memory"):
        await provider.submit(grown, ignore)


async def test_work_that_takes_too_long_is_tried_again_later(pool: ComputePool, request_: GenerationRequest) -> None:
    provider = LocalProvider(pool, memory_mb=512, timeout_seconds=0.01)

    with pytest.raises(ProviderDown):
        await provider.submit(request_, ignore)


@pytest.mark.parametrize(
    "changes", [{"model": "local/unknown"}, {"images": ()}, {"model": "local/sketch", "width": 9000, "parameters": {}}]
)
async def test_what_cannot_be_done_is_refused(
    changes: dict[str, object], provider: LocalProvider, request_: GenerationRequest
) -> None:
    with pytest.raises(ProviderRefused):
        await provider.submit(replace(request_, **changes), ignore)  # type: ignore[arg-type]  # fields of a request


def test_doing_it_again_harms_nobody() -> None:
    assert LocalProvider.resubmission is Resubmission.HARMLESS


def as_film(request: GenerationRequest, seconds: float = 1, **parameters: object) -> GenerationRequest:
    return replace(request, model="local/motion", duration_seconds=seconds, parameters=parameters)


@pytest.mark.parametrize("container", ["mp4", "webm"])
async def test_a_picture_becomes_a_film(container: str, provider: LocalProvider, request_: GenerationRequest) -> None:
    told: list[int] = []

    async def listen(percent: int) -> None:
        told.append(percent)

    done = await provider.submit(as_film(request_, resolution=144, format=container), listen)

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
