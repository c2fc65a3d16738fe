"""Operations that move pixels."""

import math
from collections.abc import Mapping
from typing import Annotated, ClassVar, Final, Literal

from msgspec import UNSET, Meta, UnsetType
from PIL import Image, ImageColor
from PIL.Image import Resampling, Transpose

from pixie.adapters.jobs.imaging.canvas import MAX_SIDE, Canvas, OperationImpossible, Outline, check_size
from pixie.adapters.jobs.imaging.operation import Operation

_QUARTERS: Final = {90: Transpose.ROTATE_270, 180: Transpose.ROTATE_180, 270: Transpose.ROTATE_90}
_HALF: Final = 180
_MIRRORS: Final = {"horizontal": Transpose.FLIP_LEFT_RIGHT, "vertical": Transpose.FLIP_TOP_BOTTOM}

Edge = Annotated[float, Meta(ge=0, le=MAX_SIDE)]
Side = Annotated[int, Meta(ge=1, le=MAX_SIDE)]


class Crop(Operation, frozen=True, kw_only=True, tag="crop"):
    """Keep a part: either the box `x`, `y`, `width`, `height`, or the largest centred part of an `aspect_ratio`."""

    rules: ClassVar[Mapping[str, object]] = {
        "oneOf": [{"required": ["x", "y", "width", "height"]}, {"required": ["aspect_ratio"]}],
        "dependentRequired": {
            "x": ["y", "width", "height"],
            "y": ["x", "width", "height"],
            "width": ["x", "y", "height"],
            "height": ["x", "y", "width"],
            "unit": ["x", "y", "width", "height"],
        },
    }

    x: Annotated[Edge, Meta(description="Left edge of the box.")] | UnsetType = UNSET
    y: Annotated[Edge, Meta(description="Upper edge of the box.")] | UnsetType = UNSET
    width: Annotated[float, Meta(gt=0, le=MAX_SIDE)] | UnsetType = UNSET
    height: Annotated[float, Meta(gt=0, le=MAX_SIDE)] | UnsetType = UNSET
    unit: Annotated[
        Literal["pixel", "fraction"], Meta(description="`fraction`: 0 to 1, of the picture's width and height.")
    ] = "pixel"
    aspect_ratio: (
        Annotated[str, Meta(pattern=r"^[1-9][0-9]{0,3}:[1-9][0-9]{0,3}$", description="Such as `16:9`.")] | UnsetType
    ) = UNSET

    def foresee(self, outline: Outline) -> Outline:
        left, top, right, bottom = self._part(outline.size)
        return outline.sized((right - left, bottom - top))

    def apply(self, canvas: Canvas) -> Canvas:
        box = self._part(canvas.size)
        return canvas.moved(lambda image: image.crop(box))

    def _part(self, size: tuple[int, int]) -> tuple[int, int, int, int]:
        return self._box(size) if self.aspect_ratio is UNSET else _centred(size, self.aspect_ratio)

    def _box(self, size: tuple[int, int]) -> tuple[int, int, int, int]:
        across, down = size if self.unit == "fraction" else (1, 1)
        left, top = _known(self.x) * across, _known(self.y) * down
        right, bottom = left + _known(self.width) * across, top + _known(self.height) * down
        box = round(left), round(top), round(right), round(bottom)
        if box[2] > size[0] or box[3] > size[1]:
            raise OperationImpossible(
                f"its box ends at ({box[2]}, {box[3]}), outside of the picture of {size[0]} x {size[1]} pixels"
            )
        if box[0] >= box[2] or box[1] >= box[3]:
            raise OperationImpossible("its box holds not a single pixel")
        return box


def _known(value: float | UnsetType) -> float:
    """The schema asks for all four numbers of a box, or for none."""
    if isinstance(value, UnsetType):
        raise OperationImpossible("it needs `x`, `y`, `width` and `height`, or `aspect_ratio`")
    return value


def _centred(size: tuple[int, int], aspect_ratio: str) -> tuple[int, int, int, int]:
    across, down = map(int, aspect_ratio.split(":"))
    width = max(1, min(size[0], round(size[1] * across / down)))
    height = max(1, min(size[1], round(size[0] * down / across)))
    left, top = (size[0] - width) // 2, (size[1] - height) // 2
    return left, top, left + width, top + height


class Rotate(Operation, frozen=True, kw_only=True, tag="rotate"):
    """Turn clockwise. Multiples of 90 degrees lose nothing."""

    angle: Annotated[float, Meta(ge=-360, le=360, description="Degrees, clockwise.")]
    expand: Annotated[bool, Meta(description="Grow the picture so that no corner is cut off.")] = True
    background: Annotated[
        str,
        Meta(
            pattern=r"^(transparent|#[0-9a-fA-F]{6})$",
            description="What fills the corners: `#rrggbb` or `transparent` (white where the format knows none).",
        ),
    ] = "transparent"

    def foresee(self, outline: Outline) -> Outline | None:
        angle = self.angle % 360
        if angle == 0 or not self.expand:
            return outline
        if self._quarter(angle) is None:
            check_size(*_turned_size(outline.size, angle))
            return None  # Pillow's own rounding decides
        return outline if angle == _HALF else outline.sized((outline.height, outline.width))

    def apply(self, canvas: Canvas) -> Canvas:
        angle = self.angle % 360
        if angle == 0:
            return canvas
        quarter = self._quarter(angle)
        if quarter is not None:
            return canvas.moved(lambda image: image.transpose(quarter))
        if self.expand:
            check_size(*_turned_size(canvas.size, angle))
        image = canvas.image.convert("RGBA") if self.background == "transparent" else canvas.image
        return Canvas(self._turned(image, self._fill(image)), canvas.mask and self._turned(canvas.mask, 0))

    def _quarter(self, angle: float) -> Transpose | None:
        """A turn that only rearranges pixels; within the same frame, half a turn is the only one."""
        quarter = _QUARTERS.get(round(angle)) if angle == round(angle) else None
        return quarter if self.expand or angle == _HALF else None

    def _turned(self, image: Image.Image, fill: int | tuple[int, ...]) -> Image.Image:
        return image.rotate(-self.angle, Resampling.BICUBIC, expand=self.expand, fillcolor=fill)

    def _fill(self, image: Image.Image) -> tuple[int, ...]:
        return (0, 0, 0, 0) if self.background == "transparent" else ImageColor.getcolor(self.background, image.mode)  # type: ignore[return-value]  # RGB and RGBA have several channels


def _turned_size(size: tuple[int, int], angle: float) -> tuple[int, int]:
    sine, cosine = abs(math.sin(math.radians(angle))), abs(math.cos(math.radians(angle)))
    return math.ceil(size[0] * cosine + size[1] * sine), math.ceil(size[0] * sine + size[1] * cosine)


class Flip(Operation, frozen=True, kw_only=True, tag="flip"):
    """Mirror the picture."""

    direction: Annotated[Literal["horizontal", "vertical"], Meta(description="`horizontal` swaps left and right.")] = (
        "horizontal"
    )

    def foresee(self, outline: Outline) -> Outline:
        return outline

    def apply(self, canvas: Canvas) -> Canvas:
        return canvas.moved(lambda image: image.transpose(_MIRRORS[self.direction]))


class Resize(Operation, frozen=True, kw_only=True, tag="resize"):
    """Change the size. With one side given, the other follows."""

    rules: ClassVar[Mapping[str, object]] = {"anyOf": [{"required": ["width"]}, {"required": ["height"]}]}

    width: Side | UnsetType = UNSET
    height: Side | UnsetType = UNSET
    fit: Annotated[
        Literal["contain", "cover", "stretch"],
        Meta(
            description="`contain`: all of the picture inside of the box; `cover`: the box filled, what stands out cut "
            "off; `stretch`: exactly the box, shape or not."
        ),
    ] = "contain"
    only_shrink: Annotated[bool, Meta(description="Leave a picture alone that is small enough already.")] = False

    def foresee(self, outline: Outline) -> Outline:
        scaled, box = self._plan(outline.size)
        return outline.sized((box[2] - box[0], box[3] - box[1]) if box else scaled)

    def apply(self, canvas: Canvas) -> Canvas:
        size, box = self._plan(canvas.size)
        if size != canvas.size:
            canvas = canvas.moved(lambda image: image.resize(size, Resampling.LANCZOS, reducing_gap=3))
        return canvas if box is None else canvas.moved(lambda image: image.crop(box))

    def _plan(self, found: tuple[int, int]) -> tuple[tuple[int, int], tuple[int, int, int, int] | None]:
        """To which size, and then which part of that."""
        width, height = found
        across = None if isinstance(self.width, UnsetType) else self.width / width
        down = None if isinstance(self.height, UnsetType) else self.height / height
        factors = [factor for factor in (across, down) if factor is not None]
        if not factors:
            raise OperationImpossible("it needs `width` or `height`")
        both = max(factors) if self.fit == "cover" else min(factors)
        if self.only_shrink and both >= 1:
            return found, None
        if self.fit == "stretch" and len(factors) > 1:
            return _scaled(found, factors[0], factors[1]), None
        scaled = _scaled(found, both, both)
        return scaled, None if self.fit != "cover" or len(factors) == 1 else self._cut(scaled)

    def _cut(self, size: tuple[int, int]) -> tuple[int, int, int, int]:
        width, height = size
        across = width if isinstance(self.width, UnsetType) else min(self.width, width)
        down = height if isinstance(self.height, UnsetType) else min(self.height, height)
        left, top = (width - across) // 2, (height - down) // 2
        return left, top, left + across, top + down


def _scaled(size: tuple[int, int], across: float, down: float) -> tuple[int, int]:
    scaled = max(1, round(size[0] * across)), max(1, round(size[1] * down))
    check_size(*scaled)
    return scaled
