import time
from collections.abc import Callable


def eventually(happens: Callable[[], object], *, within: float = 10.0) -> bool:
    """Whether it comes true in time."""
    deadline = time.monotonic() + within
    while not happens():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
