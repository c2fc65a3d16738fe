import asyncio
import base64
import hashlib
import hmac
import os
import secrets
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TypeVar

import bcrypt

from pixie.application.accounts.ports import PasswordHasher, Verdict
from pixie.domain.accounts.errors import TooBusy
from pixie.domain.accounts.password import Password

_SECONDS_A_ROUND = 60e-6  # a first guess; what is measured replaces it
_NEWS = 0.2  # how much the latest measurement counts
_NICENESS = 5
_ALPHABET = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_DIGEST_LENGTH = 31

T = TypeVar("T")


class BcryptPasswordHasher(PasswordHasher):
    """bcrypt over base64(HMAC-SHA256(key, password)).

    The HMAC makes 44 bytes of every password, below bcrypt's limit of 72 and without NUL, and a stolen table worthless
    without the key. bcrypt lets go of the GIL, so threads suffice: as many as given, behind a line in which nobody
    waits longer than `patience` seconds; whoever would is refused at once.
    """

    def __init__(self, *, key: bytes, cost: int, threads: int, patience: float) -> None:
        self._key = key
        self._cost = cost
        self._threads = threads
        self._patience = patience
        self._seconds = 2**cost * _SECONDS_A_ROUND
        self._present = 0
        self._nobodys = _impossible_hash(cost)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="hashing", initializer=_give_way)

    async def hash(self, password: Password) -> str:
        secret = self._blended(password)
        return await self._run(lambda: bcrypt.hashpw(secret, bcrypt.gensalt(self._cost)).decode("ascii"))

    async def verify(self, password: Password, password_hash: str | None) -> Verdict:
        secret = self._blended(password)
        expected = self._nobodys if password_hash is None else password_hash.encode("ascii")
        if not await self._run(lambda: bcrypt.checkpw(secret, expected)):
            return Verdict.WRONG
        return Verdict.RIGHT if _cost_of(expected) == self._cost else Verdict.RIGHT_BUT_OUTDATED

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _blended(self, password: Password) -> bytes:
        return base64.b64encode(hmac.digest(self._key, password.text.encode(), hashlib.sha256))

    async def _run(self, work: Callable[[], T]) -> T:
        self._check_line()
        self._present += 1
        try:
            result, seconds = await asyncio.get_running_loop().run_in_executor(self._pool, _timed, work)
        finally:
            self._present -= 1
        self._seconds += _NEWS * (seconds - self._seconds)
        return result

    def _check_line(self) -> None:
        ahead = max(0, self._present - self._threads + 1)
        wait = ahead * self._seconds / self._threads
        if wait > self._patience:
            raise TooBusy(timedelta(seconds=wait))


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    begin = time.perf_counter()
    return work(), time.perf_counter() - begin


def _impossible_hash(cost: int) -> bytes:
    """A hash of no known password, to compare with where there is no account: the same work, always in vain."""
    return bcrypt.gensalt(cost) + "".join(secrets.choice(_ALPHABET) for _ in range(_DIGEST_LENGTH)).encode("ascii")


def _cost_of(password_hash: bytes) -> int:
    return int(password_hash.split(b"$")[2])


def _give_way() -> None:
    """Let the event loop's thread go first when all cores are hashing. Only Linux has a niceness for each thread."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
