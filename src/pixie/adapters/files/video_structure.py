"""Whether a video file is as long as it says: what was cut off on its way is found without decoding anything."""

from pathlib import Path
from typing import BinaryIO, Final

from pixie.domain.files.errors import InvalidVideo
from pixie.domain.files.media import MediaType

_MOST_BOXES: Final = 100_000  # a film in fragments has one or two for each second
_EBML, _SEGMENT = 0x1A45DFA3, 0x18538067
_LONGEST_ID: Final = 4


def check_whole(path: Path, media_type: MediaType) -> None:
    """Raises `InvalidVideo`."""
    size = path.stat().st_size
    with path.open("rb") as file:
        if media_type is MediaType.MP4:
            _check_boxes(file, size)
        else:
            _check_elements(file, size)


def _check_boxes(file: BinaryIO, size: int) -> None:
    """ISO/IEC 14496-12: boxes from the first byte to the last; a length of 0 is to the end, 1 says that it follows."""
    at, names = 0, set()
    for _ in range(_MOST_BOXES):
        if at == size:
            break
        file.seek(at)
        head = file.read(16)
        length = int.from_bytes(head[:4], "big")
        if length == 1:
            length = int.from_bytes(head[8:], "big")
        elif length == 0:
            length = size - at
        if len(head) < 8 or length < 8 or at + length > size:  # noqa: PLR2004 - a length and a name
            raise InvalidVideo("the file ends too early, or is damaged")
        names.add(head[4:8])
        at += length
    if at != size or not {b"moov", b"mdat"} <= names:
        raise InvalidVideo("it has nothing to play, or no index")


def _check_elements(file: BinaryIO, size: int) -> None:
    """RFC 8794 and 9559: a header, then a segment with all that there is. Live streams do not tell how long it is."""
    at = 0
    while at < size:
        file.seek(at)
        identity, length = _number(file, keep_marker=True), _number(file, keep_marker=False)
        at = file.tell()
        if identity not in (_EBML, _SEGMENT):
            raise InvalidVideo("it has nothing to play, or is damaged")
        if length is None:
            return
        at += length
        if at > size:
            raise InvalidVideo("the file ends too early, or is damaged")
        if identity == _SEGMENT:
            return
    raise InvalidVideo("it has nothing to play")


def _number(file: BinaryIO, *, keep_marker: bool) -> int | None:
    """As many zeros as the first byte begins with, so many bytes follow it. All ones stand for a length not known."""
    first = (file.read(1) or b"\0")[0]
    width = 9 - first.bit_length()
    if width > (_LONGEST_ID if keep_marker else 8):
        raise InvalidVideo("the file ends too early, or is damaged")
    value = int.from_bytes(bytes([first]) + file.read(width - 1), "big")
    if keep_marker:
        return value
    ones = (1 << 7 * width) - 1
    return None if value & ones == ones else value & ones
