"""From options to the body of a request."""

import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from pixie.entrypoints.cli.client.answers import JsonObject, Model
from pixie.entrypoints.cli.client.troubles import BadOrder

_SIZE: Final = re.compile(r"([0-9]{1,5})[xX×]([0-9]{1,5})")  # noqa: RUF001 - whoever types the real sign is right


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What somebody wants done. Pictures are on this machine yet."""

    model: str
    images: Sequence[Path] = ()
    mask: Path | None = None
    fields: JsonObject
    """Of the body, as the API calls them; without what was not said."""
    parameters: JsonObject
    settings: Sequence[str] = ()
    """`key=value`, each of them; stronger than `parameters`."""

    def body(self, model: Model, images: Sequence[str], mask: str | None) -> JsonObject:
        """The body, with the ids of the pictures in it."""
        parameters = with_settings(self.parameters, self.settings, model)
        pictures: JsonObject = {}
        if len(images) == 1:
            pictures["image_file_id"] = images[0]
        elif images:
            pictures["image_file_ids"] = list(images)
        if mask is not None:
            pictures["mask_file_id"] = mask
        return {
            "model": model.name,
            **{name: value for name, value in self.fields.items() if value is not None},
            **pictures,
            **({"parameters": parameters} if parameters else {}),
        }


def chosen(name: str, models: Sequence[Model]) -> Model:
    """Raises `BadOrder` for one that is not there, or not to be had now."""
    for model in models:
        if model.name == name and model.available:
            return model
        if model.name == name:
            raise BadOrder(
                f"{name} is not available: {model.unavailable_reason or 'nobody says why'}.",
                advice="`pixie models list` shows others.",
            )
    names = [model.name for model in models]
    close = get_close_matches(name, names, n=1)
    raise BadOrder(
        f"There is no model {name!r}.{f' Did you mean {close[0]}?' if close else ''}",
        advice=f"There are: {', '.join(sorted(names)) or 'none'}.",
    )


def read_parameters(given: str | None) -> JsonObject:
    """A JSON object: itself, or `@` and the file that it is in, or `@-` for standard input."""
    if not given:
        return {}
    try:
        match given:
            case "@-":
                text = sys.stdin.read()
            case _ if given.startswith("@"):
                text = Path(given[1:]).expanduser().read_text(encoding="utf-8")
            case _:
                text = given
        found = json.loads(text)
    except OSError as error:
        raise BadOrder(
            f"--parameters: {given[1:]} cannot be read: {(error.strerror or str(error)).lower()}."
        ) from error
    except ValueError as error:
        raise BadOrder(
            f"--parameters is no JSON: {error}.", advice="""In a shell, quote it: --parameters '{"strength": 0.5}'"""
        ) from error
    if not isinstance(found, dict):
        raise BadOrder("--parameters must be a JSON object: {…}.")
    return found


def with_settings(parameters: JsonObject, settings: Sequence[str], model: Model) -> JsonObject:
    """The parameters with each `key=value` put in; `a.b=c` reaches into an object."""
    whole = json.loads(json.dumps(parameters))
    for setting in settings:
        name, equals, text = setting.partition("=")
        if not equals or not all(path := name.split(".")):
            raise BadOrder(f"--set wants NAME=VALUE, not {setting!r}.")
        place, schema = whole, model.parameters
        for step in path[:-1]:
            place = place.setdefault(step, {})
            schema = _property(schema, step)
            if not isinstance(place, dict):
                raise BadOrder(f"--set {setting}: {step} is no object.")
        place[path[-1]] = _value(text, _property(schema, path[-1]))
    return dict(whole)


def size(text: str | None) -> tuple[int | None, int | None]:
    """`768x512`. Raises `BadOrder`."""
    if text is None:
        return None, None
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        raise BadOrder(f"--size wants WIDTHxHEIGHT in pixels, e.g. 768x512, not {text!r}.")
    return int(match[1]), int(match[2])


def _property(schema: JsonObject, name: str) -> JsonObject:
    found = schema.get("properties")
    inner = found.get(name) if isinstance(found, dict) else None
    return inner if isinstance(inner, dict) else {}


def _value(text: str, schema: JsonObject) -> Any:  # noqa: ANN401 - whatever JSON can say
    """As JSON where it is any; what the schema calls a text stays one: a title of `7` is no number."""
    if schema.get("type") == "string":
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text
