"""Turning rows that are due into messages. Rows are the truth, messages are hints: any of them may be lost or
doubled.
"""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """`Look at this row now`, for the actor that knows what to do with it."""

    actor: str
    queue: str
    row_id: str


class HintSource(Protocol):
    """A table whose rows fall due."""

    @abstractmethod
    async def take_due(self, limit: int) -> Sequence[Hint]:
        """Rows that are due and were not hinted at lately; they count as hinted from now on. Two may ask at once."""

    @abstractmethod
    async def forget_hints(self) -> None:
        """All messages are gone: hint again at everything that is due."""


class MessageSender(Protocol):
    @abstractmethod
    async def send(self, hints: Sequence[Hint]) -> None:
        """Raises `QueueUnavailable`."""

    @abstractmethod
    async def lost_messages(self) -> bool:
        """Whether the queue was emptied or restarted since the last time this was asked. Raises `QueueUnavailable`."""


@dataclass(slots=True, kw_only=True)
class DispatchHints:
    """Hint at everything that is due. Returns how many messages went out; call again at once while it is the batch
    size.
    """

    sources: Sequence[HintSource]
    sender: MessageSender
    batch: int = 500

    async def begin_anew(self) -> None:
        """Hints may have come to nothing: while the database was away, nobody could follow them."""
        for source in self.sources:
            await source.forget_hints()

    async def __call__(self) -> int:
        if await self.sender.lost_messages():
            await self.begin_anew()
        sent = 0
        for source in self.sources:
            hints = await source.take_due(self.batch)
            if hints:
                await self.sender.send(hints)
            sent += len(hints)
        return sent
