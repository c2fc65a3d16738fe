import asyncio
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from pixie.adapters.jobs.providers.call_log import CallLog, read_calls
from pixie.adapters.jobs.providers.scripted import ScriptedProvider
from pixie.domain.files.media import HEAD_BYTES, MediaType
from pixie.domain.jobs.errors import (
    ContentRejected,
    ProviderDown,
    ProviderMisconfigured,
    ProviderRefused,
    ProviderThrottled,
)
from pixie.domain.jobs.generation import Done, GenerationRequest, OutputFile, OutputUrl, Pending, Ticket
from pixie.domain.kernel.ids import JobId
from pixie.domain.kernel.json import JsonObject, JsonValue
from tests.support.fakes.kernel import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(datetime(2026, 1, 1, tzinfo=UTC))


@pytest.fixture
def log_path(tmp_path: Path) -> Path:
    return tmp_path / "calls.jsonl"


@pytest.fixture
def provider(clock: FakeClock, log_path: Path) -> ScriptedProvider:
    return ScriptedProvider(clock, CallLog(log_path))


@pytest.fixture
def request_(tmp_path: Path) -> GenerationRequest:
    return GenerationRequest(
        job_id=JobId(UUID(int=7)), idempotency_key="key-7", attempt=1, model="scripted/image", workdir=tmp_path
    )


def scripted(request: GenerationRequest, **parameters: JsonValue) -> GenerationRequest:
    script: JsonObject = {**parameters}
    return replace(request, parameters=script)


async def ignore(percent: int) -> None:
    pass


async def done(provider: ScriptedProvider, request: GenerationRequest) -> Done:
    answer = await provider.submit(request, ignore)
    assert isinstance(answer, Done)
    return answer


async def ticket(provider: ScriptedProvider, request: GenerationRequest) -> Ticket:
    answer = await provider.submit(request, ignore)
    assert isinstance(answer, Ticket)
    return answer


def data(answer: Done) -> bytes:
    (output,) = answer.outputs
    assert isinstance(output, OutputFile)
    return output.path.read_bytes()


async def test_without_a_script_it_answers_at_once(provider: ScriptedProvider, request_: GenerationRequest) -> None:
    await done(provider, request_)
    began = time.perf_counter()
    for _ in range(50):
        await done(provider, request_)

    assert (time.perf_counter() - began) / 50 < 0.02


async def test_it_makes_as_many_pictures_as_asked_for(provider: ScriptedProvider, request_: GenerationRequest) -> None:
    assert len((await done(provider, replace(request_, num_images=3))).outputs) == 3
    assert len((await done(provider, scripted(request_, outputs=5))).outputs) == 5


@pytest.mark.parametrize(
    ("output", "media_type"),
    [
        ("png", MediaType.PNG),
        ("mp4", MediaType.MP4),
        ("html", None),
        ("truncated", MediaType.PNG),
        ("empty", None),
        ("huge_header", MediaType.PNG),
    ],
)
async def test_its_files_are_what_their_names_say(
    output: str, media_type: MediaType | None, provider: ScriptedProvider, request_: GenerationRequest
) -> None:
    assert MediaType.of(data(await done(provider, scripted(request_, output=output)))[:HEAD_BYTES]) is media_type


async def test_it_makes_what_the_model_is_for(provider: ScriptedProvider, request_: GenerationRequest) -> None:
    video = await done(provider, replace(request_, model="scripted/video"))

    assert MediaType.of(data(video)[:HEAD_BYTES]) is MediaType.MP4


async def test_it_can_give_a_private_address_or_nothing(
    provider: ScriptedProvider, request_: GenerationRequest
) -> None:
    (output,) = (await done(provider, scripted(request_, output="private_url"))).outputs

    assert isinstance(output, OutputUrl)
    assert "127.0.0.1" in output.url
    assert (await done(provider, scripted(request_, output="none"))).outputs == ()


async def test_it_takes_its_time_and_tells_how_far_it_is(
    provider: ScriptedProvider, request_: GenerationRequest
) -> None:
    told: list[int] = []

    async def report(percent: int) -> None:
        told.append(percent)

    began = time.monotonic()
    await provider.submit(scripted(request_, delay_ms=90, progress=[20, 70]), report)

    assert time.monotonic() - began >= 0.08
    assert told == [20, 70]


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        ("refused", ProviderRefused),
        ("rejected", ContentRejected),
        ("throttled", ProviderThrottled),
        ("down", ProviderDown),
        ("misconfigured", ProviderMisconfigured),
        ("unexpected", RuntimeError),
    ],
)
async def test_it_fails_as_told(
    error: str, expected: type[Exception], provider: ScriptedProvider, request_: GenerationRequest
) -> None:
    with pytest.raises(expected):
        await provider.submit(scripted(request_, error=error), ignore)
    with pytest.raises(expected):
        await provider.submit(scripted(request_, error=error, mode="ticket"), ignore)


async def test_it_fails_in_the_first_attempts_only(provider: ScriptedProvider, request_: GenerationRequest) -> None:
    troubled = scripted(request_, error="down", fail_attempts=2)

    for attempt in (1, 2):
        with pytest.raises(ProviderDown):
            await provider.submit(replace(troubled, attempt=attempt), ignore)
    assert (await done(provider, replace(troubled, attempt=3))).outputs


async def test_throttling_says_when_to_come_back(provider: ScriptedProvider, request_: GenerationRequest) -> None:
    with pytest.raises(ProviderThrottled) as caught:
        await provider.submit(scripted(request_, error="throttled", retry_after_ms=1500), ignore)

    assert caught.value.retry_after == timedelta(seconds=1.5)


async def test_it_can_hang(provider: ScriptedProvider, request_: GenerationRequest) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await provider.submit(scripted(request_, hang=True), ignore)


class TestTickets:
    async def test_a_ticket_is_kept_by_any_process_when_its_time_has_come(
        self, provider: ScriptedProvider, request_: GenerationRequest, clock: FakeClock
    ) -> None:
        slow = scripted(request_, mode="ticket", delay_ms=10_000, progress=[10, 50, 90])
        promised = await ticket(provider, slow)
        elsewhere = ScriptedProvider(clock, CallLog(None))

        clock.pass_time(seconds=5)
        pending = await elsewhere.poll(promised, slow)
        clock.pass_time(seconds=5)

        assert pending == Pending(progress=50, look_after=timedelta(seconds=1))
        assert isinstance(await elsewhere.poll(promised, slow), Done)

    async def test_the_next_look_is_never_later_than_the_end(
        self, provider: ScriptedProvider, request_: GenerationRequest, clock: FakeClock
    ) -> None:
        slow = scripted(request_, mode="ticket", delay_ms=1_200)
        promised = await ticket(provider, slow)
        clock.pass_time(seconds=1)

        pending = await provider.poll(promised, slow)

        assert isinstance(pending, Pending)
        assert pending.look_after == timedelta(seconds=0.2)
        assert pending.progress == 83

    async def test_it_can_hang_or_fail_later(
        self, provider: ScriptedProvider, request_: GenerationRequest, clock: FakeClock
    ) -> None:
        hanging = scripted(request_, mode="ticket", hang=True)
        failing = scripted(request_, mode="ticket", error="rejected", error_at="poll")
        promised = await ticket(provider, failing)
        clock.pass_time(hours=9)

        assert isinstance(await provider.poll(promised, hanging), Pending)
        with pytest.raises(ContentRejected):
            await provider.poll(promised, failing)


async def test_each_call_leaves_a_line(provider: ScriptedProvider, request_: GenerationRequest, log_path: Path) -> None:
    slow = scripted(request_, mode="ticket")
    promised = await ticket(provider, slow)
    await provider.poll(promised, slow)
    await provider.cancel(promised)

    calls = read_calls(log_path)

    assert [call.verb for call in calls] == ["submit", "poll", "cancel"]
    assert {(call.job_id, call.idempotency_key, call.attempt) for call in calls} == {(str(UUID(int=7)), "key-7", 1)}
    assert calls[0].model == "scripted/image"


def test_nobody_called_yet(log_path: Path) -> None:
    assert read_calls(log_path) == []


POISON = """
import asyncio
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID
from pixie.adapters.jobs.providers.call_log import CallLog
from pixie.adapters.jobs.providers.scripted import ScriptedProvider
from pixie.domain.jobs.generation import GenerationRequest
class Now:
    def now(self): return datetime.now(UTC)
async def report(percent): pass
request = GenerationRequest(job_id=UUID(int=1), idempotency_key="k", attempt=int({attempt}), model="scripted/image",
                            workdir=Path({folder!r}), parameters={{"crash": True, "fail_attempts": 1}})
asyncio.run(ScriptedProvider(Now(), CallLog(None)).submit(request, report))
"""


@pytest.mark.parametrize(("attempt", "code"), [(1, -9), (2, 0)])
def test_a_poison_job_kills_the_process_that_works_on_it(attempt: int, code: int, tmp_path: Path) -> None:
    script = POISON.format(attempt=attempt, folder=str(tmp_path))

    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == code
