"""What `pixie up` is to run."""

import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from pixie.adapters.kernel.embedded.data_folder import DataFolder
from pixie.adapters.kernel.embedded.ports import obstacle_to_listening
from pixie.entrypoints.supervisor.child import ChildSpec

_NETWORK = ("--queues", "default", "--queues", "generation")
_PIXIE = (sys.executable, "-P", "-m", "pixie")
_ANY = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 - where to knock when all are listened on
_PROBE_SECONDS = 2.0
_PATIENCE = 32.0
"""A little more than the processes give to what they have begun (PIXIE_HTTP_SHUTDOWN_TIMEOUT and its like)."""


class BadPlan(Exception):
    """What was asked for cannot be; says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where the API listens."""

    host: str
    port: int

    @property
    def url(self) -> str:
        host = self._near
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @property
    def _near(self) -> str:
        return _ANY.get(self.host, self.host)

    def check_free(self) -> None:
        """Raises `BadPlan` when nobody can listen there."""
        if obstacle := obstacle_to_listening(self.host, self.port):
            raise BadPlan(
                f"Pixie cannot listen on {self.host}, port {self.port}: {obstacle}. "
                f"Stop what listens there, or choose another port, e.g. pixie up --port {self.port + 1}"
            )

    def answers_ready(self) -> bool:
        """Whether the API says that it is ready. By hand, for a client library would double this process."""
        request = f"GET /health/ready HTTP/1.1\r\nHost: {self._near}:{self.port}\r\nConnection: close\r\n\r\n"
        try:
            with socket.create_connection((self._near, self.port), timeout=_PROBE_SECONDS) as connection:
                connection.sendall(request.encode())
                with connection.makefile("rb") as answer:
                    return answer.readline().split()[1:2] == [b"200"]
        except OSError:
            return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`prepare` runs to its end before the children start; what it does is done once."""

    folder: DataFolder
    address: Address
    embedded: bool
    """Whether to run the engines, and not servers of somebody's own."""
    prepare: tuple[str, ...]
    children: tuple[ChildSpec, ...]
    env: Mapping[str, str]
    """What all of them find in their environment, beside what is there."""
    verbose: bool = False


def plan_of_pixie(
    *, folder: DataFolder, address: Address, embedded: bool, development: bool, verbose: bool = False
) -> Plan:
    """The whole system: the API, workers for the network and for this machine's processors, and the scheduler."""
    api = ChildSpec(
        name="api",
        argv=(*_PIXIE, "api", "--port", str(address.port)),
        turn=2,
        patience=_PATIENCE,
        is_ready=address.answers_ready,
    )
    return Plan(
        folder=folder,
        address=address,
        embedded=embedded,
        prepare=(*_PIXIE, "prepare"),
        children=(
            api,
            ChildSpec(name="worker", argv=(*_PIXIE, "worker", *_NETWORK), turn=1, patience=_PATIENCE),
            ChildSpec(name="compute", argv=(*_PIXIE, "worker", "--queues", "compute"), turn=1, patience=_PATIENCE),
            ChildSpec(name="scheduler", argv=(*_PIXIE, "scheduler"), turn=0, patience=_PATIENCE),
        ),
        env={
            "PIXIE_DATA_DIR": str(folder.path),
            "PIXIE_HTTP_HOST": address.host,
            "PIXIE_HTTP_PORT": str(address.port),
            **({"PIXIE_ENV": "development"} if development else {}),
            "PYTHONUNBUFFERED": "1",
            "MALLOC_ARENA_MAX": "2",  # glibc gives every thread a heap of its own, and seldom takes any back
        },
        verbose=verbose,
    )
