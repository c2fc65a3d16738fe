"""What exists only while an HTTP request is answered."""

from dishka import AsyncContainer, BaseScope, Provider, Scope, from_context, make_async_container, provide
from dishka.integrations.litestar import LitestarProvider
from litestar import Request

from pixie.adapters.kernel.public_links import PublicLinks
from pixie.application.accounts.api import Authenticate, RedeemStreamTicket
from pixie.application.jobs.catalogue import ListExamples
from pixie.application.kernel.caller import Caller
from pixie.application.kernel.ports import Links
from pixie.entrypoints.http.accounts import examples as accounts
from pixie.entrypoints.http.files import examples as files
from pixie.entrypoints.http.jobs import examples as jobs
from pixie.entrypoints.http.kernel.addresses import origin
from pixie.entrypoints.http.kernel.auth import bearer_token, stream_ticket
from pixie.entrypoints.http.kernel.bodies import BodyExamples
from pixie.entrypoints.http.kernel.idempotency import RequestIdempotency
from pixie.entrypoints.http.kernel.metrics import RequestMetrics
from pixie.entrypoints.wiring.container import all_modules
from pixie.entrypoints.wiring.settings.tree import Settings


class HttpWiring(Provider):
    scope: BaseScope | None = Scope.REQUEST

    counted = from_context(RequestMetrics, scope=Scope.APP)

    @provide
    def links(self, request: Request) -> Links:  # type: ignore[type-arg]  # dishka's own key
        return PublicLinks(origin(request))

    @provide
    def idempotency(self, request: Request) -> RequestIdempotency:  # type: ignore[type-arg]  # as above
        return RequestIdempotency(request)

    @provide
    async def caller(
        self,
        request: Request,  # type: ignore[type-arg]  # as above
        authenticate: Authenticate,
        scope: AsyncContainer,
    ) -> Caller:
        ticket = stream_ticket(request)
        if not ticket:
            return await authenticate(bearer_token(request))
        redeem = await scope.get(RedeemStreamTicket)  # seldom needed, and with it a unit of work
        return await redeem(ticket)


class DescriptionWiring(Provider):
    """What the API's description shows of all modules."""

    @provide(scope=Scope.APP)
    def body_examples(self, list_examples: ListExamples) -> BodyExamples:
        return BodyExamples({**accounts.BODIES, **files.BODIES, **jobs.examples_of_bodies(list_examples())})


def http_container(settings: Settings, counted: RequestMetrics, *overrides: Provider) -> AsyncContainer:
    """For the API. A missing part is found here, not on a request."""
    return make_async_container(
        *all_modules(),
        HttpWiring(),
        DescriptionWiring(),
        LitestarProvider(),
        *overrides,
        context={Settings: settings, RequestMetrics: counted},
    )
