"""The HTTP side of files, over everything else in memory."""

from dishka import Provider, Scope, make_async_container, provide
from dishka.integrations.litestar import DishkaRouter, LitestarProvider, setup_dishka
from litestar import Litestar, Request
from litestar.openapi import OpenAPIConfig

from pixie.application.files.delete_file import DeleteFile
from pixie.application.files.download_file import DownloadFile
from pixie.application.files.link_file import LinkFile
from pixie.application.files.list_files import ListFiles
from pixie.application.files.receive_file import ReceiveFile
from pixie.application.files.show_file import ShowFile
from pixie.application.files.upload_file import UploadFile
from pixie.application.kernel.caller import Caller
from pixie.application.kernel.ports import IdempotencyLog, UnitOfWork
from pixie.domain.kernel.role import Role
from pixie.entrypoints.http.errors import EXCEPTION_HANDLERS
from pixie.entrypoints.http.files.content_controller import FileContentController
from pixie.entrypoints.http.files.controller import FilesController
from pixie.entrypoints.http.kernel.auth import bearer_token
from pixie.entrypoints.http.kernel.idempotency import RequestIdempotency, keep_refusal
from tests.support.builders.files import ANNA, BORIS, a_caller
from tests.support.file_house import FileHouse

CALLERS = {"anna": a_caller(ANNA), "boris": a_caller(BORIS), "admin": a_caller(BORIS, Role.ADMIN)}


class FileHouseWiring(Provider):
    """Use cases from a house; the token is a name."""

    scope = Scope.REQUEST

    def __init__(self, house: FileHouse) -> None:
        super().__init__()
        self._house = house

    @provide
    def caller(self, request: Request) -> Caller:  # type: ignore[type-arg]  # dishka's own key
        return CALLERS[bearer_token(request)]

    @provide
    def idempotency(self, request: Request) -> RequestIdempotency:  # type: ignore[type-arg]  # as above
        return RequestIdempotency(request)

    @provide
    def idempotency_log(self) -> IdempotencyLog:
        return self._house.idempotency

    @provide
    def unit_of_work(self) -> UnitOfWork:
        return self._house.uow

    @provide
    def receive(self) -> ReceiveFile:
        return self._house.receive

    @provide
    def upload(self) -> UploadFile:
        return self._house.upload

    @provide
    def download(self) -> DownloadFile:
        return self._house.download

    @provide
    def show(self) -> ShowFile:
        return self._house.show

    @provide
    def link(self) -> LinkFile:
        return self._house.link

    @provide
    def list_files(self) -> ListFiles:
        return self._house.list_files

    @provide
    def delete(self) -> DeleteFile:
        return self._house.delete


def file_api(house: FileHouse) -> Litestar:
    app = Litestar(
        route_handlers=[DishkaRouter("", route_handlers=[FilesController, FileContentController])],
        exception_handlers=EXCEPTION_HANDLERS,
        after_exception=[keep_refusal],
        openapi_config=OpenAPIConfig(title="Files", version="1", path="/"),
        request_max_body_size=1000,
        logging_config=None,
    )
    container = make_async_container(FileHouseWiring(house), LitestarProvider())
    app.on_shutdown.append(container.close)
    setup_dishka(container, app)
    return app
