"""Accounts with defaults, for tests that care about one thing."""

import base64
import hashlib
from datetime import datetime
from itertools import count
from uuid import UUID

from pixie.application.accounts.login import LoginCommand
from pixie.application.accounts.register import RegisterCommand
from pixie.application.kernel.caller import Caller, Operator
from pixie.application.kernel.ports import IdempotencyKey
from pixie.domain.accounts.email_address import EmailAddress
from pixie.domain.accounts.refresh_token import PREFIX, RefreshToken
from pixie.domain.accounts.session import Device, Session, SessionPolicy
from pixie.domain.accounts.user import PersonName, User
from pixie.domain.kernel.ids import SessionId, UserId
from pixie.domain.kernel.locale import Locale
from pixie.domain.kernel.role import Role
from tests.support.fakes.kernel import EPOCH

POLICY = SessionPolicy()
OPERATOR = Operator(name="tests")
PASSWORD = "correct horse battery staple"
DEVICE = Device.seen("192.0.2.7", "Firefox/140")

_numbers = count(1)


def new_id() -> UUID:
    """Unique among all tests of a process; sorts by birth."""
    return UUID(int=(0x0194 << 112) | (0x7 << 76) | (0x8 << 60) | next(_numbers))


def a_user(
    email: str | None = None,
    *,
    name: str = "Ada",
    password_hash: str | None = "a hash",
    role: Role = Role.USER,
    is_active: bool = True,
    created_at: datetime = EPOCH,
) -> User:
    user_id = UserId(new_id())
    return User(
        id=user_id,
        email=EmailAddress(email or f"ada-{user_id.int % 2**32}@example.com"),
        name=PersonName(name),
        password_hash=password_hash,
        created_at=created_at,
        locale=Locale.ENGLISH,
        role=role,
        is_active=is_active,
    )


def a_token(seed: object = None) -> RefreshToken:
    secret = hashlib.sha256(repr(seed if seed is not None else new_id()).encode()).digest()
    return RefreshToken(PREFIX + base64.urlsafe_b64encode(secret).decode().rstrip("="))


def a_session(
    user_id: UserId | None = None,
    *,
    token: RefreshToken | None = None,
    device: Device = DEVICE,
    policy: SessionPolicy = POLICY,
    now: datetime = EPOCH,
) -> Session:
    return Session.open(
        id=SessionId(new_id()),
        user_id=user_id or UserId(new_id()),
        device=device,
        first=(token or a_token()).digest,
        policy=policy,
        now=now,
    )


def a_caller(role: Role = Role.USER) -> Caller:
    return Caller(user_id=UserId(new_id()), session_id=SessionId(new_id()), role=role)


def a_registration(
    email: str = "ada@example.com",
    *,
    password: str = PASSWORD,
    name: str = "Ada",
    locale: Locale = Locale.ENGLISH,
    idempotency: IdempotencyKey | None = None,
) -> RegisterCommand:
    return RegisterCommand(
        email=email, password=password, name=name, locale=locale, device=DEVICE, idempotency=idempotency
    )


def a_login(email: str = "ada@example.com", password: str = PASSWORD) -> LoginCommand:
    return LoginCommand(email=email, password=password, device=DEVICE)
