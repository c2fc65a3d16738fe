"""Who runs an engine. PostgreSQL refuses to run as root, so root lends the engines to an account without rights."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Self


class NoAccount(Exception):
    def __init__(self) -> None:
        super().__init__(
            "PostgreSQL does not run as root, and this system has no user `nobody` to run it: "
            "start Pixie as an ordinary user, or add one."
        )


@dataclass(frozen=True, slots=True)
class Account:
    uid: int
    gid: int

    @classmethod
    def current(cls) -> Self:
        return cls(os.geteuid(), os.getegid())

    @classmethod
    def keeper_of(cls, folder: Path) -> Self:
        """Who runs the engine that keeps its data in `folder`: whoever owns it, but never root."""
        if os.geteuid() != 0:
            return cls.current()
        owner = folder.stat() if folder.exists() else None
        if owner is not None and owner.st_uid != 0:
            return cls(owner.st_uid, owner.st_gid)
        return cls.nobody()

    @classmethod
    def nobody(cls) -> Self:
        try:
            entry = pwd.getpwnam("nobody")
        except KeyError:
            raise NoAccount from None
        return cls(entry.pw_uid, entry.pw_gid)

    @property
    def is_current(self) -> bool:
        return self.uid == os.geteuid()

    def own(self, *paths: Path) -> None:
        if not self.is_current:
            for path in paths:
                os.chown(path, self.uid, self.gid)


def is_open_to_all(path: Path) -> bool:
    """Whether any account may read `path` (and run it, or enter it), and come that far."""
    real = path.resolve()
    mode = real.stat().st_mode
    needed = stat.S_IROTH | (stat.S_IXOTH if real.is_dir() or mode & stat.S_IXUSR else 0)
    return mode & needed == needed and all(parent.stat().st_mode & stat.S_IXOTH for parent in real.parents)
