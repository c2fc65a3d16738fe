"""The one guard for requests to addresses that a user or a provider named.

A name is looked up here, once, and the connection goes to a number that was checked; nothing looks the name up again,
so an answer that changes between check and use (DNS rebinding) gains nothing. When one of several numbers of a name is
not public, the name is refused as a whole. No connection is ever tried to a number that is refused. Redirects are
followed by hand, each through the same checks. Proxies of the environment are not used: they would do the connecting.
"""

import asyncio
import socket
import ssl
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from ipaddress import ip_address
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from urllib.parse import urljoin

import anyio
import httpcore
import httpx

from pixie.adapters.kernel.outbound_addresses import AddressRules, Target
from pixie.adapters.kernel.outbound_errors import OutboundFailed, OutboundRefused, OutboundTooLarge

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""The numbers of a name. Raises `OSError`."""

_MAX_REDIRECTS: Final = 5
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_OK: Final = 200
_STEP_TIMEOUTS: Final = {"timeout": {"connect": 5.0, "read": 15.0, "write": 5.0, "pool": 5.0}}
_HEADERS: Final[dict[bytes | str, bytes | str]] = {
    "Accept": "*/*",
    "Accept-Encoding": "identity",
    "Connection": "close",
    "User-Agent": "Pixie",
}
_PIECE: Final = 256 * 1024


async def system_resolver(host: str, port: int) -> Sequence[str]:
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class OutboundHttp:
    """Fetches what others point at. One for a process; it belongs to the event loop that first uses it."""

    def __init__(
        self,
        *,
        allowed_hosts: Iterable[str] = (),
        resolver: Resolver = system_resolver,
        network: httpcore.AsyncNetworkBackend | None = None,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self._rules = AddressRules(allowed_hosts)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=ssl_context or httpx.create_ssl_context(trust_env=False),
            max_connections=100,
            max_keepalive_connections=0,
            network_backend=_GuardedNetwork(self._rules, resolver, network or httpcore.AnyIOBackend()),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._pool.aclose()

    def check(self, url: str) -> None:
        """Raises `OutboundRefused` for a URL that would never be asked. It asks nobody, not even for the name."""
        self._rules.target(url)

    async def download(self, url: str, to: Path, *, max_bytes: int, timeout: float) -> int:
        """Save what the URL gives, and return its size.

        Raises `OutboundRefused`, `OutboundTooLarge` beyond `max_bytes` (unpacked), and `OutboundFailed`, also when the
        whole takes longer than `timeout` seconds. Unless it returns, no file is left.
        """
        target = self._rules.target(url)
        try:
            async with asyncio.timeout(timeout):
                return await self._follow(target, to, max_bytes)
        except BaseException as error:
            to.unlink(missing_ok=True)  # noqa: ASYNC240 - quick, and to be done even when this task is cancelled
            if isinstance(error, TimeoutError | httpcore.TimeoutException):
                raise OutboundFailed(target.host, "it took too long") from error
            if isinstance(error, httpcore.NetworkError | httpcore.ProtocolError):
                raise OutboundFailed(target.host, "the connection failed") from error
            raise

    async def _follow(self, target: Target, to: Path, max_bytes: int) -> int:
        for _ in range(1 + _MAX_REDIRECTS):
            async with self._pool.stream("GET", target.url, headers=_HEADERS, extensions=_STEP_TIMEOUTS) as response:
                if response.status not in _REDIRECTS:
                    return await _save(target, response, to, max_bytes)
                location = _header(response, b"location")
                if not location:
                    raise OutboundFailed(target.host, "it leads on to nowhere", response.status)
                target = self._rules.target(urljoin(target.url, location))
        raise OutboundRefused(f"it leads on more than {_MAX_REDIRECTS} times")


class _GuardedNetwork(httpcore.AsyncNetworkBackend):
    """Looks names up and connects, to checked numbers only."""

    def __init__(self, rules: AddressRules, resolver: Resolver, network: httpcore.AsyncNetworkBackend) -> None:
        self._rules = rules
        self._resolver = resolver
        self._network = network

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        failure: Exception = OutboundFailed(host, "its name leads nowhere")
        for number in await self._numbers(host, port):
            try:
                stream = await self._network.connect_tcp(number, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
                continue
            return await self._arrived(stream, number)
        raise failure

    async def sleep(self, seconds: float) -> None:
        await self._network.sleep(seconds)

    async def _numbers(self, host: str, port: int) -> Sequence[str]:
        try:
            numbers = await self._resolver(host, port)
        except (OSError, UnicodeError) as error:
            raise OutboundFailed(host, "its name leads nowhere") from error
        if not all(self._rules.may_connect(host, port, number) for number in numbers):
            raise OutboundRefused("it leads to an address that is not public")
        return numbers

    async def _arrived(self, stream: httpcore.AsyncNetworkStream, number: str) -> httpcore.AsyncNetworkStream:
        """The connection, if it ended where it was meant to."""
        address = stream.get_extra_info("server_addr")
        if not address or ip_address(str(address[0]).partition("%")[0]) != ip_address(number.partition("%")[0]):
            await stream.aclose()
            raise OutboundRefused("it leads to an address that is not public")
        return stream


async def _save(target: Target, response: httpcore.Response, to: Path, max_bytes: int) -> int:
    if response.status != _OK:
        raise OutboundFailed(target.host, f"it answered {response.status}", response.status)
    announced = _header(response, b"content-length")
    if announced.isdecimal() and int(announced) > max_bytes:
        raise OutboundTooLarge(max_bytes)
    size = 0
    async with await anyio.open_file(to, "wb") as file:
        async for piece in _unpacked(target, response):
            size += len(piece)
            if size > max_bytes:
                raise OutboundTooLarge(max_bytes)
            await file.write(piece)
    return size


async def _unpacked(target: Target, response: httpcore.Response) -> AsyncIterator[bytes]:
    """The body in pieces of bounded size, however much a packed byte stands for. Some pack it though asked not to."""
    packing = _header(response, b"content-encoding").lower()
    if packing in {"", "identity"}:
        async for piece in response.aiter_stream():
            yield piece
        return
    if packing not in {"gzip", "x-gzip", "deflate"}:
        raise OutboundFailed(target.host, "it came packed in an unknown way")
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)  # 32: gzip or zlib, by the first bytes
    try:
        async for packed in response.aiter_stream():
            rest = packed
            while rest and not unpacker.eof:
                yield unpacker.decompress(rest, _PIECE)
                rest = unpacker.unconsumed_tail
    except zlib.error as error:
        raise OutboundFailed(target.host, "it came wrongly packed") from error
    if not unpacker.eof:
        raise OutboundFailed(target.host, "it ended too early")


def _header(response: httpcore.Response, name: bytes) -> str:
    return next((value.decode("latin-1").strip() for key, value in response.headers if key.lower() == name), "")
