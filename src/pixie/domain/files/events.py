from dataclasses import dataclass
from typing import ClassVar

from pixie.domain.kernel.ids import FileId


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDeleted:
    """The row is gone; the blobs under `keys` are to follow."""

    topic: ClassVar[str] = "files.file_deleted"

    file_id: FileId
    keys: tuple[str, ...]
