from pixie.adapters.accounts.rows import USER_COLUMNS, to_user, to_user_summary
from pixie.adapters.kernel.database import Database
from pixie.application.accounts.ports import UserReader
from pixie.application.accounts.views import UserSummary
from pixie.application.kernel.page import Page, PageRequest, page_of
from pixie.domain.accounts.email_address import EmailAddress
from pixie.domain.accounts.errors import UserNotFound
from pixie.domain.accounts.user import User
from pixie.domain.kernel.ids import UserId

_BY_EMAIL = f"SELECT {USER_COLUMNS} FROM users WHERE email_key = $1"  # noqa: S608 - names of columns only
_BY_ID = f"SELECT {USER_COLUMNS} FROM users WHERE id = $1"  # noqa: S608 - names of columns only
_PAGE = f"""
    SELECT {USER_COLUMNS}
    FROM users
    WHERE ($1::uuid IS NULL OR id < $1) AND ($2::text IS NULL OR email ILIKE $2 OR name ILIKE $2)
    ORDER BY id DESC
    LIMIT $3
"""  # noqa: S608 - names of columns only


class PgUserReader(UserReader):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def find_by_email(self, email: EmailAddress) -> User | None:
        row = await self._database.fetchrow(_BY_EMAIL, email.key)
        return to_user(row) if row else None

    async def get(self, user_id: UserId) -> User:
        row = await self._database.fetchrow(_BY_ID, user_id)
        if row is None:
            raise UserNotFound
        return to_user(row)

    async def page(self, request: PageRequest, query: str | None) -> Page[UserSummary]:
        pattern = f"%{_literal(query)}%" if query else None
        rows = await self._database.fetch(_PAGE, request.before, pattern, request.limit + 1)
        return page_of([to_user_summary(row) for row in rows], request, lambda user: user.id)


def _literal(text: str) -> str:
    """The text with nothing in it that LIKE reads as a pattern."""
    return text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
