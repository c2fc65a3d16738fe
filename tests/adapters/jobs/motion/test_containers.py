"""The files around coded frames: what a browser needs comes first, and every number in them is right."""

import io
import struct
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from pixie.adapters.files.video_structure import check_whole
from pixie.adapters.jobs.motion import libvpx
from pixie.adapters.jobs.motion.coded_video import CodedVideo
from pixie.adapters.jobs.motion.libvpx import Packet, Vp9Encoder, VpxMissing
from pixie.adapters.jobs.motion.mp4 import write_mp4
from pixie.adapters.jobs.motion.video_file import planes_of, write_video
from pixie.adapters.jobs.motion.webm import write_webm
from pixie.domain.files.media import HEAD_BYTES, MediaType
from tests.support.videos import decoded, frames

pytestmark = pytest.mark.infra  # it encodes

BODY = {MediaType.MP4: b"mdat", MediaType.WEBM: b"\x1f\x43\xb6\x75"}
INDEX = {MediaType.MP4: b"moov", MediaType.WEBM: b"\x1c\x53\xbb\x6b"}


def boxes(data: bytes, start: int = 0, end: int | None = None) -> Iterator[tuple[bytes, int, int]]:
    at = start
    while at < (len(data) if end is None else end):
        (length,) = struct.unpack_from(">I", data, at)
        yield data[at + 4 : at + 8], at + 8, at + length
        at += length


def within(data: bytes, *names: bytes) -> bytes:
    start, end = 0, len(data)
    for name in names:
        start, end = next((first, last) for found, first, last in boxes(data, start, end) if found == name)
    return data[start:end]


def coded(count: int, key_every: int = 4) -> CodedVideo:
    video = CodedVideo(width=64, height=48, fps=25, spool=io.BytesIO())
    for number in range(count):
        video.add(Packet(bytes([number]) * (100 + number), number % key_every == 0))
    return video


@pytest.mark.parametrize("media_type", [MediaType.MP4, MediaType.WEBM])
def test_a_file_is_what_it_says_and_whole_with_its_index_in_front(media_type: MediaType, tmp_path: Path) -> None:
    path = tmp_path / f"film{media_type.extension}"

    write_video(frames(30), path, (64, 48), fps=12, quality=75)

    data = path.read_bytes()
    assert MediaType.of(data[:HEAD_BYTES]) is media_type
    check_whole(path, media_type)
    assert data.index(INDEX[media_type]) < data.index(BODY[media_type])
    assert list(tmp_path.iterdir()) == [path]


def test_an_mp4_tells_where_its_frames_are(tmp_path: Path) -> None:
    target = io.BytesIO()
    video = coded(10)

    write_mp4(video, target)

    data = target.getvalue()
    table = (b"moov", b"trak", b"mdia", b"minf", b"stbl")
    (first,) = struct.unpack(">I", within(data, *table, b"stco")[8:])
    sizes = struct.unpack(">10I", within(data, *table, b"stsz")[12:])
    assert data[first : first + sum(sizes)] == b"".join(bytes([number]) * (100 + number) for number in range(10))
    assert sizes == tuple(video.sizes)
    assert struct.unpack(">3I", within(data, *table, b"stss")[8:]) == (1, 5, 9)
    duration, scale = struct.unpack(">2I", within(data, b"moov", b"mvhd")[12:20])[::-1]
    assert duration / scale == 0.4


def test_a_webm_tells_where_its_parts_begin() -> None:
    target = io.BytesIO()

    write_webm(coded(10), target)

    data = target.getvalue()
    segment = data.index(b"\x18\x53\x80\x67") + 12
    places = [at + 2 for at in range(data.index(BODY[MediaType.WEBM])) if data.startswith(b"\xf1\x88", at)]
    assert len(places) == 3
    for place in places:
        (offset,) = struct.unpack_from(">Q", data, place)
        assert data.startswith(BODY[MediaType.WEBM], segment + offset)


@pytest.mark.parametrize("name", ["film.mp4", "film.webm"])
def test_a_player_can_jump(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    write_video(frames(60), path, (64, 48), fps=10, quality=90)
    whole = decoded(path)
    capture = cv2.VideoCapture(str(path))

    for wanted in (45, 3, 59, 21):
        capture.set(cv2.CAP_PROP_POS_FRAMES, wanted)
        there, frame = capture.read()
        assert there
        assert np.array_equal(frame, whole[wanted])


def test_light_and_colors_have_the_room_that_video_leaves_them() -> None:
    def means(color: tuple[int, int, int]) -> list[int]:
        planes = np.frombuffer(planes_of(np.full((16, 16, 3), color, np.uint8)), np.uint8)
        return [int(part.mean()) for part in (planes[:256], planes[256:320], planes[320:])]

    assert means((255, 255, 255)) == [235, 128, 128]
    assert means((0, 0, 0)) == [16, 128, 128]
    assert means((255, 0, 0)) == [32, 240, 118]  # blue
    assert means((0, 0, 255)) == [63, 102, 240]  # red


def test_frames_of_another_size_are_not_coded() -> None:
    encoder = Vp9Encoder(64, 48, fps=10, quantizer=20, key_every=20)

    with pytest.raises(ValueError, match="planes"):
        list(encoder.encode(bytes(100)))
    encoder.close()


def test_an_encoder_of_a_version_that_is_not_known_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libvpx, "_KNOWN_ABIS", (9, 10))

    with pytest.raises(VpxMissing, match="version"):
        Vp9Encoder(64, 48, fps=10, quantizer=20, key_every=20)


def test_an_encoder_that_lays_its_settings_out_in_another_way_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libvpx, "_DEFAULTS", (1, 2, 3))

    with pytest.raises(VpxMissing, match="lays out"):
        Vp9Encoder(64, 48, fps=10, quantizer=20, key_every=20)
