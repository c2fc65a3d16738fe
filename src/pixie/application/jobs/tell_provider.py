from dataclasses import dataclass

from pixie.application.jobs.ports import Providers
from pixie.domain.jobs.errors import ProviderMisconfigured, ProviderRefused
from pixie.domain.jobs.generation import Ticket


@dataclass(slots=True, kw_only=True)
class TellProvider:
    """Ask the provider of a cancelled job to stop. One that cannot be asked is left to finish in vain."""

    providers: Providers

    async def __call__(self, provider: str, ticket: str | None) -> None:
        if ticket is not None:
            await self._ask(provider, Ticket(value=ticket))

    async def _ask(self, provider: str, ticket: Ticket) -> None:
        try:
            await self.providers.get(provider).cancel(ticket)
        except (ProviderRefused, ProviderMisconfigured):
            return
