"""Every way a request can fail, as a problem document."""

import traceback
from http import HTTPStatus
from typing import Any

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.types import ExceptionHandlersMap

from pixie.application.kernel.errors import AlreadyAnswered
from pixie.domain.kernel.errors import PixieError
from pixie.entrypoints.http.kernel.idempotency import replay
from pixie.entrypoints.http.kernel.problem import InvalidField, problem_of, problem_response
from pixie.entrypoints.http.kernel.shape_faults import fault

log = structlog.get_logger(__name__)

DEBUG = "debug"
"""The app state's name for whether answers show what went wrong inside."""

AnyRequest = Request[Any, Any, Any]

_CODES = {
    HTTPStatus.BAD_REQUEST: "invalid_request",
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method_not_allowed",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "request_too_large",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "unsupported_media_type",
}


def on_pixie_error(request: AnyRequest, error: PixieError) -> Response[Any]:
    return problem_of(request, error)


def on_validation_error(request: AnyRequest, error: ValidationException) -> Response[Any]:
    """A body, parameter or header of the wrong shape."""
    extra = error.extra if isinstance(error.extra, list) else []
    found = [item if isinstance(item, InvalidField) else fault(request, item) for item in extra]
    return problem_response(
        request,
        status=400,
        code="invalid_request",
        title="Invalid request",
        detail=found[0].sentence if found else "The request has the wrong shape.",
        errors=found,
    )


def on_http_error(request: AnyRequest, error: HTTPException) -> Response[Any]:
    """What the framework found before any handler ran."""
    status = HTTPStatus(error.status_code)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return on_unexpected(request, error)
    return problem_response(
        request,
        status=status,
        code=_CODES.get(status, status.name.lower()),
        title="Invalid request" if status == HTTPStatus.BAD_REQUEST else status.phrase.capitalize(),
        detail=_sentence(status, error),
        headers=error.headers,
    )


def on_unexpected(request: AnyRequest, error: Exception) -> Response[Any]:
    """A fault of Pixie: logged whole, told in no detail, unless somebody is looking for it on their own machine."""
    log.error("unexpected_error", method=request.method, path=request.url.path, exc_info=error)
    return problem_response(
        request,
        status=500,
        code="internal_error",
        title="Internal error",
        detail="Something went wrong on our side. It has been written down; name the request id if you ask about it.",
        facts={"trace": traceback.format_exception(error)} if request.app.state.get(DEBUG) else None,
    )


def on_answered_before(request: AnyRequest, answer: AlreadyAnswered) -> Response[Any]:
    return replay(request, answer)


EXCEPTION_HANDLERS: ExceptionHandlersMap = {
    AlreadyAnswered: on_answered_before,
    PixieError: on_pixie_error,
    ValidationException: on_validation_error,
    HTTPException: on_http_error,
    Exception: on_unexpected,
}


def _sentence(status: HTTPStatus, error: HTTPException) -> str:
    match status:
        case HTTPStatus.NOT_FOUND:
            return "There is nothing at this address."
        case HTTPStatus.METHOD_NOT_ALLOWED:
            return "This address does not take this method."
        case _:
            return str(error.detail) or status.phrase
