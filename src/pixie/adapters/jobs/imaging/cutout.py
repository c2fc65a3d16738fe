"""Operations that tell a picture's subject from its background."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Final

from msgspec import UNSET, Meta, UnsetType
from PIL import Image, ImageColor, ImageOps

from pixie.adapters.jobs.imaging.canvas import Canvas, OperationImpossible
from pixie.adapters.jobs.imaging.operation import Operation
from pixie.adapters.jobs.imaging.region import Region

_SEE_THROUGH: Final = 0.005  # the share of pixels from which on a picture counts as cut out already

Where = Annotated[
    Region,
    Meta(
        description="Where the subject is; all of it must be inside. Without it: roughly where the mask picture is "
        "white, or, if there is none, what stands out."
    ),
]


class Cutout(Operation, frozen=True, kw_only=True, tag="cutout"):
    """Take the background away: what remains has soft, see-through edges. A classical method (GrabCut and a guided
    filter), no AI: it needs a subject of other colours than what is behind it. The result is PNG or WebP: a JPEG
    becomes a PNG, and `format: jpeg` is refused.
    """

    needs_alpha: ClassVar[bool] = True

    region: Where | UnsetType = UNSET

    def apply(self, canvas: Canvas) -> Canvas:
        return canvas.painted(subject_of(canvas, self.region))


class ReplaceBackground(Operation, frozen=True, kw_only=True, tag="replace_background"):
    """Put the subject in front of something else: a colour, another picture of the request, or its own background out
    of focus. It is cut out as by `cutout`; a picture that is see-through already stays as it is cut.
    """

    rules: ClassVar[Mapping[str, object]] = {
        "oneOf": [{"required": ["color"]}, {"required": ["picture"]}, {"required": ["blur"]}]
    }

    color: Annotated[str, Meta(pattern="^#[0-9a-fA-F]{6}$", description="`#rrggbb`.")] | UnsetType = UNSET
    picture: (
        Annotated[
            int,
            Meta(
                ge=1,
                le=15,
                description="The place of the new background in `image_file_ids`, from 0; it fills the picture.",
            ),
        ]
        | UnsetType
    ) = UNSET
    blur: (
        Annotated[
            float,
            Meta(
                gt=0, le=0.2, description="How far out of focus, as a share of the longer side: 0.02 is a portrait's."
            ),
        ]
        | UnsetType
    ) = UNSET
    region: Where | UnsetType = UNSET

    def apply(self, canvas: Canvas) -> Canvas:
        subject = canvas.image if self._is_cut(canvas) else subject_of(canvas, self.region)
        ground = self._ground(canvas, subject.getchannel("A"))
        return canvas.painted(Image.composite(subject.convert("RGB"), ground, subject.getchannel("A")))

    def pictures(self, count: int) -> frozenset[int]:  # noqa: ARG002 - the schema bounds it, the album counts
        return frozenset() if isinstance(self.picture, UnsetType) else frozenset({self.picture})

    def _is_cut(self, canvas: Canvas) -> bool:
        if canvas.image.mode != "RGBA" or not isinstance(self.region, UnsetType):
            return False
        alpha = canvas.image.getchannel("A").histogram()
        return sum(alpha[:250]) > _SEE_THROUGH * sum(alpha)

    def _ground(self, canvas: Canvas, alpha: Image.Image) -> Image.Image:
        from pixie.adapters.jobs.imaging.pixels.matte import blurred_background  # noqa: PLC0415 - for compute children

        if not isinstance(self.color, UnsetType):
            return Image.new("RGB", canvas.size, ImageColor.getrgb(self.color))
        if not isinstance(self.picture, UnsetType):
            picture = canvas.album.picture(self.picture, within=canvas.size)
            return ImageOps.fit(picture.convert("RGB"), canvas.size, Image.Resampling.LANCZOS)
        if not isinstance(self.blur, UnsetType):
            return blurred_background(canvas.image, alpha, self.blur * max(canvas.size))
        raise OperationImpossible("it needs `color`, `picture` or `blur`")


def subject_of(canvas: Canvas, region: Region | UnsetType) -> Image.Image:
    """RGBA. Raises `OperationImpossible`."""
    from pixie.adapters.jobs.imaging.pixels.matte import cut_out  # noqa: PLC0415 - for compute children only

    if not isinstance(region, UnsetType):
        return cut_out(canvas.image, region.mask(canvas.size), box=True)
    if canvas.mask is not None:
        white = sum(canvas.mask.histogram()[128:])
        if not 0 < white < canvas.mask.width * canvas.mask.height:
            raise OperationImpossible("its mask marks nothing, or everything; it must be white on the subject only")
    return cut_out(canvas.image, canvas.mask, box=False)
