"""JSON bodies, taken by the letter. Litestar alone would read "7" as 7, and 0 as false."""

import math
from collections.abc import Iterable
from contextlib import suppress
from itertools import islice
from typing import Any

import msgspec
from litestar import Request
from litestar.exceptions import SerializationException, ValidationException

from pixie.entrypoints.http.kernel.problem import InvalidField
from pixie.entrypoints.http.kernel.shape_faults import NO_BODY, TOO_MANY_DIGITS, body_fault, escaped, null_faults

_NULL = rb"\u0000"
"""The only way to write it in JSON. Where this stands there may be one; the backslash may be an escaped one too."""
_MOST_TOLD = 20
_DEEPEST = 8
_EXACT = 2.0**53
"""Up to here a float is exactly the integer that was written."""


class StrictRequest(Request[Any, Any, Any]):
    """Decodes a body as the type that its handler takes."""

    async def json(self) -> Any:  # noqa: ANN401 - whatever the handler takes
        taken = self.route_handler.parsed_data_field
        if taken is None:
            return await super().json()
        body = await self.body()
        try:
            written = _DECODER.decode(body or b"null")
        except msgspec.ValidationError as error:
            raise _refused(InvalidField(message=TOO_MANY_DIGITS, pointer=_unreadable(body))) from error
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise SerializationException(f"This is no JSON that can be read: {error}") from error
        except RecursionError as error:
            raise SerializationException("This JSON is nested too deeply.") from error
        if _NULL in body and (found := list(islice(null_faults(written), _MOST_TOLD))):
            raise _refused(*found)
        try:
            return msgspec.convert(written, taken.annotation)
        except msgspec.ValidationError as error:
            raise _refused(body_fault(str(error)) if body else NO_BODY) from error


def _refused(*found: InvalidField) -> ValidationException:
    return ValidationException(extra=[*found])


def _unreadable(body: bytes) -> str:
    """Where the number stands that cannot be read; in the depths, what it is a part of."""
    where = ""
    for _ in range(_DEEPEST):
        for name, inner in _parts(body):
            if not _readable(inner):
                where, body = f"{where}/{escaped(str(name))}", inner
                break
        else:
            break
    return where


def _parts(body: bytes) -> Iterable[tuple[str | int, msgspec.Raw]]:
    with suppress(msgspec.ValidationError):
        return msgspec.json.decode(body, type=dict[str, msgspec.Raw]).items()
    with suppress(msgspec.ValidationError):
        return enumerate(msgspec.json.decode(body, type=list[msgspec.Raw]))
    return ()


def _readable(body: bytes) -> bool:
    try:
        _DECODER.decode(body)
    except msgspec.ValidationError:
        return False
    return True


def _number(text: str) -> float:
    """In JSON, 7.0 is an integer too."""
    value = float(text)
    if not math.isfinite(value):
        raise msgspec.DecodeError("a number is too large")
    return int(value) if value.is_integer() and abs(value) <= _EXACT else value


_DECODER = msgspec.json.Decoder(float_hook=_number)
