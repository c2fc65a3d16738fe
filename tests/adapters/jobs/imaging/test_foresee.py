from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from pixie.adapters.jobs.imaging.canvas import Canvas, OperationImpossible, Outline
from pixie.adapters.jobs.imaging.foresee import check_editing
from pixie.adapters.jobs.imaging.geometry import Crop, Flip, Resize, Rotate
from pixie.adapters.jobs.imaging.operation import Operation
from pixie.domain.jobs.errors import InvalidParameters
from pixie.domain.jobs.generation import PictureSize

SMALL = PictureSize(width=40, height=20)
CUT_TO_10 = {"op": "crop", "x": 0, "y": 0, "width": 10, "height": 10}


def refused(*operations: dict[str, Any], image: PictureSize = SMALL, mask: PictureSize | None = None) -> list[str]:
    try:
        check_editing({"operations": list(operations)}, image, mask)
    except InvalidParameters as refusal:
        return [pointer for pointer, _ in refusal.fields]
    return []


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "crop", "x": 30, "y": 0, "width": 20, "height": 10},
        {"op": "crop", "x": 0, "y": 0, "width": 5, "height": 1, "unit": "fraction"},
        {"op": "resize", "width": 16_000, "height": 16_000, "fit": "stretch"},
        {"op": "blur", "radius": 2, "area": "mask"},
        {"op": "auto_enhance", "area": "outside_mask"},
    ],
)
def test_what_cannot_be_done_is_named_by_its_place(operation: dict[str, Any]) -> None:
    assert refused({"op": "flip"}, operation) == ["/parameters/operations/1"]


def test_each_operation_is_held_to_what_those_before_it_leave() -> None:
    beyond = {"op": "crop", "x": 0, "y": 0, "width": 11, "height": 10}

    assert refused(beyond) == []
    assert refused(CUT_TO_10, beyond) == ["/parameters/operations/1"]
    assert refused(CUT_TO_10, {"op": "resize", "width": 11}, beyond) == []
    assert refused({"op": "rotate", "angle": 90}, {"op": "crop", "x": 0, "y": 0, "width": 20, "height": 40}) == []
    assert refused({"op": "rotate", "angle": 90}, {"op": "crop", "x": 0, "y": 0, "width": 40, "height": 20}) != []


def test_with_a_mask_an_area_can_be_kept_to() -> None:
    assert refused({"op": "blur", "radius": 2, "area": "mask"}, mask=SMALL) == []


def test_after_a_turn_whose_size_is_not_foreseen_nothing_is_refused() -> None:
    assert refused({"op": "rotate", "angle": 30}, {"op": "crop", "x": 0, "y": 0, "width": 9_000, "height": 1}) == []


def test_a_picture_that_is_too_long_is_refused_and_so_is_such_a_mask() -> None:
    long = PictureSize(width=16_001, height=1)

    assert refused({"op": "flip"}, image=long) == ["/image_file_id"]
    assert refused({"op": "flip"}, mask=long) == ["/mask_file_id"]


sides = st.integers(1, 120)
edges = st.floats(0, 130)
operations = st.one_of(
    st.builds(Crop, x=edges, y=edges, width=st.floats(0.1, 130), height=st.floats(0.1, 130)),
    st.builds(
        Crop,
        x=st.floats(0, 1),
        y=st.floats(0, 1),
        width=st.floats(0.01, 1),
        height=st.floats(0.01, 1),
        unit=st.just("fraction"),
    ),
    st.builds(Crop, aspect_ratio=st.sampled_from(["1:1", "16:9", "1:99", "9999:1"])),
    st.builds(
        Resize,
        width=sides,
        height=sides,
        fit=st.sampled_from(["contain", "cover", "stretch"]),
        only_shrink=st.booleans(),
    ),
    st.builds(Resize, width=sides),
    st.builds(Rotate, angle=st.sampled_from([0.0, 45.0, 90.0, 180.0, -90.0, 270.0, 360.0]), expand=st.booleans()),
    st.builds(Flip),
)


@given(width=sides, height=sides, operation=operations)
def test_what_is_foreseen_comes_true(width: int, height: int, operation: Operation) -> None:
    outline = Outline(width, height, has_mask=False)
    try:
        foreseen = operation.foresee(outline)
    except OperationImpossible:
        with pytest.raises(OperationImpossible):
            operation.apply(Canvas(Image.new("RGB", (width, height))))
        return

    done = operation.apply(Canvas(Image.new("RGB", (width, height))))

    assert foreseen is None or foreseen.size == done.size
