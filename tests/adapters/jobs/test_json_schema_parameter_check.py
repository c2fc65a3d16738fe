import pytest

from pixie.adapters.jobs.json_schema_parameter_check import MOST_TOLD, JsonSchemaParameterCheck
from pixie.adapters.jobs.providers.local_cards import EDIT, SKETCH
from pixie.domain.jobs.errors import InvalidParameters
from pixie.domain.jobs.model_card import ModelCard
from pixie.domain.kernel.json import JsonObject


def faults(parameters: JsonObject, card: ModelCard = EDIT) -> dict[str, str]:
    with pytest.raises(InvalidParameters) as caught:
        JsonSchemaParameterCheck().check(card, parameters)
    return {where.removeprefix("/parameters"): what for where, what in caught.value.fields}


def operation(**fields: object) -> JsonObject:
    return {"operations": [{"op": "auto_enhance"}, fields]}


@pytest.mark.parametrize(
    ("parameters", "where", "what"),
    [
        ({}, "/operations", "is missing"),
        ({"operations": []}, "/operations", "must have at least 1 entries"),
        ({"operations": "blur"}, "/operations", "must be a list"),
        ({"operations": [None]}, "/operations/0", "must be an object"),
        (operation(op="blur", radius=1e308), "/operations/1/radius", "must be at most"),
        (operation(op="blur", radius="3"), "/operations/1/radius", "must be a number"),
        (operation(op="crop", x=0, y=0, width=1e9, height=1), "/operations/1/width", "must be at most"),
        (operation(op="resize", width=True), "/operations/1/width", "must be a whole number"),
        (operation(op="rotate", angle=10**400), "/operations/1/angle", "must be at most"),
        (operation(op="rotate"), "/operations/1/angle", "is missing"),
        (operation(op="flip", **{"a/b~c": 1}), "/operations/1/a~1b~0c", "is not known here"),
        (operation(op="nope"), "/operations/1/op", "must be one of auto_enhance, crop"),
        (operation(), "/operations/1/op", "must be one of auto_enhance, crop"),
        (operation(op=None), "/operations/1/op", "must be one of auto_enhance, crop"),
        (operation(op="filter", name="nope"), "/operations/1/name", "must be one of cool, dramatic"),
    ],
)
def test_what_does_not_fit_is_told_by_place_and_in_words(parameters: JsonObject, where: str, what: str) -> None:
    found = faults(parameters)

    assert where in found
    assert found[where].startswith(what)


def test_what_a_card_does_not_know_is_told_with_what_it_knows() -> None:
    assert faults({"colour": "red"}, SKETCH)["/colour"].startswith("is not known here; known are ")


def test_of_very_many_faults_some_are_told() -> None:
    assert len(faults({f"unknown_{number}": 1 for number in range(1000)}, SKETCH)) == MOST_TOLD


def test_no_fault_repeats_what_was_sent() -> None:
    assert "a secret" not in str(faults(operation(op="rotate", angle="a secret")))
