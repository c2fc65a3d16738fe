"""The door to OpenCV. Only compute children go through it: API and workers would carry 60 MB for nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

import cv2
from numpy.typing import NDArray

# What they hold is told to readers only: OpenCV's own types do not tell one kind of array from another.
Bytes: TypeAlias = NDArray[Any]
Floats: TypeAlias = NDArray[Any]
Flags: TypeAlias = NDArray[Any]
Numbers: TypeAlias = NDArray[Any]


@contextmanager
def opencv() -> Iterator[None]:
    """One thread, for there are as many children as processors. Too little memory is `MemoryError`, as elsewhere."""
    cv2.setNumThreads(1)
    cv2.setRNGSeed(7)
    try:
        yield
    except cv2.error as error:
        if error.code == cv2.Error.StsNoMem or "bad_alloc" in str(error):
            raise MemoryError from error
        raise
