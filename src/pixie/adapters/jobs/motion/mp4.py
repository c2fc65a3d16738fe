"""Writes VP9 into an MP4 (ISO/IEC 14496-12, and "VP Codec ISO Media File Format Binding").

The index comes first, so that a browser can start before it has all of the file, and jump.
"""

import shutil
import struct
from typing import BinaryIO, Final

from pixie.adapters.jobs.motion.coded_video import CodedVideo

_MATRIX: Final = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_UNDETERMINED: Final = 0x55C4  # language
_TICKS: Final = 1_000  # for each frame
_BT709: Final = 1
_LEVELS: Final = (  # VP9 levels: most pixels a second, most pixels a frame
    (829_440, 36_864, 10),
    (2_764_800, 73_728, 11),
    (4_608_000, 122_880, 20),
    (9_216_000, 245_760, 21),
    (20_736_000, 552_960, 30),
    (36_864_000, 983_040, 31),
    (83_558_400, 2_228_224, 40),
    (160_432_128, 2_228_224, 41),
)
_HIGHEST: Final = 50


def write_mp4(video: CodedVideo, target: BinaryIO) -> None:
    kind = _box(b"ftyp", b"isom", struct.pack(">I", 0x200), b"isomiso2mp41")
    length = len(_index(video, 0))
    target.write(kind)
    target.write(_index(video, len(kind) + length + 8))
    target.write(struct.pack(">I4s", 8 + sum(video.sizes), b"mdat"))
    video.spool.seek(0)
    shutil.copyfileobj(video.spool, target)


def _index(video: CodedVideo, first_byte: int) -> bytes:
    duration = len(video.sizes) * _TICKS
    scale = video.fps * _TICKS
    movie = _full(b"mvhd", struct.pack(">4I", 0, 0, scale, duration), _rest_of_movie())
    return _box(b"moov", movie, _track(video, duration, scale, first_byte))


def _rest_of_movie() -> bytes:
    """Rate and volume are 1; the next track would be the second."""
    return struct.pack(">IH10x", 0x10000, 0x100) + _MATRIX + bytes(24) + struct.pack(">I", 2)


def _track(video: CodedVideo, duration: int, scale: int, first_byte: int) -> bytes:
    head = _full(
        b"tkhd",
        struct.pack(">5I8x4H", 0, 0, 1, 0, duration, 0, 0, 0, 0),
        _MATRIX,
        struct.pack(">2I", video.width << 16, video.height << 16),
        flags=3,  # shown, and part of the film
    )
    media = _full(b"mdhd", struct.pack(">4I2H", 0, 0, scale, duration, _UNDETERMINED, 0))
    handler = _full(b"hdlr", struct.pack(">I4s12x", 0, b"vide"), b"Pixie\0")
    place = _box(b"dinf", _full(b"dref", struct.pack(">I", 1), _full(b"url ", flags=1)))
    information = _box(b"minf", _full(b"vmhd", bytes(8), flags=1), place, _samples(video, first_byte))
    return _box(b"trak", head, _box(b"mdia", media, handler, information))


def _samples(video: CodedVideo, first_byte: int) -> bytes:
    """All frames are one chunk: nothing else lies between them."""
    count = len(video.sizes)
    return _box(
        b"stbl",
        _full(b"stsd", struct.pack(">I", 1), _description(video)),
        _full(b"stts", struct.pack(">3I", 1, count, _TICKS)),
        _full(b"stss", struct.pack(">I", len(video.keys)), _numbers([key + 1 for key in video.keys])),
        _full(b"stsc", struct.pack(">4I", 1, 1, count, 1)),
        _full(b"stsz", struct.pack(">2I", 0, count), _numbers(video.sizes)),
        _full(b"stco", struct.pack(">2I", 1, first_byte)),
    )


def _description(video: CodedVideo) -> bytes:
    """Eight bits, 4:2:0, and colours by BT.709 with the usual room above and below."""
    picture = struct.pack(">6xH16x2H2I4xH32sHh", 1, video.width, video.height, 72 << 16, 72 << 16, 1, b"", 24, -1)
    configuration = struct.pack(">8B", 0, _level(video), 8 << 4 | 1 << 1, _BT709, _BT709, _BT709, 0, 0)
    colors = struct.pack(">4s3HB", b"nclx", _BT709, _BT709, _BT709, 0)
    return _box(b"vp09", picture, _box(b"vpcC", b"\1\0\0\0", configuration), _box(b"colr", colors))


def _level(video: CodedVideo) -> int:
    pixels = video.width * video.height
    return next((level for rate, most, level in _LEVELS if pixels * video.fps <= rate and pixels <= most), _HIGHEST)


def _numbers(values: list[int]) -> bytes:
    return struct.pack(f">{len(values)}I", *values)


def _full(name: bytes, *parts: bytes, flags: int = 0) -> bytes:
    """A box with a version, 0, and flags."""
    return _box(name, struct.pack(">I", flags), *parts)


def _box(name: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), name) + body
