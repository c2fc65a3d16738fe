"""Frames become a file, one after the other; none is kept."""

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from pixie.adapters.jobs.motion.coded_video import CodedVideo
from pixie.adapters.jobs.motion.depth import Pixels
from pixie.adapters.jobs.motion.libvpx import Vp9Encoder
from pixie.adapters.jobs.motion.mp4 import write_mp4
from pixie.adapters.jobs.motion.webm import write_webm

_COARSEST, _FINEST = 55, 4  # of libvpx's quantizers
_SECONDS_BETWEEN_KEYS: Final = 2
_WRITERS: Final = {".mp4": write_mp4, ".webm": write_webm}
# From BGR to YCbCr by BT.709, with the room below black and above white that video has.
_RED, _BLUE = 0.2126, 0.0722
_GREEN: Final = 1 - _RED - _BLUE
_LIGHT, _COLOR = 219 / 255, 224 / 255
_TO_YCBCR: Final = np.array(
    [
        [_BLUE * _LIGHT, _GREEN * _LIGHT, _RED * _LIGHT, 16],
        [_COLOR / 2, -_GREEN / (1 - _BLUE) * _COLOR / 2, -_RED / (1 - _BLUE) * _COLOR / 2, 128],
        [-_BLUE / (1 - _RED) * _COLOR / 2, -_GREEN / (1 - _RED) * _COLOR / 2, _COLOR / 2, 128],
    ],
    np.float32,
)


def write_video(frames: Iterable[Pixels], path: Path, size: tuple[int, int], *, fps: int, quality: int) -> None:
    """MP4 or WebM, by the path's ending."""
    quantizer = round(_COARSEST - (_COARSEST - _FINEST) * (quality - 1) / 99)
    encoder = Vp9Encoder(*size, fps=fps, quantizer=quantizer, key_every=fps * _SECONDS_BETWEEN_KEYS)
    try:
        with tempfile.TemporaryFile(dir=path.parent) as spool:
            video = CodedVideo(width=size[0], height=size[1], fps=fps, spool=spool)
            for frame in frames:
                for packet in encoder.encode(planes_of(frame)):
                    video.add(packet)
            with path.open("wb") as target:
                _WRITERS[path.suffix](video, target)
    finally:
        encoder.close()


def planes_of(frame: Pixels) -> bytes:
    """Y, then Cb and Cr at half the width and height: each is the mean of the four pixels that it stands for."""
    light, blue, red = cv2.split(cv2.transform(frame, _TO_YCBCR))
    half = (frame.shape[1] // 2, frame.shape[0] // 2)
    planes = (light, *(cv2.resize(plane, half, interpolation=cv2.INTER_AREA) for plane in (blue, red)))
    return b"".join(plane.tobytes() for plane in planes)
