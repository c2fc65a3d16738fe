import asyncio
import time
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from pixie.domain.kernel.errors import PixieError

PATIENCE = 2.0
"""Seconds within which a healthy dependency answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DependencyView:
    """`essential`: without it nothing works. The others may be down for a while: work waits for them."""

    name: str
    ok: bool
    essential: bool
    latency_ms: float
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthView:
    """`ok`, `degraded` (something that may be down is) or `down`."""

    status: str
    dependencies: list[DependencyView]


class Dependency(Protocol):
    @property
    @abstractmethod
    def name(self) -> str: ...

    @property
    @abstractmethod
    def essential(self) -> bool: ...

    @abstractmethod
    async def check(self) -> None:
        """Raises a `PixieError` that says what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckHealth:
    """Whether this process can do its work: each dependency with its latency."""

    dependencies: Sequence[Dependency]

    async def __call__(self) -> HealthView:
        found = await asyncio.gather(*(_checked(dependency) for dependency in self.dependencies))
        if all(dependency.ok for dependency in found):
            status = "ok"
        else:
            status = "down" if any(d.essential and not d.ok for d in found) else "degraded"
        return HealthView(status=status, dependencies=list(found))


async def _checked(dependency: Dependency) -> DependencyView:
    begun = time.perf_counter()
    reason: str | None = None
    try:
        async with asyncio.timeout(PATIENCE):
            await dependency.check()
    except PixieError as error:
        reason = error.detail
    except TimeoutError:
        reason = f"no answer within {PATIENCE:g} s"
    return DependencyView(
        name=dependency.name,
        ok=reason is None,
        essential=dependency.essential,
        latency_ms=round((time.perf_counter() - begun) * 1000, 2),
        reason=reason,
    )
