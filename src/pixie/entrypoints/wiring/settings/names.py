"""Which names belong to Pixie, which to others, and which to nobody."""

import re
from collections.abc import Collection, Iterable, Iterator
from difflib import get_close_matches
from importlib.metadata import entry_points
from typing import Final

from pixie.entrypoints.wiring.settings.environment import Environment, Given
from pixie.entrypoints.wiring.settings.setting import specs_of
from pixie.entrypoints.wiring.settings.tree import Settings

VENDOR_NAMES: Final = {
    "FAL_AI_API_KEY": "the provider fal.ai",
    "OPENAI_API_KEY": "the provider OpenAI",
    "STRIPE_SECRET_KEY": "payments by Stripe",
    "SENDGRID_API_KEY": "mail by SendGrid",
}
"""Names of vendors' settings: accepted, and without effect until an adapter that declares them is installed."""

SHELL_NAMES: Final = {
    "PIXIE_URL": "the address of the Pixie that `pixie run` and its like ask",
    "PIXIE_KEY": "the access token that they show there",
}
"""What a person's shell may hold for commands that ask a Pixie over HTTP. No process of Pixie reads them."""

_KUBERNETES: Final = re.compile(
    r"PIXIE_(PORT|SERVICE_).*"
    r"|PIXIE_\w+_SERVICE_(HOST|PORT(_\w+)?)"
    r"|PIXIE_\w+_PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?"
)
"""What Kubernetes tells a container about services named `pixie` and `pixie-…` in its namespace."""
_KUBERNETES_PORT: Final = re.compile(r"(tcp|udp|sctp)://.*")


def installed_providers() -> frozenset[str]:
    return frozenset(point.name for point in entry_points(group="pixie.providers"))


def provider_prefix(provider: str) -> str:
    """How the settings of a provider begin: `PIXIE_FAL_AI` for `fal-ai`."""
    return "PIXIE_" + re.sub(r"[^A-Z0-9]+", "_", provider.upper()).strip("_")


def foreign_names(environment: Environment, providers: Collection[str]) -> Iterator[Given]:
    """What is written down for vendors, and for providers that are installed, offered or not."""
    known = _known()
    for given in environment:
        if given.name in VENDOR_NAMES or (given.name not in known and _of_provider(given.name, providers)):
            yield given


def unknown_names(environment: Environment, providers: Collection[str]) -> list[str]:
    """A line for each name that nobody reads: it is misspelt, and something is not set as its writer thinks."""
    known = _known()
    return [
        f"{given.name} (from {given.place}) is not a setting of Pixie{did_you_mean(given.name, known)}."
        for given in sorted(environment, key=lambda given: given.name)
        if given.name.startswith("PIXIE_")
        and given.name not in known
        and given.name not in SHELL_NAMES
        and not _from_kubernetes(given)
        and not _of_provider(given.name, providers)
    ]


def did_you_mean(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, sorted(known), n=1, cutoff=0.7)
    return f" (did you mean {close[0]}?)" if close else ""


def _known() -> frozenset[str]:
    return frozenset(name for spec in specs_of(Settings) for name in spec.names)


def _of_provider(name: str, providers: Collection[str]) -> bool:
    return any(name.startswith(f"{provider_prefix(provider)}_") for provider in providers)


def _from_kubernetes(given: Given) -> bool:
    if _KUBERNETES.fullmatch(given.name):
        return True
    return given.name.endswith("_PORT") and _KUBERNETES_PORT.fullmatch(given.text) is not None
