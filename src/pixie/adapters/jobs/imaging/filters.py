"""Looks with a name."""

from collections.abc import Callable
from typing import Annotated, Final, Literal, TypeAlias

from msgspec import Meta
from PIL import Image, ImageChops, ImageFilter, ImageOps
from PIL.Image import Resampling

from pixie.adapters.jobs.imaging.adjust import balanced
from pixie.adapters.jobs.imaging.canvas import on_colors
from pixie.adapters.jobs.imaging.curves import LUMA, lit, mixed, s_curve, saturated, with_curves
from pixie.adapters.jobs.imaging.operation import Retouch

Look: TypeAlias = Callable[[Image.Image], Image.Image]

FilterName = Literal[
    "grayscale",
    "noir",
    "sepia",
    "vintage",
    "fade",
    "warm",
    "cool",
    "vivid",
    "dramatic",
    "glow",
    "duotone",
    "vignette",
    "posterize",
    "pixelate",
    "solarize",
    "invert",
    "edges",
    "drawing",
    "emboss",
]


class Filter(Retouch, frozen=True, kw_only=True, tag="filter"):
    """A look with a name."""

    name: FilterName
    strength: Annotated[float, Meta(ge=0, le=1, description="How much of it is mixed into the picture.")] = 1.0

    def retouch(self, image: Image.Image) -> Image.Image:
        filtered = on_colors(image, LOOKS[self.name])
        return filtered if self.strength >= 1 else Image.blend(image, filtered, self.strength)


def _grayscale(image: Image.Image) -> Image.Image:
    return mixed(image, saturated(0))


def _noir(image: Image.Image) -> Image.Image:
    curve = s_curve(1.0)
    return _vignette(with_curves(_grayscale(image), [lambda value: curve(curve(value) ** 1.1)]))


def _sepia(image: Image.Image) -> Image.Image:
    return _toned(with_curves(image, [s_curve(0.35)]), "#1d120a", "#97704a", "#fff4de")


def _vintage(image: Image.Image) -> Image.Image:
    image = mixed(image, saturated(0.72))
    curves = [lambda v: 0.06 + v * 0.92, lambda v: 0.05 + v * 0.87, lambda v: 0.13 + v * 0.68]
    image = with_curves(image, curves)
    return _vignette(image, darkness=0.45)


def _fade(image: Image.Image) -> Image.Image:
    return with_curves(mixed(image, saturated(0.8)), [lambda value: 0.12 + value * 0.8])


def _warm(image: Image.Image) -> Image.Image:
    return _balanced(image, 0.45)


def _cool(image: Image.Image) -> Image.Image:
    return _balanced(image, -0.4)


def _balanced(image: Image.Image, temperature: float) -> Image.Image:
    return with_curves(image, [lit(gain) for gain in balanced(temperature, 0)])


def _vivid(image: Image.Image) -> Image.Image:
    return with_curves(mixed(image, saturated(1.4)), [s_curve(0.35)])


def _dramatic(image: Image.Image) -> Image.Image:
    # One name for each stage's result, so that the stage before is let go: these pictures are large.
    image = image.filter(ImageFilter.UnsharpMask(radius=max(image.size) / 40, percent=60, threshold=0))
    image = mixed(image, saturated(0.8))
    image = with_curves(image, [s_curve(0.4)])
    return _vignette(image, darkness=0.4)


def _glow(image: Image.Image) -> Image.Image:
    halo = image.filter(ImageFilter.GaussianBlur(max(2.0, max(image.size) / 80)))
    return Image.blend(image, ImageChops.screen(image, with_curves(halo, [lambda value: value**1.6])), 0.75)


def _duotone(image: Image.Image) -> Image.Image:
    return _toned(image, "#1b1464", "#c2386f", "#ffe29a")


def _toned(image: Image.Image, dark: str, middle: str, light: str) -> Image.Image:
    return ImageOps.colorize(image.convert("L", (*LUMA, 0)), black=dark, white=light, mid=middle)


def _vignette(image: Image.Image, darkness: float = 0.6) -> Image.Image:
    falloff = [round(255 * (1 - darkness * max(0.0, value / 255 - 0.35) ** 1.6 / 0.5)) for value in range(256)]
    shade = Image.merge("RGB", [Image.radial_gradient("L").point(falloff)] * 3)
    return ImageChops.multiply(image, shade.resize(image.size, Resampling.BICUBIC))


def _posterize(image: Image.Image) -> Image.Image:
    return ImageOps.posterize(image.filter(ImageFilter.MedianFilter(3)), 3)


def _pixelate(image: Image.Image) -> Image.Image:
    block = max(2, round(max(image.size) / 80))
    small = image.resize((-(-image.width // block), -(-image.height // block)), Resampling.BOX)
    return small.resize((small.width * block, small.height * block), Resampling.NEAREST).crop((0, 0, *image.size))


def _solarize(image: Image.Image) -> Image.Image:
    return ImageOps.solarize(image, 150)


def _edges(image: Image.Image) -> Image.Image:
    return _lines(image)


def _drawing(image: Image.Image) -> Image.Image:
    lines = with_curves(ImageOps.invert(_lines(image)), [lambda value: value**1.2])
    return ImageChops.multiply(lines, with_curves(_grayscale(image), [lambda value: min(1.0, 0.75 + 0.4 * value)]))


def _lines(image: Image.Image) -> Image.Image:
    grey = image.convert("L", (*LUMA, 0)).filter(ImageFilter.GaussianBlur(1))
    broad = grey.filter(ImageFilter.GaussianBlur(max(1.5, max(image.size) / 500)))
    lines = ImageChops.difference(grey, broad).point([min(255, round(value * 9)) for value in range(256)])
    return Image.merge("RGB", [lines] * 3)


def _emboss(image: Image.Image) -> Image.Image:
    relief = ImageFilter.Kernel((3, 3), (-2, -1, 0, -1, 0, 1, 0, 1, 2), scale=2.5, offset=128)
    return _grayscale(image).filter(ImageFilter.GaussianBlur(max(0.5, max(image.size) / 1500))).filter(relief)


LOOKS: Final[dict[FilterName, Look]] = {
    "grayscale": _grayscale,
    "noir": _noir,
    "sepia": _sepia,
    "vintage": _vintage,
    "fade": _fade,
    "warm": _warm,
    "cool": _cool,
    "vivid": _vivid,
    "dramatic": _dramatic,
    "glow": _glow,
    "duotone": _duotone,
    "vignette": _vignette,
    "posterize": _posterize,
    "pixelate": _pixelate,
    "solarize": _solarize,
    "invert": ImageOps.invert,
    "edges": _edges,
    "drawing": _drawing,
    "emboss": _emboss,
}
