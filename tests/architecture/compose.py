"""`compose.yaml` as a person with a fresh `.env` would get it."""

import re
from collections.abc import Hashable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import yaml

from tests.architecture.source import ROOT

Service = Mapping[str, Any]

OURS: Final = frozenset({"migrate", "api", "worker", "worker-compute", "scheduler"})
LISTENING: Final = frozenset({"postgres", "redis", "s3"})
"""Services that listen, and whose images do not say how to ask them. The API's own image says it."""

_PINNED: Final = re.compile(r"[a-z0-9./_-]+:\d+(\.\d+)+(@sha256:[0-9a-f]{64})?")
_VARIABLE: Final = re.compile(r"\$\{(?P<name>\w+)(?::(?P<kind>[-?])(?P<rest>[^}]*))?\}|(?P<bare>\$\w+)")
_SECRET_NAMES: Final = re.compile(r"PASSWORD|SECRET|KEY|AUTH|TOKEN|requirepass|DATABASE_URL|REDIS_URL")


class _StrictLoader(yaml.SafeLoader):
    """YAML lets a key come twice, and the last one wins; here that is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode) and key.value != "<<"]
        if twice := {key for key in keys if keys.count(key) > 1}:
            raise yaml.YAMLError(f"{sorted(twice)} more than once, {node.start_mark}")
        return super().construct_mapping(node, deep)


def services_of(text: str) -> dict[str, Service]:
    services: dict[str, Service] = yaml.load(text, Loader=_StrictLoader)["services"]
    return services


def our_services() -> dict[str, Service]:
    return services_of((ROOT / "compose.yaml").read_text(encoding="utf-8"))


def unpinned_images(services: Mapping[str, Service]) -> list[str]:
    """Images from elsewhere whose tag may mean another version tomorrow."""
    return [
        f"{name}: {service.get('image')}"
        for name, service in services.items()
        if "build" not in service and not _PINNED.fullmatch(str(service.get("image")))
    ]


def unasked(services: Mapping[str, Service]) -> list[str]:
    """Services that nobody asks how they are, without saying so."""
    return [
        f"{name}: no healthcheck"
        for name, service in services.items()
        if "healthcheck" not in service and service.get("command") != ["api"]
    ]


def written_secrets(services: Mapping[str, Service]) -> list[str]:
    """Secrets that stand in the file itself, or that may be left empty."""
    return [
        f"{name}: {key}"
        for name, service in services.items()
        for key, value in _named_values(service)
        if _SECRET_NAMES.search(key) and not _asks_for_all(value)
    ]


def interpolated(value: object, given: Mapping[str, str]) -> str:
    """As compose fills it in. Raises `KeyError` for what must be given and is not."""

    def filled(found: re.Match[str]) -> str:
        if found["bare"]:
            raise ValueError(f"write ${{…}}, not {found['bare']}")
        if given.get(found["name"]):
            return given[found["name"]]
        if found["kind"] == "-":
            return found["rest"] or ""
        raise KeyError(found["name"])

    return _VARIABLE.sub(filled, str(value))


def environment_of(service: Service, given: Mapping[str, str]) -> dict[str, str]:
    return {name: interpolated(value, given) for name, value in service["environment"].items()}


def read_env(path: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in path.read_text(encoding="utf-8").splitlines())


def _named_values(service: Service) -> list[tuple[str, str]]:
    named = [(key, str(value)) for key, value in service.get("environment", {}).items()]
    words = [str(word) for word in service.get("command", [])]
    return named + [(word, after) for word, after in pairwise(words) if word.startswith("-")]


def _asks_for_all(value: str) -> bool:
    """Nothing but `${NAME:?…}` where a secret belongs: in all of it, or as the password of an address."""
    password = re.fullmatch(r"\w+://[^:/@]*:(.*)@[^@]+", value)
    found = _VARIABLE.fullmatch(password[1] if password else value)
    return found is not None and found["kind"] == "?"
