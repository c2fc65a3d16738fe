"""What vanishes, and what goes on."""

from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from pixie.adapters.jobs.imaging.canvas import Canvas, OperationImpossible
from pixie.adapters.jobs.imaging.erase import Erase
from pixie.adapters.jobs.imaging.outpaint import Outpaint
from pixie.adapters.jobs.imaging.region import Region

Pixels = NDArray[Any]

BALL = (100, 70, 160, 130)
AROUND_BALL = Region(x=96, y=66, width=68, height=68, shape="ellipse")


def meadow(width: int = 260, height: int = 200) -> Image.Image:
    """Grass: green, and of many blades."""
    noise = np.random.default_rng(3).normal(0, 1, (height, width))
    blades = cv2.GaussianBlur(noise, (0, 0), sigmaX=0.8, sigmaY=2.5) * 90
    colors = np.stack([70 + 0.6 * blades, 120 + blades, 50 + 0.4 * blades], axis=2)
    return Image.fromarray(colors.clip(0, 255).astype(np.uint8))


def with_ball(image: Image.Image) -> Image.Image:
    copy = image.copy()
    ImageDraw.Draw(copy).ellipse(BALL, fill=(220, 30, 30))
    return copy


def array(image: Image.Image) -> Pixels:
    return np.asarray(image).astype(np.float32)


def erased(image: Image.Image, mask: Image.Image | None = None, seed: int = 7, **fields: Any) -> Image.Image:
    return Erase(**fields).apply(Canvas(image.copy(), mask, seed=seed)).image


def outpainted(image: Image.Image, **fields: Any) -> Image.Image:
    return Outpaint(**fields).apply(Canvas(image.copy())).image


def roughness(image: Image.Image) -> float:
    """How much texture there is."""
    grey = image.convert("L")
    return float(np.abs(array(grey) - array(grey.filter(ImageFilter.GaussianBlur(3)))).mean())


class TestErase:
    def test_a_ball_on_a_meadow_vanishes_and_no_smear_is_left(self) -> None:
        image = erased(with_ball(meadow()), region=AROUND_BALL)

        middle = (115, 85, 145, 115)
        red, green, _ = array(image.crop(BALL)).reshape(-1, 3).mean(axis=0)
        assert green > red + 25
        assert 0.7 < roughness(image.crop(middle)) / roughness(meadow().crop(middle)) < 1.4
        smear = cv2.inpaint(
            np.asarray(with_ball(meadow())), np.asarray(AROUND_BALL.mask((260, 200))), 3, cv2.INPAINT_TELEA
        )
        assert roughness(Image.fromarray(smear).crop(middle)) < 0.3 * roughness(image.crop(middle))

    def test_what_lies_further_away_stays_to_the_last_bit(self) -> None:
        before = with_ball(meadow())
        after = erased(before, region=AROUND_BALL)

        changed = np.argwhere((array(before) != array(after)).any(axis=2))

        assert changed.min(axis=0).tolist() >= [56, 86]
        assert changed[:, 0].max() < 144
        assert changed[:, 1].max() < 174

    def test_lines_go_on_through_the_hole(self) -> None:
        stripes = Image.new("RGB", (200, 160), "white")
        draw = ImageDraw.Draw(stripes)
        for left in range(0, 200, 20):
            draw.rectangle((left, 0, left + 9, 160), fill=(30, 40, 90))

        image = erased(with_ball(stripes), region=AROUND_BALL)

        assert np.abs(array(image) - array(stripes)).mean() < 2

    def test_a_sky_stays_smooth(self) -> None:
        row = np.linspace(0, 1, 240)[None, :, None] * np.array([60, 40, 20]) + np.array([90, 140, 220])
        sky = np.repeat(row, 200, axis=0) - np.linspace(0, 40, 200)[:, None, None]
        clear = Image.fromarray(sky.clip(0, 255).astype(np.uint8))

        image = erased(with_ball(clear), region=AROUND_BALL)

        assert np.abs(array(image) - array(clear)).max() < 12

    def test_the_mask_picture_says_what_vanishes(self) -> None:
        mask = AROUND_BALL.mask((260, 200))

        assert erased(with_ball(meadow()), mask).tobytes() == erased(with_ball(meadow()), region=AROUND_BALL).tobytes()

    def test_the_same_seed_gives_the_same_fill(self) -> None:
        first, second, other = (erased(with_ball(meadow()), region=AROUND_BALL, seed=seed) for seed in (1, 1, 2))

        assert first.tobytes() == second.tobytes() != other.tobytes()

    def test_a_margin_swallows_what_stands_over(self) -> None:
        tight = Region(x=104, y=74, width=52, height=52, shape="ellipse")

        def reddest(image: Image.Image) -> float:
            pixels = array(image)
            return float((pixels[..., 0] - pixels[..., 1]).max())

        assert reddest(erased(with_ball(meadow()), region=tight, margin=0)) > 150
        assert reddest(erased(with_ball(meadow()), region=tight, margin=9)) < 60

    def test_transparency_stays(self) -> None:
        image = with_ball(meadow()).convert("RGBA")
        image.paste((0, 0, 0, 0), (0, 0, 30, 200))

        alpha = array(erased(image, region=AROUND_BALL).getchannel("A"))

        assert (alpha[:, :30] == 0).all()
        assert (alpha[:, 30:] == 255).all()

    def test_a_large_picture_takes_a_bounded_time_and_is_sharp_in_the_end(self) -> None:
        large = meadow(1500, 1100)
        region = Region(x=300, y=200, width=700, height=600)

        image = erased(large, region=region)

        middle = (450, 350, 850, 650)
        assert roughness(image.crop(middle)) > 0.7 * roughness(large.crop(middle))

    @pytest.mark.parametrize(
        ("fields", "mask", "told"),
        [
            ({}, None, "it needs a `region`, or a mask picture"),
            ({}, "black", "nothing is marked"),
            ({}, "white", "100% of the picture is marked; at most 50%"),
            ({"region": Region(x=0, y=0, width=260, height=120)}, None, "at most 50%"),
            ({"region": Region(x=200, y=0, width=61, height=20)}, None, r"ends at \(261, 20\), outside of the picture"),
            ({"region": Region(x=0.1, y=0.1, width=0.2, height=0.2)}, None, "not a single pixel"),
        ],
    )
    def test_what_makes_no_sense_is_refused_with_a_hint(
        self, fields: dict[str, Any], mask: str | None, told: str
    ) -> None:
        with pytest.raises(OperationImpossible, match=told):
            erased(meadow(), None if mask is None else Image.new("L", (260, 200), mask), **fields)

    @pytest.mark.parametrize("size", [(2, 2), (3, 40), (9, 9), (24, 17)])
    def test_small_pictures_are_no_trouble(self, size: tuple[int, int]) -> None:
        corner = Region(x=0, y=0, width=1, height=1)

        assert erased(Image.new("RGB", size, "teal"), region=corner, margin=0).size == size


class TestOutpaint:
    def test_the_old_picture_stays_where_it_was(self) -> None:
        image = outpainted(meadow(), left=60, top=30)

        assert image.size == (320, 230)
        assert np.abs(array(image.crop((70, 40, 320, 230))) - array(meadow().crop((10, 10, 260, 200)))).max() == 0

    @pytest.mark.parametrize(
        ("anchor", "left"), [("center", 48), ("left", 0), ("right", 96), ("top", 48), ("bottom", 48)]
    )
    def test_an_aspect_ratio_is_reached_on_both_sides_of_the_anchor(self, anchor: str, left: int) -> None:
        image = outpainted(meadow(), aspect_ratio="16:9", anchor=anchor)

        assert image.size == (356, 200)
        assert image.getpixel((left + 130, 100)) == meadow().getpixel((130, 100))

    def test_a_meadow_goes_on_as_a_meadow(self) -> None:
        image = outpainted(meadow(), right=120, bottom=0.4, unit="pixel")

        new = image.crop((270, 20, 370, 180))
        assert 0.6 < roughness(new) / roughness(meadow()) < 1.4
        assert np.abs(array(new).mean(axis=(0, 1)) - array(meadow()).mean(axis=(0, 1))).max() < 12

    def test_a_horizon_goes_on_where_it_is(self) -> None:
        scene = meadow()
        scene.paste((120, 170, 230), (0, 0, 260, 90))

        blue = array(outpainted(scene, left=100))[..., 2]

        assert (blue[:80, :90] > 180).all()
        assert (blue[100:, :90] < 140).all()

    def test_a_mirror_goes_on_softer_and_softer(self) -> None:
        image = outpainted(meadow(), left=200, fill="mirror")

        assert roughness(image.crop((0, 0, 40, 200))) < 0.3 * roughness(image.crop((160, 0, 200, 200)))

    def test_the_mask_grows_along_and_is_black_there(self) -> None:
        canvas = Outpaint(left=10, top=5, fill="mirror").apply(Canvas(meadow(), Image.new("L", (260, 200), 255)))

        assert canvas.mask is not None
        assert canvas.mask.size == canvas.image.size
        assert canvas.mask.getpixel((9, 100)) == 0
        assert canvas.mask.getpixel((10, 5)) == 255

    @pytest.mark.parametrize(
        ("fields", "told"),
        [
            ({"left": 261}, "by its own width or height at most"),
            ({"top": 1.2, "unit": "fraction"}, "by its own width or height at most"),
            ({"aspect_ratio": "50:1"}, "by its own width or height at most"),
        ],
    )
    def test_too_much_is_refused(self, fields: dict[str, Any], told: str) -> None:
        with pytest.raises(OperationImpossible, match=told):
            outpainted(meadow(), **fields)

    def test_a_ratio_that_is_there_already_changes_nothing(self) -> None:
        assert outpainted(meadow(), aspect_ratio="13:10").tobytes() == meadow().tobytes()

    @pytest.mark.parametrize("fill", ["patches", "mirror"])
    @pytest.mark.parametrize("mode", ["RGB", "RGBA"])
    def test_the_smallest_picture_is_no_trouble(self, fill: str, mode: str) -> None:
        assert outpainted(Image.new(mode, (2, 2), "teal"), left=2, bottom=1, fill=fill).size == (4, 3)
