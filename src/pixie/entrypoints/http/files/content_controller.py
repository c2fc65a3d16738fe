from collections.abc import Mapping, Sequence
from inspect import getdoc
from typing import Annotated, Any, Final

from dishka import FromDishka
from litestar import Controller, Response, route
from litestar.enums import HttpMethod
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, QueryParameter
from litestar.status_codes import (
    HTTP_200_OK,
    HTTP_206_PARTIAL_CONTENT,
    HTTP_304_NOT_MODIFIED,
    HTTP_416_REQUESTED_RANGE_NOT_SATISFIABLE,
)

from pixie.application.files.download_file import DownloadFile, DownloadFileQuery
from pixie.application.files.file_link import FilePart
from pixie.domain.files.errors import FileLinkInvalid, FileNotFound, StorageUnavailable
from pixie.domain.kernel.ids import FileId
from pixie.entrypoints.http.files.downloading import AnyRequest, answer, permit_of
from pixie.entrypoints.http.files.examples import RANGE_NOT_SATISFIABLE, binary
from pixie.entrypoints.http.kernel.conditional import NOT_MODIFIED
from pixie.entrypoints.http.kernel.openapi import signed_in_problems
from pixie.entrypoints.http.kernel.operations import SECURITY_OR_LINK

READ: Final = (HttpMethod.GET, HttpMethod.HEAD)
RESPONSES: Final[Mapping[int, ResponseSpec]] = {
    HTTP_200_OK: binary("All of it."),
    HTTP_206_PARTIAL_CONTENT: binary("The range that was asked for."),
    HTTP_304_NOT_MODIFIED: NOT_MODIFIED,
    HTTP_416_REQUESTED_RANGE_NOT_SATISFIABLE: RANGE_NOT_SATISFIABLE,
    **signed_in_problems(FileLinkInvalid, FileNotFound, StorageUnavailable),
}

PartOfLink = Annotated[str | None, QueryParameter(include_in_schema=False)]  # described as a security scheme


DESCRIPTION: Final = f"""{getdoc(DownloadFile)}

One `Range` of bytes is answered with 206, also under `If-Range`. The `ETag` names the bytes for ever: with
`If-None-Match` the answer is 304.
"""


def named(what: str) -> Any:  # noqa: ANN401 - Litestar's type for it cannot be named at run time
    """One operation id for each method."""

    def operation_id(_: HTTPRouteHandler, method: str, __: Sequence[object]) -> str:
        return f"{method.lower()}{what}"

    return operation_id


class FileContentController(Controller):
    """No guard: a signed link opens these without signing in."""

    path = "/api/files"
    tags: Sequence[str] | None = ("Files",)
    security = SECURITY_OR_LINK

    @route(
        "/{file_id:uuid}",
        http_method=READ,
        operation_id=named("File"),
        summary="The bytes of a file",
        description=DESCRIPTION,
        responses=RESPONSES,
    )
    async def content(
        self,
        request: AnyRequest,
        file_id: FromPath[FileId],
        download: FromDishka[DownloadFile],
        expires: PartOfLink = None,
        signature: PartOfLink = None,
    ) -> Response[Any]:
        permit = await permit_of(request, expires, signature)
        return await answer(request, await download(DownloadFileQuery(file_id=file_id, permit=permit)))

    @route(
        "/{file_id:uuid}/thumbnail",
        http_method=READ,
        operation_id=named("FileThumbnail"),
        summary="A small WebP of a file",
        description=DESCRIPTION,
        responses=RESPONSES,
    )
    async def thumbnail(
        self,
        request: AnyRequest,
        file_id: FromPath[FileId],
        download: FromDishka[DownloadFile],
        expires: PartOfLink = None,
        signature: PartOfLink = None,
    ) -> Response[Any]:
        permit = await permit_of(request, expires, signature)
        query = DownloadFileQuery(file_id=file_id, permit=permit, part=FilePart.THUMBNAIL)
        return await answer(request, await download(query))
