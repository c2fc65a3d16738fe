"""Who is asking."""

from dataclasses import dataclass
from enum import StrEnum

from pixie.domain.kernel.ids import SessionId, UserId


class Role(StrEnum):
    """What a person may do beyond their own things. Each role includes what the ones before it may."""

    USER = "user"
    PREMIUM = "premium"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A signed-in person, as the session row says it at this moment."""

    user_id: UserId
    session_id: SessionId
    role: Role

    @property
    def is_admin(self) -> bool:
        return self.role is Role.ADMIN

    def may_see(self, owner: UserId) -> bool:
        """Whether things of `owner` are visible to this caller: their own, or everything for an admin."""
        return self.is_admin or owner == self.user_id
