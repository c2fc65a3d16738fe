from dataclasses import dataclass

from pixie.domain.files.media import MediaType
from pixie.domain.kernel.ids import UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFilter:
    """Whose files, and which of them: all conditions hold together. `q` is part of the name, in any case."""

    owner: UserId
    mime_type: MediaType | None = None
    q: str | None = None
    temporary: bool | None = None
