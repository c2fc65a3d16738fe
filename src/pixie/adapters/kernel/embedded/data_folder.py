"""The one folder that holds everything an installation keeps."""

import contextlib
import fcntl
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from pixie.adapters.kernel.embedded.private_files import write_private
from pixie.adapters.kernel.embedded.secrets_file import Secrets
from pixie.adapters.kernel.embedded.warden import is_alive

_MADE_BY_OTHERS = frozenset({"lost+found", ".DS_Store"})
_LARGE_LOG = 10_000_000
_KEPT_LOGS = 3
_PREDECESSOR_PATIENCE = 15.0
_PEEK = 0.5
"""Seconds for which somebody may hold the lock only to see whether it is held."""


class DataFolderInUse(Exception):
    """Another `pixie up` runs on the folder."""

    def __init__(self, path: Path, pid: int | None) -> None:
        holder = f"process {pid}" if pid else "another process"
        super().__init__(
            f"The data folder {path} is in use by {holder}. "
            "Stop that one first, or choose another folder with --data-dir."
        )
        self.path = path
        self.pid = pid


class NoDataFolder(Exception):
    """The folder cannot be used; says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Engines:
    """The embedded engines that run on a data folder, and where the API on them listens."""

    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    postgres_pid: int
    redis_pid: int
    http_host: str
    http_port: int


class DataFolder:
    """Layout and rights. All of it belongs to one user, and nobody else may look in."""

    def __init__(self, path: Path) -> None:
        self.path = path.expanduser().resolve()
        self.postgres = self.path / "postgres"
        self.redis = self.path / "redis"
        self.files = self.path / "files"
        self.mail = self.path / "mail"
        self.logs = self.path / "logs"
        self.tmp = self.path / "tmp"
        self.run = self.path / "run"
        self.admin_credentials = self.path / "admin-credentials.txt"
        self.shell_credentials = self.path / "shell-credentials.json"
        self._secrets = self.path / "secrets.json"
        self._lock = self.run / "lock"
        self._engines = self.run / "engines.json"
        self._address = self.run / "address"

    def is_made(self) -> bool:
        return self.run.is_dir()

    def create(self) -> None:
        """Make what is missing. Refuses a folder in which something else lies: it would be closed to its users."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not self.is_made() and (found := {entry.name for entry in self.path.iterdir()} - _MADE_BY_OTHERS):
                raise NoDataFolder(f"{self.path} is no data folder of Pixie, and not empty: {min(found)} lies in it.")
            self.path.chmod(0o700)
            for folder in (self.run, self.files, self.mail, self.logs, self.tmp):  # the first marks it as ours
                folder.mkdir(mode=0o700, exist_ok=True)
            if not (ignore := self.path / ".gitignore").exists():
                write_private(ignore, "*\n")
        except (PermissionError, FileExistsError, NotADirectoryError) as error:
            raise NoDataFolder(
                f"{self.path} cannot be used as a data folder: {error.strerror}: {error.filename}."
            ) from error

    @contextlib.contextmanager
    def lock(self, pause: Callable[[float], None] = time.sleep) -> Iterator[int]:
        """Hold the folder alone; yields the descriptor that holds it.

        Raises `DataFolderInUse` with the process that holds it. A holder that died and whose processes are just being
        ended is waited for.
        """
        descriptor = os.open(self._lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            self._take(descriptor, pause)
            os.truncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
            yield descriptor
        finally:
            os.close(descriptor)

    def _take(self, descriptor: int, pause: Callable[[float], None]) -> None:
        begun = time.monotonic()
        while True:
            with contextlib.suppress(BlockingIOError):
                return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            holder = os.pread(descriptor, 32, 0).decode(errors="replace").strip()
            pid = int(holder) if holder.isdecimal() else None
            patience = _PEEK if pid is None or is_alive(pid) else _PREDECESSOR_PATIENCE
            if time.monotonic() - begun > patience:
                raise DataFolderInUse(self.path, pid)
            pause(0.05)

    def is_held(self) -> bool:
        """Whether a `pixie up` runs on the folder."""
        try:
            descriptor = os.open(self._lock, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        except OSError as error:
            raise NoDataFolder(f"{self.path} cannot be used as a data folder: {error.strerror}.") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False

    def has_secrets(self) -> bool:
        return self._secrets.exists()

    def secrets(self) -> Secrets:
        """Made at the first call ever. A database without its secrets is not given new ones that do not open it."""
        if not self._secrets.exists() and (self.postgres / "PG_VERSION").exists():
            raise NoDataFolder(
                f"{self.path} holds a database, but {self._secrets.name} is gone: put it back from a backup."
            )
        return Secrets.open(self._secrets)

    def publish(self, engines: Engines) -> None:
        """Let every `pixie` command find the engines."""
        write_private(self._engines, json.dumps(asdict(engines), indent=2) + "\n")

    def announce(self, url: str) -> None:
        """Let every `pixie` command find the API."""
        write_private(self._address, f"{url}\n")

    def withdraw(self) -> None:
        self._engines.unlink(missing_ok=True)
        self._address.unlink(missing_ok=True)

    def engines(self) -> Engines | None:
        """The running engines; None when none run."""
        if not self.is_held():
            return None
        try:
            return Engines(**json.loads(self._engines.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None
        except (ValueError, TypeError) as error:
            raise NoDataFolder(
                f"{self._engines} cannot be understood: another version of Pixie runs on this folder. "
                "Stop that `pixie up`, and start it again with this version."
            ) from error

    def address(self) -> str | None:
        """Where the API of the running system answers; None when it does not run, or is not ready yet."""
        if not self.is_held():
            return None
        try:
            return self._address.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return None

    def clear_tmp(self) -> None:
        """Remove what processes that died left half done."""
        for entry in self.tmp.iterdir():
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry, ignore_errors=True)
            else:
                entry.unlink(missing_ok=True)

    def log(self, name: str) -> Path:
        """The log of a process, begun anew when it has grown large."""
        path = self.logs / f"{name}.log"
        if path.exists() and path.stat().st_size > _LARGE_LOG:
            for number in range(_KEPT_LOGS - 1, 0, -1):
                older = self.logs / f"{name}.log.{number}"
                if older.exists():
                    older.replace(self.logs / f"{name}.log.{number + 1}")
            path.replace(self.logs / f"{name}.log.1")
        path.touch(mode=0o600)
        return path
