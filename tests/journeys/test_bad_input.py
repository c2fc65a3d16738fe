"""Hand-made bad input: what an attacker, a broken client or an unlucky user sends."""

import json
import time
from uuid import uuid4

import httpx
import pytest

from tests.support.journey import RunningPixie
from tests.support.journey_person import Person, expect, scripted
from tests.support.pictures import picture, png_claiming, png_text_bomb

pytestmark = pytest.mark.journey

SOON = 2.0
HTML = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"
MEGABYTE = 1024 * 1024


def problem(answer: httpx.Response, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["request_id"] == answer.headers["x-request-id"]


@pytest.mark.parametrize(
    ("name", "data", "status", "code"),
    [
        ("huge.png", png_claiming(50_000, 50_000), 422, "image_too_many_pixels"),
        ("cut.jpg", picture("JPEG", 640, 480)[:-2_000], 422, "invalid_image"),
        ("page.png", HTML, 415, "unsupported_media_type"),
        ("empty.png", b"", 400, "invalid_request"),
        ("bomb.png", png_text_bomb(50), 422, "invalid_image"),
        ("noise.webp", b"RIFF\xff\xff\xff\xffWEBPVP8 " + bytes(500), 422, "invalid_image"),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value else "",
)
def test_a_picture_that_is_none_is_refused_at_once(
    pixie: RunningPixie, name: str, data: bytes, status: int, code: str
) -> None:
    with pixie.somebody() as mina:
        begun = time.monotonic()
        refused = mina.upload(data, name, "image/png")
        assert time.monotonic() - begun < SOON
        problem(refused, status, code)
        assert expect(mina.get(f"/api/files/user/{mina.id}"), 200)["items"] == []
    assert not list(pixie.system.folder.tmp.rglob("*upload*"))


def test_a_file_that_is_too_large_is_refused_and_so_is_any_large_body(pixie: RunningPixie) -> None:
    with pixie.somebody() as mina:
        problem(mina.upload(bytes(51 * MEGABYTE), "large.png", "image/png"), 413, "file_too_large")
        body = {**scripted(), "prompt": "x" * 2 * MEGABYTE}
        problem(mina.post("/api/ai/image/generate", body), 413, "request_too_large")
        assert mina.credits() == {"available": 100, "held": 0}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"job"',
        b"\xff\xfe{}",
        b'{"model": "scripted/image", "prompt": 7}',
        b'{"model": "scripted/image", "prompt": "x", "seed": "7"}',
        b'{"model": "scripted/image", "prompt": "x", "prompt2": "y"}',
        b'{"model": "scripted/image", "prompt": "x", "num_images": 1e400}',
        b'{"model": "scripted/image", "prompt": "\\ud800"}',
        b"[" * 100_000,
    ],
)
def test_a_body_of_the_wrong_shape_is_a_400_without_effect(pixie: RunningPixie, body: bytes) -> None:
    with pixie.somebody() as mina:
        headers = {**mina.headers, "Content-Type": "application/json"}
        problem(mina.client.post("/api/ai/image/generate", content=body, headers=headers), 400, "invalid_request")
        assert expect(mina.get("/api/ai/jobs"), 200)["items"] == []
        assert mina.credits() == {"available": 100, "held": 0}


@pytest.mark.parametrize(
    "parameters",
    [
        {"delay_ms": -1},
        {"no_such_parameter": True},
        {"mode": "\x00"},
        {"progress": list(range(1_000))},
        {"deep": json.loads("[" * 90 + "]" * 90)},
    ],
    ids=["out of bounds", "unknown", "a null byte", "too long", "deep"],
)
def test_parameters_that_a_model_does_not_take_are_a_422(pixie: RunningPixie, parameters: dict[str, object]) -> None:
    with pixie.somebody() as mina:
        refused = mina.post("/api/ai/image/generate", scripted(**parameters))
        assert refused.status_code in {400, 422}
        assert refused.headers["content-type"] == "application/problem+json"
        assert mina.credits() == {"available": 100, "held": 0}


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Bearer nonsense", "Basic YWRhOnNlY3JldA==", "Bearer a.b.c", f"Bearer {'x' * 5_000}", "Bearer \xff"],
)
def test_a_token_that_is_none_opens_nothing(pixie: RunningPixie, authorization: str) -> None:
    with pixie.client() as client:
        for path in ("/api/auth/me", "/api/ai/jobs", f"/api/files/{uuid4()}/metadata"):
            refused = client.get(path, headers={b"Authorization": authorization.encode("latin-1")})
            assert refused.status_code == 401
            assert refused.headers["www-authenticate"].startswith("Bearer")


def test_a_token_that_was_tampered_with_opens_nothing(pixie: RunningPixie) -> None:
    with pixie.somebody() as mina, pixie.somebody() as mallory:
        head, body, _ = mina.access_token.split(".")
        *_, signature = mallory.access_token.split(".")
        mallory.access_token = f"{head}.{body}.{signature}"
        problem(mallory.get("/api/auth/me"), 401, "not_signed_in")


def test_what_belongs_to_somebody_else_is_not_there(pixie: RunningPixie) -> None:
    with pixie.somebody() as mina, pixie.somebody() as mallory:
        job = mina.script()
        mina.finished(job["id"])
        photo = expect(mina.upload(picture("PNG", 32, 24)), 201)
        before = everything_of(mina)
        edit = {"model": "local/edit", "image_file_id": photo["id"], "parameters": {"operations": [{"op": "flip"}]}}
        answers = [
            mallory.get(f"/api/ai/jobs/{job['id']}/status"),
            mallory.get(f"/api/ai/jobs/{job['id']}/result"),
            mallory.get(f"/api/ai/jobs/{job['id']}/events"),
            mallory.delete(f"/api/ai/jobs/{job['id']}"),
            mallory.delete(f"/api/ai/jobs/{job['id']}?purge=true"),
            mallory.get(f"/api/files/{photo['id']}"),
            mallory.get(f"/api/files/{photo['id']}/metadata"),
            mallory.get(f"/api/files/{photo['id']}/thumbnail"),
            mallory.get(f"/api/files/{photo['id']}/url"),
            mallory.delete(f"/api/files/{photo['id']}"),
            mallory.get(f"/api/files/user/{mina.id}"),
            mallory.get(f"/api/ai/usage/{mina.id}"),
            mallory.post("/api/ai/image/edit", edit),
        ]
        assert {answer.status_code for answer in answers} == {404}
        assert everything_of(mina) == before


def everything_of(person: Person) -> list[object]:
    paths = ("/api/ai/jobs", f"/api/files/user/{person.id}", f"/api/ai/usage/{person.id}")
    return [person.credits(), *({**expect(person.get(path), 200)} for path in paths)]


def test_what_is_unknown_does_no_harm(pixie: RunningPixie) -> None:
    with pixie.somebody() as mina:
        assert mina.get("/api/auth/me", utm_source="mail", x="1").status_code == 200
        assert mina.get("/api/ai/jobs", unknown="1").status_code == 200
        problem(mina.get("/api/no/such/address"), 404, "not_found")
        problem(mina.post("/api/ai/models", {}), 405, "method_not_allowed")
        problem(mina.get("/api/ai/jobs/no-id/status"), 404, "not_found")
        problem(mina.get("/api/ai/jobs", limit=0), 400, "invalid_request")
        problem(mina.get("/api/ai/jobs", cursor="x"), 400, "invalid_request")
        problem(mina.get("/api/ai/jobs", status="lost"), 400, "invalid_request")


def test_a_refusal_may_come_under_a_key_that_has_an_answer(pixie: RunningPixie) -> None:
    with pixie.somebody() as mina:
        key = {**mina.headers, "Idempotency-Key": "twice"}
        good, bad = (("file", ("a.png", data, "image/png")) for data in (picture("PNG", 8, 8), b"no picture"))
        assert mina.client.post("/api/files/upload", files=[good], headers=key).status_code == 201
        refused = mina.client.post("/api/files/upload", files=[bad], headers=key)
        assert refused.status_code in {400, 415, 422}
        assert len(expect(mina.get(f"/api/files/user/{mina.id}"), 200)["items"]) == 1


@pytest.mark.parametrize(
    ("kind", "body", "pointer"),
    [
        ("generate", {"width": 8192, "height": 8192}, "/width"),
        ("generate", {"width": 512, "height": 512, "aspect_ratio": "1:1"}, "/aspect_ratio"),
        ("generate", {"width": 512}, "/height"),
        ("generate", {"aspect_ratio": "99:1"}, "/aspect_ratio"),
        ("generate", {"negative_prompt": "boats"}, "/negative_prompt"),
        ("edit", {"operations": [{"op": "blur", "radius": 2, "area": "mask"}]}, "/parameters/operations/0"),
        (
            "edit",
            {"operations": [{"op": "crop", "x": 0, "y": 0, "width": 33, "height": 1}]},
            "/parameters/operations/0",
        ),
        (
            "edit",
            {"operations": [{"op": "crop", "x": 0, "y": 0, "width": 5, "height": 1, "unit": "fraction"}]},
            "/parameters/operations/0",
        ),
    ],
)
def test_what_cannot_be_done_is_a_422_before_a_credit_moves(
    pixie: RunningPixie, kind: str, body: dict[str, object], pointer: str
) -> None:
    with pixie.somebody() as mina:
        photo = expect(mina.upload(picture("PNG", 32, 24)), 201)
        if kind == "edit":
            whole = {"model": "local/edit", "image_file_id": photo["id"], "parameters": body}
        else:
            whole = {"model": "local/sketch", "prompt": "a lake", **body}
        for path in (f"/api/ai/image/{kind}", "/api/ai/estimate"):
            refused = mina.post(path, whole)
            problem(refused, 422, "invalid_parameters")
            assert refused.json()["errors"][0]["pointer"] == pointer
        assert mina.credits() == {"available": 100, "held": 0}
        assert expect(mina.get("/api/ai/jobs"), 200)["items"] == []


def test_text_that_no_database_keeps_is_a_400_with_its_place(pixie: RunningPixie) -> None:
    with pixie.somebody() as mina:
        for body, pointer in (
            (scripted() | {"prompt": "a\0b"}, "/prompt"),
            (scripted() | {"model": "\0"}, "/model"),
            (scripted(deep={"x": ["\0"]}), "/parameters/deep/x/0"),
        ):
            refused = mina.post("/api/ai/image/generate", body)
            problem(refused, 400, "invalid_request")
            assert refused.json()["errors"] == [{"message": "may not contain the character U+0000", "pointer": pointer}]
        for path, name in (
            ("/api/ai/jobs", "q"),
            ("/api/ai/jobs", "model"),
            (f"/api/ai/usage/{mina.id}", "model"),
            ("/api/ai/models", "provider"),
            (f"/api/files/user/{mina.id}", "q"),
        ):
            refused = mina.get(path, **{name: "a\0b"})
            problem(refused, 400, "invalid_request")
            assert refused.json()["errors"][0]["parameter"] == name


def test_what_a_client_knows_already_is_not_sent_again_nor_to_anybody_else(pixie: RunningPixie) -> None:
    with pixie.somebody() as mina, pixie.somebody() as mallory:
        job = mina.script()
        mina.finished(job["id"])
        for path in (f"/api/ai/jobs/{job['id']}/status", f"/api/ai/jobs/{job['id']}/result"):
            first = mina.get(path)
            known = {"If-None-Match": first.headers["etag"]}
            again = mina.client.get(path, headers={**mina.headers, **known})
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["etag"] == first.headers["etag"]
            problem(mallory.client.get(path, headers={**mallory.headers, **known}), 404, "job_not_found")
            problem(mallory.client.get(path, headers={**mallory.headers, "If-None-Match": "*"}), 404, "job_not_found")
        waiting = mina.script(delay_ms=3_000)
        before = mina.get(f"/api/ai/jobs/{waiting['id']}/status").headers["etag"]
        mina.cancel(waiting["id"])
        after = mina.client.get(
            f"/api/ai/jobs/{waiting['id']}/status", headers={**mina.headers, "If-None-Match": before}
        )
        assert expect(after, 200)["status"] == "cancelled"
