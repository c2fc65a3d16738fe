"""Reading a `multipart/form-data` body (RFC 7578) while it comes."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from typing import Any, Final

from litestar import Request
from litestar.exceptions import HTTPException, InternalServerException
from multipart import (  # type: ignore[import-untyped]  # carries no types
    MultipartError,
    MultipartSegment,
    ParserLimitReached,
    PushMultipartParser,
    parse_options_header,
)

from pixie.application.kernel.errors import InvalidRequest
from pixie.domain.files.errors import FileTooLarge
from pixie.entrypoints.http.kernel.shape_faults import escaped

OVERHEAD: Final = 64 * 1024
"""Bytes of a body that may be something else than the file: boundaries, headers, small fields."""

MAX_FIELD_BYTES: Final = 1000
MAX_HEADER_BYTES: Final = 4224
MAX_HEADERS: Final = 8
IDLE_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class _Head:
    """A part begins."""

    name: str
    filename: str | None


_Event = _Head | bytes | None
"""None: the part has ended."""


class FormPart:
    """A part of the body; read it before you ask for the next one."""

    def __init__(self, head: _Head, events: AsyncIterator[_Event]) -> None:
        self.name = head.name
        self.filename = head.filename
        self._events = events

    @property
    def pointer(self) -> str:
        """Its place in the body, as if that were an object."""
        return f"/{escaped(self.name)}"

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        async for event in self._events:
            if not isinstance(event, bytes):
                return
            yield event

    async def text(self) -> str:
        """Raises `InvalidRequest` when it is too long, or no UTF-8."""
        held = bytearray()
        async for chunk in self.chunks():
            held += chunk
            if len(held) > MAX_FIELD_BYTES:
                raise InvalidRequest(f"At most {MAX_FIELD_BYTES} bytes are taken here.", pointer=self.pointer)
        try:
            return held.decode()
        except UnicodeDecodeError:
            raise InvalidRequest("This is no UTF-8.", pointer=self.pointer) from None


async def form_parts(request: Request[Any, Any, Any], *, max_bytes: int) -> AsyncIterator[FormPart]:
    """The parts in their order.

    Raises `InvalidRequest`, and `FileTooLarge` for a body larger than one with an allowed file could be.
    """
    boundary = _boundary(request.headers.get("content-type", ""))
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > max_bytes + OVERHEAD:
        raise FileTooLarge(max_bytes)
    events = _events(_bounded(_body(request), max_bytes), boundary)
    async for event in events:
        if isinstance(event, _Head):
            yield FormPart(event, events)


def _boundary(content_type: str) -> str:
    media_type, options = parse_options_header(content_type)
    if media_type != "multipart/form-data":
        raise HTTPException(status_code=415, detail="Send the file as `multipart/form-data`.")
    boundary: str = options.get("boundary", "")
    if not 1 <= len(boundary) <= 70:  # noqa: PLR2004 - RFC 2046, section 5.1.1
        raise InvalidRequest("The content type names no usable boundary.", parameter="Content-Type")
    return boundary


async def _events(body: AsyncIterator[bytes], boundary: str) -> AsyncIterator[_Event]:
    try:
        parser = PushMultipartParser(boundary, max_header_size=MAX_HEADER_BYTES, max_header_count=MAX_HEADERS)
        async for chunk in body:
            for event in parser.parse(chunk):
                yield _Head(event.name or "", event.filename) if isinstance(event, MultipartSegment) else event
        parser.close()
    except ParserLimitReached as error:
        raise InvalidRequest(
            f"A part has more than {MAX_HEADERS} headers, or one of more than {MAX_HEADER_BYTES} bytes, such as a very "
            "long file name."
        ) from error
    except MultipartError as error:
        raise InvalidRequest(f"The multipart body is broken: {error}.") from error


async def _bounded(body: AsyncIterator[bytes], max_bytes: int) -> AsyncIterator[bytes]:
    total = 0
    async for chunk in body:
        total += len(chunk)
        if total > max_bytes + OVERHEAD:
            raise FileTooLarge(max_bytes)
        yield chunk


async def _body(request: Request[Any, Any, Any]) -> AsyncIterator[bytes]:
    stream = request.stream()
    try:
        while True:
            async with asyncio.timeout(IDLE_SECONDS):
                chunk = await anext(stream, None)
            if chunk is None:
                return
            if chunk:
                yield chunk
    except TimeoutError:
        raise InvalidRequest(f"Nothing more came for {IDLE_SECONDS:g} seconds.") from None
    except InternalServerException as error:
        raise InvalidRequest("The connection was closed before the body had ended.") from error
