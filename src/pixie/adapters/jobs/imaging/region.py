"""A part of a picture, told in numbers."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta
from PIL import Image, ImageDraw

from pixie.adapters.jobs.imaging.canvas import MAX_SIDE, OperationImpossible

Box = tuple[int, int, int, int]


class Region(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rectangle, or the ellipse inside of it."""

    x: Annotated[float, Meta(ge=0, le=MAX_SIDE, description="Left edge.")]
    y: Annotated[float, Meta(ge=0, le=MAX_SIDE, description="Upper edge.")]
    width: Annotated[float, Meta(gt=0, le=MAX_SIDE)]
    height: Annotated[float, Meta(gt=0, le=MAX_SIDE)]
    unit: Annotated[
        Literal["pixel", "fraction"], Meta(description="`fraction`: 0 to 1, of the picture's width and height.")
    ] = "pixel"
    shape: Literal["rectangle", "ellipse"] = "rectangle"

    def box(self, size: tuple[int, int]) -> Box:
        across, down = size if self.unit == "fraction" else (1, 1)
        left, top = self.x * across, self.y * down
        box = round(left), round(top), round(left + self.width * across), round(top + self.height * down)
        if box[2] > size[0] or box[3] > size[1]:
            raise OperationImpossible(
                f"its region ends at ({box[2]}, {box[3]}), outside of the picture of {size[0]} x {size[1]} pixels"
            )
        if box[0] >= box[2] or box[1] >= box[3]:
            raise OperationImpossible("its region holds not a single pixel")
        return box

    def mask(self, size: tuple[int, int]) -> Image.Image:
        """White inside, black outside."""
        left, top, right, bottom = self.box(size)
        mask = Image.new("L", size)
        draw = ImageDraw.Draw(mask)
        paint = draw.ellipse if self.shape == "ellipse" else draw.rectangle
        paint((left, top, right - 1, bottom - 1), fill=255)
        return mask
