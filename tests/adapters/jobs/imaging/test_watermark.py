"""Text and pictures on pictures."""

from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops
from PIL.ImageFont import Layout

from pixie.adapters.jobs.imaging.canvas import Album, Canvas, OperationImpossible
from pixie.adapters.jobs.imaging.lettering import lettered
from pixie.adapters.jobs.imaging.watermark import Watermark
from tests.support import pictures

GREY = (120, 120, 120)


def marked(image: Image.Image, album: Album | None = None, **fields: Any) -> Image.Image:
    return Watermark(**fields).apply(Canvas(image.copy(), album=album or Album())).image


def grey(width: int = 400, height: int = 300) -> Image.Image:
    return Image.new("RGB", (width, height), GREY)


def where(image: Image.Image) -> tuple[int, int, int, int]:
    changed = ImageChops.difference(image.convert("RGB"), Image.new("RGB", image.size, GREY)).getbbox()
    assert changed is not None
    return changed


@pytest.mark.parametrize(
    ("position", "across", "down"),
    [
        *(("top_left", 0, 0), ("top", 1, 0), ("top_right", 2, 0), ("left", 0, 1), ("center", 1, 1), ("right", 2, 1)),
        *(("bottom_left", 0, 2), ("bottom", 1, 2), ("bottom_right", 2, 2)),
    ],
)
def test_a_text_stands_where_it_is_wanted(position: str, across: int, down: int) -> None:
    left, top, right, bottom = where(marked(grey(), text="Pixie", position=position, size=0.2))

    assert int((left + right) / 2 / 400 * 3) == across
    assert int((top + bottom) / 2 / 300 * 3) == down


def test_its_width_is_a_share_of_the_pictures() -> None:
    left, _, right, _ = where(marked(grey(), text="Pixie and friends", size=0.5))

    assert right - left == pytest.approx(200, rel=0.1)


def test_a_tall_text_stays_inside() -> None:
    left, top, right, bottom = where(marked(grey(), text="a\nb\nc\nd\ne\nf\ng\nh", size=1, position="center"))

    assert 0 <= left < right <= 400
    assert 0 <= top < bottom <= 300


def test_opacity_makes_it_fainter() -> None:
    def strongest(opacity: float) -> int:
        difference = ImageChops.difference(marked(grey(), text="Pixie", opacity=opacity), grey())
        return max(band[1] for band in difference.getextrema())  # type: ignore[index]  # RGB has three pairs

    assert strongest(1.0) > 2 * strongest(0.3) > 0


def test_tiles_cover_the_whole_picture() -> None:
    image = marked(grey(), text="Pixie", size=0.15, tile=True, angle=-30)

    for left in range(0, 400, 100):
        for top in range(0, 300, 100):
            part = (left, top, left + 100, top + 100)
            assert ImageChops.difference(image.crop(part), grey().crop(part)).getbbox()


def test_a_thousand_tiny_tiles_are_done_in_no_time() -> None:
    assert marked(grey(6000, 4000), text="i", size=0.02, tile=True).size == (6000, 4000)


@pytest.mark.parametrize("layout", [Layout.BASIC, Layout.RAQM])
def test_text_is_drawn_in_both_scripts(layout: Layout) -> None:
    for text in ("Pixie", "پیکسی", "عکس Pixie ۱۴۰۵\nدو سطر"):
        picture = lettered(text, (300, 200), (255, 255, 255), layout)
        assert picture.width <= 330
        assert picture.getbbox() is not None


def test_without_fribidi_persian_looks_as_with_it() -> None:
    ours = lettered("سلام پیکسی", (600, 200), (255, 255, 255), Layout.BASIC).getchannel("A")
    pillows = lettered("سلام پیکسی", (600, 200), (255, 255, 255), Layout.RAQM).getchannel("A").resize(ours.size)

    def unlike(one: Image.Image, other: Image.Image) -> float:
        return sum(value * count for value, count in enumerate(ImageChops.difference(one, other).histogram()))

    assert unlike(ours, pillows) < 0.35 * unlike(ours.transpose(Image.Transpose.FLIP_LEFT_RIGHT), pillows)


def test_a_sign_that_the_font_lacks_is_refused_by_name() -> None:
    with pytest.raises(OperationImpossible, match="no '漢'"):
        marked(grey(), text="Pixie 漢")


def test_more_than_eight_lines_are_refused() -> None:
    with pytest.raises(OperationImpossible, match="more than eight lines"):
        marked(grey(), text="\n".join("abcdefghi"))


def test_a_picture_can_be_the_mark(tmp_path: Path) -> None:
    logo = Image.new("RGBA", (50, 50), (255, 0, 0, 0))
    logo.paste((255, 0, 0, 255), (10, 10, 40, 40))
    paths = [
        pictures.written(tmp_path, pictures.encoded(image, "PNG"), str(at)) for at, image in enumerate((grey(), logo))
    ]

    image = marked(grey(), Album(paths), picture=1, size=0.25, opacity=1, position="top_left", margin=0)

    assert image.getpixel((50, 50)) == (255, 0, 0)
    assert image.getpixel((5, 5)) == GREY
    assert where(image) == pytest.approx((20, 20, 80, 80), abs=6)


def test_on_a_transparent_picture_it_is_seen_too() -> None:
    clear = Image.new("RGBA", (200, 100), (0, 0, 0, 0))

    alpha = marked(clear, text="Pixie", size=0.8, opacity=1).getchannel("A")

    assert alpha.getextrema()[1] == 255


@pytest.mark.parametrize("size", [(1, 1), (1, 50), (3, 2)])
@pytest.mark.parametrize("tile", [False, True])
def test_the_smallest_picture_is_no_trouble(size: tuple[int, int], tile: bool) -> None:
    assert marked(Image.new("RGB", size), text="پیکسی", tile=tile).size == size
