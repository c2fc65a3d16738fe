from abc import abstractmethod
from collections.abc import AsyncIterator
from typing import Protocol


class BlobReader(AsyncIterator[bytes], Protocol):
    """Chunks of a blob: as many bytes as were asked for, or an error."""

    @abstractmethod
    async def aclose(self) -> None:
        """Let go of it. Harmless to repeat; due also when nothing was read."""
