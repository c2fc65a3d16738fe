"""Videos for tests, good and hostile ones. OpenCV writes them, by a way that Pixie itself does not go."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

Frame = NDArray[np.uint8]


def frames(count: int = 12, width: int = 64, height: int = 48) -> list[Frame]:
    """A light square crosses something dark, from left to right."""
    pictures = []
    for number in range(count):
        picture = np.full((height, width, 3), (60, 30, 20), np.uint8)
        left = (width - 12) * number // max(1, count - 1)
        picture[height // 4 : height // 2, left : left + 12] = (40, 200, 250)
        pictures.append(picture)
    return pictures


def video(path: Path, pictures: Sequence[Frame] | None = None, *, fps: float = 12, fourcc: str | None = None) -> Path:
    """MP4 or WebM by the path's ending; VP9, unless another code is named."""
    shown = frames() if pictures is None else pictures
    height, width = shown[0].shape[:2]
    usual = "vp09" if path.suffix == ".mp4" else "VP90"
    writer = cv2.VideoWriter(
        str(path), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*(fourcc or usual)), fps, (width, height)
    )
    assert writer.isOpened()
    for picture in shown:
        writer.write(picture)
    writer.release()
    return path


def decoded(path: Path) -> list[Frame]:
    """All frames, in BGR."""
    capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
    found: list[Frame] = []
    while (answer := capture.read())[0]:
        found.append(np.asarray(answer[1], np.uint8))
    capture.release()
    return found
