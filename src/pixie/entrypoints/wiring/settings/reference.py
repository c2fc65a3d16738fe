"""Settings for people: the table of `docs/settings.md`, and what `pixie settings` prints.

`python -m pixie.entrypoints.wiring.settings.reference` prints the table.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from inspect import getdoc
from itertools import groupby
from typing import Any, Final

from msgspec import NODEFAULT, structs

from pixie.entrypoints.wiring.settings.names import VENDOR_NAMES
from pixie.entrypoints.wiring.settings.parsing import shown
from pixie.entrypoints.wiring.settings.secret import MASK
from pixie.entrypoints.wiring.settings.setting import Spec, specs_of
from pixie.entrypoints.wiring.settings.tree import Settings

_KINDS: Final = {"str": "text", "int": "whole number", "float": "number", "bool": "true or false", "Path": "folder"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingRow:
    """One setting as it stands; a secret's value is masked."""

    name: str
    value: str
    source: str
    description: str


def setting_rows(settings: Settings) -> list[SettingRow]:
    """All settings in the order of the tree, then what is written for providers and vendors."""
    own = [
        SettingRow(
            name=spec.name,
            value=shown(_at(settings, spec.path)),
            source=settings.sources.get(spec.name, ""),
            description=spec.description,
        )
        for spec in specs_of(Settings)
    ]
    foreign = [
        SettingRow(
            name=name, value=MASK, source=given.place, description=f"For {VENDOR_NAMES.get(name, 'a provider')}."
        )
        for name, given in sorted(settings.foreign.items())
    ]
    return own + foreign


def settings_table() -> str:
    """Every setting in Markdown, a table for each concern."""
    return "\n".join(_sections()) + "\n"


def _sections() -> Iterator[str]:
    branches: dict[str, Any] = {field.name: field.type for field in structs.fields(Settings)}
    for concern, specs in groupby(specs_of(Settings), key=lambda spec: spec.path[0] if len(spec.path) > 1 else ""):
        yield f"### {concern.capitalize() if concern else 'General'}"
        yield ""
        if concern:
            yield " ".join((getdoc(branches[concern]) or "").split())
            yield ""
        yield "| setting | value | default | meaning |"
        yield "| --- | --- | --- | --- |"
        yield from map(_row, specs)
        yield ""
    yield "### Vendors"
    yield ""
    yield "| setting | belongs to |"
    yield "| --- | --- |"
    yield from (f"| `{name}` | {owner} |" for name, owner in VENDOR_NAMES.items())


def _row(spec: Spec) -> str:
    names = "<br>".join(f"`{name}`" for name in spec.names)
    return f"| {names} | {_kind(spec)} | {_default(spec)} | {spec.description.replace('|', chr(92) + '|')} |"


def _kind(spec: Spec) -> str:
    if spec.choices:
        return ", ".join(f"`{choice}`" for choice in spec.choices)
    if spec.secret:
        return "secret"
    return spec.unit or _KINDS.get(getattr(spec.type, "__name__", ""), "list")


def _default(spec: Spec) -> str:
    if spec.default_text:
        return spec.default_text
    if spec.stored:
        return "made at the first start in development; in production it must be set"
    default = _quoted(spec.default)
    return default if spec.development is NODEFAULT else f"{default}; in development {_quoted(spec.development)}"


def _quoted(value: object) -> str:
    text = shown(value)
    return f"`{text}`" if text else ""


def _at(settings: Settings, path: tuple[str, ...]) -> object:
    return reduce(getattr, path, settings)


if __name__ == "__main__":
    sys.stdout.write(settings_table())
