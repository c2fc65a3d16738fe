import os
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from pixie.adapters.jobs.disk_workdirs import DiskWorkdirs
from pixie.domain.kernel.ids import JobId

JOB = JobId(UUID(int=7))


async def test_a_workdir_is_ones_own_and_gone_afterwards(tmp_path: Path) -> None:
    workdirs = DiskWorkdirs(tmp_path)

    async with workdirs.open(JOB) as one, workdirs.open(JOB) as other:
        (one / "input").write_bytes(b"a picture")
        assert names_in(other) == []

    assert names_in(tmp_path) == []


async def test_a_fresh_machine_needs_no_preparation(tmp_path: Path) -> None:
    async with DiskWorkdirs(tmp_path / "data" / "tmp").open(JOB) as workdir:
        assert workdir.is_dir()


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_only_what_was_left_long_ago_is_swept(tmp_path: Path) -> None:
    old, young, foreign = tmp_path / "job-old", tmp_path / "job-young", tmp_path / "staged-old"
    for folder in (old, young, foreign):
        folder.mkdir()
    for folder in (old, foreign):
        os.utime(folder, (0, 0))

    assert await DiskWorkdirs(tmp_path).sweep(older_than=timedelta(days=1)) == 1

    assert names_in(tmp_path) == ["job-young", "staged-old"]
