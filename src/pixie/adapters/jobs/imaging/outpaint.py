"""The operation that makes the picture's edges further away."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, ClassVar, Final, Literal

from msgspec import UNSET, Meta, UnsetType
from PIL import Image

from pixie.adapters.jobs.imaging.canvas import MAX_SIDE, Canvas, OperationImpossible, check_size
from pixie.adapters.jobs.imaging.operation import Operation

_MOST: Final = 1.0  # of the picture's width to the left, to the right; of its height above, below
_SIDES: Final = ("left", "right", "top", "bottom")

Length = Annotated[float, Meta(gt=0, le=MAX_SIDE)]


class Outpaint(Operation, frozen=True, kw_only=True, tag="outpaint"):
    """Make the canvas larger, by sides or to an `aspect_ratio`, and go on with the picture there. A classical method,
    no AI: `patches` goes on with pieces of the picture that fit, `mirror` with its mirror image out of focus. Each side
    can grow by the picture's own width or height at most.
    """

    rules: ClassVar[Mapping[str, object]] = {
        "oneOf": [
            {"required": ["aspect_ratio"], "not": {"anyOf": [{"required": [side]} for side in _SIDES]}},
            {"anyOf": [{"required": [side]} for side in _SIDES], "not": {"required": ["aspect_ratio"]}},
        ]
    }

    left: Length | UnsetType = UNSET
    right: Length | UnsetType = UNSET
    top: Length | UnsetType = UNSET
    bottom: Length | UnsetType = UNSET
    unit: Annotated[Literal["pixel", "fraction"], Meta(description="`fraction`: of the picture's width or height.")] = (
        "pixel"
    )
    aspect_ratio: (
        Annotated[str, Meta(pattern=r"^[1-9][0-9]{0,3}:[1-9][0-9]{0,3}$", description="Such as `16:9`.")] | UnsetType
    ) = UNSET
    anchor: Annotated[
        Literal["center", "left", "right", "top", "bottom"],
        Meta(description="With `aspect_ratio`: where the old picture stays."),
    ] = "center"
    fill: Literal["patches", "mirror"] = "patches"

    def apply(self, canvas: Canvas) -> Canvas:
        from pixie.adapters.jobs.imaging.pixels.inpaint import extended, mirrored  # noqa: PLC0415 - for children only

        sides = self._grown_by(canvas.size)
        if not any(sides):
            return canvas
        left, top, right, bottom = sides
        width, height = canvas.size
        if max(left, right) > _MOST * width or max(top, bottom) > _MOST * height:
            raise OperationImpossible(
                f"it would grow by {left} + {right} pixels across and {top} + {bottom} down; each side of a picture of "
                f"{width} x {height} can grow by its own width or height at most"
            )
        check_size(width + left + right, height + top + bottom)
        if self.fill == "mirror":
            image = mirrored(canvas.image, sides)
        else:
            image = extended(canvas.image, sides, canvas.seed, canvas.told)
        return replace(canvas, image=image, mask=canvas.mask and _grown(canvas.mask, image.size, (left, top)))

    def _grown_by(self, size: tuple[int, int]) -> tuple[int, int, int, int]:
        """Left, top, right, bottom."""
        return (
            self._sides(size) if isinstance(self.aspect_ratio, UnsetType) else self._to_ratio(size, self.aspect_ratio)
        )

    def _sides(self, size: tuple[int, int]) -> tuple[int, int, int, int]:
        across, down = size if self.unit == "fraction" else (1, 1)
        return (
            _pixels(self.left, across),
            _pixels(self.top, down),
            _pixels(self.right, across),
            _pixels(self.bottom, down),
        )

    def _to_ratio(self, size: tuple[int, int], aspect_ratio: str) -> tuple[int, int, int, int]:
        across, down = map(int, aspect_ratio.split(":"))
        more_across = max(0, round(size[1] * across / down) - size[0])
        more_down = max(0, round(size[0] * down / across) - size[1])
        left = {"left": 0, "right": more_across}.get(self.anchor, more_across // 2)
        top = {"top": 0, "bottom": more_down}.get(self.anchor, more_down // 2)
        return left, top, more_across - left, more_down - top


def _pixels(length: float | UnsetType, unit: int) -> int:
    return 0 if isinstance(length, UnsetType) else round(length * unit)


def _grown(mask: Image.Image, size: tuple[int, int], corner: tuple[int, int]) -> Image.Image:
    grown = Image.new("L", size)
    grown.paste(mask, corner)
    return grown
