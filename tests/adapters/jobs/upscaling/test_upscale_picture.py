"""The networks themselves, on small pictures: better than arithmetic, without seams, for every kind of picture."""

import math
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from pixie.adapters.jobs.upscaling.enlarge import Enlarger, Original
from pixie.adapters.jobs.upscaling.ncnn_network import NcnnNetwork, NetworkBroken
from pixie.adapters.jobs.upscaling.networks import HOME, NETWORKS, missing_part
from pixie.adapters.jobs.upscaling.upscale_parameters import UpscaleOrder
from pixie.adapters.jobs.upscaling.upscale_picture import upscale_picture
from pixie.domain.jobs.errors import ProviderRefused
from tests.architecture.source import ROOT
from tests.support import pictures

PHOTO = ROOT / "docs" / "assets" / "photo.jpg"
DETAIL = (560, 260, 816, 516)
"""A part of the photo with edges and texture."""


@cache
def network(variant: str) -> NcnnNetwork:
    return NcnnNetwork(NETWORKS[variant], HOME, threads=1)


def order(*, variant: str = "fast", **changes: Any) -> UpscaleOrder:
    usual = UpscaleOrder(
        network=NETWORKS[variant],
        weights=str(HOME),
        threads=1,
        scale=2,
        max_pixels=100_000,
        format=None,
        jpeg_quality=92,
    )
    return replace(usual, **changes)


def upscaled(folder: Path, data: bytes, **changes: Any) -> Image.Image:
    path = upscale_picture(str(pictures.written(folder, data)), order(**changes), str(folder), lambda percent: None)
    with Image.open(path) as image:
        image.load()
    return image


def detail() -> Image.Image:
    with Image.open(PHOTO) as photo:
        return photo.convert("RGB").crop(DETAIL)


def psnr(one: Image.Image, other: Image.Image) -> float:
    difference = np.asarray(one, np.float64) - np.asarray(other, np.float64)
    return 10 * math.log10(255**2 / float(np.mean(difference**2)))


def test_everything_that_upscaling_needs_is_here() -> None:
    assert missing_part(HOME) is None, "make setup fetches it"


def crisp() -> Image.Image:
    return pictures.scene(1024, 1024).resize((256, 256), Image.Resampling.LANCZOS)


@pytest.mark.parametrize(("variant", "better_by"), [("fast", 1.0), ("quality", 3.0)])
def test_it_is_nearer_to_the_original_than_bicubic(variant: str, better_by: float, tmp_path: Path) -> None:
    original = crisp()
    small = original.resize((64, 64), Image.Resampling.BICUBIC)

    large = upscaled(tmp_path, pictures.encoded(small, "PNG"), variant=variant, scale=4)

    bicubic = small.resize(original.size, Image.Resampling.BICUBIC)
    assert psnr(large, original) > psnr(bicubic, original) + better_by


@pytest.mark.parametrize("variant", ["fast", "quality"])
def test_shrunk_again_it_is_the_original(variant: str, tmp_path: Path) -> None:
    original = detail().crop((0, 0, 64, 64))

    large = upscaled(tmp_path, pictures.encoded(original, "PNG"), variant=variant, scale=4)

    assert psnr(large.reduce(4), original) > 45


@pytest.mark.parametrize(("variant", "tolerance"), [("fast", 1), ("quality", 8)])
def test_tiles_leave_no_seams(variant: str, tolerance: int) -> None:
    original = Original.of(detail().crop((60, 60, 124, 92)), grey=False)

    def made(side: int) -> np.ndarray[Any, np.dtype[np.int16]]:
        enlarger = Enlarger(enlarge_tile=network(variant), side=side, overlap=NETWORKS[variant].overlap, scale=4)
        return np.asarray(enlarger(original, lambda done, all_: None)).astype(np.int16)

    assert np.abs(made(32) - made(64)).max() <= tolerance


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_every_scale_gives_the_exact_size(scale: int, tmp_path: Path) -> None:
    assert upscaled(tmp_path, pictures.picture("PNG", 33, 17), scale=scale).size == (33 * scale, 17 * scale)


def test_one_pixel_is_a_picture_too(tmp_path: Path) -> None:
    large = upscaled(tmp_path, pictures.encoded(Image.new("RGB", (1, 1), (200, 100, 50)), "PNG"), scale=4)

    assert large.size == (4, 4)
    assert np.abs(np.asarray(large, np.int16) - (200, 100, 50)).max() < 12


def test_colours_and_borders_stay_what_they_are(tmp_path: Path) -> None:
    plain_color = Image.new("RGB", (40, 40), (180, 90, 40))

    large = np.asarray(upscaled(tmp_path, pictures.encoded(plain_color, "PNG"), scale=4), np.int16)

    assert np.abs(large - (180, 90, 40)).max() < 6


@pytest.mark.parametrize(
    ("data", "mode", "format_name"),
    [
        (pictures.picture("JPEG"), "RGB", "JPEG"),
        (pictures.picture("PNG"), "RGB", "PNG"),
        (pictures.picture("WEBP"), "RGB", "JPEG"),
        (pictures.picture("AVIF"), "RGB", "JPEG"),
        (pictures.picture("GIF", mode="P"), "RGB", "PNG"),
        (pictures.picture("PNG", mode="P"), "RGB", "PNG"),
        (pictures.picture("PNG", mode="L"), "L", "PNG"),
        (pictures.picture("PNG", mode="1"), "L", "PNG"),
        (pictures.picture("PNG", mode="LA"), "LA", "PNG"),
        (pictures.picture("PNG", mode="RGBA"), "RGBA", "PNG"),
        (pictures.picture("WEBP", mode="RGBA"), "RGBA", "PNG"),
        (pictures.picture("JPEG", mode="L"), "L", "JPEG"),
        (pictures.picture("JPEG", mode="CMYK"), "RGB", "JPEG"),
        (pictures.encoded(pictures.scene(mode="L").convert("I;16"), "PNG"), "L", "PNG"),
    ],
)
def test_every_kind_of_picture_is_taken(data: bytes, mode: str, format_name: str, tmp_path: Path) -> None:
    source = pictures.written(tmp_path, data)

    path = upscale_picture(str(source), order(), str(tmp_path), lambda percent: None)

    with Image.open(path) as image:
        assert (image.format, image.mode, image.size) == (format_name, mode, (128, 96))
        assert not image.getexif()
        assert "icc_profile" not in image.info


def test_sixteen_bits_keep_their_brightness(tmp_path: Path) -> None:
    deep = Image.fromarray(np.full((24, 24), 0x8000, np.uint16))

    large = upscaled(tmp_path, pictures.encoded(deep, "PNG"))

    assert abs(int(np.asarray(large).mean()) - 128) <= 3


def test_a_photo_taken_upright_stays_upright(tmp_path: Path) -> None:
    data = pictures.picture("JPEG", 48, 32, exif=pictures.camera_exif(6))

    assert upscaled(tmp_path, data).size == (64, 96)


def test_a_jpeg_that_is_asked_for_has_white_behind_it(tmp_path: Path) -> None:
    empty = Image.new("RGBA", (30, 20), (255, 0, 0, 0))

    large = upscaled(tmp_path, pictures.encoded(empty, "PNG"), format="jpeg")

    assert (large.format, large.mode) == ("JPEG", "RGB")
    assert large.getextrema() == ((255, 255),) * 3


def test_line_art_keeps_its_empty_ground_and_its_black(tmp_path: Path) -> None:
    art = Image.new("RGBA", (64, 64), (255, 255, 255, 0))
    art.paste((0, 0, 0, 255), (20, 8, 28, 56))

    large = upscaled(tmp_path, pictures.encoded(art, "PNG"), scale=4)

    pixels = np.asarray(large)
    assert large.getchannel("A").crop((0, 0, 70, 256)).getextrema() == (0, 0)
    assert large.getchannel("A").crop((90, 50, 100, 200)).getextrema() == (255, 255)
    assert pixels[:, :, :3][pixels[:, :, 3] > 0].max() < 60, "nothing bright creeps in from the empty ground"


def test_the_same_request_gives_the_same_picture(tmp_path: Path) -> None:
    data = pictures.picture("PNG")

    assert upscaled(tmp_path, data) == upscaled(tmp_path, data)


@pytest.mark.parametrize(
    ("data", "changes"),
    [
        (b"no picture at all", {}),
        (pictures.picture("JPEG")[:300], {}),
        (pictures.png_claiming(60_000, 60_000), {}),
        (pictures.picture("PNG"), {"max_pixels": 64 * 48 - 1}),
    ],
)
def test_what_is_no_picture_or_too_large_is_refused(data: bytes, changes: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(ProviderRefused):
        upscaled(tmp_path, data, **changes)


def test_weights_that_are_none_are_told(tmp_path: Path) -> None:
    for name in NETWORKS["fast"].files:
        (tmp_path / name).write_bytes(b"nonsense")

    with pytest.raises(NetworkBroken):
        NcnnNetwork(NETWORKS["fast"], tmp_path, threads=1)


@pytest.mark.parametrize("keep", [lambda name: False, lambda name: not name.endswith("x4plus.bin")])
def test_a_folder_without_all_weights_is_told_with_what_to_do(keep: Callable[[str], bool], tmp_path: Path) -> None:
    for network_ in NETWORKS.values():
        for name in filter(keep, network_.files):
            (tmp_path / name).touch()

    reason = missing_part(tmp_path)

    assert reason is not None
    assert "scripts/bootstrap.py" in reason
    assert str(tmp_path) not in reason, "the catalogue is public"
