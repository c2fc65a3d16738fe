"""What every module needs from outside itself."""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from pixie.domain.kernel.events import Event
from pixie.domain.kernel.json import JsonObject


class Clock(Protocol):
    @abstractmethod
    def now(self) -> datetime:
        """The time, aware, in UTC. All processes of one system agree on it within milliseconds; it never jumps."""


class IdSource(Protocol):
    @abstractmethod
    def new(self) -> UUID:
        """A UUIDv7 never given before."""


class UnitOfWork(Protocol):
    """One transaction. It begins with the first statement of any store of the same scope.

    Nothing is kept unless `commit` returned; leaving the scope without it rolls back. After a commit the next statement
    begins a new transaction.
    """

    @abstractmethod
    async def commit(self) -> None:
        """Make everything durable. Raises `DatabaseUnavailable` when the outcome is unknown."""

    @abstractmethod
    async def rollback(self) -> None:
        """Forget everything since the last commit, and let go of all locks."""


class Outbox(Protocol):
    @abstractmethod
    async def add(self, event: Event) -> None:
        """Tell each subscriber of the event's topic, if and only if the current unit of work commits."""


class Inbox(Protocol):
    @abstractmethod
    async def take(self, row_id: UUID) -> JsonObject | None:
        """An event's payload, gone with this unit of work; None when it was handled before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdempotencyKey:
    """A client's name for one attempt at an effect.

    `scope` is who may reuse it (a user, or an address before sign-in); `fingerprint` is a hash of the request it came
    with.
    """

    scope: str
    key: str
    fingerprint: bytes


class IdempotencyLog(Protocol):
    """First answers, kept for 24 hours. With no key, both verbs do nothing."""

    @abstractmethod
    async def claim(self, key: IdempotencyKey | None) -> None:
        """Hold the key until this unit of work ends.

        Raises `AlreadyAnswered` with the first answer, `IdempotencyKeyReused` when the first request was another one,
        `IdempotencyKeyInUse` while the first still runs.
        """

    @abstractmethod
    async def record(self, key: IdempotencyKey | None, view: object, *, status: int | None = None) -> None:
        """Keep `view` as the answer, in the transaction of the effect.

        `status` is given by the entrance for a refusal; an effect's own status is known from its route.
        """


class Links(Protocol):
    @abstractmethod
    def absolute(self, path: str) -> str:
        """The address under which a client reaches `path` of this API."""
