import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from pixie.domain.accounts.email_address import EmailAddress
from pixie.domain.accounts.errors import InvalidCredentials, InvalidName
from pixie.domain.accounts.events import UserRegistered
from pixie.domain.kernel.ids import UserId
from pixie.domain.kernel.locale import Locale
from pixie.domain.kernel.role import Role

LONGEST_NAME = 255
_CONTROLS = frozenset({"Cc", "Cs", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class PersonName:
    """What a person wants to be called. Joiners stay, since Persian is written with them; control characters do not."""

    text: str

    def __post_init__(self) -> None:
        text = unicodedata.normalize("NFC", self.text).strip()
        if not 1 <= len(text) <= LONGEST_NAME or any(unicodedata.category(char) in _CONTROLS for char in text):
            raise InvalidName(LONGEST_NAME)
        object.__setattr__(self, "text", text)

    @classmethod
    def kept(cls, text: str) -> Self:
        """A name as it was accepted once; today's rules do not judge it again."""
        name = object.__new__(cls)
        object.__setattr__(name, "text", text)
        return name


@dataclass(slots=True, kw_only=True)
class User:
    """A person with an account. `password_hash` is None for those who sign in elsewhere."""

    id: UserId
    email: EmailAddress
    name: PersonName
    password_hash: str | None
    created_at: datetime
    locale: Locale = Locale.ENGLISH
    role: Role = Role.USER
    subscription_type: str = "free"
    avatar_url: str | None = None
    email_verified: bool = False
    is_active: bool = True
    last_login: datetime | None = None

    @classmethod
    def register(
        cls,
        *,
        id: UserId,  # noqa: A002 - reads as the field it becomes
        email: EmailAddress,
        name: PersonName,
        password_hash: str,
        locale: Locale,
        now: datetime,
        role: Role = Role.USER,
    ) -> tuple[Self, UserRegistered]:
        user = cls(id=id, email=email, name=name, password_hash=password_hash, locale=locale, created_at=now, role=role)
        return user, UserRegistered(user_id=id, email=email.text, name=name.text, locale=locale.value)

    def sign_in(self, *, proven_hash: str | None, now: datetime) -> None:
        """Let them in who proved to know the password behind `proven_hash`.

        It was proven a moment ago, outside any transaction; meanwhile the account may have been closed or the password
        changed. Raises `InvalidCredentials`.
        """
        if not self.is_active or proven_hash is None or proven_hash != self.password_hash:
            raise InvalidCredentials
        self.last_login = now

    def keep_password_as(self, new_hash: str) -> None:
        """The same password, hashed anew."""
        self.password_hash = new_hash

    def change_role(self, role: Role) -> None:
        self.role = role

    def deactivate(self) -> None:
        self.is_active = False

    def reactivate(self) -> None:
        self.is_active = True
