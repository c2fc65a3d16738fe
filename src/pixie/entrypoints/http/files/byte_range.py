"""`Range` (RFC 9110, section 14): one range of bytes. Several at once get the whole, as the law allows."""

import re
from dataclasses import dataclass
from typing import Final

_ONE: Final = re.compile(r"bytes=\s*(?:(\d+)\s*-\s*(\d*)|-\s*(\d+))\s*", re.ASCII | re.IGNORECASE)
_DIGITS: Final = 18


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
        start, end = max(0, size - _number(suffix)), size
    else:
        start, end = _number(first), min(size, _number(last) + 1 if last else size)
        if last and _number(last) < start:
            return None
    if start >= end:
        raise RangeNotSatisfiable
    return ByteRange(start, end)


def _number(digits: str) -> int:
    """No file has more bytes than 18 digits can say, and thousands of digits are slow to read."""
    significant = digits.lstrip("0")
    return int(significant or "0") if len(significant) <= _DIGITS else 10**_DIGITS
