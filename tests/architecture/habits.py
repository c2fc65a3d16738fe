"""What is not written in this house, and where the exceptions live."""

import ast
import re
from collections.abc import Iterator, Mapping
from typing import Final

from tests.architecture.source import MODULES, Source

_POOR_FILE_NAMES: Final = re.compile(
    r"(^|[_/])(utils?|helpers?|commons?|bases?|miscs?|managers?|stuff|tools?|services?)(\.py$|/|_)"
)
_POOR_CLASS_NAMES: Final = re.compile(r"(Manager|Helpers?|Utils?|Base|Mixin|Impl)$")
_UNFINISHED: Final = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|X" + r"XX|HA" + r"CK)\b|raise NotImplemented" + r"Error")
_UNEXPLAINED: Final = re.compile(r"#\s*type:\s*ignore(?!\[)|#\s*noqa(?!:\s*[A-Z])")

_ENVIRONMENT: Final = (
    "adapters/kernel/",
    "entrypoints/wiring/settings/",
    "entrypoints/wiring/process.py",
    "entrypoints/supervisor/system.py",  # hands it on to children
    "entrypoints/cli/processes.py",  # hands it on to itself, replaced by a server
    "entrypoints/cli/demo/own_pixie.py",  # hands it on to the system that it starts
    "entrypoints/cli/terminal.py",  # NO_COLOR and TERM
    "entrypoints/cli/up.py",
    "entrypoints/http/kernel/metrics.py",  # prometheus_client takes its folder from there and nowhere else
)
CALLS: Final[Mapping[str, tuple[str, ...]]] = {
    "datetime.datetime.now": ("adapters/kernel/clock.py",),
    "datetime.datetime.utcnow": (),
    "datetime.datetime.today": (),
    "datetime.date.today": (),
    "time.time": (),
    "time.time_ns": (),
    "uuid.uuid1": (),
    "uuid.uuid4": (),
    "os.environ": _ENVIRONMENT,
    "os.environb": (),
    "os.getenv": (),
    "os.putenv": (),
    **{
        f"random.{verb}": ()
        for verb in ("random", "randint", "randrange", "choice", "choices", "sample", "shuffle", "uniform", "seed")
    },
}
"""What hides an input (the time, chance, the surroundings), and the places that may: they stand behind a port."""

BROAD_EXCEPTS: Final = (
    "adapters/kernel/compute_child.py",
    "adapters/kernel/logging.py",  # no line is worth more than the work it tells of
    "adapters/kernel/redaction.py",  # showing an object must not fail, whatever its class does
    "application/jobs/call_provider.py",  # providers are plug-ins
    "entrypoints/",
)
"""The edges of processes and plug-ins: only there may an unexpected error end its way."""


def hidden_inputs(found: tuple[Source, ...]) -> list[str]:
    return [
        f"{source.at(node)}: {name} is for {', '.join(CALLS[name]) or 'nobody'}"
        for source in found
        for node, name in _names_used(source)
        if name in CALLS and not source.path.startswith(CALLS[name] or "/")
    ]


def broad_excepts(found: tuple[Source, ...]) -> list[str]:
    """`except Exception` that does not raise again, away from the edges."""
    return [
        f"{source.at(handler)}: catches everything and goes on"
        for source in found
        if not source.path.startswith(BROAD_EXCEPTS)
        for handler in source.nodes
        if isinstance(handler, ast.ExceptHandler) and _is_broad(handler.type) and not _raises(handler)
    ]


def poor_names(found: tuple[Source, ...]) -> list[str]:
    files = [f"{source.path}: name the concept" for source in found if _POOR_FILE_NAMES.search(source.path)]
    classes = [
        f"{source.at(node)}: {node.name}: name the concept"
        for source in found
        for node in source.nodes
        if isinstance(node, ast.ClassDef) and _POOR_CLASS_NAMES.search(node.name)
    ]
    return files + classes


def full_inits(found: tuple[Source, ...]) -> list[str]:
    return [
        f"{source.path}: leave it empty; import from where things are"
        for source in found
        if source.path.endswith("__init__.py") and source.text.strip()
    ]


def unfinished(found: tuple[Source, ...]) -> list[str]:
    """Marks of unfinished work, and silenced tools without a reason to look at."""
    return [
        f"{source.path}:{number}: {line.strip()}"
        for source in found
        if _UNFINISHED.search(source.text) or _UNEXPLAINED.search(source.text)
        for number, line in enumerate(source.text.splitlines(), 1)
        if _UNFINISHED.search(line) or _UNEXPLAINED.search(line)
    ]


def strange_folders(found: tuple[Source, ...]) -> list[str]:
    """Inside an entrance stand the modules and the kernel, spelled as everywhere."""
    return sorted(
        {
            f"{source.path}: no module is called {parts[2]}"
            for source in found
            if (parts := source.path.split("/"))[:2] in (["entrypoints", "http"], ["entrypoints", "actors"])
            and len(parts) > 3
            and parts[2] not in {*MODULES, "kernel"}
        }
    )


def mocks(found: tuple[Source, ...]) -> list[str]:
    """Tests that look at calls rather than at what came of them."""
    return [
        f"{source.at(node)}: {name}: write a fake, and look at the state"
        for source in found
        for node in source.nodes
        for name in _mock_names(node)
    ]


def _mock_names(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Attribute) and re.match(r"assert_(not_)?(called|awaited|any_call|has_calls)", node.attr):
        yield node.attr
    elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("unittest.mock"):
        yield "unittest.mock"
    elif isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names if alias.name.startswith("unittest.mock"))


def _names_used(source: Source) -> Iterator[tuple[ast.AST, str]]:
    """Every dotted name as it is called at home: after `import os as o`, `o.environ` is `os.environ`."""
    homes: dict[str, str] = {}
    for node in source.nodes:
        if isinstance(node, ast.Import):
            homes |= {alias.asname or alias.name: alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                homes[alias.asname or alias.name] = f"{node.module}.{alias.name}"
                yield node, f"{node.module}.{alias.name}"
    for node in source.nodes:
        if isinstance(node, ast.Attribute):
            first, *rest = _dotted(node)
            if first in homes:
                yield node, ".".join((homes[first], *rest))


def _dotted(node: ast.expr) -> tuple[str, ...]:
    """The parts of a dotted name; the first is empty for what begins with anything but a name."""
    if isinstance(node, ast.Attribute):
        return (*_dotted(node.value), node.attr)
    return (node.id,) if isinstance(node, ast.Name) else ("",)


def _is_broad(kind: ast.expr | None) -> bool:
    if isinstance(kind, ast.Tuple):
        return any(_is_broad(element) for element in kind.elts)
    return kind is None or (isinstance(kind, ast.Name) and kind.id in {"Exception", "BaseException"})


def _raises(handler: ast.ExceptHandler) -> bool:
    return any(isinstance(node, ast.Raise) for node in ast.walk(handler))
