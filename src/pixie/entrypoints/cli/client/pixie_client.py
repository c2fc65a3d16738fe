"""What the shell asks of a Pixie."""

import asyncio
import hashlib
import io
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from pathlib import Path
from types import NoneType, TracebackType
from typing import IO, Final, Self

import httpx
import msgspec

from pixie.entrypoints.cli.client.answers import (
    Account,
    File,
    Job,
    JobResult,
    JobType,
    JsonObject,
    Model,
    Page,
    Tokens,
)
from pixie.entrypoints.cli.client.event_stream import events_of
from pixie.entrypoints.cli.client.transport import Transport, described
from pixie.entrypoints.cli.client.troubles import Damaged, NoAnswer, NotPixie, Refused

Tell = Callable[[str], None]
Progress = Callable[[int], None]
"""Takes percents."""

ROUTES: Final[Mapping[JobType, str]] = {
    "image_generation": "/api/ai/image/generate",
    "image_edit": "/api/ai/image/edit",
    "image_upscale": "/api/ai/image/upscale",
    "video_generation": "/api/ai/video/generate",
}
STREAM_PATIENCE: Final = 300.0
"""Seconds without any answer after which a job is not followed any more. It goes on all the same."""


def _nobody(_: object) -> None:
    """Nobody wants to know."""


class PixieClient:
    """One user at one Pixie. Every verb raises `ClientTrouble` when it cannot do what it says."""

    def __init__(self, transport: Transport, *, patience: float = STREAM_PATIENCE) -> None:
        self._transport = transport
        self._patience = patience

    @property
    def url(self) -> str:
        return self._transport.url

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._transport.close()

    async def register(self, email: str, password: str, name: str) -> None:
        """Open an account, and be signed in to it."""
        body = {"email": email, "password": password, "name": name}
        self._transport.sign_in(await self._transport.ask("POST", "/api/auth/register", Tokens, body=body, once=email))

    async def sign_in(self, email: str, password: str) -> None:
        body = {"email": email, "password": password}
        self._transport.sign_in(await self._transport.ask("POST", "/api/auth/login", Tokens, body=body))

    async def sign_out(self) -> None:
        """End the session; the token is good for nothing from now on."""
        await self._transport.ask("POST", "/api/auth/logout", NoneType, body={})

    async def me(self) -> Account:
        return await self._transport.ask("GET", "/api/auth/me", Account)

    async def models(self) -> list[Model]:
        """The catalogue. It needs no key."""
        return (await self._transport.ask("GET", "/api/ai/models", Page[Model])).items

    async def jobs(self, limit: int = 20) -> list[Job]:
        """One's own, the newest first."""
        return (await self._transport.ask("GET", f"/api/ai/jobs?limit={limit}", Page[Job])).items

    async def upload(self, path: Path, once: str, progress: Progress = _nobody) -> File:
        """Send a picture, to be kept for a day."""

        def form() -> dict[str, tuple[str, IO[bytes]]]:
            return {"file": (path.name, _Told(path, progress))}

        return await self._transport.ask("POST", "/api/files/upload", File, form=form, once=once)

    async def submit(self, job_type: JobType, body: JsonObject, once: str) -> Job:
        """Order a job. With the same key the same job, however often it is ordered."""
        return await self._transport.ask("POST", ROUTES[job_type], Job, body=body, once=once)

    async def job(self, job_id: str) -> Job:
        return await self._transport.ask("GET", f"/api/ai/jobs/{job_id}/status", Job)

    async def result(self, job_id: str) -> JobResult:
        return await self._transport.ask("GET", f"/api/ai/jobs/{job_id}/result", JobResult)

    async def cancel(self, job_id: str) -> Job:
        """Stop a job. One that is over stays as it is."""
        return await self._transport.ask("DELETE", f"/api/ai/jobs/{job_id}", Job)

    async def watch(self, job_id: str, tell: Tell = _nobody) -> AsyncGenerator[Job]:
        """Its states as they come, up to the last. A stream that is cut is taken up where it was."""
        seen, heard_at, tries = 0, time.monotonic(), 0
        while True:
            try:
                async with aclosing(self._states(job_id, seen)) as states:
                    async for state in states:
                        heard_at, tries = time.monotonic(), 0
                        if state is None:
                            continue
                        seen = state.version
                        yield state
                        if state.over:
                            return
                why = "the stream ended"
            except httpx.TransportError as error:
                why = described(error)
            except Refused as error:
                if not await self._transport.renewed(error) and not error.passing:
                    raise
                why = error.problem.title
            if time.monotonic() - heard_at > self._patience:
                raise NoAnswer(self.url, why)
            if tries:  # to be cut off once is nothing to speak of
                tell(f"no connection ({why}), trying again")
            await asyncio.sleep(self._transport.pauses[min(tries, len(self._transport.pauses) - 1)])
            tries += 1

    async def save(self, file: File, to: Path) -> None:
        """Bring a file home. It appears at its place when it is whole, and is what Pixie says it is."""
        why = ""
        for pause in (*self._transport.pauses, None):
            try:
                with _Draft(to) as draft:
                    async with self._transport.stream(f"/api/files/{file.id}", headers={}, follow=True) as answer:
                        await self._transport.check(answer)
                        async for chunk in answer.aiter_bytes():
                            draft.write(chunk)
                    if draft.kept(file.checksum_sha256):
                        return
                why = ""
            except httpx.TransportError as error:
                why = described(error)
            except Refused as error:
                if not await self._transport.renewed(error) and not error.passing:
                    raise
                why = error.problem.title
            if pause is not None:
                await asyncio.sleep(pause)
        raise NoAnswer(self.url, why) if why else Damaged(to.name, file.url)

    async def _states(self, job_id: str, seen: int) -> AsyncGenerator[Job | None]:
        """One connection's worth of them; None is a sign of life."""
        headers = {"Last-Event-ID": str(seen), "Accept": "text/event-stream"}
        async with self._transport.stream(f"/api/ai/jobs/{job_id}/events", headers=headers) as answer:
            await self._transport.check(answer)
            if answer.status_code == httpx.codes.NO_CONTENT:
                yield await self.job(job_id)
                return
            async with aclosing(events_of(answer.aiter_lines())) as events:
                async for event in events:
                    yield None if event is None else self._state(event.data)

    def _state(self, data: str) -> Job:
        try:
            return msgspec.json.decode(data.encode(), type=Job)
        except msgspec.DecodeError as error:
            raise NotPixie(self.url, f"its stream makes no sense ({error})") from error


class _Told(io.FileIO):
    """A file that tells how much of it was read."""

    def __init__(self, path: Path, progress: Progress) -> None:
        super().__init__(path, "rb")
        self._progress = progress
        self._size = max(path.stat().st_size, 1)

    def read(self, size: int | None = -1, /) -> bytes:
        chunk = super().read(-1 if size is None else size) or b""
        self._progress(min(100, 100 * self.tell() // self._size))
        return chunk


class _Draft:
    """A file that comes to its place when it is whole, and leaves nothing behind when it is not."""

    def __init__(self, to: Path) -> None:
        self._to = to
        self._path = to.with_name(f".{to.name}.part")
        self._file = self._path.open("wb")
        self._hash = hashlib.sha256()

    def __enter__(self) -> Self:
        return self

    def write(self, chunk: bytes) -> None:
        self._file.write(chunk)
        self._hash.update(chunk)

    def kept(self, checksum: str) -> bool:
        """Whether it was put to its place: its content is what it should be."""
        self._file.close()
        if self._hash.hexdigest() != checksum:
            return False
        self._path.replace(self._to)
        return True

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)
