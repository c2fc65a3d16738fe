"""The HTTP routes of accounts on a real database, without a server between."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from dishka import make_async_container
from dishka.integrations.litestar import DishkaRouter, LitestarProvider, setup_dishka
from litestar import Litestar
from litestar.datastructures import State

from pixie.adapters.kernel.database import Database
from pixie.application.kernel.ports import Clock
from pixie.entrypoints.http.accounts.controller import AccountController, SignInController
from pixie.entrypoints.http.errors import EXCEPTION_HANDLERS
from pixie.entrypoints.http.kernel.client import TRUSTED_PROXIES
from pixie.entrypoints.http.kernel.docs import openapi_config
from pixie.entrypoints.http.kernel.idempotency import keep_refusal
from pixie.entrypoints.http.kernel.strict_request import StrictRequest
from pixie.entrypoints.wiring.accounts import AccountsWiring
from pixie.entrypoints.wiring.credits import CreditsWiring
from pixie.entrypoints.wiring.http import HttpWiring
from pixie.entrypoints.wiring.kernel import KernelWiring
from pixie.entrypoints.wiring.notifications import NotificationsWiring
from pixie.entrypoints.wiring.settings.tree import Settings
from tests.support.builders.accounts import PASSWORD
from tests.support.builders.settings import development_settings

Answer = httpx.Response


class AccountApi:
    def __init__(self, client: httpx.AsyncClient, database: Database, clock: Clock) -> None:
        self.client = client
        self.database = database
        self.clock = clock

    async def post(self, path: str, body: object = None, *, token: str | None = None, **headers: str) -> Answer:
        return await self.client.post(path, json=body, headers=_headers(token, headers))

    async def get(self, path: str, *, token: str | None = None, **params: str) -> Answer:
        return await self.client.get(path, headers=_headers(token, {}), params=params)

    async def delete(self, path: str, *, token: str | None = None) -> Answer:
        return await self.client.delete(path, headers=_headers(token, {}))

    async def register(self, email: str = "ada@example.com", **headers: str) -> dict[str, Any]:
        answer = await self.post("/api/auth/register", a_registration_body(email), **headers)
        assert answer.status_code == 201, answer.text
        body: dict[str, Any] = answer.json()
        return body

    async def login(self, email: str = "ada@example.com", password: str = PASSWORD) -> Answer:
        return await self.post("/api/auth/login", {"email": email, "password": password})


def a_registration_body(email: str = "ada@example.com", **changed: object) -> dict[str, object]:
    return {"email": email, "password": PASSWORD, "name": "Ada", **changed}


@asynccontextmanager
async def account_api(database_url: str, data_dir: Path, **written: str) -> AsyncIterator[AccountApi]:
    settings = development_settings(
        data_dir, PIXIE_DATABASE_URL=database_url, **({"PIXIE_AUTH_BCRYPT_COST": "4"} | written)
    )
    container = make_async_container(
        KernelWiring(),
        AccountsWiring(),
        CreditsWiring(),
        NotificationsWiring(),
        HttpWiring(),
        LitestarProvider(),
        context={Settings: settings},
    )
    app = Litestar(
        route_handlers=[DishkaRouter("", route_handlers=[SignInController, AccountController])],
        exception_handlers=EXCEPTION_HANDLERS,
        after_exception=[keep_refusal],
        openapi_config=openapi_config("test"),
        state=State({TRUSTED_PROXIES: ()}),
        request_class=StrictRequest,
        logging_config=None,
    )
    setup_dishka(container, app)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False, client=("192.0.2.7", 5000))  # type: ignore[arg-type]  # Litestar names ASGI types of its own
    try:
        async with httpx.AsyncClient(transport=transport, base_url="http://pixie.test") as client:
            yield AccountApi(client, await container.get(Database), await container.get(Clock))
    finally:
        await container.close()


def _headers(token: str | None, headers: Mapping[str, str]) -> dict[str, str]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return named | ({"Authorization": f"Bearer {token}"} if token else {})
