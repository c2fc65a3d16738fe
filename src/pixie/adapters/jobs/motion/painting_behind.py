"""Paints what a subject hides, as far as a moving camera may get to see it: classical inpainting, near the edges."""

from typing import Final

import cv2
import numpy as np

from pixie.adapters.jobs.motion.depth import Field, Pixels

_SIDE: Final = 800  # painting happens on a small copy: what shows of it is narrow, and seen for a moment
_RADIUS: Final = 4
_GROWN: Final = 0.003  # of the longer side: the fringe that subject and ground share


def filled_behind(picture: Pixels, alpha: Field) -> Pixels:
    """The picture without what `alpha` covers."""
    height, width = picture.shape[:2]
    share = min(1.0, _SIDE / max(width, height))
    size = (max(8, round(width * share)), max(8, round(height * share)))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    brush = 2 * max(1, round(_GROWN * max(size))) + 1
    covered = (cv2.resize(alpha, size, interpolation=cv2.INTER_AREA) > 0.1).astype(np.uint8)  # noqa: PLR2004
    hole = cv2.dilate(covered, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (brush, brush))) * 255
    painted = cv2.inpaint(small, hole, _RADIUS, cv2.INPAINT_TELEA)
    calm = cv2.GaussianBlur(painted, (0, 0), 1.5)
    large = cv2.resize(calm, (width, height), interpolation=cv2.INTER_CUBIC).astype(np.float32)
    soft = cv2.GaussianBlur(cv2.resize(hole, (width, height)).astype(np.float32) / 255, (0, 0), max(0.8, width / 1280))
    mixed = picture * (1 - soft[..., None]) + large * soft[..., None]
    return np.clip(np.rint(mixed), 0, 255).astype(np.uint8)
