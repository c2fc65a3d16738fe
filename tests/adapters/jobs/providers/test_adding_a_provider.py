"""docs/adding-a-provider.md, taken at its word: its example is installed, comes in, and passes the contract."""

import importlib
import json
import re
import sys
import threading
import tomllib
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from pixie.adapters.jobs.providers.door import GROUP, ProviderTools, load_providers
from pixie.adapters.kernel.compute_pool import ComputePool
from pixie.application.jobs.ports import Provider
from pixie.domain.jobs.errors import ProviderDown, ProviderMisconfigured, ProviderThrottled
from pixie.domain.jobs.generation import GenerationRequest
from tests.contracts.jobs.provider_contract import Change, ProviderContract, example_request, ignore
from tests.support.fakes.kernel import FakeClock

PAGE = Path(__file__).parents[4] / "docs" / "adding-a-provider.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


class Acme(BaseHTTPRequestHandler):
    """The service of the example. What a prompt says decides how it behaves."""

    pictures: ClassVar[dict[str, dict[str, Any]]] = {}
    released: ClassVar[threading.Event]

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        trouble = {"forbidden": 422, "unpaid": 401, "busy": 429, "broken": 503}.get(asked["prompt"])
        if asked["prompt"] == "slowly":
            self.released.wait(30)
        if trouble is not None:
            return self.answer(trouble, {"error": "no"})
        key = self.headers["Idempotency-Key"]
        self.pictures.setdefault(key, {"looks": 0, "count": asked["count"]})
        return self.answer(200, {"id": key})

    def do_GET(self) -> None:
        picture = self.pictures.get(self.path.rsplit("/", 1)[1])
        if picture is None:
            return self.answer(404, {"error": "unknown"})
        picture["looks"] += 1
        if picture["looks"] < 3:
            return self.answer(200, {"status": "painting", "percent": 30 * picture["looks"]})
        urls = [f"https://cdn.acme.example/{number}.png" for number in range(picture["count"])]
        return self.answer(200, {"status": "done", "urls": urls})

    def do_DELETE(self) -> None:
        self.answer(404 if self.path.rsplit("/", 1)[1] not in self.pictures else 204, None)

    def answer(self, status: int, body: object) -> None:
        data = b"" if body is None else json.dumps(body).encode()
        with suppress(BrokenPipeError):  # who asked may have gone
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.send_header("Retry-After", "7")
            self.end_headers()
            self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        pass


@pytest.fixture
def acme() -> Iterator[str]:
    Acme.released = threading.Event()
    with ThreadingHTTPServer(("127.0.0.1", 0), Acme) as server:
        server.block_on_close = False
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        Acme.released.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The example as `pip install` leaves it."""
    project = tomllib.loads(blocks("toml")[0])["project"]
    folder = tmp_path / "site-packages"
    metadata = folder / f"acme_pixie-{project['version']}.dist-info"
    metadata.mkdir(parents=True)
    (folder / "acme_pixie.py").write_text(blocks("python")[0], encoding="utf-8")
    (metadata / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n", encoding="utf-8"
    )
    entries = project["entry-points"][GROUP]
    lines = "".join(f"{name} = {value}\n" for name, value in entries.items())
    (metadata / "entry_points.txt").write_text(f"[{GROUP}]\n{lines}", encoding="utf-8")
    monkeypatch.syspath_prepend(folder)
    yield
    sys.modules.pop("acme_pixie", None)
    importlib.invalidate_caches()


@pytest.fixture
async def tools(tmp_path: Path) -> AsyncIterator[ProviderTools]:
    async with ComputePool(size=1) as pool:
        yield ProviderTools(clock=FakeClock(datetime(2026, 1, 1, tzinfo=UTC)), compute=pool, scratch=tmp_path)


class TestTheExample(ProviderContract):
    @pytest.fixture
    def provider(self, package: None, acme: str, tools: ProviderTools) -> Provider:
        environ = {"PIXIE_ACME_API_KEY": "test", "PIXIE_ACME_BASE_URL": acme, "PIXIE_ACME_TIMEOUT_SECONDS": "20"}
        (provider,) = load_providers(["acme"], environ, tools)
        return provider

    @pytest.fixture
    def never_done(self) -> tuple[str, Change]:
        return "acme/paint", lambda request: replace(request, prompt="slowly")

    @pytest.fixture
    def never_possible(self) -> tuple[str, Change]:
        return "acme/paint", lambda request: replace(request, prompt="forbidden")

    @pytest.mark.parametrize(
        ("prompt", "expected"),
        [("unpaid", ProviderMisconfigured), ("busy", ProviderThrottled), ("broken", ProviderDown)],
    )
    async def test_it_translates_the_services_errors(
        self, prompt: str, expected: type[Exception], provider: Provider, tmp_path: Path
    ) -> None:
        request: GenerationRequest = replace(example_request(provider.cards()[0], tmp_path), prompt=prompt)

        with pytest.raises(expected):
            await provider.submit(request, ignore)


def test_the_page_shows_a_test_that_is_python() -> None:
    for block in blocks("python"):
        compile(block, str(PAGE), "exec")
