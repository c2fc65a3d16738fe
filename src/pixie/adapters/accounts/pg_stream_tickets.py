from datetime import datetime

from pixie.adapters.kernel.database import affected
from pixie.adapters.kernel.pg_unit_of_work import PgUnitOfWork
from pixie.application.accounts.stream_ticket import StreamTickets
from pixie.domain.kernel.ids import SessionId, UserId

_TAKE = """
DELETE FROM stream_tickets AS ticket USING user_sessions AS session
WHERE ticket.token_hash = $1 AND ticket.expires_at > $2 AND session.id = ticket.session_id
RETURNING session.id, session.user_id
"""


class PgStreamTickets(StreamTickets):
    def __init__(self, uow: PgUnitOfWork) -> None:
        self._uow = uow

    async def add(self, digest: bytes, session_id: SessionId, expires_at: datetime) -> None:
        await self._uow.execute(
            "INSERT INTO stream_tickets (token_hash, session_id, expires_at) VALUES ($1, $2, $3)",
            digest,
            session_id,
            expires_at,
        )

    async def take(self, digest: bytes, now: datetime) -> tuple[SessionId, UserId] | None:
        row = await self._uow.fetchrow(_TAKE, digest, now)
        return None if row is None else (SessionId(row["id"]), UserId(row["user_id"]))

    async def forget(self, expired_before: datetime) -> int:
        return affected(await self._uow.execute("DELETE FROM stream_tickets WHERE expires_at < $1", expired_before))
