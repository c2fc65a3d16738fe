"""What billing needs from outside itself."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Protocol

from pixie.domain.billing.plan import Plan


class PlanStore(Protocol):
    @abstractmethod
    async def add_missing(self, plans: Sequence[Plan]) -> list[str]:
        """Add those whose names are not taken; the rows of the others stay as they are. The names that were added."""
