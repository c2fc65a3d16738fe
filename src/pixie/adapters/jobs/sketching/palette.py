"""Colours that go together, by the light they stand in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from pixie.adapters.jobs.sketching.wishes import Light

Color: TypeAlias = tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """`sky` runs from the zenith to the horizon, `land` from the farthest layer to the nearest."""

    sky: tuple[Color, ...]
    sun: Color
    glow: Color
    cloud: Color
    land: tuple[Color, Color]
    leaves: tuple[Color, ...]
    water: Color
    bloom: tuple[Color, ...]
    dark: bool = False

    @property
    def horizon(self) -> Color:
        return self.sky[-1]


def color(code: str) -> Color:
    return int(code[0:2], 16), int(code[2:4], 16), int(code[4:6], 16)


def colors(codes: str) -> tuple[Color, ...]:
    return tuple(color(code) for code in codes.split())


def between(one: Color, other: Color, share: float) -> Color:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def along(stops: Sequence[Color], share: float) -> Color:
    """A colour from a gradient with evenly spaced stops."""
    place = max(0.0, min(1.0, share)) * (len(stops) - 1)
    at = min(int(place), len(stops) - 2)
    return between(stops[at], stops[at + 1], place - at)


PALETTES: Final[dict[Light, Palette]] = {
    "dawn": Palette(
        sky=colors("3c4f86 7d7db3 c99bb8 f6bfae ffe3c2"),
        sun=color("fff3d6"),
        glow=color("ffc9a0"),
        cloud=color("ffe1d6"),
        land=(color("a99bbd"), color("2c2f4f")),
        leaves=colors("3a4a63 2d3a55 4b5877"),
        water=color("6f7fae"),
        bloom=colors("ffb3c1 ffd6a5 f7f0d4 c8b6ff"),
    ),
    "day": Palette(
        sky=colors("2470c4 4f9be3 8fc6f2 d3ecf8"),
        sun=color("fffbe6"),
        glow=color("fff3c4"),
        cloud=color("ffffff"),
        land=(color("8fb8c9"), color("2f6b3a")),
        leaves=colors("2f7a45 3f8f4f 24623a 5aa05a"),
        water=color("2f84b5"),
        bloom=colors("ff5d73 ffd23f ffffff b388eb ff8fab"),
    ),
    "sunset": Palette(
        sky=colors("2b1d52 6b2a6f c4456a f27a54 ffc371"),
        sun=color("fff0c2"),
        glow=color("ff9f5a"),
        cloud=color("ffb07c"),
        land=(color("a8556b"), color("1f1433")),
        leaves=colors("2b1a38 3a2145 22142e"),
        water=color("7a3f68"),
        bloom=colors("ff6b6b ffb347 ffe08a d66ba0"),
    ),
    "night": Palette(
        sky=colors("04081c 0a1736 16305a 2e5278"),
        sun=color("f4f1de"),
        glow=color("7fa3d1"),
        cloud=color("35507a"),
        land=(color("2b4769"), color("050a18")),
        leaves=colors("0b1a2b 0f2436 081320"),
        water=color("10284a"),
        bloom=colors("8fb8ff c8b6ff a0e7e5 f4f1de"),
        dark=True,
    ),
    "winter": Palette(
        sky=colors("4f7fb5 86aed6 bcd6ea f3e6dc"),
        sun=color("fffaf0"),
        glow=color("ffe9d2"),
        cloud=color("f7fafc"),
        land=(color("8fadc9"), color("dfe9f2")),
        leaves=colors("3d5a66 4c6b76 2f4a57"),
        water=color("8fb0c8"),
        bloom=colors("d1495b f7f7f7 b8d8e8"),
    ),
    "autumn": Palette(
        sky=colors("5f87a8 9fb4b8 e0c9a6 f7dfb5"),
        sun=color("fff4d1"),
        glow=color("ffcf87"),
        cloud=color("fbeedb"),
        land=(color("c2a878"), color("7a5a22")),
        leaves=colors("b5451b d9772b e8a33d 8c2f1b c45a24"),
        water=color("6d8a8f"),
        bloom=colors("d9772b e8a33d b5451b f1d27a"),
    ),
    "pastel": Palette(
        sky=colors("a9c7e8 c9c3ec efc7df ffe2d1"),
        sun=color("fffdf2"),
        glow=color("ffe6c7"),
        cloud=color("ffffff"),
        land=(color("d5c6e0"), color("86a59c")),
        leaves=colors("8fb8a0 a7c9ae 7aa38f"),
        water=color("a6c8df"),
        bloom=colors("ff9fb2 ffd6a5 cdb4db bde0fe fff1c9"),
    ),
}
