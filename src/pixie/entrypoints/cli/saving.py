"""Where results go, and under which names."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pixie.entrypoints.cli.client.answers import File, Job
from pixie.entrypoints.cli.client.troubles import BadOrder, NotSaved

SUFFIXES: Final = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/avif": ".avif",
    "image/gif": ".gif",
    "video/mp4": ".mp4",
    "video/webm": ".webm",
}
_SAME: Final = {".jpeg": ".jpg", ".jpe": ".jpg", ".m4v": ".mp4"}


@dataclass(frozen=True, slots=True)
class Place:
    """A folder, and perhaps the name of a file in it."""

    folder: Path
    name: str | None = None

    def of(self, job: Job, files: Sequence[File]) -> list[Path]:
        """A path for each of a job's files, in their order."""
        return [self._path(job, file, number, len(files)) for number, file in enumerate(files, 1)]

    def _path(self, job: Job, file: File, number: int, count: int) -> Path:
        suffix = suffix_of(file)
        given = Path(self.name or f"{job.model.replace('/', '-')}-{job.id[-8:]}{suffix}")
        which = f"-{number}" if count > 1 else ""
        return self.folder / f"{given.stem}{which}{given.suffix or suffix}"


def place_of(out: str | None, inputs: Sequence[Path] = ()) -> Place:
    """What `-o` means: a folder that is there or ends with a slash, or else a file. Looked at before anything is paid.

    Raises `NotSaved`, and `BadOrder` for a file that is one of the inputs.
    """
    path = Path(out or ".").expanduser()
    if path.is_dir() or (out or "").endswith(("/", os.sep)):
        return Place(writable(path))
    if any(path.exists() and given.exists() and path.samefile(given) for given in inputs):
        raise BadOrder(f"{path} would be written over, and it is what you send.", advice="Choose another name for -o.")
    return Place(writable(path.parent), path.name)


def writable(folder: Path) -> Path:
    """The folder, made where it was missing. Raises `NotSaved`."""
    if folder.is_file():
        raise NotSaved(f"{folder} is a file; a folder is wanted.", advice="Choose another place with -o.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise not_saved(folder, error) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise NotSaved(f"You may not write into {folder}.", advice="Choose another place with -o.")
    return folder


def not_saved(path: Path, error: OSError) -> NotSaved:
    return NotSaved(
        f"{path} cannot be written: {(error.strerror or str(error)).lower()}.", advice="Choose another place with -o."
    )


def suffix_of(file: File) -> str:
    return SUFFIXES.get(file.mime_type) or Path(file.original_name).suffix or ".bin"


def odd_name(path: Path, file: File) -> str | None:
    """A word of warning where a name promises something else than what lies in the file."""
    kind, given = suffix_of(file), path.suffix.lower()
    if _SAME.get(given, given) == kind:
        return None
    return f"{path.name} holds {file.mime_type}: {kind} would be the right ending."
