"""Colour looks with a name, and several pictures in one."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from pixie.adapters.jobs.imaging.canvas import Album, Canvas, OperationImpossible
from pixie.adapters.jobs.imaging.collage import Collage
from pixie.adapters.jobs.imaging.collage_layout import Cell, column, grid, mosaic, row
from pixie.adapters.jobs.imaging.colorize import LOOKS, Colorize, PresetName
from tests.support import pictures

COLORS = [(200, 30, 30), (30, 200, 30), (30, 30, 200), (200, 200, 30)]


def colored(image: Image.Image, **fields: Any) -> Image.Image:
    return Colorize(**fields).apply(Canvas(image)).image


class TestColorize:
    def test_every_preset_of_the_schema_exists_and_is_described(self) -> None:
        assert set(LOOKS) == set(get_args(PresetName))
        assert all(name in (Colorize.__doc__ or "") for name in LOOKS)

    @pytest.mark.parametrize("preset", get_args(PresetName))
    @pytest.mark.parametrize("mode", ["RGB", "RGBA"])
    def test_a_preset_changes_the_colors_and_nothing_else(self, preset: PresetName, mode: str) -> None:
        image = pictures.scene(80, 60, mode)
        after = colored(image, preset=preset)

        assert ImageChops.difference(after.convert("RGB"), image.convert("RGB")).getbbox()
        assert (after.size, after.mode) == (image.size, mode)
        if mode == "RGBA":
            assert after.getchannel("A").tobytes() == image.getchannel("A").tobytes()

    @pytest.mark.parametrize("preset", get_args(PresetName))
    def test_light_stays_lighter_than_dark(self, preset: PresetName) -> None:
        ramp = Image.linear_gradient("L").convert("RGB")

        tones = list(colored(ramp, preset=preset).convert("L").resize((1, 16), Image.Resampling.BOX).tobytes())

        assert tones == sorted(tones)
        assert tones[-1] - tones[0] > 120

    @pytest.mark.parametrize("preset", get_args(PresetName))
    def test_a_grey_picture_gets_color(self, preset: PresetName) -> None:
        after = colored(Image.linear_gradient("L").convert("RGB"), preset=preset)

        assert max(after.convert("HSV").getchannel("S").tobytes()) > 8

    def test_own_colors_go_from_dark_to_light(self) -> None:
        ramp = Image.linear_gradient("L").convert("RGB")
        after = colored(ramp, colors=["#000040", "#ff0000", "#ffffe0"])

        assert after.getpixel((0, 0)) == (0, 0, 0x40)
        assert after.getpixel((0, 255)) == (255, 255, 0xE0)
        assert after.getpixel((0, 127)) == pytest.approx((255, 0, 0), abs=4)

    def test_its_strength_mixes_it_in(self) -> None:
        image = pictures.scene()

        assert colored(image, preset="ember", strength=0).tobytes() == image.tobytes()


shapes = st.lists(st.floats(0.3, 3), min_size=2, max_size=10)


class TestLayouts:
    @given(shapes=shapes, width=st.integers(400, 3000), height=st.integers(400, 3000), gap=st.integers(0, 20))
    def test_cells_lie_side_by_side_with_a_gap_and_fill_the_whole(
        self, shapes: list[float], width: int, height: int, gap: int
    ) -> None:
        for cells in (
            grid(len(shapes), 3, width, height, gap),
            mosaic(shapes, width, height, gap),
            row(shapes, width, height, gap),
            column(shapes, width, height, gap),
        ):
            assert len(cells) == len(shapes)
            self.check(cells, width, height, gap)

    def check(self, cells: Sequence[Cell], width: int, height: int, gap: int) -> None:
        assert min(cell.left for cell in cells) == min(cell.top for cell in cells) == gap
        assert max(cell.left + cell.width for cell in cells) == width - gap
        assert max(cell.top + cell.height for cell in cells) == height - gap
        for number, one in enumerate(cells):
            for other in cells[:number]:
                across = one.left >= other.left + other.width + gap or other.left >= one.left + one.width + gap
                down = one.top >= other.top + other.height + gap or other.top >= one.top + one.height + gap
                assert across or down

    def test_a_mosaic_cuts_hardly_anything_off(self) -> None:
        shapes = [1.5, 1.5, 0.66, 1.0, 1.78, 1.33]

        for shape, cell in zip(shapes, mosaic(shapes, 1500, 1000, 10), strict=True):
            assert 0.7 < cell.width / cell.height / shape < 1.4


def album(folder: Path, count: int = 4, size: tuple[int, int] = (60, 40), **options: Any) -> Album:
    return Album(
        [
            pictures.written(
                folder, pictures.encoded(Image.new("RGB", size, COLORS[at % 4]), "JPEG", **options), str(at)
            )
            for at in range(count)
        ]
    )


def combined(pictures_: Album, first: Image.Image | None = None, **fields: Any) -> Image.Image:
    image = first or pictures_.picture(0)
    return Collage(**fields).apply(Canvas(image, album=pictures_)).image


class TestCollage:
    def test_a_grid_holds_them_in_their_order(self, tmp_path: Path) -> None:
        image = combined(album(tmp_path), layout="grid", width=400, aspect_ratio="4:3", gap=0.02, background="#000000")

        assert image.size == (400, 300)
        for at, place in enumerate([(100, 75), (300, 75), (100, 225), (300, 225)]):
            assert image.getpixel(place) == pytest.approx(COLORS[at], abs=6)
        assert image.getpixel((200, 150)) == image.getpixel((2, 2)) == (0, 0, 0)

    def test_what_was_done_before_counts_for_the_first(self, tmp_path: Path) -> None:
        image = combined(album(tmp_path, 2), Image.new("RGB", (60, 40), (1, 2, 3)), layout="row", width=400)

        assert image.getpixel((100, image.height // 2)) == (1, 2, 3)

    def test_a_strip_is_as_long_as_its_pictures(self, tmp_path: Path) -> None:
        assert combined(album(tmp_path), layout="row", width=1200, gap=0).size == (1200, 200)
        assert combined(album(tmp_path), layout="column", width=120, gap=0).size == (120, 320)

    def test_pictures_are_turned_upright_first(self, tmp_path: Path) -> None:
        laid_down = album(tmp_path, 2, exif=pictures.camera_exif(6))

        assert combined(laid_down, layout="row", width=200, gap=0).size == (200, 150)

    def test_corners_can_be_round_and_the_ground_transparent(self, tmp_path: Path) -> None:
        image = combined(
            album(tmp_path, 2), layout="row", width=400, gap=0, corner_radius=0.5, background="transparent"
        )

        alpha = image.getchannel("A")
        assert alpha.getpixel((0, 0)) == alpha.getpixel((399, image.height - 1)) == 0
        assert alpha.getpixel((100, image.height // 2)) == 255
        assert len(set(alpha.tobytes())) > 10, "corners have stairs"

    def test_sixteen_pictures_fit(self, tmp_path: Path) -> None:
        assert combined(album(tmp_path, 16), width=1000).width == 1000

    def test_one_picture_is_no_collage(self, tmp_path: Path) -> None:
        with pytest.raises(OperationImpossible, match="at least two pictures; list them in image_file_ids"):
            combined(album(tmp_path, 1))

    def test_pictures_too_small_to_see_are_refused(self, tmp_path: Path) -> None:
        with pytest.raises(OperationImpossible, match="too small to see"):
            combined(album(tmp_path, 16), layout="row", width=64)
