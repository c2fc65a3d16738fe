import hashlib
import re
from dataclasses import dataclass, field

from pixie.domain.accounts.errors import InvalidRefreshToken

PREFIX = "pxr_"
_SHAPE = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}")


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """256 bits that nobody can guess. Only its digest is stored; the prefix lets secret scanners recognise a leak."""

    text: str = field(repr=False)

    def __post_init__(self) -> None:
        if not _SHAPE.fullmatch(self.text):
            raise InvalidRefreshToken

    @property
    def digest(self) -> bytes:
        return hashlib.sha256(self.text.encode("ascii")).digest()
