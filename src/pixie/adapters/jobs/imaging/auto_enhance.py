"""One button: better light, truer colours, a little more life."""

import math
from collections.abc import Sequence
from typing import Annotated, Final, NamedTuple

from msgspec import Meta
from PIL import Image, ImageFilter

from pixie.adapters.jobs.imaging.canvas import on_colors
from pixie.adapters.jobs.imaging.curves import LUMA, Curve, mixed, s_curve, saturated, with_curves
from pixie.adapters.jobs.imaging.operation import Retouch

_PROXY_SIDE: Final = 256
_CLIPPED: Final = 0.004  # the share of pixels at either end that may turn black or white
_VISIBLE: Final = 16
_OWN_BLACK: Final = 0.3  # how far a channel follows its own range (neutral greys) instead of everyone's (the mood):
_OWN_WHITE: Final = 0.7  # light has a colour to be taken back, shadows seldom
_DEEPER: Final = 0.55  # how far towards black the darkest go, and
_BRIGHTER: Final = 0.8  # how far towards white the brightest: snow and fog keep their softness
_LEAST_RANGE: Final = 0.35  # no more contrast than this stretched to the whole
_FAVOURITE_MIDDLE: Final = 0.44
_GREY: Final = 0.02


class _Range(NamedTuple):
    black: float
    white: float


class AutoEnhance(Retouch, frozen=True, kw_only=True, tag="auto_enhance"):
    """White balance, contrast, middle tones, local contrast and colour, as much as the picture needs."""

    strength: Annotated[float, Meta(ge=0, le=1, description="0 changes nothing, 1 is all of it.")] = 1.0

    def retouch(self, image: Image.Image) -> Image.Image:
        proxy = image.resize(_proxy_size(image.size), Image.Resampling.BOX)
        visible = proxy.getchannel("A").point(lambda alpha: 255 * (alpha >= _VISIBLE)) if proxy.mode == "RGBA" else None
        colors = proxy.convert("RGB")
        curves = _curves(colors, visible)
        vividness = _vividness(with_curves(colors, curves), visible)
        enhanced = on_colors(image, lambda whole: _with_depth(mixed(with_curves(whole, curves), saturated(vividness))))
        return enhanced if self.strength >= 1 else Image.blend(image, enhanced, self.strength)


def _proxy_size(size: tuple[int, int]) -> tuple[int, int]:
    scale = min(1.0, _PROXY_SIDE / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _curves(colors: Image.Image, visible: Image.Image | None) -> list[Curve]:
    grey = colors.convert("L", (*LUMA, 0))
    whole = _range(grey.histogram(visible))
    channels = [_range(band.histogram(visible)) for band in colors.split()]
    ranges = [_between(whole, channel) for channel in channels]
    stretched_grey = grey.point([round(255 * _stretched(value / 255, _between(whole, whole))) for value in range(256)])
    gamma = _gamma(_share_below(stretched_grey.histogram(visible), 0.5))
    depth = s_curve(0.12)
    return [lambda value, ends=ends: depth(_stretched(value, ends) ** gamma) for ends in ranges]  # type: ignore[misc]  # binds the loop's variable


def _range(histogram: Sequence[int]) -> _Range:
    return _Range(_share_below(histogram, _CLIPPED), _share_below(histogram, 1 - _CLIPPED))


def _share_below(histogram: Sequence[int], share: float) -> float:
    """The brightness, 0 to 1, below which that share of the pixels lies."""
    wanted = share * sum(histogram)
    counted = 0
    for brightness, count in enumerate(histogram):
        counted += count
        if count and counted >= wanted:
            return brightness / 255
    return 1.0


def _between(whole: _Range, own: _Range) -> _Range:
    black = whole.black * _DEEPER + (own.black - whole.black) * _OWN_BLACK
    white = 1 - (1 - whole.white) * _BRIGHTER + (own.white - whole.white) * _OWN_WHITE
    missing = max(0.0, _LEAST_RANGE - (white - black))
    return _Range(max(0.0, black - missing / 2), min(1.0, white + missing / 2))


def _stretched(value: float, ends: _Range) -> float:
    return min(1.0, max(0.0, (value - ends.black) / max(_LEAST_RANGE, ends.white - ends.black)))


def _gamma(middle: float) -> float:
    """Brings the middle tone a part of the way to where eyes like it; night stays night."""
    wanted = middle + (_FAVOURITE_MIDDLE - middle) * 0.5
    gamma = 1.0
    if 0 < middle < 1:
        gamma = _log(wanted) / _log(middle)
    return min(1.3, max(0.72, gamma))


def _log(value: float) -> float:
    return math.log(max(0.02, min(0.98, value)))


def _vividness(colors: Image.Image, visible: Image.Image | None) -> float:
    """Dull pictures get more colour than colourful ones; a black and white one stays as it is."""
    histogram = colors.convert("HSV").getchannel("S").histogram(visible)
    average = sum(value * count for value, count in enumerate(histogram)) / max(1, sum(histogram)) / 255
    return 1.0 if average < _GREY else 1.0 + 0.22 * max(0.0, 1 - average / 0.6)


def _with_depth(image: Image.Image) -> Image.Image:
    """A broad, faint unsharp mask: objects stand out from what is behind them."""
    return image.filter(ImageFilter.UnsharpMask(radius=max(2.0, max(image.size) / 60), percent=14, threshold=0))
