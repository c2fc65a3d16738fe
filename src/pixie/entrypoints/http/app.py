"""The HTTP application."""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network

from dishka import AsyncContainer
from dishka.integrations.litestar import DishkaRouter, setup_dishka
from litestar import Litestar
from litestar.datastructures import State
from litestar.types import ASGIApp

from pixie.entrypoints.http.accounts.controller import AccountController, SignInController
from pixie.entrypoints.http.errors import DEBUG, EXCEPTION_HANDLERS
from pixie.entrypoints.http.files.content_controller import FileContentController
from pixie.entrypoints.http.files.controller import FilesController
from pixie.entrypoints.http.jobs.catalogue import CatalogueController
from pixie.entrypoints.http.jobs.controller import JobsController, SubmitController
from pixie.entrypoints.http.jobs.events import EventsController
from pixie.entrypoints.http.kernel.addresses import PUBLIC_URL
from pixie.entrypoints.http.kernel.client import TRUSTED_PROXIES
from pixie.entrypoints.http.kernel.docs import DocsController, openapi_config
from pixie.entrypoints.http.kernel.error_page import ErrorPageController
from pixie.entrypoints.http.kernel.health import HealthController
from pixie.entrypoints.http.kernel.idempotency import keep_refusal
from pixie.entrypoints.http.kernel.metrics import RequestMetrics, metrics
from pixie.entrypoints.http.kernel.options import tell_all_methods
from pixie.entrypoints.http.kernel.request_log import RequestLog
from pixie.entrypoints.http.kernel.strict_request import StrictRequest

CONTROLLERS = (
    SignInController,
    AccountController,
    FilesController,
    FileContentController,
    SubmitController,
    JobsController,
    CatalogueController,
    EventsController,
    HealthController,
    DocsController,
    ErrorPageController,
    metrics,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpOptions:
    version: str
    max_body_bytes: int
    trusted_proxies: Sequence[IPv4Network | IPv6Network] = ()
    public_url: str | None = None
    debug: bool = False


def build_app(container: AsyncContainer, counted: RequestMetrics, options: HttpOptions) -> ASGIApp:
    app = Litestar(
        route_handlers=[DishkaRouter("", route_handlers=list(CONTROLLERS))],
        exception_handlers=EXCEPTION_HANDLERS,
        after_exception=[keep_refusal],
        openapi_config=openapi_config(options.version),
        request_class=StrictRequest,
        request_max_body_size=options.max_body_bytes,
        state=State(
            {
                TRUSTED_PROXIES: tuple(options.trusted_proxies),
                PUBLIC_URL: options.public_url,
                DEBUG: options.debug,
            }
        ),
        on_shutdown=[container.close],
        logging_config=None,
    )
    tell_all_methods(app)
    setup_dishka(container, app)
    return RequestLog(app, counted)
