"""Addresses of files that open without signing in."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pixie.domain.kernel.ids import FileId


class FilePart(StrEnum):
    """What of a file can be asked for; the value ends the address."""

    CONTENT = ""
    THUMBNAIL = "/thumbnail"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedLink:
    url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPermit:
    """What a link brings along, as somebody claims it. `expires` is in seconds since 1970."""

    expires: int
    signature: str


def file_path(file_id: FileId, part: FilePart = FilePart.CONTENT) -> str:
    return f"/api/files/{file_id}{part.value}"  # not `{part}`: that calls the enum, a microsecond a link
