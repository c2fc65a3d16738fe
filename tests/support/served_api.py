"""One process of the API as it is deployed: granian, PostgreSQL, Redis, a data folder."""

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from pixie.adapters.kernel.embedded.launcher import Errand, Launcher, Program
from pixie.adapters.kernel.embedded.ports import free_port
from tests.support.waiting import eventually


@dataclass(frozen=True, slots=True)
class ServedApi:
    url: str
    port: int
    data: Path
    log: Path
    pid: int

    def worker(self) -> int:
        """The process that answers requests. Linux only."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text(encoding="ascii").split()
        serving = [int(pid) for pid in children if _says(int(pid), "pixie") or _says(int(pid), "granian")]
        assert len(serving) == 1, children
        return serving[0]

    def peak_memory(self) -> int:
        """The most bytes the worker has held so far."""
        for line in Path(f"/proc/{self.worker()}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
        raise AssertionError("this kernel tells no peak")

    def descriptors(self) -> int:
        return len(list(Path(f"/proc/{self.worker()}/fd").iterdir()))

    def staged(self) -> list[str]:
        tmp = self.data / "tmp"
        return [path.name for path in tmp.glob("staged-*")] if tmp.exists() else []

    def blobs(self) -> list[Path]:
        return [path for path in (self.data / "files").rglob("*") if path.is_file()]


@contextmanager
def served_api(
    home: Path, launcher: Launcher, database_url: str, redis_url: str, **settings: str
) -> Iterator[ServedApi]:
    port = free_port()
    data = home / "data"
    keys = {f"PIXIE_KEYS_{name}": secrets.token_hex(32) for name in ("PASSWORD", "TOKEN", "REFRESH", "LINK", "SEAL")}
    env = {"PATH": os.environ["PATH"], "HOME": str(home), "PIXIE_ENV": "development", "PIXIE_HTTP_PROCESSES": "1"}
    env |= {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "PIXIE_DATA_DIR": str(data), **keys, **settings}
    argv = [sys.executable, "-m", "pixie", "api", "--port", str(port)]
    log = home / "log"
    with log.open("wb") as output:
        program = launcher.start(Errand(argv=argv, env=env, cwd=home, output=output))
        try:
            _wait_until_ready(program, port, log)
            yield ServedApi(url=f"http://127.0.0.1:{port}", port=port, data=data, log=log, pid=program.pid)
        finally:
            program.kill()


def _wait_until_ready(program: Program, port: int, log: Path) -> None:
    def ready() -> bool:
        assert program.exit_code() is None, log.read_text(errors="replace")[-5000:]
        try:
            return httpx.get(f"http://127.0.0.1:{port}/health/live", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    assert eventually(ready, within=60), log.read_text(errors="replace")[-5000:]


def _says(pid: int, word: str) -> bool:
    try:
        return word.encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
