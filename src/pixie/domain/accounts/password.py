import unicodedata
from dataclasses import dataclass, field
from typing import Self

from pixie.domain.accounts.errors import InvalidPassword

SHORTEST = 8
LONGEST = 256


@dataclass(frozen=True, slots=True)
class Password:
    """What somebody typed, normalised (NFKC), so that it is the same from every keyboard. Never shown."""

    text: str = field(repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", unicodedata.normalize("NFKC", self.text))

    @classmethod
    def chosen(cls, text: str) -> Self:
        """A new password: long enough to be worth something, short enough to hash. Raises `InvalidPassword`."""
        password = cls(text)
        if not SHORTEST <= len(password.text) <= LONGEST or any(map(_is_surrogate, password.text)):
            raise InvalidPassword(shortest=SHORTEST, longest=LONGEST)
        return password


def _is_surrogate(char: str) -> bool:
    """Half a character, as broken input leaves behind; it cannot be hashed."""
    return "\ud800" <= char <= "\udfff"
