"""The page that a problem's `type` leads to."""

from collections.abc import Iterator
from functools import cache
from html import escape
from typing import Any

from litestar import Controller, Request, route
from litestar.response.base import ASGIResponse

from pixie.domain.kernel.errors import PixieError
from pixie.entrypoints.http.kernel.fixed import READ, answer_page
from pixie.entrypoints.http.kernel.problem import STATUS
from pixie.entrypoints.web.page import Frame, Page, fill, link, page

FRAMEWORK = (
    ("invalid_request", 400, "Invalid request"),
    ("not_found", 404, "Not found"),
    ("method_not_allowed", 405, "Method not allowed"),
    ("range_not_satisfiable", 416, "Range not satisfiable"),
    ("internal_error", 500, "Internal error"),
)
"""What is found before any use case runs, or in spite of all of them."""


class ErrorPageController(Controller):
    include_in_schema = False

    @route("/docs/errors", http_method=READ)
    async def page(self, request: Request[Any, Any, Any]) -> ASGIResponse:
        return answer_page(request, _page())


@cache
def _page() -> Page:
    known = {code: (status, title) for code, status, title in FRAMEWORK}
    known |= {error.code: (STATUS[error.kind], error.title) for error in _all(PixieError)}
    rows = "\n".join(
        f'<tr id="{escape(code)}"><td><code>{escape(code).replace("_", "_<wbr>")}</code></td><td>{status}</td>'
        f"<td>{escape(title)}</td></tr>"
        for code, (status, title) in sorted(known.items())
    )
    frame = Frame(name="errors", title="Problems of the Pixie API", links=link("/docs", "API reference"))
    return page(frame, fill("errors.html", {"rows": rows}))


def _all(error: type[PixieError]) -> Iterator[type[PixieError]]:
    for kind in error.__subclasses__():
        if hasattr(kind, "code"):
            yield kind
        yield from _all(kind)
