"""From what is written down to a checked tree. All that is wrong is told at once, one line each."""

import os
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeVar

from msgspec import NODEFAULT, Struct, structs

from pixie.entrypoints.wiring.settings.checks import Problem, check
from pixie.entrypoints.wiring.settings.environment import (
    DATA_FOLDER,
    DEFAULT,
    ENVIRONMENT,
    Environment,
    Given,
    read_environment,
)
from pixie.entrypoints.wiring.settings.names import (
    did_you_mean,
    foreign_names,
    installed_providers,
    provider_prefix,
    unknown_names,
)
from pixie.entrypoints.wiring.settings.parsing import parse
from pixie.entrypoints.wiring.settings.secret import Secret
from pixie.entrypoints.wiring.settings.setting import Spec, specs_of
from pixie.entrypoints.wiring.settings.tree import Settings

_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
_UNSET: Final = Secret("unset")

Tree = TypeVar("Tree", bound=Struct)


class SettingsInvalid(Exception):
    """Pixie cannot start with these settings; `lines` says why, one sentence each."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def load_settings(
    environ: Mapping[str, str],
    dotenv_path: Path | None = None,
    stored_secrets: Mapping[str, str] = _NOTHING,
    *,
    overrides: Mapping[str, str] = _NOTHING,
    default_env: str = "production",
    providers: Collection[str] | None = None,
) -> Settings:
    """The settings, or `SettingsInvalid`.

    `overrides` are stronger than the environment, which is stronger than `.env`. `stored_secrets` are those of the data
    folder; they count in development only. `providers` are the installed ones, found by entry points unless given.
    """
    environment, faults = read_environment(environ, dotenv_path, overrides)
    installed = installed_providers() if providers is None else providers
    reader = _Reader(environment, _env(environment, default_env), stored_secrets)
    settings = reader.build(Settings)
    settings = structs.replace(
        _completed(settings, reader),
        sources=MappingProxyType(reader.sources),
        foreign=MappingProxyType({given.name: given for given in foreign_names(environment, installed)}),
    )
    faulty = {name for problem in reader.problems for name in problem.names}
    follow_ups = (p for p in [*_providers(settings, installed, reader), *check(settings)] if faulty.isdisjoint(p.names))
    lines = [problem.line(reader.written) for problem in [*reader.problems, *follow_ups]]
    if lines := [*faults, *unknown_names(environment, installed), *lines]:
        raise SettingsInvalid(lines)
    return settings


def load_process_settings(
    read_secrets: Callable[[Path], Mapping[str, str]],
    *,
    overrides: Mapping[str, str] = _NOTHING,
    default_env: str = "production",
) -> Settings:
    """The settings of this process: its environment, the `.env` of its folder, and the secrets of its data folder."""
    dotenv_path = Path.cwd() / ".env"
    stored = read_secrets(data_dir(os.environ, dotenv_path, overrides))
    return load_settings(os.environ, dotenv_path, stored, overrides=overrides, default_env=default_env)


def data_dir(environ: Mapping[str, str], dotenv_path: Path | None, overrides: Mapping[str, str] = _NOTHING) -> Path:
    """The data folder, which must be known before the secrets that lie in it."""
    environment, _ = read_environment(environ, dotenv_path, overrides)
    given = environment.find(("PIXIE_DATA_DIR",))
    return Path(given.text if given else ".pixie").expanduser().absolute()


def is_written(
    names: tuple[str, ...], environ: Mapping[str, str], dotenv_path: Path, overrides: Mapping[str, str] = _NOTHING
) -> bool:
    """Whether somebody wrote a value under one of these names, anywhere."""
    environment, _ = read_environment(environ, dotenv_path, overrides)
    return environment.find(names) is not None


class _Reader:
    """Reads a tree from the environment, noting where each value came from and what is wrong."""

    def __init__(self, environment: Environment, env: str, stored: Mapping[str, str]) -> None:
        self.problems: list[Problem] = []
        self.sources: dict[str, str] = {}
        self.written: dict[str, str] = {}
        self._environment = environment
        self._env = env
        self._stored = stored if env == "development" else {}

    def build(self, tree: type[Tree], prefix: str = "PIXIE") -> Tree:
        values: dict[str, Any] = {}
        for spec in specs_of(tree, prefix):
            *branch, leaf = spec.path
            place = values
            for step in branch:
                place = place.setdefault(step, {})
            place[leaf] = self._value(spec)
        return _planted(tree, values)

    def _value(self, spec: Spec) -> object:
        if given := self._environment.find(spec.names):
            return self._parsed(spec, given)
        if spec.stored and (text := self._stored.get(spec.stored)):
            self.sources[spec.name] = DATA_FOLDER
            return Secret(text)
        self.sources[spec.name] = DEFAULT
        if spec.path == ("env",):
            return self._env
        default = spec.default_in(self._env)
        if default is NODEFAULT:
            self._missing(spec)
            return _UNSET
        return default

    def _parsed(self, spec: Spec, given: Given) -> object:
        self.sources[spec.name] = given.source
        self.written[spec.name] = given.name
        try:
            return parse(spec, given.text)
        except ValueError as error:
            told = "" if spec.secret else f", not {given.text!r}"
            self.problems.append(Problem((spec.name,), f"{error}{told} (from {given.place})"))
            default = spec.default_in(self._env)
            return _UNSET if default is NODEFAULT else default

    def _missing(self, spec: Spec) -> None:
        made = spec.stored and self._env == "development"
        first_start = ", and the data folder holds none yet: `pixie up` makes it" if made else ""
        names = " or ".join(spec.names[1:])
        other = f" (also accepted as {names})" if names else ""
        self.problems.append(Problem((spec.name,), f"is not set{other}{first_start}"))


def _env(environment: Environment, default: str) -> str:
    """Production unless somebody says development: a misspelt word gets no weaker rules."""
    given = environment.find(("PIXIE_ENV",))
    return "development" if (given.text.strip() if given else default) == "development" else "production"


def _planted(tree: type[Tree], values: dict[str, Any]) -> Tree:
    branches = {field.name: field.type for field in structs.fields(tree)}
    return tree(
        **{
            name: _planted(branches[name], value) if isinstance(value, dict) else value
            for name, value in values.items()
        }
    )


def _completed(settings: Settings, reader: _Reader) -> Settings:
    """Fill in what follows from other settings."""
    if reader.sources["PIXIE_STORAGE_KIND"] == DEFAULT and settings.storage.bucket:
        settings = structs.replace(settings, storage=structs.replace(settings.storage, kind="s3"))
    public_url = settings.public_url.rstrip("/") if settings.public_url else None
    return structs.replace(settings, public_url=public_url, data_dir=settings.data_dir.absolute())


def _providers(settings: Settings, installed: Collection[str], reader: _Reader) -> list[Problem]:
    if reader.sources["PIXIE_PROVIDERS"] == DEFAULT:
        return []
    names = ", ".join(sorted(installed)) or "none"
    return [
        Problem(("PIXIE_PROVIDERS",), f"names {name!r}, which is not installed (installed: {names})")
        for name in settings.jobs.providers
        if name not in installed
    ]


def provider_settings(settings: Settings, provider: str, tree: type[Tree]) -> Tree:
    """Fill a provider's own tree from `PIXIE_<PROVIDER>_*` and the aliases that it declares, or `SettingsInvalid`."""
    prefix = provider_prefix(provider)
    written = {name: given.text for name, given in settings.foreign.items()}
    reader = _Reader(Environment(((ENVIRONMENT, written),)), settings.env, _NOTHING)
    made = reader.build(tree, prefix)
    known = [spec.name for spec in specs_of(tree, prefix)]
    lines = [
        f"{name} is not a setting of the provider {provider}{did_you_mean(name, known)}."
        for name in sorted(written)
        if name.startswith(f"{prefix}_") and name not in known
    ]
    if lines := lines + [problem.line(reader.written) for problem in reader.problems]:
        raise SettingsInvalid(lines)
    return made
