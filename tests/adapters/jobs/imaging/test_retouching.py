"""Operations on pixels that stay where they are."""

from typing import get_args

import pytest
from PIL import Image, ImageChops, ImageStat

from pixie.adapters.jobs.imaging.adjust import Adjust
from pixie.adapters.jobs.imaging.auto_enhance import AutoEnhance
from pixie.adapters.jobs.imaging.canvas import Canvas, OperationImpossible
from pixie.adapters.jobs.imaging.filters import LOOKS, Filter, FilterName
from pixie.adapters.jobs.imaging.operation import Retouch
from pixie.adapters.jobs.imaging.sharpness import Blur, Sharpen
from tests.support.pictures import scene

EVERYTHING: list[Retouch] = [
    AutoEnhance(),
    Adjust(contrast=30),
    Blur(),
    Sharpen(),
    *(Filter(name=name) for name in LOOKS),
]


def applied(operation: Retouch, image: Image.Image) -> Image.Image:
    return operation.apply(Canvas(image)).image


def mean(image: Image.Image) -> list[float]:
    return ImageStat.Stat(image).mean


def brightness(image: Image.Image) -> float:
    return mean(image.convert("L"))[0]


def contrast(image: Image.Image) -> float:
    return ImageStat.Stat(image.convert("L")).stddev[0]


def saturation(image: Image.Image) -> float:
    return mean(image.convert("RGB").convert("HSV"))[1]


def different(one: Image.Image, other: Image.Image) -> bool:
    return ImageChops.difference(one.convert("RGB"), other.convert("RGB")).getbbox() is not None


@pytest.mark.parametrize(
    "operation", EVERYTHING, ids=lambda operation: getattr(operation, "name", type(operation).__name__)
)
def test_an_operation_changes_the_picture_and_keeps_size_and_transparency(operation: Retouch) -> None:
    opaque, clear = scene(120, 90), scene(120, 90, "RGBA")

    assert different(applied(operation, opaque), opaque)
    assert applied(operation, opaque).mode == "RGB"
    assert applied(operation, clear).size == (120, 90)
    if not isinstance(operation, Blur):
        assert applied(operation, clear).getchannel("A").tobytes() == clear.getchannel("A").tobytes()


@pytest.mark.parametrize(
    "operation", EVERYTHING, ids=lambda operation: getattr(operation, "name", type(operation).__name__)
)
@pytest.mark.parametrize("size", [(1, 1), (1, 50), (3, 2)])
def test_the_smallest_picture_is_no_trouble(operation: Retouch, size: tuple[int, int]) -> None:
    assert applied(operation, Image.new("RGB", size, "teal")).size == size


def test_every_look_of_the_schema_exists() -> None:
    assert set(LOOKS) == set(get_args(FilterName))


def test_a_mask_says_where_to_work() -> None:
    image = scene(60, 40)
    mask = Image.new("L", (60, 40))
    mask.paste(255, (0, 0, 30, 40))

    inside = Filter(name="invert", area="mask").apply(Canvas(image, mask)).image
    outside = Filter(name="invert", area="outside_mask").apply(Canvas(image, mask)).image

    left, right = (0, 0, 30, 40), (30, 0, 60, 40)
    assert different(inside.crop(left), image.crop(left))
    assert not different(inside.crop(right), image.crop(right))
    assert not different(outside.crop(left), image.crop(left))
    assert different(outside.crop(right), image.crop(right))


def test_a_mask_that_is_not_there_is_refused() -> None:
    with pytest.raises(OperationImpossible, match="no mask"):
        applied(Blur(area="mask"), scene())


def test_blurring_lets_no_invisible_color_bleed_in() -> None:
    image = Image.new("RGBA", (40, 40), (255, 0, 0, 0))
    image.paste((0, 0, 255, 255), (20, 0, 40, 40))

    red, _, blue, alpha = applied(Blur(radius=4), image).getpixel((19, 20))  # type: ignore[misc]  # RGBA has four

    assert 0 < alpha < 255
    assert red < 10
    assert blue > 240


def test_a_box_blur_is_another_blur() -> None:
    assert different(applied(Blur(kind="box"), scene()), applied(Blur(kind="gaussian"), scene()))


def test_sliders_do_what_they_are_called() -> None:
    image = scene(120, 90)

    assert (
        brightness(applied(Adjust(exposure=1), image))
        > brightness(image)
        > brightness(applied(Adjust(exposure=-1), image))
    )
    assert brightness(applied(Adjust(brightness=40), image)) > brightness(image)
    assert brightness(applied(Adjust(brightness=-40), image)) < brightness(image)
    assert brightness(applied(Adjust(gamma=2), image)) > brightness(image)
    assert (
        contrast(applied(Adjust(contrast=50), image)) > contrast(image) > contrast(applied(Adjust(contrast=-50), image))
    )
    assert saturation(applied(Adjust(saturation=50), image)) > saturation(image)
    assert mean(applied(Adjust(temperature=60), image))[0] > mean(image)[0]
    assert mean(applied(Adjust(temperature=-60), image))[2] > mean(image)[2]
    assert mean(applied(Adjust(tint=-60), image))[1] > mean(image)[1]
    assert different(applied(Adjust(sharpness=80), image), image)
    assert different(applied(Adjust(sharpness=-80), image), image)


def test_sliders_in_the_middle_change_nothing() -> None:
    assert not different(applied(Adjust(), scene()), scene())


def test_no_saturation_is_grey_and_a_full_turn_of_hue_is_none() -> None:
    grey = applied(Adjust(saturation=-100), scene())
    turned = applied(Adjust(hue=180), applied(Adjust(hue=180), Image.new("RGB", (9, 9), (120, 100, 110))))

    assert saturation(grey) == 0
    assert turned.getpixel((4, 4)) == pytest.approx((120, 100, 110), abs=2)


def test_a_third_of_the_color_wheel_turns_red_to_green() -> None:
    red, green, blue = applied(Adjust(hue=120), Image.new("RGB", (2, 2), (200, 40, 40))).getpixel((0, 0))  # type: ignore[misc]  # RGB has three

    assert green > max(red, blue)


def test_the_strength_of_a_look_mixes_it_in() -> None:
    image = scene()

    assert not different(applied(Filter(name="invert", strength=0), image), image)
    assert applied(Filter(name="invert", strength=0.5), image).getpixel((3, 3)) == pytest.approx((127, 127, 127), abs=1)


class TestAutoEnhance:
    def test_it_gives_a_dull_picture_contrast(self) -> None:
        dull = scene(200, 150).point(lambda value: 90 + value * 0.3)

        assert contrast(applied(AutoEnhance(), dull)) > 1.5 * contrast(dull)

    def test_it_lights_a_dark_picture(self) -> None:
        dark = scene(200, 150).point(lambda value: value * 0.35)

        assert brightness(applied(AutoEnhance(), dark)) > 1.5 * brightness(dark)

    def test_it_takes_back_a_color_cast(self) -> None:
        grey = Image.radial_gradient("L").convert("RGB")
        tinted = Image.merge(
            "RGB", [band.point(lambda v, k=k: v * k) for band, k in zip(grey.split(), (1, 0.8, 0.6), strict=True)]
        )

        assert saturation(applied(AutoEnhance(), tinted)) < 0.75 * saturation(tinted)

    def test_it_gives_a_black_and_white_picture_no_color(self) -> None:
        assert saturation(applied(AutoEnhance(), scene().convert("L").convert("RGB"))) == 0

    @pytest.mark.parametrize("color", ["black", "white", "#808080", "#c03010"])
    def test_it_keeps_a_plain_picture_plain(self, color: str) -> None:
        colors = applied(AutoEnhance(), Image.new("RGB", (50, 50), color)).getcolors()

        assert colors is not None
        assert len(colors) == 1

    def test_it_looks_only_at_what_is_visible(self) -> None:
        image = scene(100, 80).convert("RGBA")
        hidden = image.copy()
        hidden.paste((255, 255, 255, 0), (0, 0, 100, 20))
        shown = image.copy()
        shown.paste((0, 0, 0, 0), (0, 0, 100, 20))

        below = (0, 20, 100, 80)
        assert applied(AutoEnhance(), hidden).crop(below).getpixel((50, 40)) == pytest.approx(
            applied(AutoEnhance(), shown).crop(below).getpixel((50, 40)), abs=3
        )

    def test_without_strength_it_changes_nothing(self) -> None:
        assert not different(applied(AutoEnhance(strength=0), scene()), scene())
