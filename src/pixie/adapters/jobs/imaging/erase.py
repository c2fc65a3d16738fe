"""The operation that makes something vanish."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from pixie.adapters.jobs.imaging.canvas import Canvas, OperationImpossible
from pixie.adapters.jobs.imaging.operation import Operation
from pixie.adapters.jobs.imaging.region import Region


class Erase(Operation, frozen=True, kw_only=True, tag="erase"):
    """Make something vanish: what is marked is filled with pieces of the rest of the picture that fit there. A
    classical method (patches), no AI: it goes on with sky, walls, water and grass, and invents nothing. Another `seed`
    gives another fill.
    """

    region: (
        Annotated[Region, Meta(description="What is to vanish. Without it: where the mask picture is white.")]
        | UnsetType
    ) = UNSET
    margin: (
        Annotated[int, Meta(ge=0, le=200, description="Pixels around it that vanish too; without it, a few.")]
        | UnsetType
    ) = UNSET

    def apply(self, canvas: Canvas) -> Canvas:
        from pixie.adapters.jobs.imaging.pixels.inpaint import erased  # noqa: PLC0415 - for compute children only

        mask = canvas.mask if isinstance(self.region, UnsetType) else self.region.mask(canvas.size)
        if mask is None:
            raise OperationImpossible("it needs a `region`, or a mask picture that is white on what is to vanish")
        margin = max(2, round(max(canvas.size) / 250)) if isinstance(self.margin, UnsetType) else self.margin
        return canvas.painted(erased(canvas.image, mask, margin, canvas.seed, canvas.told))
