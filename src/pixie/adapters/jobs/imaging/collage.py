"""The operation that makes one picture out of several."""

import math
from typing import Annotated, Final, Literal

from msgspec import UNSET, Meta, UnsetType
from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageOps
from PIL.Image import Resampling

from pixie.adapters.jobs.imaging.canvas import Canvas, OperationImpossible, check_size
from pixie.adapters.jobs.imaging.collage_layout import Cell, column, grid, mosaic, natural_ratio, row
from pixie.adapters.jobs.imaging.operation import Operation

_SMOOTH: Final = 4  # how much finer corners are drawn before they are shrunk


class Collage(Operation, frozen=True, kw_only=True, tag="collage"):
    """Put all pictures of the request together, in the order of `image_file_ids`. What operations before it did counts
    for the first one; the mask ends here.
    """

    layout: Annotated[
        Literal["grid", "mosaic", "row", "column"],
        Meta(
            description="`grid`: equal cells, filled; `mosaic`: rows of different heights, hardly anything cut off; "
            "`row`, `column`: a strip."
        ),
    ] = "mosaic"
    columns: Annotated[int, Meta(ge=1, le=16, description="Of a grid; without it, as many as rows.")] | UnsetType = (
        UNSET
    )
    width: Annotated[int, Meta(ge=64, le=8192, description="Of the result, in pixels.")] = 2048
    aspect_ratio: (
        Annotated[
            str,
            Meta(
                pattern=r"^[1-9][0-9]?:[1-9][0-9]?$",
                description="Of the result, such as `4:5`; without it, what cuts least.",
            ),
        ]
        | UnsetType
    ) = UNSET
    gap: Annotated[float, Meta(ge=0, le=0.1, description="Between pictures and around, as a share of the width.")] = (
        0.012
    )
    background: Annotated[str, Meta(pattern=r"^(transparent|#[0-9a-fA-F]{6})$")] = "#ffffff"
    corner_radius: Annotated[
        float, Meta(ge=0, le=0.5, description="As a share of each picture's shorter side: 0.5 is round.")
    ] = 0.0

    def apply(self, canvas: Canvas) -> Canvas:
        count = len(canvas.album)
        if count < 2:  # noqa: PLR2004 - one is no collage
            raise OperationImpossible(
                "it needs at least two pictures; list them in image_file_ids instead of image_file_id"
            )
        shapes = [canvas.image.width / canvas.image.height, *(_shape(canvas.album.size(at)) for at in range(1, count))]
        size, cells = self._laid_out(shapes)
        clear = self.background == "transparent"
        ground = Image.new(
            "RGBA" if clear else "RGB", size, (0, 0, 0, 0) if clear else ImageColor.getrgb(self.background)
        )
        for at, cell in enumerate(cells):
            wanted = cell.width, cell.height
            picture = canvas.image if at == 0 else canvas.album.picture(at, within=wanted)
            fitted = ImageOps.fit(picture, wanted, Resampling.LANCZOS)
            _lay(ground, fitted, cell, self.corner_radius)
            canvas.told((at + 1) / count)
        return Canvas(ground, album=canvas.album, seed=canvas.seed, told=canvas.told)

    def pictures(self, count: int) -> frozenset[int]:
        return frozenset(range(count))

    def _laid_out(self, shapes: list[float]) -> tuple[tuple[int, int], list[Cell]]:
        count = len(shapes)
        columns = math.ceil(math.sqrt(count)) if isinstance(self.columns, UnsetType) else min(self.columns, count)
        ratio = natural_ratio(self.layout, shapes, columns)
        if not isinstance(self.aspect_ratio, UnsetType):
            across, down = map(int, self.aspect_ratio.split(":"))
            ratio = across / down
        width, gap = self.width, round(self.gap * self.width)
        height = max(1, round(width / ratio))
        check_size(width, height)
        cells = self._cells(shapes, columns, (width, height), gap)
        if min(min(cell.width, cell.height) for cell in cells) < 8 or gap * 2 >= height:  # noqa: PLR2004 - not to be seen
            raise OperationImpossible("its pictures would be too small to see; give it more `width`, or less `gap`")
        return (width, height), cells

    def _cells(self, shapes: list[float], columns: int, size: tuple[int, int], gap: int) -> list[Cell]:
        match self.layout:
            case "grid":
                return grid(len(shapes), columns, *size, gap)
            case "row":
                return row(shapes, *size, gap)
            case "column":
                return column(shapes, *size, gap)
            case "mosaic":
                return mosaic(shapes, *size, gap)


def _shape(size: tuple[int, int]) -> float:
    return size[0] / size[1]


def _lay(ground: Image.Image, picture: Image.Image, cell: Cell, corner_radius: float) -> None:
    corners = _corners((cell.width, cell.height), corner_radius)
    mask = ImageChops.multiply(corners, picture.getchannel("A")) if picture.mode == "RGBA" else corners
    if ground.mode == "RGBA":
        laid = picture.convert("RGBA")
        laid.putalpha(mask)
        ground.alpha_composite(laid, (cell.left, cell.top))
    else:
        ground.paste(picture.convert("RGB"), (cell.left, cell.top), mask)


def _corners(size: tuple[int, int], share: float) -> Image.Image:
    """White, with smooth round corners."""
    radius = share * min(size)
    whole = Image.new("L", size, 255)
    if radius < 1:
        return whole
    side = math.ceil(radius)
    fine = Image.new("L", (side * _SMOOTH, side * _SMOOTH))
    ImageDraw.Draw(fine).ellipse((0, 0, 2 * radius * _SMOOTH, 2 * radius * _SMOOTH), fill=255)
    corner = fine.resize((side, side), Resampling.BOX)
    whole.paste(corner, (0, 0))
    whole.paste(ImageOps.mirror(corner), (size[0] - side, 0))
    whole.paste(ImageOps.flip(corner), (0, size[1] - side))
    whole.paste(ImageOps.flip(ImageOps.mirror(corner)), (size[0] - side, size[1] - side))
    return whole
