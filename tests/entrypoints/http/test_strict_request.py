"""How JSON bodies are read, by a route that takes one."""

from collections.abc import Iterator
from typing import Annotated

import pytest
from litestar import Litestar, post
from litestar.params import JSONBody
from litestar.testing import TestClient
from msgspec import Meta, Struct

from pixie.entrypoints.http.errors import EXCEPTION_HANDLERS
from pixie.entrypoints.http.kernel.strict_request import StrictRequest


class Order(Struct, forbid_unknown_fields=True):
    count: Annotated[int, Meta(ge=0)]
    share: float = 0.5
    gift: bool = False
    words: str | None = None
    rest: dict[str, object] = {}


@post("/orders")
async def order(data: JSONBody[Order]) -> Order:
    return data


@post("/orders/maybe")
async def maybe(data: JSONBody[Order | None] = None) -> bool:
    return data is not None


@pytest.fixture
def client() -> Iterator[TestClient[Litestar]]:
    app = Litestar([order, maybe], request_class=StrictRequest, exception_handlers=EXCEPTION_HANDLERS)
    with TestClient(app) as one:
        yield one


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ('{"count": "7"}', "/count"),
        ('{"count": 7.5}', "/count"),
        ('{"count": true}', "/count"),
        ('{"count": -1}', "/count"),
        ('{"count": 1, "share": "0.5"}', "/share"),
        ('{"count": 1, "gift": 0}', "/gift"),
        ('{"count": 1, "gift": "yes"}', "/gift"),
        ('{"count": 1, "words": 5}', "/words"),
    ],
)
def test_a_value_of_another_type_is_refused_with_its_place(
    client: TestClient[Litestar], body: str, pointer: str
) -> None:
    answer = client.post("/orders", content=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


@pytest.mark.parametrize("body", ["[]", "null", '"order"', "{}", '{"count": 1, "more": 1}', ""])
def test_a_body_of_another_shape_is_refused(client: TestClient[Litestar], body: str) -> None:
    answer = client.post("/orders", content=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b'{"count": 1} x',
        b'{"count": NaN}',
        b'{"count": 1, "share": 1e400}',
        b'{"count": 1, "words": "\xff"}',
        b'{"count": 1, "rest": {"deep": ' + b"[" * 5_000 + b"]" * 5_000 + b"}}",
    ],
)
def test_what_is_no_json_is_refused(client: TestClient[Litestar], body: bytes) -> None:
    answer = client.post("/orders", content=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")


def test_a_whole_number_may_be_written_with_a_point(client: TestClient[Litestar]) -> None:
    answer = client.post("/orders", content='{"count": 7.0, "share": 1, "rest": {"half": 0.5, "ten": 1e1}}')
    assert answer.status_code == 201
    assert answer.json() == {
        "count": 7,
        "share": 1.0,
        "gift": False,
        "words": None,
        "rest": {"half": 0.5, "ten": 10},
    }


def test_where_a_body_may_be_missing_an_empty_one_is_none(client: TestClient[Litestar]) -> None:
    assert client.post("/orders/maybe").json() is False
    assert client.post("/orders/maybe", content='{"count": 1}').json() is True
    assert client.post("/orders/maybe", content='{"count": "1"}').status_code == 400


def test_a_missing_body_is_told_in_words(client: TestClient[Litestar]) -> None:
    answer = client.post("/orders")

    assert answer.status_code == 400
    assert answer.json()["detail"] == "The request has no body; it takes a JSON object."
