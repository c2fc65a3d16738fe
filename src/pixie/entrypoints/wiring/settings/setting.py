"""What is known about one setting, read from the annotation that declares it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from msgspec import NODEFAULT, Meta, Struct
from msgspec.structs import fields

from pixie.entrypoints.wiring.settings.secret import Secret

PREFIX: Final = "PIXIE"


def setting(
    description: str,
    *,
    unit: str = "",
    name: str = "",
    aliases: tuple[str, ...] = (),
    stored: str = "",
    development: object = NODEFAULT,
    default_text: str = "",
    ge: float | None = None,
    le: float | None = None,
) -> Meta:
    """Facts for the annotation that declares a setting.

    `name` replaces the one made from its place in the tree; `aliases` are accepted besides it. `stored` is what the
    secrets of the data folder call it. `development` is the default there, where that differs. `ge` and `le` bound a
    number, or the seconds of a time.
    """
    facts = {
        "unit": unit,
        "name": name,
        "aliases": aliases,
        "stored": stored,
        "development": development,
        "default_text": default_text,
        "ge": ge,
        "le": le,
    }
    return Meta(description=description, extra=facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """One setting: its place in the tree, its names, and what its value may be."""

    path: tuple[str, ...]
    name: str
    type: Any
    choices: tuple[str, ...]
    optional: bool
    default: object
    description: str
    unit: str
    aliases: tuple[str, ...]
    stored: str
    development: object
    default_text: str
    ge: float | None
    le: float | None

    @property
    def names(self) -> tuple[str, ...]:
        """All names, the best first."""
        return (self.name, *self.aliases)

    @property
    def secret(self) -> bool:
        return self.type is Secret

    def default_in(self, env: str) -> object:
        if env == "development" and self.development is not NODEFAULT:
            return self.development
        return self.default


@cache
def specs_of(tree: type[Struct], prefix: str = PREFIX, path: tuple[str, ...] = ()) -> tuple[Spec, ...]:
    """The settings of a tree, in the order of their declaration."""
    return tuple(_walk(tree, prefix, path))


def _walk(tree: type[Struct], prefix: str, path: tuple[str, ...]) -> Iterator[Spec]:
    hints = get_type_hints(tree, include_extras=True)
    for field in fields(tree):
        hint = hints[field.name]
        if isinstance(hint, type) and issubclass(hint, Struct):
            yield from _walk(hint, f"{prefix}_{field.name.upper()}", (*path, field.name))
        elif get_origin(hint) is Annotated:
            annotated, meta = get_args(hint)
            made = field.default_factory
            default = field.default if made is NODEFAULT else made()
            yield _spec(f"{prefix}_{field.name.upper()}", (*path, field.name), annotated, default, meta)


def _spec(name: str, path: tuple[str, ...], annotated: Any, default: object, meta: Meta) -> Spec:  # noqa: ANN401 - a type
    facts = dict(meta.extra or {})
    kind, optional = _without_none(annotated)
    choices = get_args(kind) if get_origin(kind) is Literal else ()
    return Spec(
        path=path,
        name=facts.pop("name") or name,
        type=str if choices else kind,
        choices=choices,
        optional=optional,
        default=default,
        description=meta.description or "",
        **facts,
    )


def _without_none(annotated: Any) -> tuple[Any, bool]:  # noqa: ANN401 - a type
    if get_origin(annotated) not in {Union, UnionType}:
        return annotated, False
    (kind,) = (argument for argument in get_args(annotated) if argument is not NoneType)
    return kind, True
