import base64
import hmac
from datetime import UTC, datetime, timedelta
from typing import Final

from pixie.application.files.file_link import FilePart, LinkPermit, SignedLink, file_path
from pixie.application.files.ports import FileLinks
from pixie.application.kernel.ports import Clock, Links
from pixie.domain.files.errors import FileLinkInvalid
from pixie.domain.kernel.ids import FileId

STEP: Final = 3600
"""Links expire on the hour, so that a file keeps its address for an hour and caches can hold on to it."""


class HmacFileLinks(FileLinks):
    """The signature is HMAC-SHA256 over path and expiry; nothing is stored."""

    def __init__(self, *, key: bytes, links: Links, clock: Clock, lifetime: timedelta = timedelta(hours=1)) -> None:
        self._key = key
        self._links = links
        self._clock = clock
        self._lifetime = lifetime.total_seconds()

    def sign(self, file_id: FileId, part: FilePart = FilePart.CONTENT) -> SignedLink:
        expires = -int(-(self._clock.now().timestamp() + self._lifetime) // STEP) * STEP
        path = file_path(file_id, part)
        url = f"{self._links.absolute(path)}?expires={expires}&signature={self._signature(path, expires)}"
        return SignedLink(url=url, expires_at=datetime.fromtimestamp(expires, UTC))

    def check(self, file_id: FileId, part: FilePart, permit: LinkPermit) -> datetime:
        expected = self._signature(file_path(file_id, part), permit.expires)
        genuine = hmac.compare_digest(expected.encode(), permit.signature.encode(errors="replace"))
        if not genuine or permit.expires <= self._clock.now().timestamp():
            raise FileLinkInvalid
        return datetime.fromtimestamp(permit.expires, UTC)

    def _signature(self, path: str, expires: int) -> str:
        digest = hmac.digest(self._key, f"{path}?expires={expires}".encode(), "sha256")
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
