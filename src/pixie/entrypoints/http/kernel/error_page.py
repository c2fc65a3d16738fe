"""The page that a problem's `type` leads to."""

from collections.abc import Iterator
from functools import cache
from html import escape

from litestar import Controller, get
from litestar.enums import MediaType

from pixie.domain.kernel.errors import PixieError
from pixie.entrypoints.http.kernel.problem import STATUS

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Problems of the Pixie API</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #223 }}
table {{ border-collapse: collapse; width: 100% }}
th, td {{ text-align: left; padding: .4rem .8rem; border-bottom: 1px solid #ccd }}
tr:target {{ background: #fe9 }}
code {{ font-family: ui-monospace, monospace }}
</style>
</head>
<body>
<h1>Problems</h1>
<p>Whatever goes wrong is answered as <code>application/problem+json</code> (RFC 9457). The <code>code</code> never
changes; texts may.</p>
<table>
<thead><tr><th>code</th><th>status</th><th>what it is</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
</body>
</html>
"""
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

    @get("/docs/errors", media_type=MediaType.HTML)
    async def page(self) -> str:
        return _page()


@cache
def _page() -> str:
    known = {code: (status, title) for code, status, title in FRAMEWORK}
    known |= {error.code: (STATUS[error.kind], error.title) for error in _all(PixieError)}
    rows = "\n".join(
        f'<tr id="{escape(code)}"><td><code>{escape(code)}</code></td><td>{status}</td><td>{escape(title)}</td></tr>'
        for code, (status, title) in sorted(known.items())
    )
    return PAGE.format(rows=rows)


def _all(error: type[PixieError]) -> Iterator[type[PixieError]]:
    for kind in error.__subclasses__():
        if hasattr(kind, "code"):
            yield kind
        yield from _all(kind)
