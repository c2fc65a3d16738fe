import os
from pathlib import Path

import pytest

from pixie.entrypoints.cli.client.answers import File, Job
from pixie.entrypoints.cli.client.troubles import BadOrder, NotSaved
from pixie.entrypoints.cli.saving import odd_name, place_of

JOB = Job(id="01936b2e-0000-7000-8000-0000deadbeef", job_type="image_edit", status="completed", model="acme/paint")


def a_file(mime_type: str = "image/png") -> File:
    return File(id="f", original_name="result", mime_type=mime_type, file_size=1, checksum_sha256="0")


def test_a_folder_gets_names_of_model_and_job(tmp_path: Path) -> None:
    place = place_of(f"{tmp_path}/new/")

    assert (tmp_path / "new").is_dir()
    assert place.of(JOB, [a_file()]) == [tmp_path / "new" / "acme-paint-deadbeef.png"]


def test_a_file_keeps_its_name_and_several_get_numbers(tmp_path: Path) -> None:
    one = place_of(str(tmp_path / "out.png"))

    assert one.of(JOB, [a_file()]) == [tmp_path / "out.png"]
    assert [path.name for path in one.of(JOB, [a_file(), a_file()])] == ["out-1.png", "out-2.png"]


def test_a_name_without_an_ending_gets_the_right_one(tmp_path: Path) -> None:
    (path,) = place_of(str(tmp_path / "film")).of(JOB, [a_file("video/mp4")])

    assert path.name == "film.mp4"


def test_an_ending_that_promises_something_else_is_told() -> None:
    assert odd_name(Path("a.jpg"), a_file("image/png")) is not None
    assert odd_name(Path("a.JPEG"), a_file("image/jpeg")) is None


def test_nobodys_picture_is_written_over_by_its_own_result(tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    photo.touch()

    with pytest.raises(BadOrder, match="would be written over"):
        place_of(str(photo), [photo])
    assert place_of(str(tmp_path / "other.jpg"), [photo]).name == "other.jpg"


def test_a_place_that_takes_nothing_is_told_before_anything_is_paid(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(NotSaved, match="is a file"):
        place_of(str(tmp_path / "file" / "out.png"))
    with pytest.raises(NotSaved, match=r"may not write|cannot be written"):
        place_of("/proc/self/out.png" if os.geteuid() == 0 else "/out.png")
