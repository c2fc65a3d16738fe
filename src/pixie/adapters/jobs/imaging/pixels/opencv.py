"""The door to OpenCV. Only compute children go through it: API and workers would carry 60 MB for nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Bytes: TypeAlias = NDArray[np.uint8]
Floats: TypeAlias = NDArray[np.float32]
Flags: TypeAlias = NDArray[np.bool_]
Numbers: TypeAlias = NDArray[np.int32]


@contextmanager
def opencv() -> Iterator[None]:
    """One thread, for there are as many children as processors. Too little memory is `MemoryError`, as elsewhere."""
    cv2.setNumThreads(1)
    cv2.setRNGSeed(7)
    try:
        yield
    except cv2.error as error:
        if error.code == cv2.Error.StsNoMem:
            raise MemoryError from error
        raise
