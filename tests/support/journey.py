"""A whole Pixie, running as `pixie up` runs it, as its users and its operators meet it."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
from click.testing import CliRunner, Result
from redis import Redis

from pixie.adapters.jobs.providers.call_log import Call, read_calls
from pixie.adapters.kernel.embedded.data_folder import Engines
from pixie.entrypoints.cli.main import pixie as command_line
from tests.support.journey_person import Person
from tests.support.supervised import Supervised, pixie_up, supervised
from tests.support.waiting import eventually

BRISK: Mapping[str, str] = {
    "PIXIE_AUTH_BCRYPT_COST": "4",
    "PIXIE_DATABASE_POOL_SIZE": "5",
    "PIXIE_JOBS_LEASE": "5",
    "PIXIE_JOBS_HEARTBEAT": "0.5",
    "PIXIE_JOBS_BACKOFF_BASE": "0.2",
}
"""Settings under which what takes minutes in earnest takes seconds."""

API = ("pixie api",)
WORKER = ("pixie worker", "--queues generation")
COMPUTE = ("pixie worker", "--queues compute")
SCHEDULER = ("pixie scheduler",)
POSTGRES = ("bin/postgres",)
REDIS = ("valkey-server",)


@dataclass(slots=True, kw_only=True)
class RunningPixie:
    system: Supervised
    settings: Mapping[str, str]
    calls_path: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.system.port}"

    @property
    def engines(self) -> Engines:
        """Raises `AssertionError` when none run."""
        engines = self.system.folder.engines()
        assert engines is not None
        return engines

    def client(self, *, timeout: float = 30.0) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=timeout)

    def ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health/ready", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    @contextmanager
    def somebody(self, *, credits: int | None = None) -> Iterator[Person]:  # noqa: A002 - the field's word
        """A new user, signed in. `credits` are what they have; else what everybody is welcomed with."""
        with self.client() as client:
            person = Person.registered(client, f"{uuid4().hex}@example.com")
            if credits is not None:
                missing = credits - person.credits()["available"]
                self.shell("credits", "adjust", "--note", "for a journey", person.email, str(missing))
            yield person

    def pids(self, words: Sequence[str]) -> list[int]:
        """Processes of the system with these words in their command line, the oldest first."""
        return sorted(pid for pid in self.system.left_over() if all(word in _command_line(pid) for word in words))

    def kill(self, words: Sequence[str], number: signal.Signals = signal.SIGKILL) -> list[int]:
        """Send all of them a signal, the oldest first, so that no parent can replace its children."""
        assert eventually(lambda: self.pids(words), within=30), f"no process says {' and '.join(words)}"
        found = self.pids(words)
        for pid in found:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue  # went with its parent
        return found

    def rows(self, sql: str, *args: object) -> list[dict[str, Any]]:
        """Ask the database itself."""
        with ThreadPoolExecutor(1) as pool:  # a thread has no event loop that this could disturb
            return pool.submit(asyncio.run, _fetched(self.engines.database_url, sql, args)).result()

    def value(self, sql: str, *args: object) -> Any:
        (row,) = self.rows(sql, *args)
        (value,) = row.values()
        return value

    def redis(self) -> "Redis":
        return Redis.from_url(self.engines.redis_url, socket_timeout=5)

    def calls(self) -> list[Call]:
        """What the provider `scripted` was asked so far."""
        return read_calls(self.calls_path)

    def process(self, *words: str, timeout: float = 60) -> "subprocess.CompletedProcess[str]":
        """A `pixie` command on this installation, as an operator runs it from anywhere."""
        return subprocess.run(
            [sys.executable, "-P", "-m", "pixie", *words],
            capture_output=True,
            text=True,
            check=False,
            timeout=timeout,
            cwd=self.system.home,
            env={**os.environ, **self._environment},
        )

    def command(self, *words: str, stdin: str | None = None) -> Result:
        """The same within this process, which saves a second each time."""
        with ThreadPoolExecutor(1) as pool:  # a thread has no event loop that this could disturb
            invoked = pool.submit(CliRunner().invoke, command_line, words, input=stdin, env=self._environment)
            return invoked.result()

    def shell(self, *words: str, stdin: str | None = None) -> str:
        """The output of a command that succeeds."""
        done = self.command(*words, stdin=stdin)
        assert done.exit_code == 0, done.output
        return done.stdout

    @property
    def _environment(self) -> dict[str, str]:
        return {**self.settings, "PIXIE_DATA_DIR": str(self.system.folder.path)}

    def shell_json(self, *words: str, stdin: str | None = None) -> Any:
        return json.loads(self.shell(*words, "--json", stdin=stdin))

    def log(self, name: str) -> str:
        path = self.system.folder.logs / f"{name}.log"
        return path.read_text(errors="replace")


@contextmanager
def running_pixie(
    home: Path, *, env: Mapping[str, str] | None = None, brisk: bool = True, within: float = 120.0
) -> Iterator[RunningPixie]:
    """Start it, wait until it is ready, and in the end leave nothing of it."""
    home.mkdir(parents=True, exist_ok=True)
    calls = home / "provider-calls"
    settings = {"PIXIE_SCRIPTED_CALL_LOG": str(calls), **(BRISK if brisk else {}), **(env or {})}
    with supervised(home, pixie_up(), env=settings) as system:
        system.wait_ready(within=within)
        pixie = RunningPixie(system=system, settings=settings, calls_path=calls)
        yield pixie
        if system.process.poll() is None:
            system.send(signal.SIGINT)
            assert system.exit_code() == 0
        assert eventually(lambda: not system.left_over())


def _command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""  # it ended meanwhile


async def _fetched(url: str, sql: str, args: Sequence[object]) -> list[dict[str, Any]]:
    connection = await asyncpg.connect(url, timeout=10)
    try:
        return [dict(row) for row in await connection.fetch(sql, *args)]
    finally:
        await connection.close()
