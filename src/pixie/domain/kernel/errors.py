"""The one family of errors that Pixie raises on purpose.

An error says what is wrong in the domain's words. Its `kind` tells every entrance what to do (an HTTP status, retry or
give up, an exit code), and its `code` is the stable name that clients match on. The constructor of each concrete error
takes facts and makes the sentence.
"""

from datetime import timedelta
from enum import StrEnum
from typing import ClassVar


class ErrorKind(StrEnum):
    """What a caller can do about an error; entrances translate this, never the concrete class."""

    MALFORMED = "malformed"
    ANONYMOUS = "anonymous"
    DENIED = "denied"
    MISSING = "missing"
    CONFLICT = "conflict"
    STALE = "stale"
    INVALID = "invalid"
    TOO_LARGE = "too_large"
    UNSUPPORTED = "unsupported"
    UNPAID = "unpaid"
    THROTTLED = "throttled"
    UNAVAILABLE = "unavailable"

    @property
    def passing(self) -> bool:
        """Whether the same request may succeed a little later, unchanged."""
        return self in {ErrorKind.THROTTLED, ErrorKind.UNAVAILABLE}


Fact = str | int | float | bool | list[str] | None


class PixieError(Exception):
    """Base of every expected error.

    `code` is part of the public API: once released, it never changes. `title` names the problem type in a few words,
    the same for every occurrence (RFC 9457, section 3.1.3); `detail` speaks of this occurrence.
    """

    kind: ClassVar[ErrorKind]
    code: ClassVar[str]
    title: ClassVar[str]

    def __init__(self, detail: str, *, retry_after: timedelta | None = None, **facts: Fact) -> None:
        super().__init__(detail)
        self.detail = detail
        self.retry_after = retry_after
        self.facts: dict[str, Fact] = facts
