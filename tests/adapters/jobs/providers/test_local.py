from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from PIL import Image

from pixie.adapters.jobs.providers.local import LocalProvider
from pixie.adapters.kernel.compute_pool import ComputePool
from pixie.application.jobs.ports import Resubmission
from pixie.domain.jobs.errors import InvalidParameters, ProviderDown, ProviderRefused
from pixie.domain.jobs.fit import check_fit
from pixie.domain.jobs.generation import Done, GenerationRequest, InputFile, OutputFile, PictureSize, PlannedRequest
from pixie.domain.jobs.job_input import JobInput
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
        image=InputFile(path=path, media_type="image/png", width=80, height=60),
        parameters={"operations": [{"op": "resize", "width": 20}]},
    )


def as_sketch(request: GenerationRequest) -> GenerationRequest:
    return replace(request, model="local/sketch", image=None, prompt="sea", width=96, height=64, parameters={})


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
    "changes", [{"model": "local/unknown"}, {"image": None}, {"model": "local/sketch", "width": 9000, "parameters": {}}]
)
async def test_what_cannot_be_done_is_refused(
    changes: dict[str, object], provider: LocalProvider, request_: GenerationRequest
) -> None:
    with pytest.raises(ProviderRefused):
        await provider.submit(replace(request_, **changes), ignore)  # type: ignore[arg-type]  # fields of a request


def test_doing_it_again_harms_nobody() -> None:
    assert LocalProvider.resubmission is Resubmission.HARMLESS


def test_an_edit_that_is_known_to_be_impossible_is_refused_beforehand(provider: LocalProvider) -> None:
    size = PictureSize(width=80, height=60)
    asked = {"operations": [{"op": "crop", "x": 0, "y": 0, "width": 5, "height": 5, "unit": "fraction"}]}

    with pytest.raises(InvalidParameters, match="outside of the picture"):
        provider.check(PlannedRequest(model="local/edit", input=JobInput(parameters=asked), image=size))


@pytest.mark.parametrize(
    "asked",
    [
        JobInput(prompt="sea", width=8192, height=8192),
        JobInput(prompt="sea", width=4096, height=4096),
        JobInput(prompt="sea", aspect_ratio="99:1"),
        JobInput(prompt="sea", negative_prompt="boats"),
    ],
)
def test_a_sketch_that_is_not_painted_does_not_fit_the_card(provider: LocalProvider, asked: JobInput) -> None:
    sketch = next(card for card in provider.cards() if card.name == "local/sketch")

    with pytest.raises(InvalidParameters):
        check_fit(sketch, sketch.model_type, asked)
