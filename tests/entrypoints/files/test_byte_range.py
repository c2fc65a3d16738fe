import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixie.entrypoints.http.files.byte_range import ByteRange, RangeNotSatisfiable, parse_range


@pytest.mark.parametrize(
    ("header", "size", "found"),
    [
        ("bytes=0-0", 10, ByteRange(0, 1)),
        ("bytes=0-9", 10, ByteRange(0, 10)),
        ("bytes=2-4", 10, ByteRange(2, 5)),
        ("bytes=2-", 10, ByteRange(2, 10)),
        ("bytes=2-100", 10, ByteRange(2, 10)),
        ("bytes=-3", 10, ByteRange(7, 10)),
        ("bytes=-100", 10, ByteRange(0, 10)),
        ("bytes=0-" + "9" * 23, 10, ByteRange(0, 10)),
        ("bytes=-" + "9" * 5000, 10, ByteRange(0, 10)),
        ("bytes=" + "0" * 5000 + "2-4", 10, ByteRange(2, 5)),
        ("Bytes= 2 - 4 ", 10, ByteRange(2, 5)),
    ],
)
def test_one_range_is_cut_to_what_is_there(header: str, size: int, found: ByteRange) -> None:
    assert parse_range(header, size) == found


@pytest.mark.parametrize(
    "header", ["bytes=10-", "bytes=10-20", "bytes=999-1000", "bytes=-0", "bytes=" + "9" * 30 + "-"]
)
def test_a_range_behind_the_end_cannot_be_satisfied(header: str) -> None:
    with pytest.raises(RangeNotSatisfiable):
        parse_range(header, 10)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=5",
        "bytes=4-2",
        "bytes=0-1,3-4",
        "bytes=a-b",
        "bytes=--1",
        "bytes=1-2x",
        "lines=0-1",
        "bytes=٠-١",
    ],
)
def test_what_means_nothing_or_several_ranges_is_passed_over(header: str | None) -> None:
    assert parse_range(header, 10) is None


@given(st.one_of(st.text(max_size=40), st.from_regex(r"bytes=\d{0,6}-\d{0,6}", fullmatch=True)), st.integers(1, 10**7))
def test_whatever_is_asked_for_lies_within_the_file(header: str, size: int) -> None:
    try:
        found = parse_range(header, size)
    except RangeNotSatisfiable:
        return
    assert found is None or 0 <= found.start < found.end <= size


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_range_means_the_same_bytes_as_a_slice(first: int, length: int, size: int) -> None:
    last = first + length
    expected = range(size)[first : last + 1]
    if not expected:
        with pytest.raises(RangeNotSatisfiable):
            parse_range(f"bytes={first}-{last}", size)
    else:
        assert parse_range(f"bytes={first}-{last}", size) == ByteRange(expected[0], expected[-1] + 1)
