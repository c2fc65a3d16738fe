"""The door through which AI providers come in: an entry point of the group `pixie.providers`.

Pixie's own providers use no other; docs/adding-a-provider.md shows how to write one.
"""

from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, ClassVar, Final, Protocol, Self

import msgspec

from pixie.adapters.jobs.providers.card_check import check_cards
from pixie.adapters.jobs.providers.provider_settings import read_settings
from pixie.adapters.kernel.compute_pool import ComputePool
from pixie.application.jobs.ports import Provider
from pixie.application.kernel.ports import Clock
from pixie.domain.jobs.errors import ProviderMisconfigured

GROUP: Final = "pixie.providers"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderTools:
    """What Pixie lends to a provider. `scratch` is a folder of all providers, for files that outlive a call."""

    clock: Clock
    compute: ComputePool
    scratch: Path


class ProviderPlugin(Provider, Protocol):
    """A provider as its entry point names it. `Settings` is filled from `PIXIE_<NAME>_<FIELD>`."""

    Settings: ClassVar[type[msgspec.Struct]]

    @classmethod
    @abstractmethod
    def build(cls, settings: Any, tools: ProviderTools) -> Self:  # noqa: ANN401 - an instance of `Settings`
        """Called once in each process, at start. Raises `ProviderMisconfigured`; asks nobody outside."""


def installed() -> Mapping[str, EntryPoint]:
    """All providers whose packages are installed, offered or not."""
    return {entry.name: entry for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name)}


def load_providers(names: Sequence[str], environ: Mapping[str, str], tools: ProviderTools) -> tuple[Provider, ...]:
    """Build the named providers and check their cards. Raises `ProviderMisconfigured`, which says what to change."""
    found = installed()
    providers = tuple(_built(name, _plugin(name, found), environ, tools) for name in dict.fromkeys(names))
    for provider in providers:
        check_cards(provider)
    return providers


def _plugin(name: str, found: Mapping[str, EntryPoint]) -> type[ProviderPlugin]:
    if name not in found:
        raise ProviderMisconfigured(name, f"no such provider is installed; installed are: {_list(found)}")
    try:
        plugin: type[ProviderPlugin] = found[name].load()
    except (ImportError, AttributeError) as error:
        raise ProviderMisconfigured(name, f"its entry point {found[name].value!r} cannot be loaded: {error}") from error
    if plugin.name != name:
        raise ProviderMisconfigured(name, f"its class calls itself {plugin.name!r}")
    return plugin


def _built(name: str, plugin: type[ProviderPlugin], environ: Mapping[str, str], tools: ProviderTools) -> Provider:
    return plugin.build(read_settings(name, plugin.Settings, environ), tools)


def _list(names: Collection[str]) -> str:
    return ", ".join(names) or "none"
