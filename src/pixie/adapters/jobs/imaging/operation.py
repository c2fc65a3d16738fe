"""What an editing operation is. Its fields are its JSON Schema; its docstring is the schema's description."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import Meta
from PIL import Image, ImageChops

from pixie.adapters.jobs.imaging.canvas import Canvas, OperationImpossible, Outline


class Operation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="op"):
    rules: ClassVar[Mapping[str, object]] = {}
    """What fields alone cannot say, in the words of JSON Schema."""

    @abstractmethod
    def apply(self, canvas: Canvas) -> Canvas:
        """Raises `OperationImpossible`. The canvas that came in may be changed."""

    def foresee(self, outline: Outline) -> Outline | None:  # noqa: ARG002 - for those that know
        """What becomes of a picture of this size, before there is one. None: that shows only when it is done.

        Raises `OperationImpossible` where `apply` would for every picture of this size, and only there.
        """
        return None


class Retouch(Operation, frozen=True, kw_only=True):
    """An operation on pixels that stay where they are; it can be kept to the mask's white part."""

    area: Annotated[
        Literal["everywhere", "mask", "outside_mask"],
        Meta(description="Where to work; `mask` is where the request's mask picture is white."),
    ] = "everywhere"

    @abstractmethod
    def retouch(self, image: Image.Image) -> Image.Image:
        """The whole picture, worked on; same size and mode."""

    def foresee(self, outline: Outline) -> Outline | None:
        if self.area != "everywhere" and not outline.has_mask:
            raise self._maskless()
        return outline

    def apply(self, canvas: Canvas) -> Canvas:
        if self.area == "everywhere":
            return canvas.painted(self.retouch(canvas.image))
        if canvas.mask is None:
            raise self._maskless()
        mask = canvas.mask if self.area == "mask" else ImageChops.invert(canvas.mask)
        return canvas.painted(Image.composite(self.retouch(canvas.image), canvas.image, mask))

    def _maskless(self) -> OperationImpossible:
        return OperationImpossible(f"its area is `{self.area}`, but the request has no mask picture")
