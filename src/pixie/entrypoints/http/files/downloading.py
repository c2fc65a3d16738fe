"""From a request for bytes to an answer: whole, a part, or nothing new."""

import re
from typing import Any, Final

from dishka import AsyncContainer
from litestar import Request, Response
from litestar.enums import HttpMethod

from pixie.application.files.download_file import Download
from pixie.application.files.file_link import LinkPermit
from pixie.application.kernel.caller import Caller
from pixie.domain.files.errors import FileLinkInvalid
from pixie.entrypoints.http.files.blob_response import BlobResponse
from pixie.entrypoints.http.files.byte_range import ByteRange, RangeNotSatisfiable, parse_range
from pixie.entrypoints.http.files.disposition import inline
from pixie.entrypoints.http.kernel.etag import etag, matches, still_same
from pixie.entrypoints.http.kernel.problem import problem_response

AnyRequest = Request[Any, Any, Any]

_EPOCH_SECONDS: Final = re.compile(r"\d{1,11}", re.ASCII)

HARMLESS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
"""Whatever the bytes are, a browser runs nothing of them; any page that has the address may show them."""


async def permit_of(request: AnyRequest, expires: str | None, signature: str | None) -> Caller | LinkPermit:
    """The link that was followed, or else whoever signed in. Raises `FileLinkInvalid` and `NotSignedIn`."""
    if expires is None and signature is None:
        container: AsyncContainer = request.scope["state"]["dishka_container"]
        return await container.get(Caller)
    if expires is None or signature is None or not _EPOCH_SECONDS.fullmatch(expires):
        raise FileLinkInvalid
    return LinkPermit(expires=int(expires), signature=signature)


async def answer(request: AnyRequest, download: Download) -> Response[Any]:
    tag = etag(download.version)
    headers = {
        "ETag": tag,
        "Cache-Control": f"private, max-age={download.fresh_for}, immutable"
        if download.fresh_for
        else "private, no-cache",
        "Accept-Ranges": "bytes",
        **HARMLESS,
    }
    if matches(request.headers.get("if-none-match"), tag):
        return BlobResponse(None, status_code=304, headers=headers)
    headers |= {"Content-Type": download.media_type.value, "Content-Disposition": inline(download.name)}
    if request.method == HttpMethod.HEAD:
        return BlobResponse(None, status_code=200, headers={**headers, "Content-Length": str(download.size)})
    try:
        part = _part(request, tag, download.size)
    except RangeNotSatisfiable:
        return _not_satisfiable(request, download.size)
    whole = ByteRange(0, download.size)
    blob = await download.open(start=(part or whole).start, end=(part or whole).end)
    headers["Content-Length"] = str((part or whole).end - (part or whole).start)
    if part is not None:
        headers["Content-Range"] = part.content_range(download.size)
    return BlobResponse(blob, status_code=200 if part is None else 206, headers=headers)


def _part(request: AnyRequest, tag: str, size: int) -> ByteRange | None:
    if not still_same(request.headers.get("if-range"), tag):
        return None
    return parse_range(request.headers.get("range"), size)


def _not_satisfiable(request: AnyRequest, size: int) -> Response[Any]:
    return problem_response(
        request,
        status=416,
        code="range_not_satisfiable",
        title="Range not satisfiable",
        detail=f"The file has {size} bytes; none of them are in the range that was asked for.",
        headers={"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"},
    )
