from abc import abstractmethod
from collections.abc import AsyncIterator


class BlobReader(AsyncIterator[bytes]):
    """Chunks of a blob: as many bytes as were asked for, or an error."""

    @abstractmethod
    async def aclose(self) -> None:
        """Let go of it. Harmless to repeat; due also when nothing was read."""
