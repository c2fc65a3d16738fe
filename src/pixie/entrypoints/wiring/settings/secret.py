"""Values that must not be seen."""

import hashlib
import hmac
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit, urlunsplit

MASK: Final = "********"


class Secret:
    """A text that does not show itself: not printed, not logged, not encoded. Whoever needs it asks with `reveal`."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def derive(self, purpose: str) -> bytes:
        """32 bytes for one purpose (RFC 5869, HKDF-SHA256): any long random text makes a key of any kind.

        Two purposes never share bytes, also when one text serves for both.
        """
        return _derived(self._value, purpose)

    def masked(self) -> str:
        """For people: of a URL all but the password and the query, of anything else nothing."""
        try:
            parts = urlsplit(self._value)
            host = parts.netloc.rpartition("@")[2]
        except ValueError:
            return MASK
        if not parts.scheme or "://" not in self._value or self._value.count("@") != parts.netloc.count("@"):
            return MASK
        user = f"{parts.username or ''}:{MASK}@" if "@" in parts.netloc else ""
        return urlunsplit((parts.scheme, f"{user}{host}", parts.path, MASK if parts.query else "", ""))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self._value.encode(), other._value.encode())

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __str__(self) -> str:
        return MASK


@lru_cache(maxsize=32)
def _derived(value: str, purpose: str) -> bytes:
    """Remembered, for it is asked with every request: some 15 µs of half a millisecond."""
    extracted = hmac.digest(b"pixie", value.encode(), hashlib.sha256)
    return hmac.digest(extracted, purpose.encode() + b"\x01", hashlib.sha256)
