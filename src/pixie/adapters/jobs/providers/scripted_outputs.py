"""What the provider `scripted` hands out: tiny files, good and bad."""

from base64 import b64decode
from pathlib import Path
from typing import Final

from pixie.adapters.jobs.providers.script import OutputKind
from pixie.adapters.jobs.providers.scripted_video import MP4
from pixie.domain.jobs.generation import Output, OutputFile, OutputUrl

# A yellow dot on violet, 8 x 8.
_PNG: Final = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAIAQMAAAD+wSzIAAAABlBMVEV8Te3/yj9kGld8AAAAGElEQVR42mNgYLBhcmJiYGJgYmD+y8AAAAk9AYdnJaAy"
    "AAAAAElFTkSuQmCC"
)
_WIDTH_AND_HEIGHT: Final = slice(16, 24)


def _claiming_a_huge_picture() -> bytes:
    data = bytearray(_PNG)
    data[_WIDTH_AND_HEIGHT] = (50_000).to_bytes(4, "big") * 2
    return bytes(data)


_FILES: Final[dict[OutputKind, bytes]] = {
    "png": _PNG,
    "mp4": MP4,
    "html": b"<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>",
    "truncated": _PNG[:60],
    "empty": b"",
    "huge_header": _claiming_a_huge_picture(),
}
_PRIVATE_URL: Final = "http://127.0.0.1:9/picture.png"


def scripted_outputs(kind: OutputKind, count: int, workdir: Path) -> tuple[Output, ...]:
    """Written at once, without any computing: the provider is there to measure what is around it."""
    if kind == "none":
        return ()
    if kind == "private_url":
        return (OutputUrl(url=_PRIVATE_URL),) * count
    paths = [workdir / f"output-{number + 1}" for number in range(count)]
    for path in paths:
        path.write_bytes(_FILES[kind])
    return tuple(OutputFile(path=path) for path in paths)
