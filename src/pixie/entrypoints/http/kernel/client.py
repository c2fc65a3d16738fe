"""Where a request came from."""

from ipaddress import ip_address
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection

TRUSTED_PROXIES = "trusted_proxies"
"""The app state's name for the networks whose word about a client's address is believed."""


def client_address(request: "Request[Any, Any, Any] | ASGIConnection[Any, Any, Any, Any]") -> str:
    """The nearest address that is not one of our own proxies, read from the right of `X-Forwarded-For`."""
    peer = request.client.host if request.client else "127.0.0.1"
    trusted = request.app.state.get(TRUSTED_PROXIES, ())
    hops = [hop.strip() for hop in request.headers.get("x-forwarded-for", "").split(",") if hop.strip()]
    address = peer
    while hops and any(_parsed(address) in network for network in trusted):
        candidate = hops.pop()
        if _parsed(candidate) is None:
            break
        address = candidate
    return address


def user_agent(request: Request[Any, Any, Any]) -> str | None:
    given = request.headers.get("user-agent")
    return given[:500] if given else None


def _parsed(address: str) -> Any:  # noqa: ANN401 - either family, or None for no address at all
    try:
        return ip_address(address)
    except ValueError:
        return None
