"""Which addresses on the internet may be asked when somebody else names them.

Two checks, of which the second is the one that counts: `AddressRules.target` judges a URL by its looks, early and with
a clear reason; `AddressRules.may_connect` judges the number that is about to be called, whatever name led there.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

import httpx

from pixie.adapters.kernel.outbound_errors import OutboundRefused

_HTTPS_PORT: Final = 443
_FIRST_FREE_PORT: Final = 1024
_LAST_PORT: Final = 65_535
_MAX_URL: Final = 8000

# IANA's registries of special-purpose addresses, as of 2026, and what clouds answer with keys on.
_CLOSED_V4: Final = tuple(
    IPv4Network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16"),
        *("192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        "168.63.129.16/32",  # Azure's own services, on a public address
    )
)
_OPEN_V6: Final = IPv6Network("2000::/3")
_CLOSED_V6: Final = tuple(
    IPv6Network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
)
_NAT64: Final = IPv6Network("64:ff9b::/96")
_LOCAL_SUFFIXES: Final = (".localhost", ".local", ".internal", ".intranet", ".lan", ".home.arpa", ".onion")
_LAST_LABEL_IS_A_NUMBER: Final = re.compile(r"(^|\.)(\d+|0x[0-9a-f]*)\.?$")
_ODD: Final = re.compile(r"[\x00-\x20\x7f\\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A URL that looks harmless."""

    scheme: str
    host: str
    port: int
    path: str
    allowed: bool

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}{self.path}"


class AddressRules:
    """https to public addresses; anything to the hosts, `name` or `name:port`, that the operator allowed."""

    def __init__(self, allowed_hosts: Iterable[str] = ()) -> None:
        self._allowed = frozenset(host.strip().lower().removeprefix("[").replace("]", "") for host in allowed_hosts)

    def target(self, url: str) -> Target:
        """Raises `OutboundRefused` for what is not asked whatever its name leads to."""
        parts = _parsed(url)
        host = parts.raw_host.decode("ascii").lower()
        port = parts.port or (_HTTPS_PORT if parts.scheme == "https" else 80)
        allowed = self.allows(host, port)
        if parts.scheme != "https" and not (parts.scheme == "http" and allowed):
            raise OutboundRefused("it does not begin with https://")
        if parts.userinfo:
            raise OutboundRefused("it holds a user name or password")
        if not allowed:
            _check_host(host)
            _check_port(port)
        return Target(scheme=parts.scheme, host=host, port=port, path=parts.raw_path.decode("ascii"), allowed=allowed)

    def allows(self, host: str, port: int) -> bool:
        return host in self._allowed or f"{host}:{port}" in self._allowed

    def may_connect(self, host: str, port: int, address: str) -> bool:
        """Whether the number `address`, to which `host` led, may be called."""
        return self.allows(host, port) or is_public(address)


def is_public(address: str) -> bool:
    """Whether a number belongs to the public internet, also when it is wrapped into another kind of number."""
    try:
        number = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(number, IPv4Address):
        return not any(number in network for network in _CLOSED_V4)
    if number in _NAT64:
        return is_public(str(IPv4Address(int(number) & 0xFFFF_FFFF)))
    return _is_public_v6(number)


def _is_public_v6(number: IPv6Address) -> bool:
    """What maps to IPv4 (`::ffff:…`) or tunnels it (6to4, Teredo) is outside what is open, or closed."""
    return number in _OPEN_V6 and not any(number in network for network in _CLOSED_V6)


def _parsed(url: str) -> httpx.URL:
    if len(url) > _MAX_URL or _ODD.search(url):
        raise OutboundRefused("it is no proper URL")
    try:
        parts = httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        raise OutboundRefused("it is no proper URL") from None
    if not parts.raw_host:
        raise OutboundRefused("it names no host")
    if parts.port is not None and not 0 < parts.port <= _LAST_PORT:
        raise OutboundRefused("it is no proper URL")
    return parts.copy_with(fragment=None)


def _check_host(host: str) -> None:
    if ":" in host or _LAST_LABEL_IS_A_NUMBER.search(host):
        _check_number(host)
    elif "." not in host or host.endswith((".", *_LOCAL_SUFFIXES)) or not _proper_name(host):
        raise OutboundRefused("its host is no name of the public internet")


def _check_number(host: str) -> None:
    """Only the usual spelling: `127.1`, `0x7f.1`, `017700000001` and `2130706433` are ways to say 127.0.0.1 too."""
    try:
        number = ip_address(host)
    except ValueError:
        raise OutboundRefused("its host is an oddly written number") from None
    if str(number) != host or not is_public(host):
        raise OutboundRefused("its host is no address of the public internet")


def _proper_name(host: str) -> bool:
    return all(re.fullmatch(r"[a-z0-9_](?:[a-z0-9_\-]{0,61}[a-z0-9_])?", label) for label in host.split("."))


def _check_port(port: int) -> None:
    """The well-known ports belong to other protocols, whose servers might take a request for commands."""
    if port != _HTTPS_PORT and port < _FIRST_FREE_PORT:
        raise OutboundRefused(f"port {port} is not for https")
