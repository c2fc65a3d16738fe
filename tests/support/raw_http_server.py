"""A server that says exactly what a test wants, byte by byte, and counts who came."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass(slots=True)
class RawHttpServer:
    """`answers` by path; an unknown path is a 404. `connections` counts every knock, of the silent ones too."""

    answers: dict[str, Answer] = field(default_factory=dict)
    connections: int = 0
    requests: list[str] = field(default_factory=list)
    port: int = 0

    def gives(self, path: str, status: int, body: bytes = b"", **headers: str) -> None:
        named = {"content-length": str(len(body)), **{name.replace("_", "-"): text for name, text in headers.items()}}
        head = "".join(f"{name}: {text}\r\n" for name, text in named.items())

        async def answer(writer: asyncio.StreamWriter) -> None:
            writer.write(f"HTTP/1.1 {status} Whatever\r\n{head}\r\n".encode() + body)
            await writer.drain()

        self.answers[path] = answer

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            request = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            self.requests.append(request)
            path = request.split(" ", 2)[1]
            if answer := self.answers.get(path):
                await answer(writer)
            else:
                writer.write(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n")
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()


@asynccontextmanager
async def raw_http_server(tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> AsyncIterator[RawHttpServer]:
    peer = RawHttpServer()
    tasks: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(peer.serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(accept, host, 0, ssl=tls)
    peer.port = server.sockets[0].getsockname()[1]
    try:
        yield peer
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
