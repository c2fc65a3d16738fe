import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def all_or_none(*work: Coroutine[Any, Any, T]) -> list[T]:
    """The results of all, in their order. The first error stops the others, is waited for and comes out as it is:
    nothing goes on with folders and files that its caller has given up.
    """
    tasks = [asyncio.ensure_future(each) for each in work]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
