"""The pages, over everything else in memory."""

from dataclasses import dataclass, field

from dishka import Provider, Scope, make_async_container, provide
from dishka.integrations.litestar import DishkaRouter, LitestarProvider, setup_dishka
from litestar import Litestar, Request
from litestar.types import ASGIApp

from pixie.adapters.kernel.public_links import PublicLinks
from pixie.application.jobs.catalogue import ListModels
from pixie.application.kernel.health import CheckHealth, Dependency
from pixie.application.kernel.ports import Links
from pixie.domain.jobs.model_card import ModelCard
from pixie.domain.kernel.errors import ErrorKind, PixieError
from pixie.entrypoints.http.errors import EXCEPTION_HANDLERS
from pixie.entrypoints.http.index import IndexController
from pixie.entrypoints.http.kernel.bodies import BodyExamples
from pixie.entrypoints.http.kernel.docs import DocsController, openapi_config
from pixie.entrypoints.http.kernel.error_page import ErrorPageController
from pixie.entrypoints.http.kernel.host import HostCheck
from tests.support.fakes.jobs import FakeModelSwitches, FakeProvider, FakeProviders


class Away(PixieError):
    kind = ErrorKind.UNAVAILABLE
    code = "away"
    title = "Away"

    def __init__(self) -> None:
        super().__init__("It is not there.")


@dataclass(slots=True)
class FakeDependency(Dependency):
    name: str
    essential: bool
    there: bool = True

    async def check(self) -> None:
        if not self.there:
            raise Away


@dataclass(slots=True)
class PageHouse:
    cards: list[ModelCard] = field(default_factory=list)
    switched_off: set[str] = field(default_factory=set)
    database: FakeDependency = field(default_factory=lambda: FakeDependency("postgresql", essential=True))
    redis: FakeDependency = field(default_factory=lambda: FakeDependency("redis", essential=False))
    public_url: str | None = None


class PageWiring(Provider):
    scope = Scope.REQUEST

    def __init__(self, house: PageHouse) -> None:
        super().__init__()
        self._house = house

    @provide(scope=Scope.APP)
    def body_examples(self) -> BodyExamples:
        return BodyExamples({})

    @provide
    def check(self) -> CheckHealth:
        return CheckHealth(dependencies=[self._house.database, self._house.redis])

    @provide
    def list_models(self) -> ListModels:
        on = [card.name for card in self._house.cards if card.name not in self._house.switched_off]
        providers = FakeProviders(FakeProvider(*self._house.cards))
        return ListModels(providers=providers, switches=FakeModelSwitches(*on))

    @provide
    def links(self, request: Request) -> Links:  # type: ignore[type-arg]  # dishka's own key
        return PublicLinks(self._house.public_url or str(request.base_url))


def page_api(house: PageHouse) -> ASGIApp:
    controllers = [IndexController, DocsController, ErrorPageController]
    app = Litestar(
        route_handlers=[DishkaRouter("", route_handlers=controllers)],
        exception_handlers=EXCEPTION_HANDLERS,
        openapi_config=openapi_config("test"),
        logging_config=None,
    )
    container = make_async_container(PageWiring(house), LitestarProvider())
    app.on_shutdown.append(container.close)
    setup_dishka(container, app)
    return HostCheck(app)
