"""Entity tags (RFC 9110, section 8.8.3)."""

import re
from typing import Final

_TAG: Final = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')


def etag(version: str) -> str:
    return f'"{version}"'


def matches(if_none_match: str | None, tag: str) -> bool:
    """Whether the client has this version already; weak tags compare like strong ones here."""
    if if_none_match is None:
        return False
    return if_none_match.strip() == "*" or tag in _TAG.findall(if_none_match)


def still_same(if_range: str | None, tag: str) -> bool:
    """Whether a part fits to the parts that the client has. Dates never do: no `Last-Modified` was given out."""
    return if_range is None or if_range.strip() == tag
