"""The last strokes: falling snow, glow, grain, and darker corners."""

from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter
from PIL.Image import Resampling

from pixie.adapters.jobs.sketching.brush import levels, noise


def paint_snowfall(image: Image.Image, rng: Random) -> None:
    width, height = image.size
    for layer in range(3):
        flakes = Image.new("L", image.size)
        draw = ImageDraw.Draw(flakes)
        radius = max(width, height) / 1000 * (0.8 + 1.5 * layer)
        for _ in range(420 // (layer + 1)):
            x, y, size = rng.random() * width, rng.random() * height, radius * (0.6 + 0.7 * rng.random())
            draw.ellipse((x - size, y - size, x + size, y + size), fill=round(150 + 80 * rng.random()))
        image.paste((255, 255, 255), mask=flakes.filter(ImageFilter.GaussianBlur(radius * 0.35)))


def finished(image: Image.Image, rng: Random) -> Image.Image:
    glowing = _glow(image)
    grain = noise(rng, image.size, (image.width // 3, image.height // 3), 1)
    glowing.paste((255, 255, 255), mask=levels(grain, 150, 255, 10))
    glowing.paste((0, 0, 0), mask=levels(grain.point(lambda value: 255 - value), 150, 255, 12))
    return _vignette(glowing)


def _glow(image: Image.Image) -> Image.Image:
    """Light spills over into what is beside it; made small, since it is soft anyway."""
    small = image.reduce(8).filter(ImageFilter.GaussianBlur(max(image.size) / 8 / 70))
    light = small.point([round((value / 255) * (value / 255) * value * 0.5) for value in range(256)] * 3)
    return ImageChops.screen(image, light.resize(image.size, Resampling.BICUBIC))


def _vignette(image: Image.Image) -> Image.Image:
    falloff = [255 - round(74 * max(0.0, value / 255 - 0.45) / 0.55) for value in range(256)]
    shade = Image.radial_gradient("L").point(falloff).resize(image.size, Resampling.BICUBIC)
    return ImageChops.multiply(image, Image.merge("RGB", [shade] * 3))
