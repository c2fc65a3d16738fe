"""Untrusted videos: what is told about good ones, and how bad ones are refused."""

import random
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pixie.adapters.files.pillow_inspector import PillowInspector
from pixie.adapters.jobs.providers.scripted_video import MP4
from pixie.adapters.kernel.compute_pool import ComputePool
from pixie.domain.files.errors import InvalidVideo, UnsupportedMediaType
from pixie.domain.files.media import VIDEOS, Footage, MediaType
from tests.support import pictures, videos

pytestmark = pytest.mark.infra  # its children decode

REFUSALS = (InvalidVideo, UnsupportedMediaType)


@pytest.fixture
async def pool() -> AsyncIterator[ComputePool]:
    async with ComputePool(size=1) as pool:
        yield pool


@pytest.fixture
def inspector(pool: ComputePool) -> PillowInspector:
    return PillowInspector(pool)


@pytest.mark.parametrize(("name", "media_type"), [("film.mp4", MediaType.MP4), ("film.webm", MediaType.WEBM)])
async def test_a_video_of_each_format_is_understood(
    name: str, media_type: MediaType, inspector: PillowInspector, tmp_path: Path
) -> None:
    path = videos.video(tmp_path / name, videos.frames(30, 640, 480), fps=12)

    found = await inspector.inspect(path, thumbnail=tmp_path / "thumbnail", taken=VIDEOS)

    assert found.media_type is media_type
    assert (found.width, found.height, found.frames, found.has_alpha) == (640, 480, 30, False)
    assert found.footage == Footage(duration_ms=2_500, fps=12.0)
    with Image.open(tmp_path / "thumbnail") as thumbnail:
        assert (thumbnail.format, thumbnail.size) == ("WEBP", (320, 240))


async def test_the_thumbnail_shows_an_early_frame_and_not_the_first_one(
    inspector: PillowInspector, tmp_path: Path
) -> None:
    black, red = np.zeros((48, 64, 3), np.uint8), np.full((48, 64, 3), (0, 0, 220), np.uint8)
    path = videos.video(tmp_path / "film.mp4", [black, *[red] * 29])

    found = await inspector.inspect(path, thumbnail=tmp_path / "thumbnail", taken=VIDEOS)

    with Image.open(tmp_path / "thumbnail") as thumbnail:
        color = thumbnail.convert("RGB").getpixel((30, 20))
    assert isinstance(color, tuple)
    assert color[0] > 180
    assert max(color[1:]) < 40
    assert found.dominant_color[1:3] > "b0"


async def test_a_single_frame_is_a_video_too(inspector: PillowInspector, tmp_path: Path) -> None:
    path = videos.video(tmp_path / "film.mp4", videos.frames(1))

    assert (await inspector.inspect(path, thumbnail=None, taken=VIDEOS)).frames == 1


async def test_the_scripted_video_is_sound(inspector: PillowInspector, tmp_path: Path) -> None:
    found = await inspector.inspect(pictures.written(tmp_path, MP4), thumbnail=None, taken=VIDEOS)

    assert (found.width, found.height, found.frames) == (32, 32, 4)
    assert found.footage == Footage(duration_ms=1_000, fps=4.0)


@pytest.mark.parametrize("name", ["film.mp4", "film.webm"])
async def test_where_pictures_are_taken_a_video_is_not(name: str, inspector: PillowInspector, tmp_path: Path) -> None:
    path = videos.video(tmp_path / name)

    with pytest.raises(UnsupportedMediaType) as refused:
        await inspector.inspect(path, thumbnail=None)

    assert "video/mp4" not in str(refused.value.facts["supported"])


async def test_where_videos_are_taken_a_picture_is_not(inspector: PillowInspector, tmp_path: Path) -> None:
    path = pictures.written(tmp_path, pictures.picture("PNG"))

    with pytest.raises(UnsupportedMediaType) as refused:
        await inspector.inspect(path, thumbnail=None, taken=VIDEOS)

    assert "MP4, WebM" in refused.value.detail


@pytest.mark.parametrize("name", ["film.mp4", "film.webm"])
@pytest.mark.parametrize("left", [0.2, 0.5, 0.9, 0.985])
async def test_a_video_that_was_cut_off_is_refused(
    name: str, left: float, inspector: PillowInspector, tmp_path: Path
) -> None:
    whole = videos.video(tmp_path / name, _noisy(24)).read_bytes()
    path = pictures.written(tmp_path, whole[: int(len(whole) * left)], f"cut-{name}")

    with pytest.raises(InvalidVideo):
        await inspector.inspect(path, thumbnail=tmp_path / "thumbnail", taken=VIDEOS)

    assert not (tmp_path / "thumbnail").exists()


async def test_an_mp4_with_its_index_in_front_that_was_cut_off_is_refused(
    inspector: PillowInspector, tmp_path: Path
) -> None:
    path = pictures.written(tmp_path, MP4[:-8])

    with pytest.raises(InvalidVideo):
        await inspector.inspect(path, thumbnail=None, taken=VIDEOS)


async def test_frames_larger_than_any_are_refused(pool: ComputePool, tmp_path: Path) -> None:
    path = videos.video(tmp_path / "film.mp4", videos.frames(2, 320, 240))

    with pytest.raises(InvalidVideo, match="320 x 240"):
        await PillowInspector(pool, max_video_pixels=76_799).inspect(path, thumbnail=None, taken=VIDEOS)


async def test_frames_of_sixteen_million_pixels_exhaust_nothing(inspector: PillowInspector, tmp_path: Path) -> None:
    data = bytearray(MP4)
    at = data.index(b"vp09") + 28
    data[at : at + 4] = (16_000).to_bytes(2, "big") * 2

    found = await inspector.inspect(pictures.written(tmp_path, bytes(data)), thumbnail=None, taken=VIDEOS)

    assert (found.width, found.height) == (32, 32)  # what its frames have, whatever it says


async def test_the_end_of_a_long_video_is_looked_at_too(inspector: PillowInspector, tmp_path: Path) -> None:
    whole = [videos.frames(2, 2048, 1152)[number % 2] for number in range(230)]
    path = videos.video(tmp_path / "film.mp4", whole, fourcc="mp4v")
    data = bytearray(path.read_bytes())
    sound = await inspector.inspect(path, thumbnail=None, taken=VIDEOS)
    at = data.index(b"stts") + 12
    data[at : at + 4] = (500).to_bytes(4, "big")

    with pytest.raises(InvalidVideo):
        await inspector.inspect(pictures.written(tmp_path, bytes(data)), thumbnail=None, taken=VIDEOS)

    assert sound.frames == 230


async def test_a_video_that_claims_to_be_longer_than_it_is_is_refused(
    inspector: PillowInspector, tmp_path: Path
) -> None:
    data = bytearray(MP4)
    at = data.index(b"stts") + 12
    data[at : at + 4] = (400).to_bytes(4, "big")  # frames, of which there are 4

    with pytest.raises(InvalidVideo):
        await inspector.inspect(pictures.written(tmp_path, bytes(data)), thumbnail=None, taken=VIDEOS)


async def test_a_video_that_lasts_for_hours_is_refused(inspector: PillowInspector, tmp_path: Path) -> None:
    path = videos.video(tmp_path / "film.mp4", videos.frames(8), fps=0.01)

    with pytest.raises(InvalidVideo, match="longer than 600 seconds"):
        await inspector.inspect(path, thumbnail=None, taken=VIDEOS)


async def test_another_format_that_calls_itself_an_mp4_reads_no_other_file(
    inspector: PillowInspector, tmp_path: Path
) -> None:
    secret = videos.video(tmp_path / "secret.mp4")
    playlist = f"#EXTM3U\n#EXTINF:1,\nfile://{secret}\n".encode()
    path = pictures.written(tmp_path, b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41\n" + playlist)

    with pytest.raises(REFUSALS):
        await inspector.inspect(path, thumbnail=None, taken=VIDEOS)


@pytest.mark.parametrize("name", ["film.mp4", "film.webm"])
async def test_damage_is_refused_or_does_no_harm_and_never_takes_long(
    name: str, inspector: PillowInspector, tmp_path: Path
) -> None:
    whole = videos.video(tmp_path / name, _noisy(6)).read_bytes()
    chance = random.Random(7)

    for number in range(40):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 4, 40))):
            data[chance.randrange(40, len(data))] = chance.randrange(256)
        began = time.monotonic()
        with suppress(*REFUSALS):
            await inspector.inspect(pictures.written(tmp_path, bytes(data), f"{number}"), thumbnail=None, taken=VIDEOS)
        assert time.monotonic() - began < 10


def _noisy(count: int) -> list[videos.Frame]:
    """So that each frame has a size."""
    chance = np.random.default_rng(7)
    return [chance.integers(0, 255, (96, 128, 3)).astype(np.uint8) for _ in range(count)]
