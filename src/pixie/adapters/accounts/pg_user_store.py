from pixie.adapters.accounts.rows import USER_COLUMNS, to_user
from pixie.adapters.kernel.pg_unit_of_work import PgUnitOfWork
from pixie.application.accounts.ports import UserStore
from pixie.domain.accounts.email_address import EmailAddress
from pixie.domain.accounts.errors import UserNotFound
from pixie.domain.accounts.user import User
from pixie.domain.kernel.ids import UserId

_ADD = f"""
    INSERT INTO users ({USER_COLUMNS})
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
"""  # noqa: S608 - names of columns only
# Not the full row lock: rows of other tables that point here may still be written meanwhile.
_GET = f"SELECT {USER_COLUMNS} FROM users WHERE id = $1 FOR NO KEY UPDATE"  # noqa: S608 - names of columns only
_GET_BY_EMAIL = f"SELECT {USER_COLUMNS} FROM users WHERE email_key = $1 FOR NO KEY UPDATE"  # noqa: S608 - names of columns only
# The address has its own way to change, and the subscription is billing's to write.
_SAVE = """
    UPDATE users
    SET password_hash = $2, name = $3, avatar_url = $4, role = $5, locale = $6, email_verified = $7, is_active = $8,
        last_login = $9, updated_at = now()
    WHERE id = $1
"""


class PgUserStore(UserStore):
    def __init__(self, uow: PgUnitOfWork) -> None:
        self._uow = uow

    async def add(self, user: User) -> None:
        await self._uow.execute(
            _ADD,
            user.id,
            user.email.text,
            user.email.key,
            user.password_hash,
            user.name.text,
            user.avatar_url,
            user.role,
            user.subscription_type,
            user.locale,
            user.email_verified,
            user.is_active,
            user.created_at,
            user.last_login,
        )

    async def get(self, user_id: UserId) -> User:
        row = await self._uow.fetchrow(_GET, user_id)
        if row is None:
            raise UserNotFound
        return to_user(row)

    async def get_by_email(self, email: EmailAddress) -> User:
        row = await self._uow.fetchrow(_GET_BY_EMAIL, email.key)
        if row is None:
            raise UserNotFound
        return to_user(row)

    async def save(self, user: User) -> None:
        await self._uow.execute(
            _SAVE,
            user.id,
            user.password_hash,
            user.name.text,
            user.avatar_url,
            user.role,
            user.locale,
            user.email_verified,
            user.is_active,
            user.last_login,
        )
