"""JSON bodies, taken by the letter. Litestar alone would read "7" as 7, and 0 as false."""

import math
from typing import Any

import msgspec
from litestar import Request
from litestar.exceptions import SerializationException, ValidationException

_EXACT = 2.0**53
"""Up to here a float is exactly the integer that was written."""


class StrictRequest(Request[Any, Any, Any]):
    """Decodes a body as the type that its handler takes."""

    async def json(self) -> Any:  # noqa: ANN401 - whatever the handler takes
        taken = self.route_handler.parsed_data_field
        if taken is None:
            return await super().json()
        try:
            written = _DECODER.decode(await self.body() or b"null")
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise SerializationException(f"This is no JSON that can be read: {error}") from error
        except RecursionError as error:
            raise SerializationException("This JSON is nested too deeply.") from error
        try:
            return msgspec.convert(written, taken.annotation)
        except msgspec.ValidationError as error:
            raise ValidationException(extra=[{"message": str(error), "key": "data", "source": "body"}]) from error


def _number(text: str) -> float:
    """In JSON, 7.0 is an integer too."""
    value = float(text)
    if not math.isfinite(value):
        raise msgspec.DecodeError("a number is too large")
    return int(value) if value.is_integer() and abs(value) <= _EXACT else value


_DECODER = msgspec.json.Decoder(float_hook=_number)
