"""From the text of a setting to its value."""

import math
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from pixie.entrypoints.wiring.settings.secret import Secret
from pixie.entrypoints.wiring.settings.setting import Spec

_YES: Final = frozenset({"1", "true", "yes", "on"})
_NO: Final = frozenset({"0", "false", "no", "off"})


def parse(spec: Spec, text: str) -> object:
    """The value that a text means. Raises `ValueError` with what the text must be."""
    text = text.strip()
    if spec.choices and text not in spec.choices:
        raise ValueError(f"must be {_or(spec.choices)}")
    value = _PARSERS[spec.type](text)
    number = value.total_seconds() if isinstance(value, timedelta) else value
    if isinstance(number, int | float) and not isinstance(number, bool):
        _check_bounds(spec, number)
    return value


def shown(value: object) -> str:
    """The text of a value for people, secrets masked."""
    if value is None:
        return ""
    if isinstance(value, Secret):
        return value.masked()
    if isinstance(value, timedelta):
        return _plain(value.total_seconds())
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return str(value)


def _whole(text: str) -> int:
    try:
        return int(text.replace("_", ""))
    except ValueError:
        raise ValueError("must be a whole number") from None


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError("must be a number")
    return number


def _seconds(text: str) -> timedelta:
    try:
        return timedelta(seconds=_number(text))
    except (ValueError, OverflowError):
        raise ValueError("must be a number of seconds") from None


def _switch(text: str) -> bool:
    if text.lower() in _YES | _NO:
        return text.lower() in _YES
    raise ValueError("must be true or false")


def _list(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item.strip() for item in text.split(",") if item.strip()))


def _path(text: str) -> Path:
    return Path(text).expanduser()


_PARSERS: Final[dict[Any, Callable[[str], object]]] = {
    int: _whole,
    float: _number,
    bool: _switch,
    str: str,
    timedelta: _seconds,
    Path: _path,
    Secret: Secret,
    tuple[str, ...]: _list,
}


def _check_bounds(spec: Spec, number: float) -> None:
    if spec.ge is not None and number < spec.ge:
        raise ValueError(f"must be {_plain(spec.ge)} or more")
    if spec.le is not None and number > spec.le:
        raise ValueError(f"must be {_plain(spec.le)} or less")


def _plain(number: float) -> str:
    return str(int(number)) if number == int(number) else f"{number:g}"


def _or(choices: tuple[str, ...]) -> str:
    *others, last = choices
    return f"{', '.join(others)} or {last}" if others else last
