"""Lists that are read page by page, newest first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

DEFAULT_LIMIT = 20
MAX_LIMIT = 100

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRequest:
    """At most `limit` items, all born before the item `before` (the last one of the page before)."""

    limit: int = DEFAULT_LIMIT
    before: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """`next_cursor` is the id of the last item when more follow."""

    items: list[T]
    next_cursor: UUID | None


def page_of(found: Sequence[T], request: PageRequest, id_of: Callable[[T], UUID]) -> Page[T]:
    """Cut a page from what was found; the finder looked for one item more than the limit, to learn whether more
    follow.
    """
    items = list(found[: request.limit])
    more = len(found) > request.limit
    return Page(items=items, next_cursor=id_of(items[-1]) if more else None)
