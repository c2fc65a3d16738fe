"""The API's own description: `/openapi.json`, and `/docs`, which needs no internet."""

import gzip
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

import swagger_ui  # type: ignore[import-untyped]  # only its files are of interest
from dishka import FromDishka
from litestar import Controller, Litestar, Request, route
from litestar.exceptions import NotFoundException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, License, Tag
from litestar.params import FromPath
from litestar.response.base import ASGIResponse
from litestar.serialization import encode_json

from pixie.entrypoints.http.kernel.bodies import BodyExamples, describe_bodies
from pixie.entrypoints.http.kernel.fixed import FRESHLY, READ, answer, answer_page
from pixie.entrypoints.http.kernel.operations import SECURITY_SCHEMES
from pixie.entrypoints.http.kernel.preferences import takes_gzip
from pixie.entrypoints.web.page import Frame, Page, asset, link, page

ASSETS: Final = Path(swagger_ui.__file__).parent / "static"
TYPES: Final = {"swagger-ui.css": "text/css", "swagger-ui-bundle.js": "text/javascript"}
_DOCUMENT: Final = "openapi_document"
DAY: Final = {"Cache-Control": "public, max-age=86400"}
HEAD: Final = """<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
<script src="/docs/assets/swagger-ui-bundle.js" defer></script>
"""
DESCRIPTION = """The backend of an AI picture and video editor: sign-in, files, AI jobs over many providers, credits.

Send `Authorization: Bearer <access token>`; POST /api/auth/register or /login gives you one. Errors are RFC 9457
problems with a stable `code`. Lists are pages: pass `next_cursor` on as `cursor`. A POST that creates or charges
takes an `Idempotency-Key`, and answers a repeated request as it did the first time. No text may contain U+0000.
"""
TAGS = (
    Tag(name="Authentication", description="Accounts, sign-in, sessions."),
    Tag(name="Files", description="Pictures in and out."),
    Tag(name="AI jobs", description="Making and changing pictures and videos."),
    Tag(name="Events", description="Following work as it goes on."),
    Tag(name="Operations", description="For those who run Pixie."),
)


class Nowhere(JsonRenderPlugin):
    """Litestar would serve its own version of the document, under an address of its own."""

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:  # noqa: ARG002 - Litestar's
        raise NotFoundException


def openapi_config(version: str) -> OpenAPIConfig:
    return OpenAPIConfig(
        title="Pixie",
        version=version,
        description=DESCRIPTION,
        license=License(name="Apache-2.0", identifier="Apache-2.0"),
        tags=list(TAGS),
        path="/docs/schema",
        render_plugins=[Nowhere()],
        components=Components(security_schemes=SECURITY_SCHEMES),
        use_handler_docstrings=True,
    )


class DocsController(Controller):
    include_in_schema = False

    @route("/openapi.json", http_method=READ)
    async def document(self, request: Request[Any, Any, Any], examples: FromDishka[BodyExamples]) -> ASGIResponse:
        """At the root, where clients look for it."""
        return _smaller(request, _document(request.app, examples), "application/json", FRESHLY)

    @route("/docs", http_method=READ)
    async def page(self, request: Request[Any, Any, Any]) -> ASGIResponse:
        return answer_page(request, _page())

    @route("/docs/assets/{name:str}", http_method=READ)
    async def asset(self, request: Request[Any, Any, Any], name: FromPath[str]) -> ASGIResponse:
        if name not in TYPES:
            raise NotFoundException
        return _smaller(request, _asset(name), TYPES[name], DAY)


def _smaller(request: Request[Any, Any, Any], body: bytes, media_type: str, headers: Mapping[str, str]) -> ASGIResponse:
    headers = {**headers, "Vary": "Accept-Encoding"}
    if not takes_gzip(request.headers.get("accept-encoding")):
        return answer(request, body, media_type, headers)
    return answer(request, _zipped(body), media_type, {**headers, "Content-Encoding": "gzip"})


def _document(app: Litestar, examples: BodyExamples) -> bytes:
    """Made once for each app; neither its routes nor its models change while it runs."""
    if _DOCUMENT not in app.state:
        app.state[_DOCUMENT] = encode_json(describe_bodies(app.openapi_schema.to_schema(), app, examples))
    document: bytes = app.state[_DOCUMENT]
    return document


@cache
def _page() -> Page:
    frame = Frame(
        name="docs",
        title="Pixie API",
        links=link("/docs/errors", "Problems"),
        head=HEAD,
        styles=("frame.css", "docs.css"),
        script="docs.js",
        allow={"script-src": "'self'", "style-src": "'self'", "img-src": "blob:"},
    )
    return page(frame, asset("docs.html"))


@cache
def _asset(name: str) -> bytes:
    return (ASSETS / name).read_bytes()


@lru_cache(maxsize=len(TYPES) + 1)
def _zipped(body: bytes) -> bytes:
    return gzip.compress(body, mtime=0)
