from dataclasses import dataclass
from typing import ClassVar

from pixie.domain.kernel.ids import UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRegistered:
    topic: ClassVar[str] = "accounts.user_registered"

    user_id: UserId
    email: str
    name: str
    locale: str
