"""Documented problems."""

from collections import defaultdict
from typing import Any

from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example

from pixie.application.kernel.errors import DatabaseUnavailable, InvalidRequest, NotSignedIn, RequestTooLarge
from pixie.domain.kernel.errors import PixieError
from pixie.entrypoints.http.kernel.problem import MEDIA_TYPE, STATUS, Problem, problem_type


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
        "type": problem_type(error.code),
        "title": error.title,
        "status": status,
        "code": error.code,
        "detail": (error.__doc__ or error.title).strip().split("\n")[0],
        "request_id": "0192f3a45b6c7d8e9fa0b1c2d3e4f506",
    }
    return Example(id=error.code, summary=error.title, value=value)
