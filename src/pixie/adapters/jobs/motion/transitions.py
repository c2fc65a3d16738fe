"""How one picture gives way to the next, when `share` of the time for it is over."""

from typing import Final, assert_never

import cv2
import numpy as np

from pixie.adapters.jobs.motion.depth import Pixels
from pixie.adapters.jobs.motion.easing import eased
from pixie.adapters.jobs.motion.motion_parameters import Transition

_SOFT: Final = 0.08  # of the width: a wipe's edge


def blended(before: Pixels, after: Pixels, share: float, transition: Transition) -> Pixels:
    match transition:
        case "cross_fade":
            return _mixed(before, after, eased(share, "ease_in_out"))
        case "fade_through_black":
            seen, light = (before, 1 - 2 * share) if share < 0.5 else (after, 2 * share - 1)  # noqa: PLR2004
            return _mixed(np.zeros_like(seen), seen, eased(light, "ease_out"))
        case "push":
            return _pushed(before, after, eased(share, "ease_in_out"))
        case "wipe":
            return _wiped(before, after, share)
        case "cut":
            return after
    assert_never(transition)


def _mixed(before: Pixels, after: Pixels, share: float) -> Pixels:
    return np.asarray(cv2.addWeighted(before, 1 - share, after, share, 0), np.uint8)


def _pushed(before: Pixels, after: Pixels, share: float) -> Pixels:
    """The next one comes from the right and pushes the first one out."""
    gone = round(before.shape[1] * share)
    return np.ascontiguousarray(np.concatenate([before[:, gone:], after[:, :gone]], axis=1))


def _wiped(before: Pixels, after: Pixels, share: float) -> Pixels:
    """An edge goes from left to right, soft, so that it draws no line."""
    place = share * (1 + _SOFT) - np.linspace(0, 1, before.shape[1], dtype=np.float32)
    through = np.clip(place / _SOFT, 0, 1)[None, :, None]
    return np.asarray(np.rint(before * (1 - through) + after * through), np.uint8)
