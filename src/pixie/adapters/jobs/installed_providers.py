from collections.abc import Sequence

from pixie.application.jobs.ports import Provider, Providers
from pixie.domain.jobs.errors import ModelNotFound, ProviderMisconfigured
from pixie.domain.jobs.model_card import ModelCard


class InstalledProviders(Providers):
    """The providers that this system was started with, and all their models."""

    def __init__(self, providers: Sequence[Provider]) -> None:
        self._providers = {provider.name: provider for provider in providers}
        self._cards = {card.name: card for provider in providers for card in provider.cards()}

    def get(self, name: str) -> Provider:
        try:
            return self._providers[name]
        except KeyError:
            raise ProviderMisconfigured(name, "it is not among PIXIE_PROVIDERS any more") from None

    def card(self, model: str) -> ModelCard:
        try:
            return self._cards[model]
        except KeyError:
            raise ModelNotFound(model) from None

    def cards(self) -> Sequence[ModelCard]:
        return list(self._cards.values())
