"""Credits that came together and run out together."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

from pixie.domain.credits.errors import CreditTextTooLong, InvalidCreditAmount
from pixie.domain.kernel.ids import UserId

LotId = NewType("LotId", UUID)

MOST_CREDITS = 1_000_000_000
"""No account holds more, so that every sum fits the columns that keep it."""

LONGEST_CAUSE = 100
LONGEST_NOTE = 200

_NEVER = datetime.max.replace(tzinfo=UTC)


class LotSource(StrEnum):
    WELCOME = "welcome"
    PLAN = "plan"
    PURCHASE = "purchase"
    ADJUSTMENT = "adjustment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """Credits to be given. `cause` names what they are given for (a payment, a period of a plan): the same cause never
    grants twice to one account.
    """

    amount: int
    source: LotSource
    cause: str
    expires_at: datetime | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if not 1 <= self.amount <= MOST_CREDITS:
            raise InvalidCreditAmount(self.amount, least=1, most=MOST_CREDITS)
        if len(self.cause) > LONGEST_CAUSE:
            raise CreditTextTooLong("cause", longest=LONGEST_CAUSE)
        check_note(self.note)


@dataclass(slots=True, kw_only=True)
class Lot:
    """What is left of one grant: `available` to be spent, and `held` for work under way."""

    id: LotId
    account_id: UserId
    source: LotSource
    cause: str
    granted: int
    available: int
    held: int
    expires_at: datetime | None
    created_at: datetime

    def expired(self, now: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= now

    @property
    def rank(self) -> tuple[datetime, datetime, UUID]:
        """What is spent first sorts first: what expires soonest, then what is oldest."""
        return (self.expires_at or _NEVER, self.created_at, self.id)


def check_note(note: str) -> None:
    if len(note) > LONGEST_NOTE:
        raise CreditTextTooLong("note", longest=LONGEST_NOTE)
