"""The classic sliders."""

import math
from typing import Annotated

from msgspec import Meta
from PIL import Image, ImageEnhance

from pixie.adapters.jobs.imaging.canvas import on_colors
from pixie.adapters.jobs.imaging.curves import (
    LUMA,
    Curve,
    Matrix,
    chained,
    lit,
    mixed,
    s_curve,
    saturated,
    with_curves,
)
from pixie.adapters.jobs.imaging.operation import Retouch

Slider = Annotated[int, Meta(ge=-100, le=100)]


class Adjust(Retouch, frozen=True, kw_only=True, tag="adjust"):
    """Sliders; 0 changes nothing (for `gamma`, 1). They work in the order of this list."""

    exposure: Annotated[float, Meta(ge=-4, le=4, description="Stops: 1 doubles the light.")] = 0
    temperature: Annotated[Slider, Meta(description="Negative is bluer, positive warmer.")] = 0
    tint: Annotated[Slider, Meta(description="Negative is greener, positive more magenta.")] = 0
    brightness: Annotated[Slider, Meta(description="Of the middle tones; black and white stay.")] = 0
    contrast: Slider = 0
    gamma: Annotated[float, Meta(ge=0.2, le=5, description="Above 1 brightens the middle tones.")] = 1
    saturation: Annotated[Slider, Meta(description="-100 is black and white.")] = 0
    hue: Annotated[int, Meta(ge=-180, le=180, description="Degrees around the colour wheel.")] = 0
    sharpness: Annotated[Slider, Meta(description="Negative softens.")] = 0

    def retouch(self, image: Image.Image) -> Image.Image:
        return on_colors(image, self._adjusted)

    def _adjusted(self, image: Image.Image) -> Image.Image:
        adjusted = with_curves(image, [self._curve(gain) for gain in self._gains()])
        if self.saturation or self.hue:
            adjusted = mixed(adjusted, chained(saturated(1 + self.saturation / 100), turned(self.hue)))
        if self.sharpness:
            factor = 1 + self.sharpness / (25 if self.sharpness > 0 else 100)
            adjusted = ImageEnhance.Sharpness(adjusted).enhance(factor)
        return adjusted

    def _gains(self) -> tuple[float, float, float]:
        red, green, blue = balanced(self.temperature / 100, self.tint / 100)
        light = 2**self.exposure
        return red * light, green * light, blue * light

    def _curve(self, gain: float) -> Curve:
        light, bright, contrast = lit(gain), lifted(self.brightness / 100), s_curve(self.contrast / 100)
        return lambda value: contrast(bright(min(1.0, light(value)))) ** (1 / self.gamma)


def balanced(temperature: float, tint: float) -> tuple[float, float, float]:
    """Gains of red, green and blue light, -1 to 1 for each slider, that leave a grey as bright as it was."""
    gains = 1 + 0.35 * temperature + 0.1 * tint, 1 - 0.2 * tint, 1 - 0.35 * temperature + 0.1 * tint
    brightness = sum(gain * weight for gain, weight in zip(gains, LUMA, strict=True))
    return gains[0] / brightness, gains[1] / brightness, gains[2] / brightness


def lifted(amount: float) -> Curve:
    power = 1 + 1.2 * abs(amount)
    if amount >= 0:
        return lambda value: 1 - (1 - value) ** power
    return lambda value: value**power


def turned(degrees: float) -> Matrix:
    """Around the grey axis, brightness kept (SVG's `hueRotate`, Filter Effects Module 1)."""
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    red, green, blue = 0.213, 0.715, 0.072
    return (
        *(red + c * (1 - red) - s * red, green - c * green - s * green, blue - c * blue + s * (1 - blue), 0),
        *(red - c * red + s * 0.143, green + c * (1 - green) + s * 0.14, blue - c * blue - s * 0.283, 0),
        *(red - c * red - s * (1 - red), green - c * green + s * green, blue + c * (1 - blue) + s * blue, 0),
    )
