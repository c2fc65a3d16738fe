import asyncio
import signal
import subprocess
import sys
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
from pixie.domain.jobs.errors import InvalidParameters, ProviderDown, ProviderMisconfigured, ProviderRefused
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
    "changes",
    [
        {"model": "local/unknown"},
        {"images": ()},
        {"model": "local/upscale", "images": (), "parameters": {}},
        {"model": "local/sketch", "width": 9000, "parameters": {}},
    ],
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
        provider.check(PlannedRequest(model="local/edit", input=JobInput(parameters=asked), images=(size,)))


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


def as_upscale(request: GenerationRequest, folder: Path, width: int = 60, height: int = 40) -> GenerationRequest:
    path = pictures.written(folder, pictures.picture("PNG", width, height), "small")
    image = InputFile(path=path, media_type="image/png", width=width, height=height)
    return replace(request, model="local/upscale", images=(image,), scale=3, parameters={})


async def test_a_picture_is_enlarged(provider: LocalProvider, request_: GenerationRequest, tmp_path: Path) -> None:
    told: list[int] = []

    async def listen(percent: int) -> None:
        told.append(percent)

    done = await provider.submit(as_upscale(request_, tmp_path), listen)

    assert sizes(done) == [(180, 120)]
    assert told
    assert told == sorted(told)


async def test_upscaling_has_a_time_limit_of_its_own(
    pool: ComputePool, request_: GenerationRequest, tmp_path: Path
) -> None:
    provider = LocalProvider(pool, memory_mb=512, timeout_seconds=0.01)

    assert sizes(await provider.submit(as_upscale(request_, tmp_path), ignore)) == [(180, 120)]


async def test_an_upscaling_that_is_cancelled_stops_within_a_second(
    pool: ComputePool, provider: LocalProvider, request_: GenerationRequest, tmp_path: Path
) -> None:
    began = asyncio.Event()

    async def listen(percent: int) -> None:
        began.set()

    slow = replace(as_upscale(request_, tmp_path, 800, 600), parameters={"variant": "quality"})
    running = asyncio.create_task(provider.submit(slow, listen))
    await asyncio.wait_for(began.wait(), 30)
    (child,) = pool._busy
    cancelled_at = time.monotonic()

    running.cancel()
    await asyncio.wait([running])

    assert child._process.wait(1) == -signal.SIGKILL
    assert time.monotonic() - cancelled_at < 1


async def test_three_upscalings_at_once_keep_within_their_memory(request_: GenerationRequest, tmp_path: Path) -> None:
    requests = [as_upscale(_beside(request_, number), tmp_path, 300, 180) for number in range(3)]

    async with ComputePool(size=3) as pool:
        provider = LocalProvider(pool, memory_mb=400, timeout_seconds=60)
        done = await asyncio.gather(*(provider.submit(request, ignore) for request in requests))

    assert [sizes(each) for each in done] == [[(900, 540)]] * 3


async def test_without_its_weights_upscaling_is_shown_as_unavailable_and_does_nothing(
    pool: ComputePool, request_: GenerationRequest, tmp_path: Path
) -> None:
    provider = LocalProvider(pool, memory_mb=512, timeout_seconds=60, upscale_weights=tmp_path / "nowhere")

    (card,) = [card for card in provider.cards() if card.name == "local/upscale"]
    assert card.unavailable_reason is not None
    assert "PIXIE_LOCAL_UPSCALE_WEIGHTS" in card.unavailable_reason
    with pytest.raises(ProviderMisconfigured, match="weights"):
        await provider.submit(as_upscale(request_, tmp_path), ignore)


def test_whoever_takes_requests_does_not_load_the_network() -> None:
    program = "import sys, pixie.entrypoints.asgi, pixie.entrypoints.worker; print('ncnn' in sys.modules)"

    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert said.strip() == "False"


def _beside(request: GenerationRequest, number: int) -> GenerationRequest:
    workdir = request.workdir / str(number)
    workdir.mkdir()
    return replace(request, workdir=workdir)
