from datetime import datetime

from pixie.adapters.accounts.rows import SESSION_COLUMNS, to_session
from pixie.adapters.kernel.database import affected
from pixie.adapters.kernel.pg_unit_of_work import PgUnitOfWork
from pixie.application.accounts.ports import Presented, SessionStore
from pixie.domain.accounts.session import EndReason, Session
from pixie.domain.kernel.ids import SessionId, UserId

_ADD = """
    WITH session AS (
        INSERT INTO user_sessions (id, user_id, token_hash, created_at, last_seen_at, expires_at, absolute_expires_at,
                                   ip_address, user_agent)
        VALUES ($1, $2, encode($3::bytea, 'hex'), $4, $4, $5, $6, $7, $8)
        RETURNING id
    )
    INSERT INTO refresh_tokens (token_hash, session_id, issued_at) SELECT $3, id, $4 FROM session
"""
_FIND = f"SELECT {SESSION_COLUMNS} FROM user_sessions s WHERE s.id = $1 FOR UPDATE"  # noqa: S608 - names of columns only
# Both rows are locked, so both are read anew after waiting for a rotation that was under way.
_FIND_BY_TOKEN = f"""
    SELECT {SESSION_COLUMNS}, t.spent_at
    FROM refresh_tokens t JOIN user_sessions s ON s.id = t.session_id
    WHERE t.token_hash = $1
    FOR UPDATE OF s, t
"""  # noqa: S608 - names of columns only
_SAVE_ROTATED = """
    WITH spent AS (UPDATE refresh_tokens SET spent_at = $4 WHERE token_hash = $2),
         born AS (INSERT INTO refresh_tokens (token_hash, session_id, issued_at) VALUES ($3, $1, $4))
    UPDATE user_sessions
    SET token_hash = encode($3::bytea, 'hex'), last_seen_at = $4, expires_at = $5
    WHERE id = $1
"""
_SAVE_ENDED = "UPDATE user_sessions SET ended_at = $2, end_reason = $3 WHERE id = $1"
# In one order for everybody, so that two who end the same sessions do not wait for each other.
_END_ALL = """
    WITH running AS (
        SELECT id FROM user_sessions WHERE user_id = $1 AND ended_at IS NULL ORDER BY id FOR UPDATE
    )
    UPDATE user_sessions s SET ended_at = $3, end_reason = $2 FROM running WHERE s.id = running.id
"""
_FORGET = """
    DELETE FROM user_sessions WHERE id IN (
        SELECT id FROM user_sessions WHERE expires_at < $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED
    )
"""


class PgSessionStore(SessionStore):
    def __init__(self, uow: PgUnitOfWork) -> None:
        self._uow = uow

    async def add(self, session: Session) -> None:
        await self._uow.execute(
            _ADD,
            session.id,
            session.user_id,
            session.current,
            session.created_at,
            session.expires_at,
            session.absolute_expires_at,
            session.device.address,
            session.device.user_agent,
        )

    async def find(self, session_id: SessionId) -> Session | None:
        row = await self._uow.fetchrow(_FIND, session_id)
        return to_session(row) if row else None

    async def find_by_token(self, digest: bytes) -> Presented | None:
        row = await self._uow.fetchrow(_FIND_BY_TOKEN, digest)
        return Presented(session=to_session(row), spent_at=row["spent_at"]) if row else None

    async def save_rotated(self, session: Session, spent: bytes) -> None:
        await self._uow.execute(
            _SAVE_ROTATED, session.id, spent, session.current, session.last_seen_at, session.expires_at
        )

    async def save_ended(self, session: Session) -> None:
        await self._uow.execute(_SAVE_ENDED, session.id, session.ended_at, session.end_reason)

    async def end_all(self, user_id: UserId, reason: EndReason, now: datetime) -> int:
        return affected(await self._uow.execute(_END_ALL, user_id, reason, now))

    async def forget(self, expired_before: datetime, limit: int) -> int:
        return affected(await self._uow.execute(_FORGET, expired_before, limit))
