"""Where settings are written down: on the command line, in the environment, in a file `.env`, in the data folder."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Final

from dotenv.parser import parse_stream

COMMAND_LINE: Final = "command line"
ENVIRONMENT: Final = "environment"
DOTENV: Final = ".env"
DATA_FOLDER: Final = "data folder"
DEFAULT: Final = "default"


@dataclass(frozen=True, slots=True)
class Given:
    """A text that somebody wrote down under a name. It may be a secret, so it does not show itself."""

    name: str
    text: str = field(repr=False)
    place: str

    @property
    def source(self) -> str:
        """For people: the name is worth telling where several would do."""
        return f"{self.place} ({self.name})"


@dataclass(frozen=True, slots=True)
class Environment:
    """The places that were read, the strongest first. An empty value counts as not written."""

    places: tuple[tuple[str, Mapping[str, str]], ...]

    def find(self, names: tuple[str, ...]) -> Given | None:
        """The strongest place decides; within a place, the first of the names."""
        for place, values in self.places:
            for name in names:
                if values.get(name):
                    return Given(name, values[name], place)
        return None

    def __iter__(self) -> Iterator[Given]:
        """Everything once, the strongest of each name."""
        seen: set[str] = set()
        for place, values in self.places:
            for name, text in values.items():
                if text and name not in seen:
                    seen.add(name)
                    yield Given(name, text, place)


def read_environment(
    environ: Mapping[str, str], dotenv_path: Path | None, overrides: Mapping[str, str]
) -> tuple[Environment, list[str]]:
    """What is written, and what is wrong with the writing. A missing `.env` is no fault."""
    from_file, faults = _read_dotenv(dotenv_path) if dotenv_path else ({}, [])
    return Environment(((COMMAND_LINE, overrides), (ENVIRONMENT, environ), (DOTENV, from_file))), faults


def _read_dotenv(path: Path) -> tuple[dict[str, str], list[str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {}, []
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        return {}, [f"{path} cannot be read: {reason}."]
    values: dict[str, str] = {}
    faults = []
    for binding in parse_stream(StringIO(text)):
        if binding.error:
            faults.append(f"{path}, line {binding.original.line}: this is not NAME=value.")
        elif binding.key:
            values[binding.key] = binding.value or ""
    return values, faults
