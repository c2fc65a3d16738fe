"""Answers that a client may have already: `ETag` and `If-None-Match` (RFC 9110, section 13.1.2)."""

from hashlib import sha256
from typing import Any, Final, TypeVar, cast

import msgspec
from litestar import Request, Response
from litestar.openapi.datastructures import ResponseSpec

from pixie.entrypoints.http.kernel.etag import etag, matches

V = TypeVar("V")

NOT_MODIFIED: Final = ResponseSpec(
    data_container=None, generate_examples=False, description="You have this already: `If-None-Match` names its `ETag`."
)


def conditional(request: Request[Any, Any, Any], view: V) -> Response[V]:
    """Ask here with what the caller may see, after it was found: a tag is no key.

    The tag is made from all that is told: signed links run out, and a place in the queue changes, while the thing
    itself stays the same. It is weak: it says that the answer means the same.
    """
    tag = etag(sha256(msgspec.json.encode(view)).hexdigest()[:32])
    headers = {"ETag": f"W/{tag}", "Cache-Control": "private, no-cache"}
    if matches(request.headers.get("if-none-match"), tag):
        return cast("Response[V]", Response(None, status_code=304, headers=headers))
    return Response(view, headers=headers)
