"""Answers that are the same for many: named by an entity tag, so that a client that has one needs no second copy."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from litestar import Request
from litestar.enums import HttpMethod
from litestar.response.base import ASGIResponse

from pixie.entrypoints.http.kernel.etag import etag, matches
from pixie.entrypoints.web.page import MEDIA_TYPE, Page

READ: Final = (HttpMethod.GET, HttpMethod.HEAD)
FRESHLY: Final = {"Cache-Control": "no-cache"}
"""To be kept, and asked about each time."""


def answer(
    request: Request[Any, Any, Any], body: bytes, media_type: str, headers: Mapping[str, str] = FRESHLY
) -> ASGIResponse:
    tag = etag(hashlib.sha256(body).hexdigest()[:32])
    known = {"ETag": tag, "X-Content-Type-Options": "nosniff", **headers}
    if matches(request.headers.get("if-none-match"), tag):
        return ASGIResponse(status_code=304, headers=known)
    if request.method == HttpMethod.HEAD:
        known |= {"Content-Type": _with_charset(media_type), "Content-Length": str(len(body))}
        return ASGIResponse(is_head_response=True, headers=known)
    return ASGIResponse(body=body, media_type=media_type, headers=known)


def answer_page(request: Request[Any, Any, Any], page: Page, headers: Mapping[str, str] = FRESHLY) -> ASGIResponse:
    return answer(request, page.body, MEDIA_TYPE, {**page.headers, **headers})


def _with_charset(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
