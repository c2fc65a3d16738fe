"""A Redis-compatible server (Valkey) that comes with Pixie, for `pixie up` and for tests."""

import contextlib
import signal
import socket
from typing import IO, ClassVar
from urllib.parse import quote

from pixie.adapters.kernel.embedded.accounts import Account
from pixie.adapters.kernel.embedded.binaries import valkey_program
from pixie.adapters.kernel.embedded.engine import ADDRESS_TAKEN, EmbeddedEngine, Obstacle, StopStep
from pixie.adapters.kernel.embedded.launcher import Errand, Pause

_PID_FILE = "redis.pid"
_LOG_OF_WRITES = "appendonlydir"
_SETTINGS = """\
bind 127.0.0.1
protected-mode yes
daemonize no
dir .
save ""
appendonly yes
maxmemory-policy noeviction
"""


class EmbeddedRedis(EmbeddedEngine):
    """Keeps what it is told through a crash, but for the last second, and never drops a key by itself.

    Its configuration goes in by its standard input, where no other user sees the password.
    """

    name: ClassVar[str] = "Redis"
    program_name: ClassVar[str] = "valkey-server"
    stop_steps: ClassVar[tuple[StopStep, ...]] = ((signal.SIGTERM, 10.0),)

    @property
    def url(self) -> str:
        return f"redis://:{quote(self.password, safe='')}@127.0.0.1:{self.port}/0"

    def is_ready(self) -> bool:
        command = f"AUTH {_quoted(self.password)}\r\nPING\r\n".encode()
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1) as client:
            client.sendall(command)
            with client.makefile("rb") as answers:
                return [answers.readline(), answers.readline()] == [b"+OK\r\n", b"+PONG\r\n"]
        return False

    def _recorded_pid(self) -> int | None:
        with contextlib.suppress(OSError, ValueError):
            return int((self.folder / _PID_FILE).read_text(encoding="utf-8"))
        return None

    def _create(self, account: Account, pause: Pause) -> None:  # noqa: ARG002 - it takes no time
        self.folder.mkdir(mode=0o700, exist_ok=True)
        account.own(self.folder)

    def _errand(self, account: Account, output: IO[bytes]) -> Errand:
        own = (
            f"port {self.port}",
            f"requirepass {_quoted(self.password)}",
            f"appendfsync {'everysec' if self.durable else 'no'}",
            f"pidfile {_PID_FILE}",
            f"appenddirname {_LOG_OF_WRITES}",
        )
        return Errand(
            argv=[str(valkey_program(account)), "-"],
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
            cwd=self.folder,
            account=account,
            output=output,
            input=(_SETTINGS + "\n".join(own) + "\n").encode(),
        )

    def _obstacle(self, words: str) -> Obstacle | None:
        if ADDRESS_TAKEN in words:
            return Obstacle.PORT_TAKEN
        if "Bad file format reading the append only file" in words:
            # Redis carries hints only: what it lost is said again from the database. The file is kept for who wants it.
            spoilt = self.folder / f"{_LOG_OF_WRITES}.spoilt"
            number = sum(1 for _ in self.folder.glob(f"{spoilt.name}*"))
            (self.folder / _LOG_OF_WRITES).rename(f"{spoilt}-{number + 1}")
            return Obstacle.BAD_DATA
        return None


def _quoted(word: str) -> str:
    """As the server reads words in its configuration and in typed commands."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
