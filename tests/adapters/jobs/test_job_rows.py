"""What older rows and older workers make of today's, and the other way round."""

from typing import cast
from uuid import uuid4

from pixie.adapters.jobs.job_rows import COLUMNS, to_domain, to_row
from pixie.adapters.kernel.database import Row
from pixie.domain.jobs.job import Job
from pixie.domain.jobs.job_input import JobInput
from pixie.domain.kernel.ids import FileId
from tests.support.builders.jobs import a_job


def row_of(job: Job) -> Row:
    return cast("Row", dict(zip(COLUMNS.split(", "), to_row(job), strict=True)))


def test_a_row_from_before_there_were_several_pictures_still_loads() -> None:
    picture = FileId(uuid4())
    row = row_of(a_job(request=JobInput(image_file_id=picture)))
    del row["input_data"]["image_file_ids"]

    job = to_domain(row)

    assert job.input == JobInput(image_file_id=picture)
    assert job.input.pictures == (picture,)


def test_a_row_with_fields_of_a_later_version_still_loads() -> None:
    row = row_of(a_job(request=JobInput(prompt="a lake")))
    row["input_data"]["invented_tomorrow"] = 1

    assert to_domain(row).input == JobInput(prompt="a lake")
