"""Writes VP9 into a WebM (RFC 9559 and the WebM guidelines): a tree of elements, each with an id, a length and a body.

What a player needs for jumping comes first, so that it need not look for it at the end.
"""

import struct
from collections.abc import Iterator
from itertools import pairwise
from typing import BinaryIO, Final

from pixie.adapters.jobs.motion.coded_video import CodedVideo

_NANOSECONDS_IN_A_TICK: Final = 1_000_000
_LONGEST_SHORT: Final = 126  # all ones would stand for a length that is not known
_WIDTH_OF_LENGTH: Final = 8
_BT709: Final = 1
_BROADCAST_RANGE: Final = 1
_TRACK: Final = 1


def write_webm(video: CodedVideo, target: BinaryIO) -> None:
    before = _information(video) + _tracks(video)
    clusters = list(_clusters(video))
    lengths = [len(_cluster_head(video, first, last)) + _blocks_length(video, first, last) for first, last in clusters]
    # The table's own length moves what it tells of: it is made twice, and its numbers have a fixed width.
    table = _cues(video, clusters, lengths, 0)
    table = _cues(video, clusters, lengths, len(before) + len(table))
    target.write(_file_head())
    target.write(_head(0x18538067, len(before) + len(table) + sum(lengths)))
    target.write(before + table)
    video.spool.seek(0)
    for first, last in clusters:
        target.write(_cluster_head(video, first, last))
        for frame in range(first, last):
            target.write(_block_head(video, first, frame))
            target.write(video.spool.read(video.sizes[frame]))


def _file_head() -> bytes:
    return _element(
        0x1A45DFA3,
        _number(0x4286, 1),
        _number(0x42F7, 1),
        _number(0x42F2, 4),
        _number(0x42F3, 8),
        _element(0x4282, b"webm"),
        _number(0x4287, 4),
        _number(0x4285, 2),
    )


def _information(video: CodedVideo) -> bytes:
    return _element(
        0x1549A966,
        _number(0x2AD7B1, _NANOSECONDS_IN_A_TICK),
        _element(0x4489, struct.pack(">d", video.seconds * 1000)),
        _element(0x4D80, b"Pixie"),
        _element(0x5741, b"Pixie"),
    )


def _tracks(video: CodedVideo) -> bytes:
    colors = _element(
        0x55B0,
        _number(0x55B1, _BT709),
        _number(0x55B9, _BROADCAST_RANGE),
        _number(0x55BA, _BT709),
        _number(0x55BB, _BT709),
    )
    picture = _element(0xE0, _number(0xB0, video.width), _number(0xBA, video.height), colors)
    duration = round(1_000_000_000 / video.fps)
    return _element(
        0x1654AE6B,
        _element(
            0xAE,
            _number(0xD7, _TRACK),
            _number(0x73C5, 1),
            _number(0x9C, 0),
            _number(0x83, 1),
            _element(0x86, b"V_VP9"),
            _number(0x23E383, duration),
            picture,
        ),
    )


def _clusters(video: CodedVideo) -> Iterator[tuple[int, int]]:
    """From one frame that stands by itself to the next one."""
    yield from pairwise([*video.keys, len(video.sizes)])


def _cues(video: CodedVideo, clusters: list[tuple[int, int]], lengths: list[int], start: int) -> bytes:
    """Where the clusters begin, from the beginning of the segment's body."""
    points = []
    for (first, _), length in zip(clusters, lengths, strict=True):
        place = _element(0xB7, _number(0xF7, _TRACK), _element(0xF1, start.to_bytes(8, "big")))
        points.append(_element(0xBB, _number(0xB3, _time(video, first)), place))
        start += length
    return _element(0x1C53BB6B, *points)


def _cluster_head(video: CodedVideo, first: int, last: int) -> bytes:
    time = _number(0xE7, _time(video, first))
    return _head(0x1F43B675, len(time) + _blocks_length(video, first, last)) + time


def _blocks_length(video: CodedVideo, first: int, last: int) -> int:
    return sum(len(_block_head(video, first, frame)) + video.sizes[frame] for frame in range(first, last))


def _block_head(video: CodedVideo, first: int, frame: int) -> bytes:
    since = _time(video, frame) - _time(video, first)
    flags = 0x80 if frame == first else 0
    body = struct.pack(">BhB", 0x80 | _TRACK, since, flags)
    return _head(0xA3, len(body) + video.sizes[frame]) + body


def _time(video: CodedVideo, frame: int) -> int:
    return round(frame * 1000 / video.fps)


def _number(identity: int, value: int) -> bytes:
    return _element(identity, value.to_bytes(max(1, (value.bit_length() + 7) // 8), "big"))


def _element(identity: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return _head(identity, len(body)) + body


def _head(identity: int, length: int) -> bytes:
    """The first bit that is set in a length says how many bytes it has: here one, or eight."""
    name = identity.to_bytes((identity.bit_length() + 7) // 8, "big")
    if length <= _LONGEST_SHORT:
        return name + bytes([0x80 | length])
    return name + (1 << 7 * _WIDTH_OF_LENGTH | length).to_bytes(_WIDTH_OF_LENGTH, "big")
