"""The code as the rules see it: parsed files and the graph of their imports."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import grimp

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "pixie"
MODULES = ("accounts", "files", "credits", "billing", "projects", "jobs", "notifications")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One file; `path` begins inside the package, e.g. `domain/jobs/job.py`."""

    path: str
    text: str
    tree: ast.Module

    @property
    def lines(self) -> int:
        return len(self.text.splitlines())

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        return tuple(ast.walk(self.tree))

    def functions(self) -> Iterator[Function]:
        return (node for node in self.nodes if isinstance(node, Function))

    def at(self, node: ast.AST) -> str:
        return f"{self.path}:{getattr(node, 'lineno', 1)}"


Rule = Callable[[tuple[Source, ...]], list[str]]
"""What breaks the rule, one line each, beginning with the place."""


@cache
def sources(folder: Path) -> tuple[Source, ...]:
    return tuple(_read(path, folder) for path in sorted(folder.rglob("*.py")))


def _read(path: Path, folder: Path) -> Source:
    text = path.read_text(encoding="utf-8")
    return Source(path.relative_to(folder).as_posix(), text, ast.parse(text, str(path)))


@cache
def imports_of_pixie() -> grimp.ImportGraph:
    return grimp.build_graph("pixie", include_external_packages=True, cache_dir=None)
