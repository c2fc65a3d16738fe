from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    name: str
    help: str
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)


class GaugeReader(Protocol):
    @abstractmethod
    async def read(self) -> Sequence[Gauge]:
        """The state of the work, as the rows tell it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadGauges:
    """Requests and their times, summed over the processes of this machine; jobs by state and what waits, from the
    rows.
    """

    reader: GaugeReader

    async def __call__(self) -> list[Gauge]:
        return list(await self.reader.read())
