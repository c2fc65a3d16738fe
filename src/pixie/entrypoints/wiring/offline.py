from dishka import Provider, Scope, provide

from pixie.adapters.kernel.public_links import PublicLinks
from pixie.application.kernel.ports import Links
from pixie.entrypoints.wiring.settings.tree import Settings


class OfflineWiring(Provider):
    """What a request would know, for processes that answer none."""

    @provide(scope=Scope.APP)
    def links(self, settings: Settings) -> Links:
        return PublicLinks(settings.public_url or f"http://{settings.http.host}:{settings.http.port}")
