import asyncio
import os
import signal
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, ClassVar, Final, Self

import msgspec
from msgspec import Meta

from pixie.adapters.jobs.providers.call_log import Call, CallLog
from pixie.adapters.jobs.providers.door import ProviderPlugin, ProviderTools
from pixie.adapters.jobs.providers.script import Script, Trouble
from pixie.adapters.jobs.providers.scripted_cards import scripted_cards, usual_output
from pixie.adapters.jobs.providers.scripted_outputs import scripted_outputs
from pixie.application.jobs.ports import ReportProgress, Resubmission
from pixie.application.kernel.ports import Clock
from pixie.domain.jobs.errors import (
    ContentRejected,
    ProviderDown,
    ProviderMisconfigured,
    ProviderRefused,
    ProviderThrottled,
)
from pixie.domain.jobs.generation import Done, GenerationRequest, Pending, Ticket
from pixie.domain.jobs.model_card import ModelCard

_NAME: Final = "scripted"
_SCRIPTED: Final = "so says the script"


class ScriptedSettings(msgspec.Struct, frozen=True, kw_only=True):
    call_log: Annotated[
        str | None,
        Meta(description="A file to note each call in; a relative path lies in the providers' scratch folder."),
    ] = None
    deadline_seconds: Annotated[int, Meta(ge=1, description="The deadline on the cards of its models.")] = 300


class _Promise(msgspec.Struct, frozen=True, kw_only=True):
    """The inside of a ticket: all that any process needs to keep it."""

    job_id: str
    idempotency_key: str
    attempt: int
    started_at: datetime


class ScriptedProvider(ProviderPlugin):
    """Does what a request's parameters say: for tests, and for rehearsing what may go wrong with real providers."""

    name: ClassVar[str] = _NAME
    resubmission: ClassVar[Resubmission] = Resubmission.BY_KEY
    Settings: ClassVar[type[msgspec.Struct]] = ScriptedSettings

    def __init__(self, clock: Clock, calls: CallLog, *, deadline_seconds: int = 300) -> None:
        self._clock = clock
        self._calls = calls
        self._cards = scripted_cards(deadline_seconds)

    @classmethod
    def build(cls, settings: ScriptedSettings, tools: ProviderTools) -> Self:
        path = None if settings.call_log is None else tools.scratch / settings.call_log
        return cls(tools.clock, CallLog(path), deadline_seconds=settings.deadline_seconds)

    def cards(self) -> Sequence[ModelCard]:
        return self._cards

    async def submit(self, request: GenerationRequest, report: ReportProgress) -> Ticket | Done:
        promise = self._promise(request)
        self._note("submit", promise, request.model)
        script = msgspec.convert(request.parameters, Script)
        if script.crash and script.fails(request.attempt):
            os.kill(os.getpid(), signal.SIGKILL)
        if script.mode == "ticket":
            _stumble(script, request.attempt, "submit")
            return Ticket(value=msgspec.json.encode(promise).decode(), look_after=_pause(script, _delay(script)))
        await _work(script, report)
        _stumble(script, request.attempt, "submit")
        return _done(script, request)

    async def poll(self, ticket: Ticket, request: GenerationRequest) -> Pending | Done:
        promise = _kept(ticket)
        self._note("poll", promise, request.model)
        script = msgspec.convert(request.parameters, Script)
        remaining = promise.started_at + _delay(script) - self._clock.now()
        if script.hang or remaining > timedelta(0):
            share = 1 - remaining / max(_delay(script), timedelta(microseconds=1))
            return Pending(progress=_progress(script, share), look_after=_pause(script, remaining))
        _stumble(script, request.attempt, "poll")
        return _done(script, request)

    async def cancel(self, ticket: Ticket) -> None:
        self._note("cancel", _kept(ticket), None)

    def _promise(self, request: GenerationRequest) -> _Promise:
        return _Promise(
            job_id=str(request.job_id),
            idempotency_key=request.idempotency_key,
            attempt=request.attempt,
            started_at=self._clock.now(),
        )

    def _note(self, verb: str, promise: _Promise, model: str | None) -> None:
        self._calls.note(
            Call(
                verb=verb,
                job_id=promise.job_id,
                idempotency_key=promise.idempotency_key,
                attempt=promise.attempt,
                pid=os.getpid(),
                at=self._clock.now(),
                model=model,
            )
        )


def _kept(ticket: Ticket) -> _Promise:
    try:
        return msgspec.json.decode(ticket.value, type=_Promise)
    except msgspec.DecodeError:
        raise ProviderRefused("Nothing is known of this ticket.") from None


async def _work(script: Script, report: ReportProgress) -> None:
    pause = _delay(script).total_seconds() / (len(script.progress) + 1)
    for percent in script.progress:
        await asyncio.sleep(pause)
        await report(percent)
    if script.delay_ms:
        await asyncio.sleep(pause)
    if script.hang:
        await asyncio.Event().wait()


def _progress(script: Script, share: float) -> int:
    place = min(max(share, 0.0), 0.99)
    return script.progress[int(place * len(script.progress))] if script.progress else int(place * 100)


def _delay(script: Script) -> timedelta:
    return timedelta(milliseconds=script.delay_ms)


def _pause(script: Script, remaining: timedelta) -> timedelta:
    usual = timedelta(milliseconds=script.look_after_ms)
    return usual if script.hang else min(usual, max(remaining, timedelta(0)))


def _done(script: Script, request: GenerationRequest) -> Done:
    count = request.num_images if script.outputs is None else script.outputs
    kind = usual_output(request.model) if script.output is None else script.output
    return Done(outputs=scripted_outputs(kind, count, request.workdir))


def _stumble(script: Script, attempt: int, at: str) -> None:
    if script.error is not None and script.error_at == at and script.fails(attempt):
        raise _error(script.error, script.retry_after_ms)


def _error(trouble: Trouble, retry_after_ms: int | None) -> Exception:
    match trouble:
        case "refused":
            return ProviderRefused(f"This request is refused: {_SCRIPTED}.")
        case "rejected":
            return ContentRejected(f"This content is rejected: {_SCRIPTED}.")
        case "throttled":
            after = None if retry_after_ms is None else timedelta(milliseconds=retry_after_ms)
            return ProviderThrottled(_NAME, after)
        case "down":
            return ProviderDown(_NAME, _SCRIPTED)
        case "misconfigured":
            return ProviderMisconfigured(_NAME, _SCRIPTED)
        case "unexpected":
            return RuntimeError(_SCRIPTED)
