"""A subject, told from its background."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from pixie.adapters.jobs.imaging.canvas import Album, Canvas, OperationImpossible
from pixie.adapters.jobs.imaging.cutout import Cutout, ReplaceBackground
from pixie.adapters.jobs.imaging.region import Region
from tests.support import pictures

SIZE = (320, 240)
ORANGE, BLUE = (230, 120, 40), (60, 90, 150)
AROUND = Region(x=85, y=45, width=150, height=160)


def truth(size: tuple[int, int] = SIZE) -> Image.Image:
    """How much of each pixel is subject: a pear, with the soft edge of a photograph."""
    scale = 4
    mask = Image.new("L", (SIZE[0] * scale, SIZE[1] * scale))
    draw = ImageDraw.Draw(mask)
    draw.ellipse((100 * scale, 90 * scale, 220 * scale, 200 * scale), fill=255)
    draw.ellipse((125 * scale, 50 * scale, 195 * scale, 130 * scale), fill=255)
    return mask.resize(size, Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(1.0))


def textured(color: tuple[int, int, int], seed: int, size: tuple[int, int] = SIZE) -> Image.Image:
    noise = np.random.default_rng(seed).normal(0, 1, (size[1], size[0]))
    light = cv2.GaussianBlur(noise, (0, 0), 2) * 40
    return Image.fromarray((np.array(color) + light[..., None]).clip(0, 255).astype(np.uint8))


def pear() -> Image.Image:
    return Image.composite(textured(ORANGE, 1), textured(BLUE, 2), truth())


def rough_mask() -> Image.Image:
    """As drawn with a thumb."""
    mask = Image.new("L", SIZE)
    ImageDraw.Draw(mask).ellipse((98, 55, 222, 198), fill=255)
    return mask


def cut(image: Image.Image, mask: Image.Image | None = None, **fields: Any) -> Image.Image:
    return Cutout(**fields).apply(Canvas(image.copy(), mask)).image


def replaced(image: Image.Image, album: Album | None = None, **fields: Any) -> Image.Image:
    return ReplaceBackground(**fields).apply(Canvas(image.copy(), album=album or Album())).image


def array(image: Image.Image) -> NDArray[Any]:
    return np.asarray(image).astype(np.float32)


def alpha_of(image: Image.Image) -> NDArray[Any]:
    return array(image.getchannel("A"))


def agreement(image: Image.Image) -> float:
    found, true = alpha_of(image) >= 128, array(truth()) >= 128
    return float((found & true).sum() / (found | true).sum())


@pytest.mark.parametrize("how", ["guess", "region", "mask"])
def test_a_subject_is_found(how: str) -> None:
    image = cut(pear(), rough_mask() if how == "mask" else None, **({"region": AROUND} if how == "region" else {}))

    assert image.mode == "RGBA"
    assert agreement(image) > 0.95


def test_edges_are_soft_and_all_else_is_clear() -> None:
    alpha = alpha_of(cut(pear()))

    outline = int(((alpha > 20) & (alpha < 235)).sum())
    assert 250 < outline < 3000  # its circumference is some 400 pixels
    assert (alpha[:30] == 0).all()
    assert (alpha[110:180, 130:190] == 255).all()


def test_edges_keep_nothing_of_the_backgrounds_color() -> None:
    image = cut(pear())
    colors, alpha = array(image.convert("RGB")), alpha_of(image)

    soft = (alpha > 40) & (alpha < 215)
    blueness = (colors[..., 2] - colors[..., 0])[soft]
    before = (array(pear())[..., 2] - array(pear())[..., 0])[soft]

    assert blueness.mean() < before.mean() - 60
    assert blueness.mean() < ORANGE[2] - ORANGE[0] + 40


def test_a_large_picture_is_cut_as_finely_as_a_small_one() -> None:
    factor = 6
    large = pear().resize((SIZE[0] * factor, SIZE[1] * factor), Image.Resampling.BICUBIC)

    alpha = cut(large).getchannel("A")

    small = array(alpha.resize(SIZE, Image.Resampling.BOX))
    assert np.abs(small - array(truth())).mean() < 4
    steps = np.abs(np.diff(array(alpha), axis=1))
    assert steps.max() < 120  # no stairs


def test_transparency_that_was_there_stays() -> None:
    image = pear().convert("RGBA")
    image.paste((0, 0, 0, 0), (0, 120, 320, 240))

    assert (alpha_of(cut(image, region=AROUND))[125:] == 0).all()


@pytest.mark.parametrize(
    ("image", "mask", "fields", "told"),
    [
        (Image.new("RGB", SIZE, "teal"), None, {}, "no subject stands out"),
        (textured(BLUE, 3), None, {}, "no subject stands out"),
        (Image.new("RGB", (1, 1)), None, {}, "no subject stands out"),
        (pear(), Image.new("L", SIZE), {}, "mask marks nothing, or everything"),
        (pear(), Image.new("L", SIZE, 255), {}, "mask marks nothing, or everything"),
        (pear(), None, {"region": Region(x=0, y=0, width=320, height=240)}, "no subject stands out"),
        (pear(), None, {"region": Region(x=300, y=0, width=30, height=30)}, "outside of the picture"),
    ],
    ids=["plain", "texture", "one pixel", "black", "white", "whole", "outside"],
)
def test_what_cannot_be_cut_is_refused_with_a_hint(
    image: Image.Image, mask: Image.Image | None, fields: dict[str, Any], told: str
) -> None:
    with pytest.raises(OperationImpossible, match=told):
        cut(image, mask, **fields)


class TestReplaceBackground:
    def test_by_a_color(self) -> None:
        image = replaced(pear(), color="#10a020")

        assert image.mode == "RGB"
        assert image.getpixel((5, 5)) == (0x10, 0xA0, 0x20)
        assert image.getpixel((160, 150)) == pear().getpixel((160, 150))
        assert array(image)[..., 2].max() < 130, "blue is left"

    def test_by_another_picture_that_fills_the_whole(self, tmp_path: Path) -> None:
        other = pictures.written(tmp_path, pictures.encoded(Image.new("RGB", (50, 400), (9, 99, 199)), "PNG"))

        image = replaced(pear(), Album([other, other]), picture=1)

        assert image.size == SIZE
        assert image.getpixel((3, 3)) == image.getpixel((316, 236)) == (9, 99, 199)

    def test_by_its_own_out_of_focus_without_a_halo(self) -> None:
        image = replaced(pear(), blur=0.05)

        corner = (0, 0, 60, 60)
        assert (array(image.crop(corner)).std(axis=(0, 1)) < 0.5 * array(pear().crop(corner)).std(axis=(0, 1))).all()
        ring = (array(truth().filter(ImageFilter.MaxFilter(15))) > 10) & (
            array(truth().filter(ImageFilter.MaxFilter(5))) < 5
        )
        assert np.abs(array(image)[ring].mean(axis=0) - np.array(BLUE)).max() < 18
        assert image.getpixel((160, 150)) == pear().getpixel((160, 150))

    def test_what_was_cut_already_is_not_cut_again(self) -> None:
        square = Image.new("RGBA", SIZE, (0, 0, 0, 0))
        square.paste((200, 200, 200, 255), (0, 0, 100, 100))

        image = replaced(square, color="#ff0000")

        assert image.getpixel((50, 50)) == (200, 200, 200)
        assert image.getpixel((150, 150)) == (255, 0, 0)
