"""Stand-ins for the kernel's ports, kept in memory."""

from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID

import msgspec

from pixie.application.kernel.errors import AlreadyAnswered, IdempotencyKeyReused
from pixie.application.kernel.ports import Clock, IdempotencyKey, IdempotencyLog, IdSource, Links, Outbox, UnitOfWork
from pixie.domain.kernel.events import Event

EPOCH = datetime(2026, 1, 1, 12, tzinfo=UTC)


class FakeClock(Clock):
    def __init__(self, now: datetime = EPOCH) -> None:
        self.time = now

    def now(self) -> datetime:
        return self.time

    def pass_time(self, **by: float) -> None:
        self.time += timedelta(**by)


class FakeIds(IdSource):
    """Ids that sort by birth and read well in a failure: …0001, …0002."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def new(self) -> UUID:
        return UUID(int=(0x0192 << 112) | (0x7 << 76) | (0x8 << 60) | next(self._numbers))


class FakeUnitOfWork(UnitOfWork):
    """Counts commits; what stores wrote in between is theirs to keep."""

    def __init__(self) -> None:
        self.commits = 0
        self.rollbacks = 0

    async def commit(self) -> None:
        self.commits += 1

    async def rollback(self) -> None:
        self.rollbacks += 1


class FakeOutbox(Outbox):
    def __init__(self) -> None:
        self.events: list[Event] = []

    async def add(self, event: Event) -> None:
        self.events.append(event)

    @property
    def topics(self) -> list[str]:
        return [event.topic for event in self.events]


class FakeIdempotencyLog(IdempotencyLog):
    def __init__(self) -> None:
        self.answers: dict[tuple[str, str], tuple[bytes, bytes, int | None]] = {}

    async def claim(self, key: IdempotencyKey | None) -> None:
        if key is None or (key.scope, key.key) not in self.answers:
            return
        fingerprint, body, status = self.answers[key.scope, key.key]
        if fingerprint != key.fingerprint:
            raise IdempotencyKeyReused
        raise AlreadyAnswered(body, status)

    async def record(self, key: IdempotencyKey | None, view: object, *, status: int | None = None) -> None:
        if key is not None:
            self.answers[key.scope, key.key] = (key.fingerprint, msgspec.json.encode(view), status)


class FakeLinks(Links):
    def absolute(self, path: str) -> str:
        return f"https://pixie.test{path}"
