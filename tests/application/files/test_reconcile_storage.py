from tests.support.builders.files import a_file, file_id
from tests.support.file_house import FileHouse

ORPHAN = "uploads/00/orphan.png"


async def test_when_blobs_and_rows_agree_nothing_happens(house: FileHouse) -> None:
    house.keep(*[a_file(number) for number in range(1, 40)])
    house.clock.pass_time(days=2)

    report = await house.reconcile()

    assert (report.blobs_seen, report.orphans_removed) == (78, 0)
    assert (report.files_seen, report.files_without_blob, report.without_blob) == (39, 0, [])
    assert len(house.blobs.blobs) == 78


async def test_a_blob_without_a_row_goes_when_it_is_older_than_a_day(house: FileHouse) -> None:
    file = a_file(1)
    house.keep(file)
    house.put(ORPHAN, b"nobody's")
    house.put(f"{ORPHAN}.thumbnail.webp", b"nobody's")
    house.put("outputs/00/job/0.png", b"never adopted")
    house.clock.pass_time(hours=25)

    report = await house.reconcile()

    assert report.orphans_removed == 3
    assert set(house.blobs.blobs) == set(file.keys())


async def test_a_younger_blob_may_yet_get_its_row(house: FileHouse) -> None:
    house.put(ORPHAN, b"just being uploaded")
    house.clock.pass_time(hours=23)

    assert (await house.reconcile()).orphans_removed == 0
    assert ORPHAN in house.blobs.blobs


async def test_what_lies_outside_of_our_roots_is_not_touched(house: FileHouse) -> None:
    house.put("backups/db.dump", b"somebody else's")
    house.clock.pass_time(days=30)

    assert (await house.reconcile()).blobs_seen == 0
    assert "backups/db.dump" in house.blobs.blobs


async def test_a_file_without_its_blob_or_thumbnail_is_reported_and_kept(house: FileHouse) -> None:
    whole, without_content, without_thumbnail = (a_file(number) for number in (1, 2, 3))
    house.keep(whole, without_content, without_thumbnail)
    del house.blobs.blobs[without_content.key]
    del house.blobs.blobs[without_thumbnail.keys()[1]]

    report = await house.reconcile()

    assert report.files_without_blob == 2
    assert report.without_blob == [file_id(2), file_id(3)]
    assert len(house.shelf.rows) == 3


async def test_a_file_deleted_during_the_walk_has_lost_nothing(house: FileHouse) -> None:
    file = a_file(1)
    house.keep(file)
    house.blobs.blobs.clear()
    house.blobs.when_sized = house.shelf.rows.clear

    assert (await house.reconcile()).files_without_blob == 0


async def test_a_report_names_a_hundred_and_counts_all(house: FileHouse) -> None:
    house.keep(*[a_file(number, has_thumbnail=False) for number in range(1, 131)])
    house.blobs.blobs.clear()

    report = await house.reconcile()

    assert report.files_without_blob == 130
    assert len(report.without_blob) == 100


async def test_orphans_in_great_numbers_are_looked_up_in_batches(house: FileHouse) -> None:
    for number in range(1201):
        house.put(f"uploads/00/{number}.png", b"")
    house.clock.pass_time(days=2)

    report = await house.reconcile()

    assert report.orphans_removed == 1201
    assert house.blobs.blobs == {}
