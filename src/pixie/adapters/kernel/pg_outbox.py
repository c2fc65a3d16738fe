from collections.abc import Mapping, Sequence
from dataclasses import asdict

import msgspec

from pixie.adapters.kernel.pg_unit_of_work import PgUnitOfWork
from pixie.application.kernel.ports import IdSource, Outbox
from pixie.domain.kernel.events import Event

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


class PgInbox:
    """The receiving end: a row is taken in the transaction of its effect, so a duplicate message finds none."""

    def __init__(self, uow: PgUnitOfWork) -> None:
        self._uow = uow

    async def take(self, row_id: str) -> dict[str, object] | None:
        """The event's payload, or None when this row was handled before."""
        payload: dict[str, object] | None = await self._uow.fetchval(
            "DELETE FROM outbox WHERE id = $1::text::uuid RETURNING payload", row_id
        )
        return payload
