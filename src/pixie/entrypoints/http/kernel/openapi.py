"""Answers in the API's description: problems, and examples of what is answered."""

from collections import defaultdict
from typing import Any

import msgspec
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example

from pixie.application.kernel.errors import DatabaseUnavailable, InvalidRequest, NotSignedIn, RequestTooLarge
from pixie.domain.kernel.errors import PixieError
from pixie.entrypoints.http.kernel.problem import MEDIA_TYPE, STATUS, Problem, problem_type

EXAMPLE_ORIGIN = "https://pixie.example.com"


def problems(*errors: type[PixieError]) -> dict[int, ResponseSpec]:
    """What may go wrong on a route, beside a malformed request: an entry for each status, an example for each code."""
    by_status: dict[int, list[type[PixieError]]] = defaultdict(list)
    found: tuple[type[PixieError], ...] = (InvalidRequest, *errors, RequestTooLarge, DatabaseUnavailable)
    for error in found:
        by_status[STATUS[error.kind]].append(error)
    return {status: _spec(status, kinds) for status, kinds in sorted(by_status.items())}


def signed_in_problems(*errors: type[PixieError]) -> dict[int, ResponseSpec]:
    """The same, for a route behind sign-in."""
    return problems(NotSignedIn, *errors)


def answer(example: object, description: str, *, of: Any = None, media_type: str = "application/json") -> ResponseSpec:  # noqa: ANN401 - a type
    """An answer with an example. `of` is its type, where that says more than the example's own class."""
    return ResponseSpec(
        data_container=of or type(example),
        generate_examples=False,
        description=description,
        media_type=media_type,
        examples=[Example(id="answer", summary=description, value=verbatim(example))],
    )


def verbatim(example: object) -> msgspec.Raw:
    """As it is sent. Of other values Litestar drops every null, and with it fields that are always there."""
    return msgspec.Raw(msgspec.json.encode(example))


def nothing(description: str) -> dict[int, ResponseSpec]:
    """An answer without a body, on a route that mostly has one."""
    return {204: ResponseSpec(data_container=None, generate_examples=False, description=description)}


def _spec(status: int, errors: list[type[PixieError]]) -> ResponseSpec:
    return ResponseSpec(
        data_container=Problem,
        generate_examples=False,
        description=", or ".join(dict.fromkeys(f"{error.title} (`{error.code}`)" for error in errors)),
        media_type=MEDIA_TYPE,
        examples=[_example(status, error) for error in errors],
    )


def _example(status: int, error: type[PixieError]) -> Example:
    value: dict[str, Any] = {
        "type": f"{EXAMPLE_ORIGIN}{problem_type(error.code)}",
        "title": error.title,
        "status": status,
        "code": error.code,
        "detail": (error.__doc__ or error.title).strip().split("\n")[0],
        "request_id": "0192f3a45b6c7d8e9fa0b1c2d3e4f506",
    }
    return Example(id=error.code, summary=error.title, value=value)
