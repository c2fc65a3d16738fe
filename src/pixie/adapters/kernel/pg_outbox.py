from collections.abc import Mapping, Sequence
from dataclasses import asdict
from uuid import UUID

import msgspec

from pixie.adapters.kernel.database import UNHURRIED, Database
from pixie.adapters.kernel.pg_unit_of_work import PgUnitOfWork
from pixie.application.kernel.dispatch import Hint, HintSource
from pixie.application.kernel.ports import IdSource, Inbox, Outbox
from pixie.domain.kernel.events import Event
from pixie.domain.kernel.json import JsonObject

Subscriptions = Mapping[str, Sequence[str]]
"""Which actors hear of a topic."""


class PgOutbox(Outbox):
    """One row for each event and subscriber, in the transaction of the change."""

    def __init__(self, uow: PgUnitOfWork, ids: IdSource, subscriptions: Subscriptions) -> None:
        self._uow = uow
        self._ids = ids
        self._subscriptions = subscriptions

    async def add(self, event: Event) -> None:
        payload = msgspec.to_builtins(asdict(event))  # type: ignore[call-overload]  # Event is a dataclass by contract
        for subscriber in self._subscriptions.get(event.topic, ()):
            await self._uow.execute(
                "INSERT INTO outbox (id, topic, subscriber, payload) VALUES ($1, $2, $3, $4)",
                self._ids.new(),
                event.topic,
                subscriber,
                payload,
            )
            self._uow.ring_after_commit()


class PgInbox(Inbox):
    """The receiving end: a row is taken in the transaction of its effect, so a duplicate message finds none."""

    def __init__(self, uow: PgUnitOfWork) -> None:
        self._uow = uow

    async def take(self, row_id: UUID) -> JsonObject | None:
        payload: JsonObject | None = await self._uow.fetchval(
            "DELETE FROM outbox WHERE id = $1 RETURNING payload", row_id
        )
        return payload


# What gets lost of this in a crash is only hinted at once more.
_TAKE_DUE = f"""
UPDATE outbox SET
    attempts = attempts + 1,
    due_at = clock_timestamp() + least(interval '1 hour', power(2, least(attempts, 10)) * interval '15 seconds')
WHERE {UNHURRIED} AND id IN (
    SELECT id FROM outbox WHERE due_at <= clock_timestamp() ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED
)
RETURNING id, subscriber
"""  # noqa: S608 - no input
_FORGET = "UPDATE outbox SET due_at = clock_timestamp() WHERE due_at > clock_timestamp() AND attempts > 0"


class PgOutboxHints(HintSource):
    """Rows that nobody has handled yet, hinted at again after 15 s, 30 s, 1 min and so on up to an hour."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def take_due(self, limit: int) -> Sequence[Hint]:
        rows = await self._database.fetch(_TAKE_DUE, limit)
        return [Hint(actor=row["subscriber"], queue="default", row_id=str(row["id"])) for row in rows]

    async def forget_hints(self) -> None:
        await self._database.execute(_FORGET)
