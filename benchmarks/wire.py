"""A client of HTTP/1.1 that costs next to nothing: requests are bytes made beforehand, answers are hardly looked at."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self, cast

_HEAD_END = b"\r\n\r\n"
_LENGTH = b"content-length:"


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes

    def json(self) -> Any:  # noqa: ANN401 - whoever asked knows what comes
        return json.loads(self.body)


class Cut(Exception):
    """The server closed the connection in the middle."""


class Wire(asyncio.Protocol):
    """One connection, kept alive; one request at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._received = b""
        self._waiting: asyncio.Future[Answer] | None = None

    @classmethod
    async def open(cls, port: int) -> Self:
        _, wire = await asyncio.get_running_loop().create_connection(cls, "127.0.0.1", port)
        return wire

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(exc or Cut())

    def data_received(self, data: bytes) -> None:
        self._received = self._received + data if self._received else data
        answer = self._complete()
        if answer is not None and self._waiting is not None:
            self._received = b""
            self._waiting.set_result(answer)

    async def ask(self, request: bytes) -> Answer:
        if self._transport is None:
            raise Cut
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._waiting

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def _complete(self) -> Answer | None:
        head_end = self._received.find(_HEAD_END)
        if head_end < 0:
            return None
        head = self._received[:head_end].lower()
        place = head.find(_LENGTH)
        length = int(head[place + len(_LENGTH) :].split(b"\r\n", 1)[0]) if place >= 0 else 0
        start = head_end + len(_HEAD_END)
        if len(self._received) < start + length:
            return None
        return Answer(int(head[9:12]), self._received[start : start + length])


def get(path: str, token: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n\r\n".encode()


def post(path: str, body: object, token: str = "", more: str = "") -> bytes:
    content = json.dumps(body).encode()
    authorization = f"Authorization: Bearer {token}\r\n" if token else ""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(content)}\r\n{authorization}{more}\r\n"
    )
    return head.encode() + content


class EventWire(asyncio.Protocol):
    """A connection on which one stream of events is read, as it comes."""

    def __init__(self, on_event: Callable[[bytes], None]) -> None:
        self._on_event = on_event
        self._transport: asyncio.Transport | None = None
        self._received = b""

    @classmethod
    async def open(cls, port: int, on_event: Callable[[bytes], None]) -> Self:
        _, wire = await asyncio.get_running_loop().create_connection(lambda: cls(on_event), "127.0.0.1", port)
        return wire

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Each event is handed on once it is complete; what stands between events (chunk sizes) stays in front."""
        self._received += data
        *events, self._received = self._received.split(b"\n\n")
        for event in events:
            self._on_event(event)

    def send(self, request: bytes) -> None:
        if self._transport is not None:
            self._transport.write(request)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


def event_field(event: bytes, name: bytes) -> bytes:
    """The value of a field such as `id`; empty where there is none. Chunk sizes and headers may stand in front."""
    _, found, rest = event.partition(b"\n" + name + b": ")
    return rest.partition(b"\n")[0] if found else b""
