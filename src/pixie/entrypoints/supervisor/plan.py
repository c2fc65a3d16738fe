"""What `pixie up` is to run."""

import socket
import sys
from dataclasses import dataclass

from pixie.adapters.kernel.embedded.ports import is_free

_PIXIE = (sys.executable, "-P", "-m", "pixie")
_ANY = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 - where to knock when all are listened on
_PROBE_SECONDS = 2.0


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
        """Raises `BadPlan` when somebody listens there already."""
        if not is_free(self.host, self.port):
            raise BadPlan(
                f"Port {self.port} on {self.host} cannot be taken: {reason}. "
                f"Stop what listens there, or choose another port: pixie up --port {self.port + 1}"
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
