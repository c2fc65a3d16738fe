"""The API's own description: `/openapi.json`, and `/docs`, which needs no internet."""

from pathlib import Path
from typing import Any

import swagger_ui  # type: ignore[import-untyped]  # only its files are of interest
from dishka import FromDishka
from litestar import Controller, Request, Response, get
from litestar.enums import MediaType
from litestar.exceptions import NotFoundException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, License, Tag
from litestar.params import FromPath

from pixie.entrypoints.http.kernel.bodies import BodyExamples, describe_bodies
from pixie.entrypoints.http.kernel.operations import SECURITY_SCHEMES

ASSETS = Path(swagger_ui.__file__).parent / "static"
TYPES = {
    "swagger-ui.css": "text/css",
    "swagger-ui-bundle.js": "text/javascript",
    "favicon-32x32.png": "image/png",
}
DAY = "public, max-age=86400"
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Pixie API</title>
<link rel="icon" type="image/png" href="/docs/assets/favicon-32x32.png">
<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
<style>body { margin: 0 } .swagger-ui .topbar { display: none }</style>
</head>
<body>
<main id="docs"></main>
<script src="/docs/assets/swagger-ui-bundle.js"></script>
<script>
SwaggerUIBundle({
  url: "/openapi.json", dom_id: "#docs", deepLinking: true, persistAuthorization: true,
  defaultModelsExpandDepth: 0, displayRequestDuration: true, filter: true, validatorUrl: null
})
</script>
</body>
</html>
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

    @get("/openapi.json")
    async def document(self, request: Request[Any, Any, Any], examples: FromDishka[BodyExamples]) -> dict[str, Any]:
        """At the root, where clients look for it."""
        return describe_bodies(request.app.openapi_schema.to_schema(), request.app, examples)

    @get("/docs", media_type=MediaType.HTML)
    async def page(self) -> str:
        return PAGE

    @get("/docs/assets/{name:str}")
    async def asset(self, name: FromPath[str]) -> Response[bytes]:
        if name not in TYPES:
            raise NotFoundException
        content = (ASSETS / name).read_bytes()
        return Response(content, media_type=TYPES[name], headers={"Cache-Control": DAY})
