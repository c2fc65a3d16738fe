"""Names that people give their files: kept as they are, as far as they are harmless."""

import unicodedata
from pathlib import PurePosixPath
from typing import Final

from pixie.domain.files.media import MediaType

MAX_LENGTH: Final = 255

_JOINERS: Final = "\u200c\u200d"
"""The zero-width non-joiner belongs to Persian spelling, the joiner to emoji. Other invisible characters mislead."""

_EXTENSIONS: Final = {
    MediaType.JPEG: (".jpg", ".jpeg", ".jpe", ".jfif"),
    MediaType.MP4: (".mp4", ".m4v"),
}


def cleaned(given: str | None, media_type: MediaType) -> str:
    """The last part of a path, without control characters, bidi overrides and other invisible ones, at most 255 long.

    Where nothing is left, the file is called after what it is: `file.png`.
    """
    last = (given or "").replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(_shown(character) for character in unicodedata.normalize("NFC", last))
    name = _shortened(" ".join(shown.split()).lstrip(". " + _JOINERS).rstrip(". "))
    return name if name.strip(_JOINERS) else f"file{media_type.extension}"


def safe_to_save(name: str, media_type: MediaType) -> str:
    """The name for a download: it ends as the content demands, so that a picture named `x.html` opens as a picture."""
    if PurePosixPath(name).suffix.lower() in _EXTENSIONS.get(media_type, (media_type.extension,)):
        return name
    return f"{name}{media_type.extension}"


def _shown(character: str) -> str:
    if character in _JOINERS:
        return character
    match unicodedata.category(character):
        case "Cc" | "Zl" | "Zp":
            return " "
        case "Cf" | "Cs":
            return ""
        case _:
            return character


def _shortened(name: str) -> str:
    """Cut the stem, not the extension."""
    if len(name) <= MAX_LENGTH:
        return name
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > 10:  # noqa: PLR2004 - what is longer is no extension
        return name[:MAX_LENGTH].rstrip(". ")
    return f"{stem[: MAX_LENGTH - len(extension) - 1].rstrip('. ')}.{extension}"
