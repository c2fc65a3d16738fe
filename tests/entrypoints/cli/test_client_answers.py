"""The client before servers that are no Pixie, or no good one: everything ends as a sentence."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest

from pixie.adapters.kernel.embedded.ports import free_port
from pixie.entrypoints.cli.client.answers import File, Tokens
from pixie.entrypoints.cli.client.pixie_client import PixieClient
from pixie.entrypoints.cli.client.transport import Transport, checked_url, is_near
from pixie.entrypoints.cli.client.troubles import BadOrder, Damaged, NoAnswer, NotPixie, Refused

Answer = tuple[int, str, str]
ME = json.dumps({"id": "1", "email": "a@example.com", "credits": {"available": 1, "held": 0}})
JSON, PROBLEM = "application/json", "application/problem+json"
BRISK = (0.01, 0.01)


def problem(status: int, code: str, **more: object) -> Answer:
    return (
        status,
        PROBLEM,
        json.dumps({"title": "Trouble", "status": status, "code": code, "detail": "So it is.", **more}),
    )


class Scripted(BaseHTTPRequestHandler):
    answers: ClassVar[list[Answer]]
    asked: ClassVar[list[str]]

    def do_GET(self) -> None:
        self.asked.append(f"{self.path} {self.headers.get('Authorization', '')}")
        status, kind, text = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if status == 302:
            self.send_header("Location", "https://elsewhere.example.com/")
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        del format, args


@contextmanager
def server(*answers: Answer) -> Iterator[tuple[str, list[str]]]:
    handler = type("Handler", (Scripted,), {"answers": list(answers), "asked": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as serving:
        Thread(target=serving.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{serving.server_port}", handler.asked  # type: ignore[attr-defined]  # it was just put there
        finally:
            serving.shutdown()


async def me(url: str, key: str = "k") -> str:
    async with PixieClient(Transport(url, key=key, pauses=BRISK)) as client:
        return (await client.me()).email


@pytest.mark.parametrize(
    "answer", [(200, "text/html", "<html>"), (404, "text/html", "no"), (302, JSON, ""), (200, JSON, "{}")], ids=str
)
async def test_what_is_no_pixie_is_told(answer: Answer) -> None:
    with server(answer) as (url, _), pytest.raises(NotPixie, match="no Pixie"):
        await me(url)


async def test_nobody_there_is_told_at_once() -> None:
    with pytest.raises(NoAnswer, match="nobody can be reached"):
        await me(f"http://127.0.0.1:{free_port()}")


async def test_trouble_that_passes_is_waited_for() -> None:
    with server((503, "text/plain", "busy"), problem(429, "rate_limited"), (200, JSON, ME)) as (url, asked):
        assert await me(url) == "a@example.com"
        assert len(asked) == 3


async def test_trouble_that_stays_ends_in_a_sentence() -> None:
    with server(problem(503, "database_unavailable")) as (url, asked), pytest.raises(Refused, match="So it is"):
        await me(url)
    assert len(asked) == len(BRISK) + 1


async def test_a_model_that_is_switched_off_is_not_waited_for() -> None:
    with server(problem(503, "model_unavailable")) as (url, asked), pytest.raises(Refused):
        await me(url)
    assert len(asked) == 1


async def test_fields_are_named_and_said_once() -> None:
    errors = [{"pointer": "/seed", "message": "So it is."}, {"pointer": "/prompt", "message": "too long"}]
    with server(problem(422, "invalid_parameters", errors=errors)) as (url, _), pytest.raises(Refused) as told:
        await me(url)
    assert told.value.lines == ("Trouble: So it is.", "  at /seed", "  /prompt: too long")


async def test_faults_of_the_server_name_the_request() -> None:
    with server(problem(500, "internal_error", request_id="r-1")) as (url, _), pytest.raises(Refused, match="r-1"):
        await me(url)


async def test_a_token_that_ran_out_is_renewed_once_for_all_who_wait() -> None:
    tokens = json.dumps({"access_token": "new", "refresh_token": "next"})
    with server(problem(401, "not_signed_in"), (200, JSON, tokens), (200, JSON, ME)) as (url, asked):
        transport = Transport(url, pauses=BRISK)
        transport.sign_in(Tokens(access_token="old", refresh_token="r"))
        async with PixieClient(transport) as client:
            assert (await client.me()).email == "a@example.com"
    assert asked == ["/api/auth/me Bearer old", "/api/auth/refresh ", "/api/auth/me Bearer new"]


async def test_a_key_alone_cannot_be_renewed() -> None:
    with server(problem(401, "not_signed_in")) as (url, asked), pytest.raises(Refused) as told:
        await me(url)
    assert len(asked) == 1
    assert "PIXIE_KEY" in told.value.advice


async def test_a_file_that_is_not_what_pixie_has_never_comes_to_its_place(tmp_path: Path) -> None:
    file = File(id="f", original_name="a", mime_type="image/png", file_size=5, checksum_sha256="0" * 64)
    with server((200, "image/png", "other")) as (url, asked):
        async with PixieClient(Transport(url, key="k", pauses=BRISK)) as client:
            with pytest.raises(Damaged, match="arrived damaged"):
                await client.save(file, tmp_path / "a.png")
    assert len(asked) == len(BRISK) + 1
    assert not any(tmp_path.iterdir())  # noqa: ASYNC240 - a test waits for nobody


@pytest.mark.parametrize("url", ["", "pixie", "ftp://a", "http://", "http://a:port", "http://[::1"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(BadOrder, match="no address"):
        checked_url(url)


def test_near_is_what_never_leaves_this_machine() -> None:
    assert all(map(is_near, ["http://127.0.0.1:1", "http://[::1]:1", "http://localhost", "http://a.localhost"]))
    assert not any(map(is_near, ["http://10.0.0.1", "http://example.com", "http://localhost.example.com"]))


def test_secrets_do_not_show_themselves() -> None:
    assert "secret" not in repr(Tokens(access_token="secret", refresh_token="secret"))
