"""What every piece of code that decodes videos needs. For compute children only: this loads OpenCV."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Frame: TypeAlias = NDArray[np.uint8]
"""Height, width and BGR."""

_OPTIONS: Final = "OPENCV_FFMPEG_CAPTURE_OPTIONS"
"""OpenCV hands its FFmpeg what stands in this variable, and lets nothing else through."""
# A file may name others, or addresses; and a decoder that nobody needs is one more that can be attacked.
_KNOWN: Final = (
    "protocol_whitelist;file"
    "|format_whitelist;mov,mp4,m4a,3gp,3g2,mj2,matroska,webm"
    "|codec_whitelist;h264,hevc,vp8,vp9,libvpx,libvpx-vp9,mpeg4,aac,mp3,opus,vorbis"
)


class VideoReader:
    """What a file says of itself, and its frames, upright."""

    def __init__(self, capture: cv2.VideoCapture) -> None:
        self._capture = capture
        self.width = int(capture.get(cv2.CAP_PROP_FRAME_WIDTH))
        self.height = int(capture.get(cv2.CAP_PROP_FRAME_HEIGHT))
        self.fps = float(capture.get(cv2.CAP_PROP_FPS))
        self.frames = int(capture.get(cv2.CAP_PROP_FRAME_COUNT))

    def read(self) -> Frame | None:
        """The next frame; None after the last one, and when it cannot be decoded."""
        there, frame = self._capture.read()
        return np.asarray(frame, np.uint8) if there else None

    def seek(self, number: int) -> None:
        self._capture.set(cv2.CAP_PROP_POS_FRAMES, number)


@contextmanager
def reading(path: Path) -> Iterator[VideoReader | None]:
    """An opened video; None when it cannot be opened."""
    os.environ[_OPTIONS] = _KNOWN
    cv2.setNumThreads(1)  # as many children as processors are at work already
    capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, 1])
    try:
        yield VideoReader(capture) if capture.isOpened() else None
    finally:
        capture.release()
