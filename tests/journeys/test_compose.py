"""What `compose.yaml` runs, with its settings and commands, on servers of the same kind: all but the containers."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from pixie.adapters.kernel.embedded.ports import free_port
from pixie.adapters.kernel.embedded.redis import EmbeddedRedis
from tests.architecture.compose import OURS, environment_of, our_services, read_env
from tests.support.readme import ROOT, tour
from tests.support.s3_server import S3Server
from tests.support.waiting import eventually

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]

PIXIE = str(Path(sys.executable).with_name("pixie"))
LONG_RUNNING = ("scheduler", "worker", "worker-compute", "api")


@contextmanager
def running(name: str, env: Mapping[str, str], home: Path) -> Iterator[None]:
    """A service of compose, until it is asked to end."""
    with (home / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            [PIXIE, *our_services()[name]["command"]], env=env, cwd=home, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            yield
            process.terminate()
            assert process.wait(40) == 0, (home / f"{name}.log").read_text(encoding="utf-8")[-3000:]
        finally:
            process.kill()
            process.wait()


def image_check(env: Mapping[str, str]) -> bool:
    """The image's own healthcheck."""
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    (check,) = re.findall(r'CMD \["python", "-I", "-c", "(.+)"\]', dockerfile)
    asked = [sys.executable, "-I", "-c", check.replace('\\"', '"')]
    return subprocess.run(asked, env=env, capture_output=True, timeout=30, check=False).returncode == 0


def test_the_tour_works_on_what_compose_runs(
    database_url: str, redis_engine: EmbeddedRedis, s3_server: S3Server, tmp_path: Path
) -> None:
    subprocess.run([str(ROOT / "deploy" / "make-env"), "given"], cwd=tmp_path, check=True, timeout=30)
    given = {
        **read_env(tmp_path / "given"),
        "S3_ACCESS_KEY": s3_server.access_key,
        "S3_SECRET_KEY": s3_server.secret_key,
    }
    port = str(free_port("127.0.0.1"))
    outside = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_engine.url,
        "PIXIE_STORAGE_ENDPOINT": s3_server.endpoint,
        "PIXIE_DATA_DIR": str(tmp_path / "data"),
        "PIXIE_HTTP_HOST": "127.0.0.1",
        "PIXIE_HTTP_PORT": port,
        "PIXIE_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    environments = {
        name: {**environment_of(service, given), **outside} for name, service in our_services().items() if name in OURS
    }
    (tmp_path / "docs").symlink_to(ROOT / "docs")

    with ExitStack() as stack:
        migrate = [PIXIE, *our_services()["migrate"]["command"]]
        subprocess.run(migrate, env=environments["migrate"], cwd=tmp_path, check=True, timeout=120)
        for name in LONG_RUNNING:
            stack.enter_context(running(name, environments[name], tmp_path))
        assert eventually(lambda: image_check(environments["api"]), within=90)
        toured = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", tour().replace("http://127.0.0.1:8000", f"http://127.0.0.1:{port}")],
            env=outside,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    assert toured.returncode == 0, toured.stderr
    assert (tmp_path / "edited.jpg").stat().st_size > 10_000
    assert not list((tmp_path / "data" / "tmp").iterdir())
    assert not (tmp_path / "data" / "files").exists()
