"""Credits with defaults, for tests that care about one thing."""

from datetime import datetime
from itertools import count
from uuid import UUID

from pixie.domain.credits.account import CreditAccount
from pixie.domain.credits.ledger import LedgerEntry
from pixie.domain.credits.lot import Grant, LotId, LotSource
from pixie.domain.kernel.ids import HoldId, UserId
from tests.support.fakes.kernel import EPOCH

NOW = EPOCH
ANNA = UserId(UUID("01920000-0000-7000-8000-00000000a44a"))
BORIS = UserId(UUID("01920000-0000-7000-8000-00000000b012"))

_numbers = count(1)


def new_id() -> UUID:
    """Unique among all tests of a process; sorts by birth."""
    return UUID(int=(0x0193 << 112) | (0x7 << 76) | (0x8 << 60) | next(_numbers))


def hold_id() -> HoldId:
    return HoldId(new_id())


def user_id() -> UserId:
    return UserId(new_id())


def a_grant(
    amount: int = 100,
    *,
    cause: str | None = None,
    source: LotSource = LotSource.PURCHASE,
    expires_at: datetime | None = None,
    note: str = "",
) -> Grant:
    """With a cause of its own unless one is given."""
    return Grant(
        amount=amount, source=source, cause=cause or f"cause-{next(_numbers)}", expires_at=expires_at, note=note
    )


def an_account(*grants: Grant, now: datetime = NOW) -> CreditAccount:
    """Anna's, with these grants, the first one the oldest."""
    account = CreditAccount(id=ANNA)
    for grant in grants:
        account.grant(grant, lot_id=LotId(new_id()), now=now)
    return account


def moved(entries: list[LedgerEntry]) -> list[tuple[str, int, int]]:
    """Entries as a table: kind, available, held."""
    return [(entry.kind.value, entry.available_delta, entry.held_delta) for entry in entries]
