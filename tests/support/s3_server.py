"""A real S3 server for tests: SeaweedFS, which checks signatures, lengths and expiries."""

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from pixie.adapters.kernel.embedded.launcher import Errand, Launcher, Program
from tests.support.waiting import eventually

ACCESS_KEY = "pixie-tests"
SECRET_KEY = "a secret only of these tests"
BUCKET = "pixie"
_SERVICES = ("s3", "master", "volume", "filer", "admin")


@dataclass(frozen=True, slots=True)
class S3Server:
    endpoint: str
    bucket: str = BUCKET
    access_key: str = ACCESS_KEY
    secret_key: str = SECRET_KEY


def free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


@contextmanager
def running_s3_server(folder: Path, launcher: Launcher) -> Iterator[S3Server]:
    ports = free_ports(2 * len(_SERVICES))
    argv = [
        str(Path(sys.executable).with_name("weed")),
        "mini",
        f"-dir={folder}",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        *(f"-{name}.port={port}" for name, port in zip(_SERVICES, ports, strict=False)),
        *(f"-{name}.port.grpc={port}" for name, port in zip(_SERVICES, ports[len(_SERVICES) :], strict=False)),
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
        "-webdav=false",
        "-admin.ui=false",
        "-master.telemetry=false",
        f"-bucket={BUCKET}",
    ]
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), "TMPDIR": str(folder)}
    env |= {"AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY}
    log = folder / "log"
    with log.open("wb") as output:
        program = launcher.start(Errand(argv=argv, env=env, cwd=folder, output=output))
        try:
            _wait_until_ready(program, ports[0], log)
            yield S3Server(endpoint=f"http://127.0.0.1:{ports[0]}")
        finally:
            program.kill()  # it holds nothing that is worth a farewell


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory, launcher: Launcher) -> Iterator[S3Server]:
    with running_s3_server(tmp_path_factory.mktemp("s3"), launcher) as server:
        yield server


def _wait_until_ready(program: Program, port: int, log: Path) -> None:
    """Until it knows the bucket: 403, since this request is not signed. Before that it is 404, or nothing."""

    def ready() -> bool:
        assert program.exit_code() is None, log.read_text(errors="replace")[-5000:]
        try:
            return httpx.head(f"http://127.0.0.1:{port}/{BUCKET}", timeout=5).status_code == 403
        except httpx.TransportError:
            return False

    assert eventually(ready, within=30), log.read_text(errors="replace")[-5000:]
