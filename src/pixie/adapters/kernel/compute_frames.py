"""What a compute child and its parent say to each other over their socket.

Down go pickles: they come from us. Up comes MessagePack that is decoded into known types, never pickles: a child whose
picture decoder was taken over by a hostile file cannot make its parent run anything.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final, get_type_hints

import msgspec

from pixie.adapters.kernel.compute_errors import ComputeFailed
from pixie.domain.kernel.errors import Fact

LENGTH_BYTES: Final = 4
MAX_ANSWER_BYTES: Final = 16 * 1024 * 1024


class Work(msgspec.Struct, frozen=True):
    """A pickle of the function and its arguments, and what the child may spend on it beyond what it holds already."""

    pickled: bytes
    memory_mb: int
    cpu_seconds: int | None


class Progress(msgspec.Struct, frozen=True, tag=True):
    percent: int


class Returned(msgspec.Struct, frozen=True, tag=True):
    """`resident_mb` is what the child holds on to after the work."""

    value: msgspec.Raw
    resident_mb: int


class Raised(msgspec.Struct, frozen=True, tag=True):
    """An expected error, taken apart."""

    module: str
    name: str
    detail: str
    retry_after: float | None
    facts: dict[str, Fact]


class Failed(msgspec.Struct, frozen=True, tag=True):
    """A bug: the traceback."""

    traceback: str


class OutOfMemory(msgspec.Struct, frozen=True, tag=True):
    pass


Answer = Returned | Raised | Failed | OutOfMemory
Frame = Progress | Answer

_encoder = msgspec.msgpack.Encoder()
_decoder: msgspec.msgpack.Decoder[Frame] = msgspec.msgpack.Decoder(Frame)
_work_decoder = msgspec.msgpack.Decoder(Work)


def pack(frame: Frame | Work) -> bytes:
    body = _encoder.encode(frame)
    return len(body).to_bytes(LENGTH_BYTES, "big") + body


def unpack(body: bytes) -> Frame:
    try:
        return _decoder.decode(body)
    except msgspec.DecodeError as error:
        raise ComputeFailed(f"A compute child spoke gibberish: {error}") from error


def unpack_work(body: bytes) -> Work:
    return _work_decoder.decode(body)


def pack_value(value: object) -> msgspec.Raw:
    return msgspec.Raw(_encoder.encode(value))


def unpack_value(value: msgspec.Raw, func: Callable[..., Any]) -> Any:  # noqa: ANN401 - what `func` says it returns
    try:
        return _result_decoder(func).decode(value)
    except msgspec.DecodeError as error:
        raise ComputeFailed(f"{func.__qualname__} returned something else than it says: {error}") from error


@lru_cache
def _result_decoder(func: Callable[..., Any]) -> msgspec.msgpack.Decoder[Any]:
    return msgspec.msgpack.Decoder(get_type_hints(func)["return"])
