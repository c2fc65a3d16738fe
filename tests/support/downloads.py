"""Fetching from a server on loopback, through the guard."""

from pathlib import Path
from typing import Any

from pixie.adapters.kernel.outbound_http import OutboundHttp
from tests.support.raw_http_server import RawHttpServer

LIMIT = 100_000


async def download(outbound: OutboundHttp, url: str, to: Path, *, timeout: float = 5) -> int:
    async with outbound:
        return await outbound.download(url, to, max_bytes=LIMIT, timeout=timeout)


def allowing(server: RawHttpServer, **more: Any) -> OutboundHttp:
    return OutboundHttp(allowed_hosts=[f"127.0.0.1:{server.port}"], **more)
