from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedFile:
    """Bytes that nobody has looked at yet, in a local file. `checksum` is the hex of their SHA-256.

    A thumbnail may be written to `thumbnail_path`; it goes when the staging ends.
    """

    path: Path
    thumbnail_path: Path
    size: int
    checksum: str
