"""Untrusted pictures: what is told about good ones, and how bad ones are refused."""

import asyncio
import os
import random
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path

import pytest
from PIL import Image

from pixie.adapters.files.pillow_inspector import PillowInspector
from pixie.adapters.kernel.compute_errors import ComputeBusy, ComputeCrashed
from pixie.adapters.kernel.compute_pool import ComputePool
from pixie.domain.files.errors import ImageTooManyPixels, InvalidImage, UnsupportedMediaType
from pixie.domain.files.media import MediaType
from tests.support import compute_work, pictures

REFUSALS = (ImageTooManyPixels, InvalidImage, UnsupportedMediaType)


@pytest.fixture
async def pool() -> AsyncIterator[ComputePool]:
    async with ComputePool(size=1) as pool:
        yield pool


@pytest.fixture
def inspector(pool: ComputePool) -> PillowInspector:
    return PillowInspector(pool)


@pytest.mark.parametrize("name", pictures.STILL_FORMATS)
async def test_a_picture_of_each_format_is_understood(name: str, inspector: PillowInspector, tmp_path: Path) -> None:
    path = pictures.written(tmp_path, pictures.picture(name, 640, 480))

    found = await inspector.inspect(path, thumbnail=tmp_path / "thumbnail")

    assert found.media_type is MediaType[name]
    assert (found.width, found.height, found.frames, found.has_alpha) == (640, 480, 1, False)
    with Image.open(tmp_path / "thumbnail") as thumbnail:
        assert (thumbnail.format, thumbnail.size) == ("WEBP", (320, 240))


@pytest.mark.parametrize(("name", "mode"), [("PNG", "RGBA"), ("PNG", "LA"), ("WEBP", "RGBA"), ("AVIF", "RGBA")])
async def test_transparency_is_seen_and_kept_in_the_thumbnail(
    name: str, mode: str, inspector: PillowInspector, tmp_path: Path
) -> None:
    path = pictures.written(tmp_path, pictures.picture(name, 400, 300, mode))

    found = await inspector.inspect(path, thumbnail=tmp_path / "thumbnail")

    assert found.has_alpha
    with Image.open(tmp_path / "thumbnail") as thumbnail:
        assert thumbnail.convert("RGBA").getpixel((5, 5))[3] == 0  # type: ignore[index]  # RGBA has four
        assert thumbnail.convert("RGBA").getpixel((200, 150))[3] == 255  # type: ignore[index]  # RGBA has four


@pytest.mark.parametrize("mode", ["1", "L", "P", "I;16", "CMYK"])
@pytest.mark.parametrize("width", [100, 3000])
async def test_unusual_pixels_are_understood(mode: str, width: int, inspector: PillowInspector, tmp_path: Path) -> None:
    name = "JPEG" if mode == "CMYK" else "PNG"
    path = pictures.written(tmp_path, pictures.encoded(pictures.scene(width, 90).convert(mode), name))

    found = await inspector.inspect(path, thumbnail=tmp_path / "thumbnail")

    assert (found.width, found.height, found.has_alpha) == (width, 90, False)


async def test_sixteen_bits_keep_their_shades(inspector: PillowInspector, tmp_path: Path) -> None:
    deep = Image.new("I;16", (64, 64), 32768)
    path = pictures.written(tmp_path, pictures.encoded(deep, "PNG"))

    assert (await inspector.inspect(path, thumbnail=None)).dominant_color == "#808080"


@pytest.mark.parametrize("name", pictures.ANIMATED_FORMATS)
async def test_the_frames_of_an_animation_are_counted(name: str, inspector: PillowInspector, tmp_path: Path) -> None:
    path = pictures.written(tmp_path, pictures.animation(name, frames=4))

    assert (await inspector.inspect(path, thumbnail=tmp_path / "thumbnail")).frames == 4


async def test_the_dominant_color_is_that_of_most_pixels(inspector: PillowInspector, tmp_path: Path) -> None:
    image = Image.new("RGB", (300, 200), (200, 30, 40))
    image.paste((20, 20, 220), (0, 0, 100, 100))

    found = await inspector.inspect(pictures.written(tmp_path, pictures.encoded(image, "PNG")), thumbnail=None)

    assert found.dominant_color == "#c81e28"
    assert len(found.blurhash) == 28


async def test_a_picture_of_nothing_has_a_color_too(inspector: PillowInspector, tmp_path: Path) -> None:
    path = pictures.written(tmp_path, pictures.encoded(Image.new("RGBA", (9, 9)), "PNG"))

    assert (await inspector.inspect(path, thumbnail=None)).dominant_color == "#ffffff"


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "AVIF"])
async def test_exif_tells_of_the_shot_and_never_of_the_place(
    name: str, inspector: PillowInspector, tmp_path: Path
) -> None:
    path = pictures.written(tmp_path, pictures.picture(name, exif=pictures.camera_exif()))

    exif = (await inspector.inspect(path, thumbnail=tmp_path / "thumbnail")).exif

    assert exif == {
        "make": "Pixie Optics",
        "model": "P-1",
        "date_time": "2026-05-01T12:30:00",
        "date_time_original": "2026-05-01T12:29:59",
        "exposure_time": 0.008,
        "f_number": 1.8,
        "iso": 100,
    }
    with Image.open(tmp_path / "thumbnail") as thumbnail:
        assert not thumbnail.getexif()


@pytest.mark.parametrize("orientation", range(1, 9))
async def test_width_height_and_thumbnail_are_those_a_viewer_sees(
    orientation: int, inspector: PillowInspector, tmp_path: Path
) -> None:
    upright = Image.new("RGB", (400, 200), "white")
    upright.paste("red", (0, 0, 100, 100))  # the corner that a viewer sees at the top left
    ways = [None, 0, 3, 1, 5, 2, 6, 4]  # what undoes orientation n, as Image.Transpose
    way = ways[orientation - 1]
    stored = upright if way is None else upright.transpose(Image.Transpose(way))
    data = pictures.encoded(stored, "JPEG", exif=pictures.camera_exif(orientation))

    found = await inspector.inspect(pictures.written(tmp_path, data), thumbnail=tmp_path / "thumbnail")

    assert (found.width, found.height) == (400, 200)
    with Image.open(tmp_path / "thumbnail") as thumbnail:
        red = thumbnail.convert("RGB").getpixel((20, 20))
        assert isinstance(red, tuple)
        assert red[0] > 200
        assert red[1] < 100


@pytest.mark.parametrize("profile", [b"no profile", pictures.swapped_profile()], ids=["nonsense", "of another space"])
async def test_a_color_profile_that_makes_no_sense_is_ignored(
    profile: bytes, inspector: PillowInspector, tmp_path: Path
) -> None:
    path = pictures.written(tmp_path, pictures.picture("JPEG", icc_profile=profile))

    assert (await inspector.inspect(path, thumbnail=tmp_path / "thumbnail")).width == 64


@pytest.mark.parametrize(
    "data", [b"", b"<html><body>no picture</body></html>", b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41"]
)
async def test_what_is_no_picture_is_refused_by_its_content(
    data: bytes, inspector: PillowInspector, tmp_path: Path
) -> None:
    with pytest.raises(UnsupportedMediaType):
        await inspector.inspect(pictures.written(tmp_path, data, "holiday.png"), thumbnail=None)


@pytest.mark.parametrize(
    "huge",
    [pictures.png_claiming, pictures.gif_claiming, pictures.jpeg_claiming, *pictures.webps_claiming],
)
async def test_a_huge_picture_is_refused_before_it_is_decoded(
    huge: Callable[[int, int], bytes], inspector: PillowInspector, tmp_path: Path
) -> None:
    await inspector.inspect(pictures.written(tmp_path, pictures.picture()), thumbnail=None)
    path = pictures.written(tmp_path, huge(16_000, 16_000))
    began = time.perf_counter()

    with pytest.raises(ImageTooManyPixels):
        await inspector.inspect(path, thumbnail=None)

    assert time.perf_counter() - began < 0.5


async def test_the_largest_accepted_picture_fits_into_its_memory(pool: ComputePool, tmp_path: Path) -> None:
    inspector = PillowInspector(pool, max_pixels=30_000_000, memory_mb=200)
    path = pictures.written(tmp_path, pictures.png_bomb(6_000, 5_000))

    assert (await inspector.inspect(path, thumbnail=tmp_path / "thumbnail")).width == 6_000


@pytest.mark.parametrize("name", pictures.STILL_FORMATS)
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
async def test_a_picture_that_ends_too_early_is_refused(
    name: str, share: float, inspector: PillowInspector, tmp_path: Path
) -> None:
    whole = pictures.picture(name, 200, 200)
    path = pictures.written(tmp_path, whole[: int(len(whole) * share)])

    with pytest.raises(InvalidImage):
        await inspector.inspect(path, thumbnail=tmp_path / "thumbnail")

    assert not await asyncio.to_thread((tmp_path / "thumbnail").exists)


@pytest.mark.parametrize(
    "data",
    [pictures.png_text_bomb(80), pictures.jpeg_scan_bomb(2_000), pictures.png_claiming(0, 10)],
    ids=["text that unpacks to gigabytes", "a scan again and again", "no pixels"],
)
async def test_hostile_structures_are_refused_quickly(data: bytes, inspector: PillowInspector, tmp_path: Path) -> None:
    path = pictures.written(tmp_path, data)
    began = time.perf_counter()

    with pytest.raises(InvalidImage):
        await inspector.inspect(path, thumbnail=None)

    assert time.perf_counter() - began < 2


async def test_an_animation_without_end_is_refused(pool: ComputePool, tmp_path: Path) -> None:
    inspector = PillowInspector(pool, max_frames=10)

    with pytest.raises(InvalidImage, match="more than 10 frames"):
        await inspector.inspect(pictures.written(tmp_path, pictures.animation("GIF", frames=11)), thumbnail=None)


async def test_a_busy_machine_is_not_the_pictures_fault(
    pool: ComputePool, inspector: PillowInspector, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pixie.adapters.files.pillow_inspector._SECONDS_TO_WAIT", 0.05)
    other = asyncio.create_task(pool.run(compute_work.count_up, 1000, timeout=60))
    await asyncio.sleep(0)

    with pytest.raises(ComputeBusy):
        await inspector.inspect(pictures.written(tmp_path, pictures.picture()), thumbnail=None)

    other.cancel()


@pytest.mark.parametrize(("number", "expected"), [(signal.SIGSEGV, InvalidImage), (signal.SIGKILL, ComputeCrashed)])
async def test_a_decoder_that_crashes_is_the_pictures_fault_and_a_killed_one_is_not(
    number: signal.Signals,
    expected: type[Exception],
    pool: ComputePool,
    inspector: PillowInspector,
    tmp_path: Path,
) -> None:
    child = await pool.run(compute_work.own_pid, timeout=10)
    path = pictures.written(tmp_path, pictures.png_bomb(10_000, 9_000))
    inspecting = asyncio.create_task(inspector.inspect(path, thumbnail=None))
    await asyncio.sleep(0.1)

    os.kill(child, number)

    with pytest.raises(expected):
        await inspecting


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not enforce this limit")
async def test_a_picture_that_needs_more_memory_than_any_is_given_is_refused(pool: ComputePool, tmp_path: Path) -> None:
    path = pictures.written(tmp_path, pictures.picture("JPEG", 440, 440))

    with pytest.raises(InvalidImage, match="more memory or time"):
        await PillowInspector(pool, memory_mb=1).inspect(path, thumbnail=tmp_path / "thumbnail")


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Flipped bits, overwritten lengths, pieces lost, doubled or swapped."""
    hurt = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 8, 40))):
        at = chance.randrange(len(hurt))
        match chance.randrange(5):
            case 0:
                hurt[at] ^= 1 << chance.randrange(8)
            case 1:
                hurt[at : at + 4] = chance.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff", b"\0\0\0\1"))
            case 2:
                del hurt[at : at + chance.randrange(1, 64)]
            case 3:
                hurt[at:at] = hurt[at : at + chance.randrange(1, 64)]
            case _:
                del hurt[max(at, 16) :]
        if not hurt:
            break
    return bytes(hurt)


SPECIMENS = {
    **{name: pictures.picture(name, exif=pictures.camera_exif(6)) for name in pictures.STILL_FORMATS},
    "progressive JPEG": pictures.picture("JPEG", progressive=True),
    "CMYK JPEG": pictures.picture("JPEG", mode="CMYK"),
    "palette PNG": pictures.encoded(pictures.scene().quantize(16), "PNG", transparency=1),
    "profile PNG": pictures.picture("PNG", icc_profile=pictures.swapped_profile()),
    "lossless WEBP": pictures.picture("WEBP", mode="RGBA", lossless=True),
    **{f"animated {name}": pictures.animation(name) for name in pictures.ANIMATED_FORMATS},
}


async def check_damage(kind: str, rounds: range, inspector: PillowInspector, folder: Path) -> None:
    for number in rounds:
        path = pictures.written(folder, damaged(SPECIMENS[kind], random.Random(f"{kind} {number}")))
        began = time.perf_counter()
        with suppress(*REFUSALS):
            await inspector.inspect(path, thumbnail=folder / "thumbnail")
        assert time.perf_counter() - began < 2, f"{kind} {number}"


@pytest.mark.parametrize("kind", SPECIMENS)
async def test_damage_is_understood_or_refused_and_nothing_else(
    kind: str, inspector: PillowInspector, tmp_path: Path
) -> None:
    await check_damage(kind, range(60), inspector, tmp_path)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", SPECIMENS)
async def test_much_damage_is_understood_or_refused_and_nothing_else(
    kind: str, inspector: PillowInspector, tmp_path: Path
) -> None:
    await check_damage(kind, range(60, 10_000), inspector, tmp_path)
