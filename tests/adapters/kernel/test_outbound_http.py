import asyncio
import ssl
from collections.abc import AsyncIterator, Iterable, Sequence
from pathlib import Path
from typing import Any

import httpcore
import pytest

from pixie.adapters.kernel.outbound_errors import OutboundFailed, OutboundRefused
from pixie.adapters.kernel.outbound_http import OutboundHttp, system_resolver
from tests.support.certificates import client_context, server_context
from tests.support.downloads import allowing, download
from tests.support.raw_http_server import RawHttpServer, raw_http_server

PUBLIC = "93.184.215.14"


@pytest.fixture
async def server() -> AsyncIterator[RawHttpServer]:
    async with raw_http_server() as server:
        yield server


@pytest.fixture
async def canary() -> AsyncIterator[RawHttpServer]:
    """Nobody may ever knock here."""
    async with raw_http_server() as canary:
        yield canary


def leading_to(*numbers: str) -> Any:
    async def resolver(host: str, port: int) -> Sequence[str]:
        return numbers

    return resolver


async def test_a_body_is_saved_and_measured(server: RawHttpServer, tmp_path: Path) -> None:
    server.gives("/x", 200, b"picture" * 1000)

    size = await download(allowing(server), f"http://127.0.0.1:{server.port}/x", tmp_path / "x")

    assert size == 7000
    assert (tmp_path / "x").read_bytes() == b"picture" * 1000


async def test_a_request_tells_nothing_about_us(server: RawHttpServer, tmp_path: Path) -> None:
    server.gives("/x", 200, b"1")

    await download(allowing(server), f"http://127.0.0.1:{server.port}/x", tmp_path / "x")

    assert {line.split(":")[0].lower() for line in server.requests[0].splitlines()[1:] if line} == {
        *("host", "accept", "accept-encoding", "connection", "user-agent")
    }


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "127.1", "[::ffff:127.0.0.1]", "2130706433"])
async def test_this_machine_is_not_asked_by_any_name(name: str, canary: RawHttpServer, tmp_path: Path) -> None:
    for scheme in ("http", "https"):
        with pytest.raises(OutboundRefused):
            await download(OutboundHttp(), f"{scheme}://{name}:{canary.port}/", tmp_path / "x")

    assert canary.connections == 0


@pytest.mark.parametrize("numbers", [("127.0.0.1",), (PUBLIC, "127.0.0.1"), ("127.0.0.1", PUBLIC), ("::1",)])
async def test_a_name_that_leads_to_a_private_number_is_refused_as_a_whole(
    numbers: tuple[str, ...], canary: RawHttpServer, tmp_path: Path
) -> None:
    outbound = OutboundHttp(resolver=leading_to(*numbers))

    with pytest.raises(OutboundRefused, match="not public"):
        await download(outbound, f"https://rebind.example.com:{canary.port}/", tmp_path / "x")

    assert canary.connections == 0


class RecordingNetwork(httpcore.AnyIOBackend):
    """Notes which numbers are called; leads public ones to a loopback port, as a hostile router would."""

    def __init__(self, detour: int, *, honest: bool) -> None:
        self.called: list[str] = []
        self._detour = detour
        self._honest = honest

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        self.called.append(host)
        stream = await super().connect_tcp("127.0.0.1", self._detour, timeout, local_address, socket_options)
        return AsIfFrom(stream, host) if self._honest else stream


class AsIfFrom(httpcore.AsyncNetworkStream):
    """A stream that says it comes from a public number, so that the rest of the way can be tested on loopback."""

    def __init__(self, stream: httpcore.AsyncNetworkStream, number: str) -> None:
        self._stream = stream
        self._number = number

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return await self._stream.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        return await self._stream.start_tls(ssl_context, server_hostname, timeout)

    def get_extra_info(self, info: str) -> Any:
        return (self._number, 443) if info == "server_addr" else self._stream.get_extra_info(info)


async def test_a_public_name_is_asked_at_the_number_that_was_checked(tmp_path: Path) -> None:
    async with raw_http_server(server_context(tmp_path, "files.example.com")) as server:
        server.gives("/x", 200, b"picture")
        network = RecordingNetwork(server.port, honest=True)
        asked: list[str] = []

        async def changing(host: str, port: int) -> Sequence[str]:
            asked.append(host)
            return [PUBLIC] if len(asked) == 1 else ["127.0.0.1"]

        outbound = OutboundHttp(resolver=changing, network=network, ssl_context=client_context(tmp_path))
        size = await download(outbound, "https://files.example.com/x", tmp_path / "x")

    assert (size, asked, network.called) == (7, ["files.example.com"], [PUBLIC])


async def test_a_certificate_of_another_name_is_not_accepted(tmp_path: Path) -> None:
    async with raw_http_server(server_context(tmp_path, "files.example.com")) as server:
        outbound = OutboundHttp(
            resolver=leading_to(PUBLIC),
            network=RecordingNetwork(server.port, honest=True),
            ssl_context=client_context(tmp_path),
        )

        with pytest.raises(OutboundFailed, match="the connection failed"):
            await download(outbound, "https://other.example.com/x", tmp_path / "x")

    assert server.requests == []


async def test_a_connection_that_ends_elsewhere_is_dropped_before_a_word(canary: RawHttpServer, tmp_path: Path) -> None:
    outbound = OutboundHttp(resolver=leading_to(PUBLIC), network=RecordingNetwork(canary.port, honest=False))

    with pytest.raises(OutboundRefused, match="not public"):
        await download(outbound, "https://files.example.com/", tmp_path / "x")

    assert canary.requests == []


async def test_the_next_number_is_tried_when_one_does_not_answer(tmp_path: Path) -> None:
    class HalfDead(RecordingNetwork):
        async def connect_tcp(self, host: str, *args: Any, **kwargs: Any) -> httpcore.AsyncNetworkStream:
            if host == "93.184.215.15":
                self.called.append(host)
                raise httpcore.ConnectError
            return await super().connect_tcp(host, *args, **kwargs)

    async with raw_http_server(server_context(tmp_path, "files.example.com")) as server:
        server.gives("/x", 200, b"picture")
        network = HalfDead(server.port, honest=True)
        outbound = OutboundHttp(
            resolver=leading_to("93.184.215.15", PUBLIC), network=network, ssl_context=client_context(tmp_path)
        )

        assert await download(outbound, "https://files.example.com/x", tmp_path / "x") == 7
    assert network.called == ["93.184.215.15", PUBLIC]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_followed(status: int, server: RawHttpServer, tmp_path: Path) -> None:
    server.gives("/a", status, location="/b?c=d")
    server.gives("/b?c=d", 200, b"picture")

    assert await download(allowing(server), f"http://127.0.0.1:{server.port}/a", tmp_path / "x") == 7


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1:{port}/",
        "https://127.0.0.1:{port}/",
        "//127.0.0.1:{port}/",
        "https://localhost:{port}/",
        "http://[::1]:{port}/",
        "https://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
        "https://user@example.com/",
        "https://rebind.example.com:{port}/",
    ],
)
async def test_a_redirect_goes_through_the_same_checks(
    location: str, server: RawHttpServer, canary: RawHttpServer, tmp_path: Path
) -> None:
    server.gives("/a", 302, location=location.format(port=canary.port))

    async def resolver(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    with pytest.raises(OutboundRefused):
        await download(allowing(server, resolver=resolver), f"http://127.0.0.1:{server.port}/a", tmp_path / "x")

    assert canary.connections == 0


async def test_redirects_end_after_five(server: RawHttpServer, tmp_path: Path) -> None:
    server.gives("/a", 302, location="/a")

    with pytest.raises(OutboundRefused, match="leads on more than 5 times"):
        await download(allowing(server), f"http://127.0.0.1:{server.port}/a", tmp_path / "x")

    assert server.connections == 6


async def test_a_redirect_without_a_goal_is_no_answer(server: RawHttpServer, tmp_path: Path) -> None:
    server.gives("/a", 302)

    with pytest.raises(OutboundFailed, match="leads on to nowhere"):
        await download(allowing(server), f"http://127.0.0.1:{server.port}/a", tmp_path / "x")


async def test_a_slow_name_is_given_up_in_time(tmp_path: Path) -> None:
    async def resolver(host: str, port: int) -> Sequence[str]:
        await asyncio.sleep(60)
        return [PUBLIC]

    with pytest.raises(OutboundFailed, match="took too long"):
        await download(OutboundHttp(resolver=resolver), "https://slow.example.com/", tmp_path / "x", timeout=0.2)


async def test_a_name_that_does_not_exist_is_no_answer(tmp_path: Path) -> None:
    async def resolver(host: str, port: int) -> Sequence[str]:
        raise OSError

    for outbound in (OutboundHttp(resolver=resolver), OutboundHttp(resolver=leading_to())):
        with pytest.raises(OutboundFailed, match="its name leads nowhere"):
            await download(outbound, "https://nowhere.example.com/", tmp_path / "x")


async def test_nobody_listening_is_no_answer(server: RawHttpServer, tmp_path: Path) -> None:
    async with raw_http_server() as gone:
        port = gone.port

    with pytest.raises(OutboundFailed, match="the connection failed"):
        await download(OutboundHttp(allowed_hosts=["127.0.0.1"]), f"http://127.0.0.1:{port}/", tmp_path / "x")


async def test_a_refusing_status_is_told(server: RawHttpServer, tmp_path: Path) -> None:
    for status in (204, 206, 404, 500):
        server.gives("/x", status)
        with pytest.raises(OutboundFailed) as failed:
            await download(allowing(server), f"http://127.0.0.1:{server.port}/x?key=1".split("?")[0], tmp_path / "x")
        assert failed.value.status == status


async def test_proxies_of_the_environment_are_not_used(
    server: RawHttpServer, canary: RawHttpServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{canary.port}")
    server.gives("/x", 200, b"1")

    await download(allowing(server), f"http://127.0.0.1:{server.port}/x", tmp_path / "x")

    assert (server.connections, canary.connections) == (1, 0)


async def test_a_check_alone_asks_nobody() -> None:
    async def resolver(host: str, port: int) -> Sequence[str]:
        raise AssertionError("asked")

    async with OutboundHttp(resolver=resolver) as outbound:
        outbound.check("https://files.example.com/")
        with pytest.raises(OutboundRefused):
            outbound.check("http://files.example.com/")


async def test_the_system_knows_this_machine() -> None:
    assert "127.0.0.1" in await system_resolver("localhost", 443)
