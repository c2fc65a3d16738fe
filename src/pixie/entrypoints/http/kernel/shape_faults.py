"""What has the wrong shape, in words for whoever sent it: where, and what would do."""

import re
from collections import deque
from collections.abc import Iterator
from typing import Any, Final

from litestar import Request
from litestar.params import ParameterKwarg

from pixie.entrypoints.http.kernel.problem import InvalidField

NO_NULL: Final = r"^[^\x00]*$"
RATIO: Final = r"^[1-9][0-9]?:[1-9][0-9]?$"
CURSOR: Final = r"^[A-Za-z0-9_-]{22}$"

NULL_CHARACTER: Final = "may not contain the character U+0000"
TOO_MANY_DIGITS: Final = "has more digits than can be read"

_FORMS: Final = {
    NO_NULL: NULL_CHARACTER,
    RATIO: "must be two whole numbers from 1 to 99 with a colon between them, such as 16:9",
    CURSOR: "is no cursor that Pixie gave out",
}
"""What a pattern asks for."""

_KINDS: Final = {
    "object": "an object",
    "array": "a list",
    "str": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "null": "null",
}
_BOUNDS: Final = {">=": "at least", "<=": "at most", ">": "more than", "<": "less than"}
_LONGEST: Final = 300

_PART: Final = re.compile(r"\.([^.\[\]]+)|\[([^\]]*)\]")
_FIELD: Final = re.compile(r"Object (missing required|contains unknown) field `(.+)`")
_TYPE: Final = re.compile(r"Expected `(.+)`, got `(.+)`")
_BOUND: Final = re.compile(r"Expected `\w+`( of length)? (>=|<=|>|<) (.+)")
_PATTERN: Final = re.compile(r"Expected `str` matching regex '(.+)'", re.DOTALL)

NO_BODY: Final = InvalidField(message="The request has no body; it takes a JSON object.", pointer="")
_NO_BODY: Final = "'data'"
"""What Litestar says of a missing body: the name of the argument that it could not fill."""


def body_fault(found: str) -> InvalidField:
    """From what msgspec says of a body, such as ``Expected `int`, got `str` - at `$.seed` ``."""
    said, _, path = found.partition(" - at `$")
    where = _pointer(path.rstrip("`"))
    if field := _FIELD.fullmatch(said):
        fault, name = field.groups()
        message = "is missing" if fault.startswith("missing") else "is not known here"
        return InvalidField(message=message, pointer=f"{where}/{escaped(name)}")
    return InvalidField(message=_words(said), pointer=where)


def fault(request: Request[Any, Any, Any], item: dict[str, Any]) -> InvalidField:
    """From what Litestar says of a missing body, a query parameter or a header."""
    key, said = str(item.get("key", "")), str(item.get("message", ""))
    if said == _NO_BODY:
        return NO_BODY
    return InvalidField(message=_words(said), parameter=_public_name(request, key) or None)


def null_faults(written: Any) -> Iterator[InvalidField]:  # noqa: ANN401 - whatever JSON may be
    """Every text with U+0000 in it, which is JSON, and which no database of ours keeps."""
    waiting: deque[tuple[str, Any]] = deque([("", written)])
    while waiting:
        where, value = waiting.popleft()
        match value:
            case str() if "\0" in value:
                yield InvalidField(message=NULL_CHARACTER, pointer=where)
            case dict():
                if any("\0" in name for name in value):
                    yield InvalidField(message=f"has a name in it that {NULL_CHARACTER}", pointer=where)
                waiting += [(f"{where}/{escaped(name)}", inner) for name, inner in value.items() if "\0" not in name]
            case list():
                waiting += [(f"{where}/{place}", inner) for place, inner in enumerate(value)]


def escaped(name: str) -> str:
    """A part of a JSON Pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def _pointer(path: str) -> str:
    """Msgspec knows no keys of what it has no type for, and writes `[...]`; so it leads as far as it is known."""
    parts: list[str] = []
    for name, place in _PART.findall(path):
        if place == "...":
            break
        parts.append(f"/{escaped(name or place)}")
    return "".join(parts)


def _words(said: str) -> str:
    if found := _TYPE.fullmatch(said):
        return f"must be {_kinds(found[1])}, not {_kinds(found[2])}"
    if found := _BOUND.fullmatch(said):
        unit = " characters" if found[1] else ""
        return f"must {'have' if found[1] else 'be'} {_BOUNDS[found[2]]} {found[3]}{unit}"
    if found := _PATTERN.fullmatch(said):
        pattern = found[1].replace("\\\\", "\\")  # it comes as Python writes it
        return _FORMS.get(pattern, f"must match {pattern}")
    return said[:_LONGEST]


def _kinds(types: str) -> str:
    return " or ".join(_KINDS.get(kind, kind) for kind in types.split(" | "))


def _public_name(request: Request[Any, Any, Any], key: str) -> str:
    """A header's name differs from its argument's."""
    field = request.route_handler.parsed_fn_signature.parameters.get(key)
    kwarg = None if field is None else field.kwarg_definition
    return (kwarg.name if isinstance(kwarg, ParameterKwarg) else None) or key
