"""Composes a picture from a prompt's words, and leaves to a seeded chance what they leave open."""

from random import Random
from typing import Final

from PIL import Image

from pixie.adapters.jobs.sketching.brush import lucky
from pixie.adapters.jobs.sketching.buildings import paint_city, paint_house
from pixie.adapters.jobs.sketching.finish import finished, paint_snowfall
from pixie.adapters.jobs.sketching.flow import paint_flow
from pixie.adapters.jobs.sketching.land import paint_dunes, paint_hills, paint_mist
from pixie.adapters.jobs.sketching.mountains import paint_mountains
from pixie.adapters.jobs.sketching.palette import PALETTES, Palette, between
from pixie.adapters.jobs.sketching.plants import paint_flowers, paint_grass, paint_pines, paint_round_trees
from pixie.adapters.jobs.sketching.sky import (
    paint_aurora,
    paint_birds,
    paint_clouds,
    paint_moon,
    paint_sky,
    paint_stars,
    paint_sun,
)
from pixie.adapters.jobs.sketching.water import paint_boat, paint_water
from pixie.adapters.jobs.sketching.wishes import Light, Scene, Wishes, wishes_of

_FINE: Final = 2  # the picture is painted so many times larger, and reduced, for smooth edges
_LARGE: Final = 1_600_000  # pixels from which on it is fine enough by itself
_SCENES: Final[tuple[Scene, ...]] = ("mountains", "sea", "forest", "meadow", "mountains", "sea", "desert", "city")
_LIGHTS: Final[tuple[Light, ...]] = ("day", "sunset", "dawn", "night", "sunset", "day", "pastel", "autumn")


def sketch(
    prompt: str, seed: int, size: tuple[int, int], *, scene: Scene | None = None, light: Light | None = None
) -> Image.Image:
    """The same arguments give the same pixels."""
    wishes = wishes_of(prompt)
    rng = Random(f"{' '.join(prompt.split()).casefold()}\n{seed}")  # noqa: S311 - chance that can be repeated
    chance_scene, chance_light = rng.choice(_SCENES), rng.choice(_LIGHTS)
    picture = _Picture(
        rng, wishes, scene or wishes.scene or chance_scene, light or wishes.light or chance_light, _grown(size)
    )
    painted = finished(picture.painted(), rng)
    return painted if painted.size == size else painted.reduce(_FINE)


def _grown(size: tuple[int, int]) -> tuple[int, int]:
    return size if size[0] * size[1] > _LARGE else (size[0] * _FINE, size[1] * _FINE)


class _Picture:
    def __init__(self, rng: Random, wishes: Wishes, scene: Scene, light: Light, size: tuple[int, int]) -> None:
        self._rng = rng
        self._extras = wishes.extras
        self._scene = scene
        self._light = light
        self._size = size
        self._palette: Palette = PALETTES[light]
        self._horizon = size[1] * {"sea": 0.56, "city": 0.74, "forest": 0.5, "meadow": 0.52}.get(scene, 0.6)
        self._horizon *= 0.96 + 0.08 * rng.random()
        self._sun_x = size[0] * (0.22 + 0.56 * rng.random())
        self._snow = light == "winter" or "snow" in wishes.extras

    def painted(self) -> Image.Image:
        if self._scene == "abstract":
            return paint_flow(self._size, self._rng, self._palette)
        image = paint_sky(self._size, self._horizon, self._palette)
        self._paint_lights(image)
        paint_clouds(
            image,
            self._rng,
            self._horizon,
            self._palette,
            0.25 if self._palette.dark else 0.2 + 0.6 * self._rng.random(),
        )
        if self._wants("mountains", {"mountains"}, {"sea": 0.6, "forest": 0.7, "meadow": 0.4}):
            paint_mountains(image, self._rng, self._horizon, self._palette, snow=self._snow or lucky(self._rng, 0.5))
            paint_mist(image, self._rng, self._horizon, self._palette, 0.75)
        if "birds" in self._extras or (not self._palette.dark and lucky(self._rng, 0.6)):
            paint_birds(image, self._rng, self._horizon, between(self._palette.land[1], self._palette.sky[0], 0.4))
        self._paint_ground(image)
        if self._snow:
            paint_snowfall(image, self._rng)
        return image

    def _wants(self, extra: str, scenes: set[str], chances: dict[str, float]) -> bool:
        chance = lucky(self._rng, chances.get(self._scene, 0))
        return extra in self._extras or self._scene in scenes or chance

    def _paint_lights(self, image: Image.Image) -> None:
        height = self._size[1]
        low = {"sunset": 0.87, "dawn": 0.8}.get(self._light, 0.3 + 0.25 * self._rng.random())
        if self._palette.dark:
            paint_stars(image, self._rng, self._horizon)
            if "aurora" in self._extras:
                paint_aurora(image, self._rng, self._horizon)
            paint_moon(image, self._rng, (self._sun_x, self._horizon * low), height * 0.045, self._palette)
        else:
            paint_sun(image, (self._sun_x, self._horizon * low), height * (0.05 if low > 0.7 else 0.04), self._palette)  # noqa: PLR2004

    def _paint_ground(self, image: Image.Image) -> None:
        match self._scene:
            case "sea":
                self._paint_lake(image)
            case "desert":
                paint_dunes(image, self._rng, self._horizon, self._palette)
            case "city":
                self._paint_city(image)
            case "forest":
                self._paint_forest(image)
            case "mountains" if self._lies_at_a_lake():
                self._paint_lake(image)
            case _:
                self._paint_meadow(image)

    def _lies_at_a_lake(self) -> bool:
        chance = lucky(self._rng, 0.45)
        return "water" in self._extras or (chance and "house" not in self._extras)

    def _paint_city(self, image: Image.Image) -> None:
        paint_city(image, self._rng, self._horizon, self._palette)
        if "water" in self._extras:
            self._horizon += (self._size[1] - self._horizon) * 0.25
            self._paint_lake(image)

    def _paint_forest(self, image: Image.Image) -> None:
        paint_hills(image, self._rng, self._horizon, self._palette, 2)
        paint_pines(image, self._rng, self._horizon, self._palette, snow=self._snow)
        self._paint_house(image)

    def _paint_house(self, image: Image.Image) -> None:
        if "house" in self._extras:
            paint_house(image, self._rng, self._horizon, self._palette)

    def _paint_lake(self, image: Image.Image) -> None:
        paint_water(image, self._rng, self._horizon, self._palette, self._sun_x)
        if self._wants("boat", set(), {"sea": 0.5, "mountains": 0.2}):
            paint_boat(image, self._rng, self._horizon, self._palette)

    def _paint_meadow(self, image: Image.Image) -> None:
        paint_hills(image, self._rng, self._horizon, self._palette)
        if "trees" in self._extras or lucky(self._rng, 0.7):
            paint_round_trees(image, self._rng, self._horizon, self._palette, 4 + self._rng.randrange(5))
        if not self._snow:
            paint_grass(image, self._rng, self._horizon, self._palette)
        self._paint_house(image)
        if "flowers" in self._extras or (self._scene == "meadow" and not self._snow):
            paint_flowers(image, self._rng, self._horizon, self._palette)
