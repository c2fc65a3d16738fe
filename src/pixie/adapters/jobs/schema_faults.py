"""What does not fit a JSON Schema, in words for whoever sent it: where, and what would do."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final, cast

from jsonschema import ValidationError
from jsonschema.exceptions import best_match

Fault = tuple[str, str]
"""Where, as a JSON Pointer (RFC 6901), and what."""

_KINDS: Final = {
    "object": "an object",
    "array": "a list",
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}
_SENTENCES: Final = {
    "const": "must be {}",
    "minimum": "must be at least {}",
    "maximum": "must be at most {}",
    "exclusiveMinimum": "must be more than {}",
    "exclusiveMaximum": "must be less than {}",
    "minLength": "must have at least {} characters",
    "maxLength": "must have at most {} characters",
    "minItems": "must have at least {} entries",
    "maxItems": "must have at most {} entries",
    "minProperties": "must have at least {} fields",
    "maxProperties": "must have at most {} fields",
    "pattern": "must match {}",
}
_LONGEST: Final = 300


def faults_of(error: ValidationError) -> list[Fault]:
    """An error in words. Of alternatives that a constant tells apart, such as `op`, the one that was meant is told;
    of others the one that was nearly met.
    """
    if error.validator not in ("oneOf", "anyOf") or not error.context:
        return _own_faults(error)
    alternatives = cast("Sequence[Any]", error.validator_value)
    tag = _tag(alternatives)
    if tag is None:
        nearest = best_match(error.context)
        return _own_faults(nearest or error)
    if not isinstance(error.instance, Mapping):
        return [(_pointer(error.absolute_path), "must be an object")]
    named = [alternative["properties"][tag]["const"] for alternative in alternatives]
    given = error.instance.get(tag)
    if given not in named:
        return [(_pointer([*error.absolute_path, tag]), f"must be {_one_of(named)}")]
    meant = named.index(given)
    return [fault for inner in error.context if inner.schema_path[0] == meant for fault in faults_of(inner)]


def _own_faults(error: ValidationError) -> list[Fault]:
    where, wanted, given = list(error.absolute_path), cast("Any", error.validator_value), cast("Any", error.instance)
    match error.validator:
        case "required":
            missing = [name for name in wanted if name not in given]
            return [(_pointer([*where, name]), "is missing") for name in missing]
        case "additionalProperties" if wanted is False:
            known = cast("Mapping[str, Any]", error.schema).get("properties", {})
            unknown = [name for name in given if name not in known]
            return [(_pointer([*where, name]), f"is not known here; {_known(known)}") for name in unknown]
        case _:
            return [(_pointer(where), _words(str(error.validator), wanted)[:_LONGEST])]


def _words(keyword: str, wanted: Any) -> str:  # noqa: ANN401 - whatever a schema may say
    if keyword == "type":
        kinds = [wanted] if isinstance(wanted, str) else wanted
        return f"must be {' or '.join(_KINDS.get(kind, kind) for kind in kinds)}"
    if keyword == "enum":
        return f"must be {_one_of(wanted)}"
    return _SENTENCES.get(keyword, f"does not fit ({keyword})").format(wanted)


def _tag(alternatives: Sequence[Any]) -> str | None:
    """The property in which each of the alternatives has a constant of its own."""
    constants = [
        {name for name, schema in alternative.get("properties", {}).items() if "const" in schema}
        for alternative in alternatives
        if isinstance(alternative, Mapping)
    ]
    common = set.intersection(*constants) if len(constants) == len(alternatives) else set()
    return min(common, default=None)


def _known(names: Collection[str]) -> str:
    return f"known are {', '.join(names)}" if names else "nothing is"


def _one_of(values: Iterable[object]) -> str:
    return f"one of {', '.join(map(str, values))}"


def _pointer(path: Iterable[str | int]) -> str:
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)
