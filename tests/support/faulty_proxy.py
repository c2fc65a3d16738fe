"""A way to a server on which answers get lost and connections are cut."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass(slots=True)
class FaultyProxy:
    """Each connection goes to the server. `lose` names requests by the beginning of their first line; the answer to
    the next one that fits is not passed on. `cut` are the same, and their answers break off after so many bytes.
    """

    port: int
    lose: list[str] = field(default_factory=list)
    cut: list[tuple[str, int]] = field(default_factory=list)
    faults: int = 0
    requests: list[str] = field(default_factory=list)
    """First lines."""
    resumed: list[int] = field(default_factory=list)
    """The `Last-Event-ID` of each request that had one."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def allowed(self, head: str, rest: bytes) -> int | None:
        """How many bytes of its answer a request gets; None for all of them."""
        self.requests.append(head)
        if found := re.search(rb"last-event-id: (\d+)", rest, re.IGNORECASE):
            self.resumed.append(int(found[1]))
        for beginning in self.lose:
            if head.startswith(beginning):
                self.lose.remove(beginning)
                self.faults += 1
                return 0
        for entry in self.cut:
            if head.startswith(entry[0]):
                self.cut.remove(entry)
                self.faults += 1
                return entry[1]
        return None


@contextmanager
def faulty_proxy(to_port: int) -> Iterator[FaultyProxy]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        proxy = FaultyProxy(listening.getsockname()[1])
        threading.Thread(target=_accept, args=(listening, proxy, to_port), daemon=True).start()
        yield proxy


def _accept(listening: socket.socket, proxy: FaultyProxy, to_port: int) -> None:
    with suppress(OSError):  # the test is over
        while True:
            client, _ = listening.accept()
            threading.Thread(target=_serve, args=(client, proxy, to_port), daemon=True).start()


def _serve(client: socket.socket, proxy: FaultyProxy, to_port: int) -> None:
    left: list[int | None] = [None]
    with client, socket.create_connection(("127.0.0.1", to_port)) as server:
        back = threading.Thread(target=_answers, args=(client, server, left), daemon=True)
        back.start()
        with suppress(OSError):
            while data := client.recv(65_536):
                head = data.split(b"\r\n", 1)[0].decode("latin-1")
                if head.endswith(" HTTP/1.1"):
                    left[0] = proxy.allowed(head, data)
                server.sendall(data)
            server.shutdown(socket.SHUT_WR)
        back.join(30)


def _answers(client: socket.socket, server: socket.socket, left: list[int | None]) -> None:
    with suppress(OSError):
        while data := server.recv(65_536):
            if left[0] is None:
                client.sendall(data)
                continue
            client.sendall(data[: left[0]])
            left[0] -= len(data)
            if left[0] <= 0:
                break
        client.shutdown(socket.SHUT_RDWR)
