from collections.abc import Collection, Mapping
from datetime import datetime

from pixie.adapters.accounts.rows import to_session_view
from pixie.adapters.kernel.database import Database
from pixie.application.accounts.ports import SessionReader
from pixie.application.accounts.views import SessionView
from pixie.application.kernel.page import Page, PageRequest, page_of
from pixie.domain.kernel.ids import SessionId, UserId
from pixie.domain.kernel.role import Role

ROLE_OF_SESSION = """
    SELECT u.role
    FROM user_sessions s JOIN users u ON u.id = s.user_id
    WHERE s.id = $1 AND s.user_id = $2 AND s.ended_at IS NULL AND s.expires_at > $3 AND u.is_active
"""
ROLES_OF_SESSIONS = """
    SELECT s.id, u.role
    FROM user_sessions s JOIN users u ON u.id = s.user_id
    WHERE s.id = ANY($1) AND s.ended_at IS NULL AND s.expires_at > $2 AND u.is_active
"""
_PAGE = """
    SELECT id, ip_address, user_agent, created_at, last_seen_at, expires_at
    FROM user_sessions
    WHERE user_id = $1 AND ended_at IS NULL AND expires_at > $2 AND ($3::uuid IS NULL OR id < $3)
    ORDER BY id DESC
    LIMIT $4
"""


class PgSessionReader(SessionReader):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def role_of(self, session_id: SessionId, user_id: UserId, now: datetime) -> Role | None:
        role = await self._database.fetchval(ROLE_OF_SESSION, session_id, user_id, now)
        return Role(role) if role else None

    async def roles_of(self, session_ids: Collection[SessionId], now: datetime) -> Mapping[SessionId, Role]:
        rows = await self._database.fetch(ROLES_OF_SESSIONS, list(session_ids), now)
        return {SessionId(row["id"]): Role(row["role"]) for row in rows}

    async def page(self, user_id: UserId, request: PageRequest, now: datetime) -> Page[SessionView]:
        rows = await self._database.fetch(_PAGE, user_id, now, request.before, request.limit + 1)
        return page_of([to_session_view(row) for row in rows], request, lambda session: session.id)
