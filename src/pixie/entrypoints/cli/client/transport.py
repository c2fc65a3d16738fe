"""Asking a Pixie over HTTP: signing in again when a token has run out, asking again when an answer got lost."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from ipaddress import ip_address
from typing import IO, Final, NoReturn, TypeVar
from urllib.parse import urlsplit

import httpx
import msgspec

from pixie.entrypoints.cli.client.answers import JsonObject, Problem, Tokens
from pixie.entrypoints.cli.client.troubles import BadOrder, NoAnswer, NotPixie, Refused

Body = JsonObject | None
Answer = TypeVar("Answer")
Form = Callable[[], Mapping[str, tuple[str, IO[bytes]]]]
"""Opens the parts of a form, once for each time that it is sent."""

PAUSES: Final = (0.2, 0.5, 1.0, 2.0, 4.0)
LONGEST_PAUSE: Final = 30.0
TIMES: Final = httpx.Timeout(60, connect=5)
SILENCE: Final = httpx.Timeout(30, connect=5)
"""A stream that says nothing for so long is broken: Pixie gives a sign of life every ten seconds."""


class Transport:
    """One user's way to one Pixie. Whatever it asks may be asked twice: all that makes something carries a key."""

    def __init__(self, url: str, *, key: str | None = None, pauses: tuple[float, ...] = PAUSES) -> None:
        self.url = checked_url(url)
        self.pauses = pauses
        self._key = key
        self._refresh_token: str | None = None
        self._renewing = asyncio.Lock()
        self._met = False
        self._http = httpx.AsyncClient(
            base_url=self.url,
            timeout=TIMES,
            trust_env=not is_near(self.url),  # no proxy leads to this machine
            headers={"User-Agent": "pixie-shell", "Accept": "application/json"},
            limits=httpx.Limits(max_connections=50),
        )

    async def close(self) -> None:
        await self._http.aclose()

    def sign_in(self, tokens: Tokens) -> None:
        self._key, self._refresh_token = tokens.access_token, tokens.refresh_token

    async def ask(
        self,
        method: str,
        path: str,
        answer: type[Answer],
        *,
        body: Body = None,
        form: Form | None = None,
        once: str | None = None,
    ) -> Answer:
        """The answer. `once` is an idempotency key. Raises `ClientTrouble`."""
        headers = {"Idempotency-Key": once} if once else {}
        for pause in (*self.pauses, None):
            try:
                return _decoded(await self._sent(method, path, body, form, headers), answer, self.url)
            except httpx.TransportError as error:
                if pause is None or not self._met:
                    raise NoAnswer(self.url, described(error)) from error
                await asyncio.sleep(pause)
            except Refused as error:
                if pause is None or not error.passing:
                    raise
                await asyncio.sleep(max(pause, min(error.retry_after or 0, LONGEST_PAUSE)))
        raise AssertionError("the last try has no pause")

    def stream(
        self, path: str, *, headers: Mapping[str, str], follow: bool = False
    ) -> AbstractAsyncContextManager[httpx.Response]:
        """An open answer; `check` it before you read."""
        timeout = TIMES if follow else SILENCE
        return self._http.stream(
            "GET", path, headers={**self._signed(), **headers}, timeout=timeout, follow_redirects=follow
        )

    async def check(self, answer: httpx.Response) -> None:
        """Raises `Refused` or `NotPixie` for what is no success."""
        self._met = True
        if not answer.is_success:
            await answer.aread()
            _refuse(answer, self.url)

    async def renewed(self, error: Refused) -> bool:
        """Whether a token that ran out was replaced, so that it makes sense to ask again."""
        if error.problem.status != httpx.codes.UNAUTHORIZED or self._refresh_token is None:
            return False
        await self._renew(self._key)
        return True

    async def _sent(
        self, method: str, path: str, body: Body, form: Form | None, headers: Mapping[str, str]
    ) -> httpx.Response:
        used = self._key
        answer = await self._send_once(method, path, body, form, headers)
        if answer.status_code == httpx.codes.UNAUTHORIZED and self._refresh_token is not None:
            await self._renew(used)
            answer = await self._send_once(method, path, body, form, headers)
        return answer

    async def _send_once(
        self, method: str, path: str, body: Body, form: Form | None, headers: Mapping[str, str]
    ) -> httpx.Response:
        parts = form() if form else None
        try:
            answer = await self._http.request(
                method,
                path,
                json=body,
                files=parts,
                data={"is_temporary": "true"} if parts else None,
                headers={**self._signed(), **headers},
            )
        finally:
            for _, file in (parts or {}).values():
                file.close()
        self._met = True
        return answer

    async def _renew(self, used: str | None) -> None:
        async with self._renewing:
            if self._key != used:
                return  # somebody else has done it meanwhile
            answer = await self._http.post("/api/auth/refresh", json={"refresh_token": self._refresh_token})
            self.sign_in(_decoded(answer, Tokens, self.url))

    def _signed(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._key}"} if self._key else {}


def checked_url(url: str) -> str:
    """The address without a slash at its end. Raises `BadOrder` when it is none."""
    try:
        parts = urlsplit(url)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        sound = False
    if not sound:
        raise BadOrder(
            f"{url!r} is no address of a Pixie.", advice="Write it whole, e.g. --url https://pixie.example.com"
        )
    return url.rstrip("/")


def is_near(url: str) -> bool:
    """Whether the address is one of this machine."""
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def described(error: httpx.TransportError) -> str:
    match error:
        case httpx.ConnectTimeout():
            return "the connection is not taken"
        case httpx.TimeoutException():
            return "the answer does not come"
        case httpx.ConnectError():
            return "nobody can be reached there"
        case _:
            return "the connection broke"


def _decoded(answer: httpx.Response, kind: type[Answer], url: str) -> Answer:
    if not answer.is_success:
        _refuse(answer, url)
    try:
        return msgspec.json.decode(answer.content or b"null", type=kind)
    except msgspec.DecodeError as error:
        raise NotPixie(url, f"its answer makes no sense ({error})") from error


def _refuse(answer: httpx.Response, url: str) -> NoReturn:
    if answer.is_redirect:
        raise NotPixie(url, f"it sends us on to {answer.headers.get('Location', 'somewhere else')}")
    raise Refused(_problem(answer, url), _retry_after(answer))


def _problem(answer: httpx.Response, url: str) -> Problem:
    """What it says; where a proxy speaks in its place, what can be known."""
    try:
        return msgspec.json.decode(answer.content, type=Problem)
    except msgspec.DecodeError as error:
        if answer.status_code not in {429, 502, 503, 504}:
            raise NotPixie(url, f"HTTP {answer.status_code} without a reason") from error
    return Problem(title=answer.reason_phrase or "No answer", code="", status=answer.status_code)


def _retry_after(answer: httpx.Response) -> float | None:
    said = answer.headers.get("Retry-After", "")
    return float(said) if said.isascii() and said.isdigit() else None
