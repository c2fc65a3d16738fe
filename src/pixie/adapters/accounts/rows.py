"""Rows of `users` and `user_sessions`, and what they mean."""

from pixie.adapters.kernel.database import Row
from pixie.application.accounts.views import SessionView, UserSummary
from pixie.domain.accounts.email_address import EmailAddress
from pixie.domain.accounts.session import Device, EndReason, Session
from pixie.domain.accounts.user import PersonName, User
from pixie.domain.kernel.ids import SessionId, UserId
from pixie.domain.kernel.locale import Locale
from pixie.domain.kernel.role import Role

USER_COLUMNS = (
    "id, email, email_key, password_hash, name, avatar_url, role, subscription_type, locale, email_verified, is_active,"
    " created_at, last_login"
)
SESSION_COLUMNS = (
    "s.id, s.user_id, s.token_hash, s.created_at, s.last_seen_at, s.expires_at, s.absolute_expires_at, s.ended_at,"
    " s.end_reason, s.ip_address, s.user_agent"
)


def to_user(row: Row) -> User:
    return User(
        id=UserId(row["id"]),
        email=EmailAddress.kept(row["email"], row["email_key"]),
        name=PersonName.kept(row["name"]),
        password_hash=row["password_hash"],
        created_at=row["created_at"],
        locale=Locale(row["locale"]),
        role=Role(row["role"]),
        subscription_type=row["subscription_type"],
        avatar_url=row["avatar_url"],
        email_verified=row["email_verified"],
        is_active=row["is_active"],
        last_login=row["last_login"],
    )


def to_user_summary(row: Row) -> UserSummary:
    return UserSummary.of(to_user(row))


def to_session(row: Row) -> Session:
    return Session(
        id=SessionId(row["id"]),
        user_id=UserId(row["user_id"]),
        device=Device(address=row["ip_address"], user_agent=row["user_agent"]),
        current=bytes.fromhex(row["token_hash"]),
        created_at=row["created_at"],
        last_seen_at=row["last_seen_at"],
        expires_at=row["expires_at"],
        absolute_expires_at=row["absolute_expires_at"],
        ended_at=row["ended_at"],
        end_reason=EndReason(row["end_reason"]) if row["end_reason"] else None,
    )


def to_session_view(row: Row) -> SessionView:
    return SessionView(
        id=SessionId(row["id"]),
        ip_address=str(row["ip_address"]) if row["ip_address"] else None,
        user_agent=row["user_agent"],
        created_at=row["created_at"],
        last_seen_at=row["last_seen_at"],
        expires_at=row["expires_at"],
    )
