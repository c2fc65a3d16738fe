import json
from pathlib import Path
from typing import Any

import pytest

from pixie.entrypoints.cli.client.answers import Model
from pixie.entrypoints.cli.client.troubles import BadOrder
from pixie.entrypoints.cli.order import Order, chosen, read_parameters, size, with_settings

SCHEMA = {
    "properties": {
        "title": {"type": "string"},
        "depth": {"type": "number"},
        "camera": {"type": "object", "properties": {"name": {"type": "string"}}},
    }
}
MODEL = Model(name="acme/paint", model_type="image_generation", parameters=SCHEMA)


def ordered(**given: Any) -> Order:
    return Order(**{"model": "acme/paint", "fields": {}, "parameters": {}, **given})


def test_only_what_was_said_is_sent() -> None:
    order = ordered(fields={"prompt": "a boat", "seed": 0, "scale": None})

    assert order.body(MODEL, [], None) == {"model": "acme/paint", "prompt": "a boat", "seed": 0}


def test_one_picture_and_several_go_into_fields_of_their_own() -> None:
    assert ordered().body(MODEL, ["a"], "m") == {"model": "acme/paint", "image_file_id": "a", "mask_file_id": "m"}
    assert ordered().body(MODEL, ["a", "b"], None) == {"model": "acme/paint", "image_file_ids": ["a", "b"]}


def test_settings_are_json_and_stay_texts_where_the_model_wants_a_text() -> None:
    given = ["title=7", "depth=0.5", "flag=true", "other=words", "list=[1, 2]", "camera.name=1", "camera.zoom=2"]

    assert with_settings({"depth": 1, "kept": 1}, given, MODEL) == {
        "title": "7",
        "depth": 0.5,
        "flag": True,
        "other": "words",
        "list": [1, 2],
        "camera": {"name": "1", "zoom": 2},
        "kept": 1,
    }


@pytest.mark.parametrize("setting", ["title", "=1", "a..b=1", "depth.x=1"])
def test_settings_that_make_no_sense_are_refused(setting: str) -> None:
    with pytest.raises(BadOrder, match="--set"):
        with_settings({"depth": 1}, [setting], MODEL)


def test_parameters_come_as_they_are_or_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "parameters.json"
    file.write_text('{"depth": 1}')

    assert read_parameters(None) == read_parameters("") == {}
    assert read_parameters('{"depth": 1}') == read_parameters(f"@{file}") == {"depth": 1}


@pytest.mark.parametrize("given", ["{", "7", "[]", "@/nowhere/at/all.json"])
def test_parameters_that_are_no_object_are_refused(given: str) -> None:
    with pytest.raises(BadOrder, match="--parameters"):
        read_parameters(given)


def test_a_size_is_two_numbers() -> None:
    assert size("768x512") == size(" 768X512 ") == (768, 512)
    assert size(None) == (None, None)
    for wrong in ("768", "768x", "ax2", "-1x2", "1x2x3"):
        with pytest.raises(BadOrder, match="WIDTHxHEIGHT"):
            size(wrong)


def test_a_model_that_is_not_there_or_not_to_be_had_is_named() -> None:
    off = Model(name="acme/off", model_type="image_edit", available=False, unavailable_reason="no weights here")

    assert chosen("acme/paint", [MODEL, off]) is MODEL
    with pytest.raises(BadOrder, match="acme/off is not available: no weights here"):
        chosen("acme/off", [MODEL, off])
    with pytest.raises(BadOrder, match="Did you mean acme/paint"):
        chosen("acme/piant", [MODEL, off])
    with pytest.raises(BadOrder, match=r"no model 'zzz'\."):
        chosen("zzz", [])


def test_what_is_given_is_not_changed() -> None:
    parameters = {"camera": {"zoom": 1}}
    with_settings(parameters, ["camera.zoom=2"], MODEL)

    assert json.dumps(parameters) == '{"camera": {"zoom": 1}}'
