"""What the ledger must come to, worked out the slow way: every single credit is a coin with a fate of its own."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum, auto

NEVER = datetime.max.replace(tzinfo=UTC)


class Fate(Enum):
    FREE = auto()
    HELD = auto()
    GONE = auto()


@dataclass(slots=True)
class Coin:
    lot: int
    expires_at: datetime
    fate: Fate = Fate.FREE
    hold: object = None


@dataclass(slots=True)
class LedgerOracle:
    coins: list[Coin] = field(default_factory=list)
    lots: int = 0

    @property
    def free(self) -> int:
        return self._count(Fate.FREE)

    @property
    def held(self) -> int:
        return self._count(Fate.HELD)

    def spendable(self, now: datetime) -> int:
        return sum(coin.fate is Fate.FREE and coin.expires_at > now for coin in self.coins)

    def of_lot(self, lot: int) -> tuple[int, int]:
        return self._count(Fate.FREE, lot), self._count(Fate.HELD, lot)

    def grant(self, amount: int, expires_at: datetime | None, now: datetime) -> None:
        self.expire(now)
        self.coins += [Coin(self.lots, expires_at or NEVER) for _ in range(amount)]
        self.lots += 1

    def hold(self, hold: object, amount: int, now: datetime) -> bool:
        return self._take(amount, now, Fate.HELD, hold)

    def take_away(self, amount: int, now: datetime) -> bool:
        return self._take(amount, now, Fate.GONE, None)

    def settle(self, hold: object, captured: int, now: datetime) -> None:
        held = sorted((coin for coin in self.coins if coin.hold == hold), key=_rank)
        for number, coin in enumerate(held):
            coin.fate = Fate.GONE if number < captured else Fate.FREE
            coin.hold = None
        self.expire(now)

    def expire(self, now: datetime) -> None:
        for coin in self.coins:
            if coin.fate is Fate.FREE and coin.expires_at <= now:
                coin.fate = Fate.GONE

    def _take(self, amount: int, now: datetime, fate: Fate, hold: object) -> bool:
        if self.spendable(now) < amount:
            return False
        self.expire(now)
        for coin in sorted((coin for coin in self.coins if coin.fate is Fate.FREE), key=_rank)[:amount]:
            coin.fate, coin.hold = fate, hold
        return True

    def _count(self, fate: Fate, lot: int | None = None) -> int:
        return sum(coin.fate is fate and lot in (None, coin.lot) for coin in self.coins)


def _rank(coin: Coin) -> tuple[datetime, int]:
    return coin.expires_at, coin.lot
