from collections.abc import Sequence
from inspect import getdoc
from typing import Annotated, Final

from dishka import FromDishka
from litestar import Controller, Response, delete, get, post
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED, HTTP_304_NOT_MODIFIED
from litestar.types import Guard

from pixie.application.files.delete_file import DeleteFile, DeleteFileCommand
from pixie.application.files.file_filter import FileFilter
from pixie.application.files.link_file import LinkFile, LinkFileQuery
from pixie.application.files.list_files import ListFiles, ListFilesQuery
from pixie.application.files.receive_file import ReceiveFile
from pixie.application.files.show_file import ShowFile, ShowFileQuery
from pixie.application.files.upload_file import UploadFile
from pixie.application.files.views import FileLinkView, FileMetadataView, FileView
from pixie.application.kernel.caller import Caller
from pixie.application.kernel.errors import IdempotencyKeyInUse, IdempotencyKeyReused
from pixie.application.kernel.page import DEFAULT_LIMIT
from pixie.domain.files.errors import (
    FileNotFound,
    FilesNotFound,
    FileTooLarge,
    ImageTooManyPixels,
    InvalidImage,
    StorageUnavailable,
    UnsupportedMediaType,
)
from pixie.domain.files.media import MediaType
from pixie.domain.kernel.ids import FileId, UserId
from pixie.entrypoints.http.files.downloading import AnyRequest
from pixie.entrypoints.http.files.examples import FILE, FILES, LINK, METADATA, UploadOperation
from pixie.entrypoints.http.files.upload_form import upload_form
from pixie.entrypoints.http.kernel.auth import signed_in
from pixie.entrypoints.http.kernel.conditional import NOT_MODIFIED, conditional
from pixie.entrypoints.http.kernel.idempotency import RequestIdempotency
from pixie.entrypoints.http.kernel.location import OPT, located
from pixie.entrypoints.http.kernel.openapi import answer, signed_in_problems
from pixie.entrypoints.http.kernel.operations import SECURITY
from pixie.entrypoints.http.kernel.pagination import Cursor, Limit, Listing, listing, page_request
from pixie.entrypoints.http.kernel.shape_faults import NO_NULL

FILE_PATH: Final = "/api/files/{id}"

NamePart = Annotated[
    str | None,
    QueryParameter(max_length=255, pattern=NO_NULL, description="A part of the name, in any case."),
]


class FilesController(Controller):
    path = "/api/files"
    tags: Sequence[str] | None = ("Files",)
    guards: Sequence[Guard] | None = (signed_in,)
    security = SECURITY

    @post(
        "/upload",
        operation_id="uploadFile",
        summary="Upload a picture",
        description=getdoc(UploadFile),
        operation_class=UploadOperation,
        request_max_body_size=None,  # what is too large, the form says itself
        responses={
            HTTP_201_CREATED: answer(FILE, "The file is kept."),
            **signed_in_problems(
                FileTooLarge,
                UnsupportedMediaType,
                InvalidImage,
                ImageTooManyPixels,
                IdempotencyKeyInUse,
                IdempotencyKeyReused,
                StorageUnavailable,
            ),
        },
        opt={OPT: FILE_PATH},
    )
    async def upload(
        self,
        request: AnyRequest,
        caller: FromDishka[Caller],
        keys: FromDishka[RequestIdempotency],
        receive: FromDishka[ReceiveFile],
        upload: FromDishka[UploadFile],
    ) -> Response[FileView]:
        async with upload_form(request, receive) as form:
            view = await upload(form.to_command(caller, await keys.key(caller, form.fingerprint())))
        return located(request, view)

    @get(
        "/user/{user_id:uuid}",
        operation_id="listFiles",
        summary="Somebody's files",
        description=getdoc(ListFiles),
        responses={
            HTTP_200_OK: answer(FILES, "One page of them.", of=Listing[FileView]),
            **signed_in_problems(FilesNotFound),
        },
    )
    async def list_of(
        self,
        user_id: FromPath[UserId],
        caller: FromDishka[Caller],
        list_files: FromDishka[ListFiles],
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
        q: NamePart = None,
        mime_type: FromQuery[MediaType | None] = None,
        temporary: FromQuery[bool | None] = None,
    ) -> Listing[FileView]:
        wanted = FileFilter(owner=user_id, mime_type=mime_type, q=q or None, temporary=temporary)
        query = ListFilesQuery(caller=caller, wanted=wanted, page=page_request(limit, cursor))
        return listing(await list_files(query))

    @get(
        "/{file_id:uuid}/metadata",
        operation_id="getFileMetadata",
        summary="What is known of a file",
        description=getdoc(ShowFile),
        responses={
            HTTP_200_OK: answer(METADATA, "The file."),
            HTTP_304_NOT_MODIFIED: NOT_MODIFIED,
            **signed_in_problems(FileNotFound),
        },
    )
    async def metadata(
        self, request: AnyRequest, file_id: FromPath[FileId], caller: FromDishka[Caller], show: FromDishka[ShowFile]
    ) -> Response[FileMetadataView]:
        return conditional(request, await show(ShowFileQuery(caller=caller, file_id=file_id)))

    @get(
        "/{file_id:uuid}/url",
        operation_id="getFileUrl",
        summary="A link that needs no sign-in",
        description=getdoc(LinkFile),
        responses={HTTP_200_OK: answer(LINK, "The link."), **signed_in_problems(FileNotFound)},
    )
    async def url(
        self, file_id: FromPath[FileId], caller: FromDishka[Caller], link: FromDishka[LinkFile]
    ) -> FileLinkView:
        return await link(LinkFileQuery(caller=caller, file_id=file_id))

    @delete(
        "/{file_id:uuid}",
        operation_id="deleteFile",
        summary="Delete a file",
        description=getdoc(DeleteFile),
        responses=signed_in_problems(FileNotFound),
    )
    async def delete_it(
        self, file_id: FromPath[FileId], caller: FromDishka[Caller], remove: FromDishka[DeleteFile]
    ) -> None:
        await remove(DeleteFileCommand(caller=caller, file_id=file_id))
