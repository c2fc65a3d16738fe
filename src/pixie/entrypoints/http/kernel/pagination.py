"""`limit` and `cursor`, and the envelope of a list."""

import base64
import binascii
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from litestar.params import QueryParameter

from pixie.application.kernel.errors import InvalidRequest
from pixie.application.kernel.page import MAX_LIMIT, Page, PageRequest
from pixie.entrypoints.http.kernel.shape_faults import CURSOR

T = TypeVar("T")

Limit = Annotated[int, QueryParameter(ge=1, le=MAX_LIMIT, description="How many items at most.")]
Cursor = Annotated[
    str | None,
    QueryParameter(pattern=CURSOR, description="The `next_cursor` of the page before; opaque."),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing(Generic[T]):
    """One page; `next_cursor` leads to the next one and is null on the last."""

    items: list[T]
    next_cursor: str | None


def page_request(limit: int, cursor: str | None) -> PageRequest:
    return PageRequest(limit=limit, before=None if cursor is None else _decoded(cursor))


def listing(page: Page[T]) -> Listing[T]:
    cursor = None if page.next_cursor is None else base64.urlsafe_b64encode(page.next_cursor.bytes).decode().rstrip("=")
    return Listing(items=page.items, next_cursor=cursor)


def _decoded(cursor: str) -> UUID:
    try:
        return UUID(bytes=base64.b64decode(cursor + "==", altchars=b"-_", validate=True))
    except (ValueError, binascii.Error):
        raise InvalidRequest("This is not a cursor that Pixie gave out.", parameter="cursor") from None
