"""What the server serves: `pixie.entrypoints.asgi:create`, called once in each process."""

import gc
from importlib.metadata import version
from ipaddress import ip_network

from litestar.types import ASGIApp

from pixie.adapters.kernel.logging import configure_logging
from pixie.entrypoints.http.app import HttpOptions, build_app
from pixie.entrypoints.http.kernel.metrics import RequestMetrics
from pixie.entrypoints.wiring.http import http_container
from pixie.entrypoints.wiring.process import process_settings


def create() -> ASGIApp:
    settings = process_settings()
    configure_logging(settings.log.format, settings.log.level)
    counted = RequestMetrics()
    app = build_app(
        http_container(settings, counted),
        counted,
        HttpOptions(
            version=version("pixie"),
            max_body_bytes=settings.http.max_body_bytes,
            trusted_proxies=tuple(ip_network(network) for network in settings.http.trusted_proxies),
            public_url=settings.public_url,
            debug=settings.http.debug,
        ),
    )
    _calm_garbage_collector()
    return app


def _calm_garbage_collector() -> None:
    """What was imported lives as long as the process: looking through it again and again made p99 ten times worse."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 50, 100)
