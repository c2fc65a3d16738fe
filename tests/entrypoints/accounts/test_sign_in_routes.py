"""The routes of sign-in as a client sees them, on a real database."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import jwt
import pytest

from tests.support.account_api import AccountApi, Answer, a_registration_body, account_api
from tests.support.builders.accounts import a_token

pytestmark = pytest.mark.infra


@pytest.fixture
async def api(database_url: str, tmp_path: Path) -> AsyncIterator[AccountApi]:
    async with account_api(database_url, tmp_path) as one:
        yield one


def problem(answer: Answer, status: int, code: str) -> dict[str, Any]:
    assert (answer.status_code, answer.json().get("code")) == (status, code), answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    body: dict[str, Any] = answer.json()
    return body


async def test_a_registration_answers_with_user_credits_and_tokens(api: AccountApi) -> None:
    answer = await api.post(
        "/api/auth/register", a_registration_body("Ada@Example.com"), accept_language="fa-IR,en;q=0.8"
    )

    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    assert set(body) == {"user", "access_token", "refresh_token", "token_type", "expires_in"}
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 900)
    assert body["refresh_token"].startswith("pxr_")
    user = body["user"]
    assert UUID(user.pop("id")).version == 7
    assert user.pop("created_at").endswith("Z")
    assert user.pop("last_login").endswith("Z")
    assert user == {
        "email": "Ada@example.com",
        "name": "Ada",
        "avatar_url": None,
        "role": "user",
        "subscription_type": "free",
        "email_verified": False,
        "locale": "fa",
        "credits": {"available": 100, "held": 0},
    }


async def test_the_access_token_opens_my_account(api: AccountApi) -> None:
    signed_in = await api.register()

    me = await api.get("/api/auth/me", token=signed_in["access_token"])

    assert me.status_code == 200
    assert me.json() == signed_in["user"]
    assert jwt.get_unverified_header(signed_in["access_token"])["typ"] == "at+jwt"


async def test_an_address_is_taken_once(api: AccountApi) -> None:
    await api.register("ada@example.com")

    problem(await api.post("/api/auth/register", a_registration_body("ADA@example.COM")), 409, "email_taken")


BAD_INPUT: list[tuple[dict[str, Any], int, str, str]] = [
    ({"email": "ada"}, 422, "invalid_email", "/email"),
    ({"password": "short"}, 422, "invalid_password", "/password"),
    ({"name": " "}, 422, "invalid_name", "/name"),
    ({"name": "A\x00"}, 400, "invalid_request", "/name"),
    ({"name": "A\x01"}, 422, "invalid_name", "/name"),
    ({"email": None}, 400, "invalid_request", "/email"),
    ({"password": 12345678}, 400, "invalid_request", "/password"),
    ({"password": "x" * 1025}, 400, "invalid_request", "/password"),
    ({"role": "admin"}, 400, "invalid_request", "/role"),
]
NO_BODIES = [b"", b"{", b"[]", b'"x"', b"null", b"\xff\xfe", b'{"email": "\\ud800@example.com"}']
NO_TOKENS = ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer nonsense", "Bearer a.b.c", f"Bearer {'x' * 5000}"]


async def test_bad_input_is_told_where_and_why(api: AccountApi) -> None:
    for changed, status, code, pointer in BAD_INPUT:
        answer = await api.post("/api/auth/register", a_registration_body(**changed))

        told = problem(answer, status, code)
        assert told["errors"][0]["pointer"] == pointer

    assert await api.database.fetchval("SELECT count(*) FROM users") == 0


async def test_what_is_no_body_is_refused(api: AccountApi) -> None:
    for path in ("register", "login", "refresh"):
        for content in NO_BODIES:
            answer = await api.client.post(
                f"/api/auth/{path}", content=content, headers={"Content-Type": "application/json"}
            )

            problem(answer, 400, "invalid_request")


async def test_a_repeated_registration_is_answered_as_the_first(api: AccountApi) -> None:
    first = await api.post("/api/auth/register", a_registration_body(), idempotency_key="k1")
    again = await api.post("/api/auth/register", a_registration_body(), idempotency_key="k1")
    other = await api.post("/api/auth/register", a_registration_body("eve@example.com"), idempotency_key="k1")

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again.headers["idempotent-replayed"] == "true"
    problem(other, 422, "idempotency_key_reused")
    assert await api.database.fetchval("SELECT count(*) FROM users") == 1


async def test_signing_in_again_opens_another_session(api: AccountApi) -> None:
    first = await api.register()

    answer = await api.login("ADA@example.com")

    assert answer.status_code == 200
    assert answer.json()["user"]["id"] == first["user"]["id"]
    assert answer.json()["user"]["credits"] == {"available": 100, "held": 0}
    assert (await api.get("/api/auth/me", token=first["access_token"])).status_code == 200


async def test_a_wrong_password_an_unknown_address_and_a_closed_account_look_the_same(api: AccountApi) -> None:
    await api.register("ada@example.com")
    await api.register("closed@example.com")
    await api.database.execute("UPDATE users SET is_active = false WHERE email = 'closed@example.com'")

    answers = [
        await api.login("ada@example.com", "wrong password"),
        await api.login("nobody@example.com"),
        await api.login("closed@example.com"),
    ]

    told = [problem(answer, 401, "invalid_credentials") for answer in answers]
    for body in told:
        body.pop("request_id")
    assert told[0] == told[1] == told[2]


async def test_signing_out_works_at_once_with_and_without_a_body(api: AccountApi) -> None:
    first = await api.register()
    second = (await api.login()).json()
    third = (await api.login()).json()

    without = await api.client.post("/api/auth/logout", headers={"Authorization": f"Bearer {second['access_token']}"})
    assert (without.status_code, without.content) == (204, b"")
    problem(await api.get("/api/auth/me", token=second["access_token"]), 401, "session_ended")
    problem(await api.post("/api/auth/logout", {}, token=second["access_token"]), 401, "session_ended")
    assert (await api.get("/api/auth/me", token=third["access_token"])).status_code == 200

    assert (await api.post("/api/auth/logout", {"everywhere": True}, token=third["access_token"])).status_code == 204
    for signed_in in (first, third):
        problem(await api.get("/api/auth/me", token=signed_in["access_token"]), 401, "session_ended")
        problem(
            await api.post("/api/auth/refresh", {"refresh_token": signed_in["refresh_token"]}), 401, "session_ended"
        )


async def test_a_wrong_logout_body_signs_nobody_out(api: AccountApi) -> None:
    token = (await api.register())["access_token"]

    problem(await api.post("/api/auth/logout", {"everywhere": "yes"}, token=token), 400, "invalid_request")

    assert (await api.get("/api/auth/me", token=token)).status_code == 200


async def test_tokens_are_refreshed_and_a_lost_answer_is_given_again(api: AccountApi) -> None:
    first = await api.register()

    pairs = await asyncio.gather(
        *(api.post("/api/auth/refresh", {"refresh_token": first["refresh_token"]}) for _ in range(4))
    )

    assert {answer.status_code for answer in pairs} == {200}
    assert len({answer.json()["refresh_token"] for answer in pairs}) == 1
    assert set(pairs[0].json()) == {"access_token", "refresh_token", "token_type", "expires_in"}
    assert pairs[0].headers["cache-control"] == "no-store"
    assert (await api.get("/api/auth/me", token=pairs[0].json()["access_token"])).status_code == 200


async def test_a_stolen_token_ends_the_session(database_url: str, tmp_path: Path) -> None:
    async with account_api(database_url, tmp_path, PIXIE_AUTH_REFRESH_GRACE="0") as api:
        first = await api.register()
        second = (await api.post("/api/auth/refresh", {"refresh_token": first["refresh_token"]})).json()

        replay = await api.post("/api/auth/refresh", {"refresh_token": first["refresh_token"]})

        problem(replay, 401, "refresh_token_reused")
        problem(await api.get("/api/auth/me", token=second["access_token"]), 401, "session_ended")


async def test_an_unknown_refresh_token_is_refused(api: AccountApi) -> None:
    for token in ("", "pxr_", a_token("unknown").text):
        problem(await api.post("/api/auth/refresh", {"refresh_token": token}), 401, "invalid_refresh_token")


async def test_without_a_token_of_ours_nothing_opens(api: AccountApi) -> None:
    for authorization in NO_TOKENS:
        headers = {"Authorization": authorization} if authorization else {}

        answer = await api.client.get("/api/auth/me", headers=headers)

        problem(answer, 401, "not_signed_in")
        assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_an_expired_access_token_says_so(database_url: str, tmp_path: Path) -> None:
    async with account_api(database_url, tmp_path, PIXIE_AUTH_ACCESS_LIFETIME="1") as api:
        token = (await api.register())["access_token"]
        await asyncio.sleep(1.1)

        problem(await api.get("/api/auth/me", token=token), 401, "token_expired")


async def test_tokens_can_be_signed_with_a_shared_secret_by_setting(database_url: str, tmp_path: Path) -> None:
    secret = "a shared secret of good length, 32 bytes or more"
    async with account_api(database_url, tmp_path, PIXIE_AUTH_ALGORITHM="HS256", JWT_SECRET=secret) as api:
        token = (await api.register())["access_token"]

        claims = jwt.decode(token, secret, algorithms=["HS256"], audience="pixie")
        assert (await api.get("/api/auth/me", token=token)).json()["id"] == claims["sub"]


async def test_my_devices_are_listed_and_can_be_signed_out(api: AccountApi) -> None:
    laptop = await api.register(user_agent="Firefox/140")
    phone = (await api.login()).json()
    await api.register("eve@example.com")

    listed = (await api.get("/api/auth/sessions", token=laptop["access_token"])).json()
    page = (await api.get("/api/auth/sessions", token=laptop["access_token"], limit="1")).json()
    rest = await api.get("/api/auth/sessions", token=laptop["access_token"], cursor=page["next_cursor"])

    assert listed["next_cursor"] is None
    assert [item["current"] for item in listed["items"]] == [False, True]
    assert listed["items"][1]["user_agent"] == "Firefox/140"
    assert listed["items"][1]["ip_address"] == "192.0.2.7"
    assert [item["id"] for item in rest.json()["items"]] == [listed["items"][1]["id"]]
    ended = await api.delete(f"/api/auth/sessions/{listed['items'][0]['id']}", token=laptop["access_token"])
    assert ended.status_code == 204
    problem(await api.get("/api/auth/me", token=phone["access_token"]), 401, "session_ended")


async def test_sessions_of_others_are_not_there(api: AccountApi) -> None:
    mine = await api.register()
    theirs = await api.register("eve@example.com")
    their_id = (await api.get("/api/auth/sessions", token=theirs["access_token"])).json()["items"][0]["id"]

    for session_id in (their_id, str(uuid4())):
        answer = await api.delete(f"/api/auth/sessions/{session_id}", token=mine["access_token"])
        problem(answer, 404, "session_not_found")

    assert (await api.get("/api/auth/me", token=theirs["access_token"])).status_code == 200


async def test_a_crowd_is_asked_to_come_back_and_light_requests_go_on(database_url: str, tmp_path: Path) -> None:
    async with account_api(
        database_url,
        tmp_path,
        PIXIE_AUTH_BCRYPT_COST="9",
        PIXIE_AUTH_HASH_THREADS="1",
        PIXIE_AUTH_HASH_MAX_WAIT="0.2",
    ) as api:
        token = (await api.register())["access_token"]
        crowd = asyncio.gather(*(api.login(password="wrong") for _ in range(40)))
        light = await api.get("/api/auth/me", token=token)
        answers = await crowd

    assert light.status_code == 200
    assert {answer.status_code for answer in answers} == {401, 429}
    refused = [answer for answer in answers if answer.status_code == 429]
    assert problem(refused[0], 429, "too_busy")
    assert int(refused[0].headers["retry-after"]) >= 1
