"""`Range` (RFC 9110, section 14): one range of bytes. Several at once get the whole, as the law allows."""

import re
from dataclasses import dataclass
from typing import Final

_ONE: Final = re.compile(r"bytes=\s*(?:(\d{1,18})\s*-\s*(\d{0,18})|-\s*(\d{1,18}))\s*", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ByteRange:
    """From `start` up to, not including, `end`; never empty."""

    start: int
    end: int

    def content_range(self, size: int) -> str:
        return f"bytes {self.start}-{self.end - 1}/{size}"


class RangeNotSatisfiable(Exception):
    """Nothing of what was asked for is there."""


def parse_range(header: str | None, size: int) -> ByteRange | None:
    """The range asked for, cut to what is there; None when the header is missing or means nothing.

    Raises `RangeNotSatisfiable`.
    """
    found = _ONE.fullmatch(header.strip()) if header else None
    if found is None:
        return None
    first, last, suffix = found.groups()
    if suffix is not None:
        start, end = max(0, size - int(suffix)), size
    else:
        start, end = int(first), min(size, int(last) + 1 if last else size)
        if last and int(last) < start:
            return None
    if start >= end:
        raise RangeNotSatisfiable
    return ByteRange(start, end)
