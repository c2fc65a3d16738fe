"""Operations that soften and sharpen."""

from typing import Annotated, Literal

from msgspec import Meta
from PIL import Image, ImageFilter

from pixie.adapters.jobs.imaging.canvas import on_colors
from pixie.adapters.jobs.imaging.operation import Retouch


class Blur(Retouch, frozen=True, kw_only=True, tag="blur"):
    """Soften; with `area: mask`, only where the mask picture is white."""

    kind: Literal["gaussian", "box"] = "gaussian"
    radius: Annotated[float, Meta(ge=0.1, le=250, description="Pixels.")] = 4.0

    def retouch(self, image: Image.Image) -> Image.Image:
        blur = ImageFilter.GaussianBlur(self.radius) if self.kind == "gaussian" else ImageFilter.BoxBlur(self.radius)
        if image.mode == "RGBA":
            # Weighted by alpha, or the invisible colour of transparent pixels would bleed into the visible ones.
            return image.convert("RGBa").filter(blur).convert("RGBA")
        return image.filter(blur)


class Sharpen(Retouch, frozen=True, kw_only=True, tag="sharpen"):
    """Sharpen by an unsharp mask."""

    radius: Annotated[float, Meta(ge=0.1, le=50, description="Width of the edges to look for, in pixels.")] = 2.0
    amount: Annotated[int, Meta(ge=1, le=500, description="Percent.")] = 100
    threshold: Annotated[int, Meta(ge=0, le=255, description="Least difference that counts as an edge.")] = 2

    def retouch(self, image: Image.Image) -> Image.Image:
        unsharp = ImageFilter.UnsharpMask(self.radius, self.amount, self.threshold)
        return on_colors(image, lambda colors: colors.filter(unsharp))
