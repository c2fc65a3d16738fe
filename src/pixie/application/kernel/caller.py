"""Who is asking."""

from dataclasses import dataclass

from pixie.domain.kernel.ids import SessionId, UserId
from pixie.domain.kernel.role import Role

__all__ = ["Actor", "Caller", "Operator", "Role"]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """Someone with a shell on the machine, or the machine itself at work: may do what an admin may; owns nothing."""

    name: str

    @property
    def is_admin(self) -> bool:
        return True

    def may_see(self, owner: UserId) -> bool:
        del owner
        return True


Actor = Caller | Operator
"""Whoever a use case for admins acts for."""
