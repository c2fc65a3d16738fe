"""What `docs/decisions` asks of the code, where no other rule says it."""

import ast
from collections.abc import Sequence
from typing import Final

import grimp

from pixie.entrypoints.actors.binding import Subscription
from tests.architecture.source import Source

COMMITTING: Final = (
    "application/",
    "entrypoints/actors/binding.py",  # ends the row of a subscriber that waits for others
    "entrypoints/http/kernel/idempotency.py",  # keeps a refusal, after the use case has rolled back
    "entrypoints/wiring/periodic.py",
)
"""Where a unit of work is committed (0002)."""

DECLARING: Final = ("tables.py", "adapters/kernel/schema.py", "adapters/kernel/migrations.py")
"""Where SQLAlchemy is at home (0003)."""

BELL: Final = "adapters/kernel/bell.py"

IN_CHILDREN: Final = (
    "adapters.files.media_inspection",
    *(f"adapters.jobs.{name}" for name in ("imaging", "motion", "sketching", "upscaling")),
)
"""Packages that run in compute children (0010)."""
PAINTERS: Final = ("PIL", "cv2")
CARDS: Final = "adapters.jobs.providers.local_cards"
"""Describes what those packages take, and calls none of them."""

DEMO: Final = "entrypoints.cli.demo"
"""A command that looks at its own user's picture, in a process that does nothing else and ends soon (0010)."""


def commits_elsewhere(found: tuple[Source, ...]) -> list[str]:
    return [
        f"{source.at(node)}: the use case commits"
        for source in found
        if not source.path.startswith(COMMITTING)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]


def commits_in_apis(found: tuple[Source, ...]) -> list[str]:
    """What one module offers to another belongs to the other's transaction."""
    return [
        f"{source.at(node)}: an api.py never commits"
        for source in found
        if source.path.startswith("application/") and source.path.endswith("/api.py")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and node.attr in {"commit", "rollback"}
    ]


def sqlalchemy_at_run_time(found: tuple[Source, ...]) -> list[str]:
    return [
        f"{source.at(node)}: SQLAlchemy declares tables; statements are SQL text"
        for source in found
        if not source.path.endswith(DECLARING)
        for node in ast.walk(source.tree)
        if any(name.partition(".")[0] in {"sqlalchemy", "advanced_alchemy", "alembic"} for name in _imported(node))
        or any(name.startswith("pixie.adapters.") and name.endswith(".tables") for name in _imported(node))
    ]


def other_bells(found: tuple[Source, ...]) -> list[str]:
    """NOTIFY, but in the one statement of its own."""
    return [
        f"{source.at(node)}: ring the bell instead"
        for source in found
        if source.path != BELL
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and ("NOTIFY" in node.value or "pg_notify" in node.value.lower())
    ]


def subscribed_jobs(subscriptions: Sequence[Subscription]) -> list[str]:
    """Events that lead to the running of a job: its row says when it is due."""
    return [f"{entry.topic}: {entry.name}" for entry in subscriptions if entry.name == "jobs.run"]


def pictures_outside_children(graph: grimp.ImportGraph, root: str = "pixie") -> list[str]:
    """Whoever knows code that decodes or paints runs in a child itself, or hands that code to the pool."""
    there = [painter for painter in PAINTERS if painter in graph.modules]
    painting = {name for painter in there for name in graph.find_modules_that_directly_import(painter)}
    inside = painting | {name for name in graph.modules for home in IN_CHILDREN if name.startswith(f"{root}.{home}")}
    return sorted(
        f"{importer} -> {painter}: hand it to the compute pool"
        for painter in inside
        for importer in graph.find_modules_that_directly_import(painter) - inside - {f"{root}.{CARDS}"}
        if not importer.startswith(f"{root}.{DEMO}.")
        if f"{root}.adapters.kernel.compute_pool" not in graph.find_modules_directly_imported_by(importer)
    )


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        return [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return []
