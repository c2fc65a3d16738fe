"""How a picture is cut up and put together again, with a network's place taken by plain arithmetic."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from pixie.adapters.jobs.upscaling.enlarge import Enlarger, EnlargeTile, Original
from pixie.adapters.jobs.upscaling.tiles import Pixels, Tile, surrounded, tiles_of
from pixie.adapters.jobs.upscaling.transparency import without_hidden_colors
from tests.support import pictures
from tests.support.upscaling_work import repeated


def softened(pixels: Pixels) -> Pixels:
    """As a network does, every pixel looks at what is around it: here two pixels far."""
    wide = np.pad(pixels.astype(np.float32), ((2, 2), (2, 2), (0, 0)))
    height, width = pixels.shape[:2]
    parts = [wide[y : y + height, x : x + width] for y in range(5) for x in range(5)]
    return repeated(np.rint(sum(parts) / 25).astype(np.uint8))


def enlarged(
    image: Image.Image,
    *,
    scale: int = 4,
    side: int = 20,
    overlap: int = 3,
    by: EnlargeTile = repeated,
    grey: bool = False,
) -> Image.Image:
    enlarger = Enlarger(enlarge_tile=by, side=side, overlap=overlap, scale=scale)
    return enlarger(Original.of(image, grey=grey), lambda done, all_: None)


def values(image: Image.Image) -> np.ndarray[tuple[int, ...], np.dtype[np.int16]]:
    return np.asarray(image).astype(np.int16)


@given(width=st.integers(1, 300), height=st.integers(1, 300), side=st.integers(16, 200))
def test_tiles_cover_every_pixel_once_and_none_is_larger_than_asked(width: int, height: int, side: int) -> None:
    tiles = tiles_of(width, height, side)

    assert sum(tile.size[0] * tile.size[1] for tile in tiles) == width * height
    assert {(tile.left, tile.top) for tile in tiles} == {
        (left, top) for left in {tile.left for tile in tiles} for top in {tile.top for tile in tiles}
    }
    assert max(max(tile.size) for tile in tiles) <= side
    assert min(min(tile.size) for tile in tiles) * 2 >= min(side, width, height)


def test_a_tile_sees_what_stands_around_it_and_a_mirror_beyond_the_border() -> None:
    pixels = np.arange(12, dtype=np.uint8).reshape(1, 12, 1)

    inside = surrounded(pixels, Tile(4, 0, 6, 1), 2)
    at_the_end = surrounded(pixels, Tile(10, 0, 12, 1), 2)

    assert inside[2, :, 0].tolist() == [2, 3, 4, 5, 6, 7]
    assert at_the_end[2, :, 0].tolist() == [8, 9, 10, 11, 10, 9]


@pytest.mark.parametrize("scale", [2, 3, 4])
@pytest.mark.parametrize("size", [(1, 1), (2, 1), (1, 90), (19, 20), (21, 41), (64, 48)])
def test_every_scale_gives_the_exact_size(size: tuple[int, int], scale: int) -> None:
    assert enlarged(pictures.scene(*size), scale=scale).size == (size[0] * scale, size[1] * scale)


def test_no_pixel_is_moved() -> None:
    image = pictures.scene(50, 37)

    assert enlarged(image) == image.resize((200, 148), Image.Resampling.NEAREST)


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_in_tiles_it_is_the_same_as_in_one_piece(scale: int) -> None:
    image = pictures.scene(61, 47)

    in_tiles = enlarged(image, scale=scale, by=softened, overlap=4)
    in_one_piece = enlarged(image, scale=scale, by=softened, overlap=4, side=100)

    assert np.abs(values(in_tiles) - values(in_one_piece)).max() <= 1


def test_too_little_overlap_would_be_seen() -> None:
    image = pictures.scene(61, 47)

    in_tiles = enlarged(image, by=softened, overlap=0)
    in_one_piece = enlarged(image, by=softened, overlap=4, side=100)

    assert np.abs(values(in_tiles) - values(in_one_piece)).max() > 20


def test_progress_is_told_with_every_tile() -> None:
    told: list[tuple[int, int]] = []
    enlarger = Enlarger(enlarge_tile=repeated, side=20, overlap=3, scale=2)

    enlarger(Original.of(pictures.scene(40, 30), grey=False), lambda done, all_: told.append((done, all_)))

    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_alpha_is_enlarged_and_what_is_opaque_or_empty_stays_exactly_so(scale: int) -> None:
    alpha = Image.new("L", (60, 40), 0)
    alpha.paste(255, (20, 10, 60, 40))
    image = pictures.scene(60, 40)
    image.putalpha(alpha)

    large = enlarged(image, scale=scale, by=softened).getchannel("A")

    assert large.size == (60 * scale, 40 * scale)
    assert large.crop((0, 0, 18 * scale, 40 * scale)).getextrema() == (0, 0)
    assert large.crop((22 * scale, 12 * scale, 60 * scale, 40 * scale)).getextrema() == (255, 255)


def test_a_grey_picture_stays_grey() -> None:
    assert enlarged(pictures.scene(30, 20).convert("L").convert("RGB"), grey=True).mode == "L"
    assert enlarged(pictures.scene(30, 20, "LA").convert("RGBA"), grey=True).mode == "LA"


def test_empty_parts_are_not_computed() -> None:
    asked: list[Pixels] = []

    def counted(pixels: Pixels) -> Pixels:
        asked.append(pixels)
        return repeated(pixels)

    image = Image.new("RGBA", (60, 20), (255, 0, 0, 0))
    image.paste((0, 0, 255, 255), (0, 0, 5, 20))
    large = enlarged(image, by=counted)

    assert len(asked) == 2  # the colours and the transparency of the left tile
    assert large.getpixel((0, 0)) == (0, 0, 255, 255)
    assert large.getpixel((239, 0)) == (0, 0, 0, 0)


@settings(max_examples=30, deadline=None)
@given(hidden=st.tuples(st.integers(0, 255), st.integers(0, 255), st.integers(0, 255)))
def test_colours_that_nobody_sees_do_not_matter(hidden: tuple[int, int, int]) -> None:
    def picture(color: tuple[int, int, int]) -> Image.Image:
        image = Image.new("RGBA", (48, 32), (*color, 0))
        image.paste((200, 30, 40, 255), (10, 8, 30, 24))
        return image

    assert without_hidden_colors(picture(hidden)) == without_hidden_colors(picture((0, 0, 0)))


def test_an_edge_keeps_its_colour() -> None:
    image = Image.new("RGBA", (48, 32), (0, 0, 0, 0))
    image.paste((200, 30, 40, 255), (10, 8, 30, 24))

    large = enlarged(image, by=softened)

    seen = values(large)[:, :, :3][np.asarray(large.getchannel("A")) > 0]
    assert np.abs(seen - (200, 30, 40)).max() <= 8
