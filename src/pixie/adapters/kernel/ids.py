from uuid import UUID

import uuid_utils

from pixie.application.kernel.ports import IdSource


class Uuid7Source(IdSource):
    """UUIDv7 by RFC 9562, section 5.7: milliseconds first, so that ids sort by birth."""

    def new(self) -> UUID:
        return UUID(bytes=uuid_utils.uuid7().bytes)
