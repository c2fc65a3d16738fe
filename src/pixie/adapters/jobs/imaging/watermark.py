"""The operation that puts a name on a picture."""

import math
from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Final, Literal

from msgspec import UNSET, Meta, UnsetType
from PIL import Image, ImageColor
from PIL.Image import Resampling

from pixie.adapters.jobs.imaging.canvas import Canvas, OperationImpossible
from pixie.adapters.jobs.imaging.lettering import lettered
from pixie.adapters.jobs.imaging.operation import Operation

_TALLEST: Final = 0.8  # of the picture's height
_MOST_STAMPS: Final = 4000
_GAP: Final = 0.6  # between tiles, of a stamp's height, and a little of its width

Position = Literal["top_left", "top", "top_right", "left", "center", "right", "bottom_left", "bottom", "bottom_right"]


class Watermark(Operation, frozen=True, kw_only=True, tag="watermark"):
    """Put text (Latin, Persian, Arabic), or another picture of the request, in one place or all over the picture."""

    rules: ClassVar[Mapping[str, object]] = {"oneOf": [{"required": ["text"]}, {"required": ["picture"]}]}

    text: (
        Annotated[
            str,
            Meta(
                min_length=1,
                max_length=200,
                pattern=r"^[^\x00-\x09\x0b-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x09\x0b-\x1f\x7f]*$",
                description="Lines are parted by a newline; eight at most.",
            ),
        ]
        | UnsetType
    ) = UNSET
    picture: (
        Annotated[int, Meta(ge=1, le=15, description="The place of the mark in `image_file_ids`, from 0.")] | UnsetType
    ) = UNSET
    position: Position = "bottom_right"
    size: Annotated[float, Meta(ge=0.02, le=1, description="Its width, as a share of the picture's.")] = 0.25
    margin: Annotated[float, Meta(ge=0, le=0.4, description="To the edge, as a share of the shorter side.")] = 0.03
    opacity: Annotated[float, Meta(gt=0, le=1)] = 0.7
    color: Annotated[str, Meta(pattern="^#[0-9a-fA-F]{6}$", description="Of a text, `#rrggbb`.")] = "#ffffff"
    angle: Annotated[float, Meta(ge=-180, le=180, description="Degrees, clockwise.")] = 0
    tile: Annotated[bool, Meta(description="All over the picture; `position` and `margin` do not matter then.")] = False

    def apply(self, canvas: Canvas) -> Canvas:
        stamp = self._faded(self._stamp(canvas))
        if self.angle % 360:
            stamp = stamp.rotate(-self.angle, Resampling.BICUBIC, expand=True)
        image = canvas.image
        places = list(_tiles(image.size, stamp.size)) if self.tile else [self._place(image.size, stamp.size)]
        for place in places:
            _put(image, stamp, place)
        return canvas.painted(image)

    def pictures(self, count: int) -> frozenset[int]:  # noqa: ARG002 - the schema bounds it, the album counts
        return frozenset() if isinstance(self.picture, UnsetType) else frozenset({self.picture})

    def _stamp(self, canvas: Canvas) -> Image.Image:
        width, height = canvas.size
        room = max(1, round(width * self.size)), max(1, round(height * _TALLEST))
        if not isinstance(self.picture, UnsetType):
            return _shrunken(canvas.album.picture(self.picture).convert("RGBA"), room)
        if isinstance(self.text, UnsetType):
            raise OperationImpossible("it needs `text` or `picture`")
        if len(self.text.strip().splitlines()) > 8:  # noqa: PLR2004 - as the schema says
            raise OperationImpossible("its text has more than eight lines")
        red, green, blue = ImageColor.getrgb(self.color)[:3]
        return lettered(self.text, room, (red, green, blue))

    def _faded(self, stamp: Image.Image) -> Image.Image:
        if self.opacity < 1:
            stamp.putalpha(stamp.getchannel("A").point(lambda alpha: round(alpha * self.opacity)))
        return stamp

    def _place(self, size: tuple[int, int], stamp: tuple[int, int]) -> tuple[int, int]:
        margin = round(self.margin * min(size))
        across = 0 if "left" in self.position else 2 if "right" in self.position else 1
        down = 0 if "top" in self.position else 2 if "bottom" in self.position else 1
        return _aligned(size[0], stamp[0], margin, across), _aligned(size[1], stamp[1], margin, down)


def _aligned(side: int, stamp: int, margin: int, place: int) -> int:
    """0 is the beginning, 1 the middle, 2 the end."""
    return (margin, (side - stamp) // 2, side - stamp - margin)[place]


def _shrunken(mark: Image.Image, room: tuple[int, int]) -> Image.Image:
    scale = min(room[0] / mark.width, room[1] / mark.height)
    size = max(1, round(mark.width * scale)), max(1, round(mark.height * scale))
    return mark.resize(size, Resampling.LANCZOS, reducing_gap=3)


def _tiles(size: tuple[int, int], stamp: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """Rows like bricks; fewer and further apart where there would be thousands."""
    across = stamp[0] + max(4, round(_GAP * min(stamp) + 0.1 * stamp[0]))
    down = stamp[1] + max(4, round(_GAP * min(stamp)))
    crowd = math.sqrt(max(1.0, size[0] * size[1] / (across * down) / _MOST_STAMPS))
    across, down = round(across * crowd), round(down * crowd)
    for row, top in enumerate(range(-down // 2, size[1], down)):
        for left in range(-across // 2 * (1 + row % 2), size[0], across):
            yield left, top


def _put(image: Image.Image, stamp: Image.Image, place: tuple[int, int]) -> None:
    """Onto the picture, in place; what lies outside is cut off."""
    left, top = max(0, -place[0]), max(0, -place[1])
    right, bottom = min(stamp.width, image.width - place[0]), min(stamp.height, image.height - place[1])
    if left >= right or top >= bottom:
        return
    part = stamp.crop((left, top, right, bottom))
    corner = place[0] + left, place[1] + top
    if image.mode == "RGBA":
        image.alpha_composite(part, corner)
    else:
        image.paste(part, corner, part)
