"""What `local/motion` takes is refused or accepted by its JSON Schema, before any credit moves."""

from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator

from pixie.adapters.jobs.motion.motion_parameters import MotionParameters, motion_schema

VALIDATOR = Draft202012Validator(motion_schema())
BOX = {"x": 0.1, "y": 0.1, "width": 0.5, "height": 0.5}


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"moves": [{"move": "zoom_in"}]},
        {"moves": [{"move": "zoom_out", "amount": 3, "toward": {"x": 0}}], "easing": "linear"},
        {"moves": [{"move": "pan", "direction": "up_left", "zoom": 1}], "loop": True, "format": "webm"},
        {"moves": [{"move": "ken_burns", "from": BOX, "to": BOX}], "fit": "contain", "background": "#aB0912"},
        {"moves": [{"move": "parallax", "direction": "left", "strength": 2}, {"move": "orbit"}, {"move": "still"}]},
        {"resolution": 1080, "fps": 30, "quality": 100},
        {"resolution": 720, "fps": 60, "transition": "wipe", "transition_seconds": 0.1},
    ],
)
def test_what_is_right_fits_the_schema_and_the_types_alike(parameters: dict[str, Any]) -> None:
    assert list(VALIDATOR.iter_errors(parameters)) == []
    assert isinstance(msgspec.convert(parameters, MotionParameters), MotionParameters)


@pytest.mark.parametrize(
    "parameters",
    [
        {"moves": []},
        {"moves": [{"move": "still"}] * 17},
        {"moves": [{"move": "teleport"}]},
        {"moves": [{"amount": 1}]},
        {"moves": [{"move": "zoom_in", "amount": 3.1}]},
        {"moves": [{"move": "zoom_in", "amount": "1"}]},
        {"moves": [{"move": "zoom_in", "toward": {"x": 1.1}}]},
        {"moves": [{"move": "zoom_in", "toward": {"z": 1}}]},
        {"moves": [{"move": "pan"}]},
        {"moves": [{"move": "pan", "direction": "north"}]},
        {"moves": [{"move": "pan", "direction": "up", "zoom": 0.5}]},
        {"moves": [{"move": "ken_burns", "from": BOX}]},
        {"moves": [{"move": "ken_burns", "from": BOX, "to": {**BOX, "width": 0}}]},
        {"moves": [{"move": "orbit", "strength": 2.1}]},
        {"moves": [{"move": "parallax", "direction": "up_left"}]},
        {"resolution": 1082},
        {"resolution": 142},
        {"resolution": 721},
        {"resolution": 1e9},
        {"fps": 61},
        {"fps": 9},
        {"fps": 29.97},
        {"resolution": 1080, "fps": 31},
        {"background": "red"},
        {"background": "#12345"},
        {"background": "#123456\n"},
        {"easing": "bounce"},
        {"fit": "stretch"},
        {"transition": "star"},
        {"transition_seconds": 0},
        {"format": "avi"},
        {"quality": 0},
        {"duration": 3},
        {"loop": "yes"},
    ],
)
def test_what_is_wrong_is_refused(parameters: dict[str, Any]) -> None:
    assert list(VALIDATOR.iter_errors(parameters))


def test_a_move_for_each_picture_and_then_they_begin_anew() -> None:
    wanted = msgspec.convert({"moves": [{"move": "still"}, {"move": "orbit"}]}, MotionParameters)

    assert [type(wanted.move_of(picture)).__name__ for picture in range(5)] == [
        "Still",
        "Orbit",
        "Still",
        "Orbit",
        "Still",
    ]
