"""How JSON bodies are read, by a route that takes one."""

from collections.abc import Iterator
from typing import Annotated

import pytest
from litestar import Litestar, get, post
from litestar.params import HeaderParameter, JSONBody, QueryParameter
from litestar.testing import TestClient
from msgspec import Meta, Struct

from pixie.entrypoints.http.errors import EXCEPTION_HANDLERS
from pixie.entrypoints.http.kernel.pagination import Cursor, Limit
from pixie.entrypoints.http.kernel.shape_faults import NO_NULL, RATIO
from pixie.entrypoints.http.kernel.strict_request import StrictRequest


class Order(Struct, forbid_unknown_fields=True):
    count: Annotated[int, Meta(ge=0)]
    share: float = 0.5
    gift: bool = False
    words: str | None = None
    shape: Annotated[str, Meta(pattern=RATIO)] | None = None
    letters: Annotated[str, Meta(pattern="^[a-z]$")] | None = None
    rest: dict[str, object] = {}


@post("/orders")
async def order(data: JSONBody[Order]) -> Order:
    return data


@post("/orders/maybe")
async def maybe(data: JSONBody[Order | None] = None) -> bool:
    return data is not None


@get("/orders")
async def orders(
    limit: Limit = 20,
    cursor: Cursor = None,
    words: Annotated[str | None, QueryParameter(max_length=5, pattern=NO_NULL)] = None,
    last_word: Annotated[int, HeaderParameter(name="Last-Word", ge=0)] = 0,
) -> str:
    return f"{limit} {cursor} {words} {last_word}"


@pytest.fixture
def client() -> Iterator[TestClient[Litestar]]:
    app = Litestar([order, maybe, orders], request_class=StrictRequest, exception_handlers=EXCEPTION_HANDLERS)
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
        ("{}", "/count"),
        ('{"count": 1, "a/b~c": 1}', "/a~1b~0c"),
        ('{"count": 1, "words": "a\\u0000b"}', "/words"),
        ('{"count": 1, "rest": {"deep": [0, {"x/y": "\\u0000"}]}}', "/rest/deep/1/x~1y"),
        ('{"count": 1, "rest": {"a": {"b\\u0000": 1}}}', "/rest/a"),
        ('{"count": 1, "rest": {"deep": [' + "9" * 5_000 + "]}}", "/rest/deep/0"),
        (
            '{"count": 7.0, "rest": {"x": 0, "deep": ' + "[" * 90 + "9" * 5_000 + "]" * 90 + "}}",
            "/rest/deep/0/0/0/0/0/0",
        ),
        ('{"count": ' + "9" * 5_000 + "}", "/count"),
    ],
)
def test_a_value_of_another_type_is_refused_with_its_place(
    client: TestClient[Litestar], body: str, pointer: str
) -> None:
    answer = client.post("/orders", content=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ("{}", "/count: is missing"),
        ('{"count": 1, "more": 2}', "/more: is not known here"),
        ('{"count": "7"}', "/count: must be a whole number, not a text"),
        ('{"count": -1}', "/count: must be at least 0"),
        ('{"count": 1, "words": 5}', "/words: must be a text or null, not a whole number"),
        ('{"count": 1, "words": "\\u0000"}', "/words: may not contain the character U+0000"),
        ('{"count": 1, "shape": "x"}', "/shape: must be two whole numbers from 1 to 99 with a colon between them, "),
        ('{"count": 1, "letters": "A"}', "/letters: must match ^[a-z]$"),
        ('{"count": 1, "rest": {"a": ' + "9" * 5_000 + "}}", "/rest/a: has more digits than can be read"),
        ("[]", "must be an object, not a list"),
        ("", "The request has no body"),
    ],
)
def test_what_is_wrong_is_told_in_a_sentence(client: TestClient[Litestar], body: str, detail: str) -> None:
    told = client.post("/orders", content=body).json()

    assert told["detail"].startswith(detail)
    assert told["errors"]


def test_an_escaped_backslash_before_u0000_is_no_null_character(client: TestClient[Litestar]) -> None:
    answer = client.post("/orders", content='{"count": 1, "words": "\\\\u0000"}')

    assert (answer.status_code, answer.json()["words"]) == (201, "\\u0000")


def test_of_thousands_of_faults_some_are_told(client: TestClient[Litestar]) -> None:
    answer = client.post("/orders", content='{"count": 1, "rest": {"a": [' + ",".join(['"\\u0000"'] * 5_000) + "]}}")

    assert answer.status_code == 400
    assert len(answer.json()["errors"]) == 20


@pytest.mark.parametrize(
    ("query", "name", "message"),
    [
        ("limit=0", "limit", "must be at least 1"),
        ("limit=many", "limit", "must be a whole number, not a text"),
        ("words=" + "x" * 9, "words", "must have at most 5 characters"),
        ("words=%00", "words", "may not contain the character U+0000"),
        ("cursor=x", "cursor", "is no cursor that Pixie gave out"),
    ],
)
def test_a_query_parameter_at_fault_is_named(client: TestClient[Litestar], query: str, name: str, message: str) -> None:
    told = client.get(f"/orders?{query}").json()

    assert told["errors"] == [{"parameter": name, "message": message}]
    assert told["detail"] == f"{name}: {message}"


def test_a_header_at_fault_is_named_as_it_is_sent(client: TestClient[Litestar]) -> None:
    told = client.get("/orders", headers={"Last-Word": "-1"}).json()

    assert told["errors"] == [{"parameter": "Last-Word", "message": "must be at least 0"}]


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
        "shape": None,
        "letters": None,
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
