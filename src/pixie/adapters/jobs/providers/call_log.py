"""A file with one line for each call to a provider, so that a test can count what was really asked."""

import os
from datetime import datetime
from pathlib import Path

import msgspec


class Call(msgspec.Struct, frozen=True, kw_only=True):
    verb: str
    job_id: str
    idempotency_key: str
    attempt: int
    pid: int
    at: datetime
    model: str | None = None


class CallLog:
    def __init__(self, path: Path | None) -> None:
        self._path = path

    def note(self, call: Call) -> None:
        """One write each, at the end of the file, so that several processes can share it."""
        if self._path is None:
            return
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, msgspec.json.encode(call) + b"\n")
        finally:
            os.close(descriptor)


def read_calls(path: Path) -> list[Call]:
    """What was noted so far; nothing when nobody called yet."""
    if not path.exists():
        return []
    return msgspec.json.decode(b"[" + b",".join(path.read_bytes().splitlines()) + b"]", type=list[Call])
