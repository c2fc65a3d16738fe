"""A session is a family of refresh tokens, each the successor of the one before; one of them is valid at a time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Self

from pixie.domain.accounts.errors import SessionEnded
from pixie.domain.kernel.ids import SessionId, UserId

_LONGEST_USER_AGENT = 500


class EndReason(StrEnum):
    SIGNED_OUT = "signed_out"
    REVOKED = "revoked"
    REUSED = "reused"
    DEACTIVATED = "deactivated"


class Refreshment(StrEnum):
    """What came of presenting a refresh token."""

    ROTATED = "rotated"
    REPEATED = "repeated"
    REUSED = "reused"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPolicy:
    """A session ends `idle` after its last refresh, at the latest `absolute` after its birth.

    For `grace` after a rotation the spent token still gets the same successor: the answer may have been lost, and
    several tabs may refresh at once.
    """

    idle: timedelta = timedelta(days=30)
    absolute: timedelta = timedelta(days=90)
    grace: timedelta = timedelta(seconds=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """From where somebody signed in, as far as it can be told."""

    address: IPv4Address | IPv6Address | None = None
    user_agent: str | None = None

    @classmethod
    def seen(cls, address: str | None, user_agent: str | None) -> Self:
        printable = "".join(char for char in user_agent or "" if char.isprintable())[:_LONGEST_USER_AGENT]
        return cls(address=_address(address), user_agent=printable or None)


@dataclass(slots=True, kw_only=True)
class Session:
    """`current` is the digest of the refresh token that is valid now."""

    id: SessionId
    user_id: UserId
    device: Device
    current: bytes
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    absolute_expires_at: datetime
    ended_at: datetime | None = None
    end_reason: EndReason | None = None

    @classmethod
    def open(
        cls,
        *,
        id: SessionId,  # noqa: A002 - reads as the field it becomes
        user_id: UserId,
        device: Device,
        first: bytes,
        policy: SessionPolicy,
        now: datetime,
    ) -> Self:
        return cls(
            id=id,
            user_id=user_id,
            device=device,
            current=first,
            created_at=now,
            last_seen_at=now,
            expires_at=now + min(policy.idle, policy.absolute),
            absolute_expires_at=now + policy.absolute,
        )

    def refresh(
        self,
        *,
        presented: bytes,
        spent_at: datetime | None,
        successor: bytes,
        policy: SessionPolicy,
        now: datetime,
    ) -> Refreshment:
        """Judge a token of this session, that was `spent_at` if ever, and that only `successor` can follow.

        The token that is valid now is rotated. Its parent, and no older one, gets the same successor again for a while.
        Any other spent token was stolen, or the one that replaced it was: the session ends. Raises `SessionEnded`.
        """
        if self.is_over(now):
            raise SessionEnded
        if presented == self.current:
            self.current = successor
            self.last_seen_at = now
            self.expires_at = min(now + policy.idle, self.absolute_expires_at)
            return Refreshment.ROTATED
        is_parent = successor == self.current
        if is_parent and spent_at is not None and now - spent_at <= policy.grace:
            return Refreshment.REPEATED
        self.end(EndReason.REUSED, now)
        return Refreshment.REUSED

    def end(self, reason: EndReason, now: datetime) -> None:
        """What ended it first stays the reason."""
        if self.ended_at is None:
            self.ended_at = now
            self.end_reason = reason

    def is_over(self, now: datetime) -> bool:
        return self.ended_at is not None or now >= self.expires_at


def _address(text: str | None) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address((text or "").partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
