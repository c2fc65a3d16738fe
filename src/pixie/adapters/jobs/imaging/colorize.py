"""Colour looks with a name, for grey pictures and colourful ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, Final, Literal, TypeAlias

from msgspec import UNSET, Meta, UnsetType
from PIL import Image, ImageColor, ImageFilter

from pixie.adapters.jobs.imaging.canvas import on_colors
from pixie.adapters.jobs.imaging.curves import LUMA, s_curve
from pixie.adapters.jobs.imaging.operation import Retouch

Color: TypeAlias = tuple[float, float, float]

PresetName = Literal[
    "cyanotype",
    "selenium",
    "platinum",
    "sepia_deep",
    "midnight",
    "ember",
    "mint_plum",
    "coral_navy",
    "lime_violet",
    "rose",
    "ocean",
    "forest",
    "amber",
    "lavender",
    "teal_orange",
    "golden_hour",
    "moonlight",
    "slide_film",
    "faded_print",
    "bleach_bypass",
    "autumn",
    "neon_night",
]


class Colorize(Retouch, frozen=True, kw_only=True, tag="colorize"):
    """Give the picture a colour look with a name, or one of your own `colors` from dark to light. These are fixed
    tables of colours, no AI: a black and white photo gets tones, not the colours that its things had.

    Tones (grey or colourful pictures): cyanotype, selenium, platinum, sepia_deep. Two colours: midnight, ember,
    mint_plum, coral_navy, lime_violet. Tints (the picture's colours shine through): rose, ocean, forest, amber,
    lavender. Grades (best on colour pictures): teal_orange, golden_hour, moonlight, slide_film, faded_print,
    bleach_bypass, autumn, neon_night.
    """

    rules: ClassVar[Mapping[str, object]] = {"oneOf": [{"required": ["preset"]}, {"required": ["colors"]}]}

    preset: PresetName | UnsetType = UNSET
    colors: (
        Annotated[
            tuple[Annotated[str, Meta(pattern="^#[0-9a-fA-F]{6}$")], ...],
            Meta(
                min_length=2, max_length=5, description="`#rrggbb`, what dark becomes first, what light becomes last."
            ),
        ]
        | UnsetType
    ) = UNSET
    strength: Annotated[float, Meta(ge=0, le=1, description="How much of it is mixed into the picture.")] = 1.0

    def retouch(self, image: Image.Image) -> Image.Image:
        if not isinstance(self.colors, UnsetType):
            look: Look = Tones(self.colors)
        else:
            look = LOOKS[self.preset] if not isinstance(self.preset, UnsetType) else Grade()
        colored = on_colors(image, look)
        return colored if self.strength >= 1 else Image.blend(image, colored, self.strength)


@dataclass(frozen=True, slots=True)
class Tones:
    """Brightness decides the colour: the stops are spread evenly from black to white."""

    stops: Sequence[str]
    contrast: float = 0.0

    def __call__(self, image: Image.Image) -> Image.Image:
        grey = image.convert("L", (*LUMA, 0))
        colors = [_rgb(stop) for stop in self.stops]
        curve = s_curve(self.contrast)
        ramp = [_between(colors, curve(value / 255)) for value in range(256)]
        return Image.merge("RGB", [grey.point([round(255 * color[band]) for color in ramp]) for band in range(3)])


@dataclass(frozen=True, slots=True)
class Tint:
    """The picture through coloured glass that leaves its brightness."""

    color: str
    amount: float = 0.55

    def __call__(self, image: Image.Image) -> Image.Image:
        tones = Tones(["#060606", _shade(self.color, 0.55), self.color, "#fbfbfb"])(image)
        return Image.blend(image, tones, self.amount)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """What colourists do: shadows and lights drawn towards a colour each, contrast, saturation, lifted blacks."""

    shadows: str = "#808080"
    lights: str = "#808080"
    pull: float = 0.25
    saturation: float = 1.0
    contrast: float = 0.0
    lift: float = 0.0

    def __call__(self, image: Image.Image) -> Image.Image:
        curve = s_curve(self.contrast)
        dark, light = (_leaning(_rgb(color)) for color in (self.shadows, self.lights))

        def graded(red: float, green: float, blue: float) -> Color:
            luma = curve(sum(weight * value for weight, value in zip(LUMA, (red, green, blue), strict=True)))
            weight_dark, weight_light = (1 - luma) ** 1.5 * _room(luma), luma**1.2 * _room(luma)
            return tuple(
                self.lift
                + (1 - self.lift)
                * (
                    luma
                    + (curve(value) - luma) * self.saturation
                    + self.pull * (weight_dark * dark[band] + weight_light * light[band])
                )
                for band, value in enumerate((red, green, blue))
            )

        return image.filter(ImageFilter.Color3DLUT.generate(21, graded))


Look: TypeAlias = Tones | Tint | Grade


def _room(luma: float) -> float:
    """Black stays black and white stays white."""
    return min(1.0, 6 * luma, 6 * (1 - luma))


def _leaning(color: Color) -> Color:
    """The colour less its own brightness."""
    luma = sum(weight * value for weight, value in zip(LUMA, color, strict=True))
    red, green, blue = (value - luma for value in color)
    return red, green, blue


def _rgb(color: str) -> Color:
    red, green, blue = ImageColor.getrgb(color)[:3]
    return red / 255, green / 255, blue / 255


def _shade(color: str, factor: float) -> str:
    return "#" + "".join(f"{round(255 * value * factor):02x}" for value in _rgb(color))


def _between(colors: Sequence[Color], place: float) -> Color:
    position = min(max(place, 0.0), 1.0) * (len(colors) - 1)
    index = min(int(position), len(colors) - 2)
    share = position - index
    red, green, blue = (low + (high - low) * share for low, high in zip(colors[index], colors[index + 1], strict=True))
    return red, green, blue


LOOKS: Final[dict[PresetName, Look]] = {
    "cyanotype": Tones(["#04142e", "#1b4f8a", "#8fb8d6", "#f4f8f6"], 0.2),
    "selenium": Tones(["#120d12", "#5a4a55", "#b3a3a6", "#faf5f2"], 0.25),
    "platinum": Tones(["#0c0d0f", "#565658", "#b2aea6", "#fbf8f1"], 0.15),
    "sepia_deep": Tones(["#150b05", "#6b4424", "#c49a63", "#fff3da"], 0.25),
    "midnight": Tones(["#050a24", "#24489a", "#9fd3ff"], 0.3),
    "ember": Tones(["#1a0508", "#c0311d", "#ffd678"], 0.3),
    "mint_plum": Tones(["#2a0a3a", "#5f6f8f", "#bff5d8"], 0.25),
    "coral_navy": Tones(["#0b1e4a", "#b0527a", "#ffb59c"], 0.25),
    "lime_violet": Tones(["#2b0a6b", "#5b7f7a", "#d9ff63"], 0.3),
    "rose": Tint("#d98ba5"),
    "ocean": Tint("#5f9fc4"),
    "forest": Tint("#7fa870"),
    "amber": Tint("#dba85a"),
    "lavender": Tint("#a99ad0"),
    "teal_orange": Grade(shadows="#0f7f8f", lights="#ff9a3c", pull=0.34, saturation=1.1, contrast=0.3),
    "golden_hour": Grade(shadows="#8a4b22", lights="#ffc14d", pull=0.32, saturation=1.1, contrast=0.15, lift=0.02),
    "moonlight": Grade(shadows="#16335e", lights="#8fb4e6", pull=0.42, saturation=0.6, contrast=0.2),
    "slide_film": Grade(shadows="#1c2a5a", lights="#ffe2a8", pull=0.15, saturation=1.35, contrast=0.45),
    "faded_print": Grade(shadows="#3f5f6f", lights="#f2d6a2", pull=0.28, saturation=0.7, contrast=-0.15, lift=0.09),
    "bleach_bypass": Grade(shadows="#5f6a70", lights="#d8d4c4", pull=0.12, saturation=0.4, contrast=0.6),
    "autumn": Grade(shadows="#4a2f1c", lights="#f2a64d", pull=0.3, saturation=0.95, contrast=0.2),
    "neon_night": Grade(shadows="#3a0ca3", lights="#ff4fb8", pull=0.5, saturation=1.25, contrast=0.35),
}
