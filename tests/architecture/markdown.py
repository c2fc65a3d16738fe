"""What documents say that can be checked: links, files, settings, commands."""

import re
import shlex
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path
from typing import Final

import click

from pixie.adapters.jobs.providers.door import installed
from pixie.adapters.jobs.providers.provider_settings import setting_names
from pixie.entrypoints.cli.main import pixie
from pixie.entrypoints.wiring.settings.names import SHELL_NAMES
from pixie.entrypoints.wiring.settings.setting import specs_of
from pixie.entrypoints.wiring.settings.tree import Settings
from tests.architecture.source import ROOT

_LINK: Final = re.compile(r"(?<!!)\[[^\]]*\]\((?P<target>[^)\s]+)\)|!\[[^\]]*\]\((?P<image>[^)\s]+)\)")
_CODE_SPAN: Final = re.compile(r"`([^`\n]+)`")
_FENCE: Final = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_FILE: Final = re.compile(r"[\w.-]+(/[\w.-]+)*\.(py|md|yaml|toml|lock|sh)")
_FOLDERS: Final = ("src/", "tests/", "docs/", "migrations/", "benchmarks/", "scripts/", "deploy/")
_SETTING: Final = re.compile(r"\bPIXIE_[A-Z0-9_]*\*?")
_EXAMPLES: Final = ("PIXIE_ACME_", "PIXIE_BROWSER", "PIXIE_PORT", "PIXIE_SERVICE_")
"""Settings of a provider that nobody has, names that Kubernetes makes, and one that only the tests read."""
_COMMAND: Final = re.compile(r"^(?:\$ )?(?:\S*/)?pixie((?: +(?![#→]).*)?)$")
_PLACEHOLDER: Final = re.compile(r"[<…]|\*")


def documents() -> list[Path]:
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def broken_links(text: str, path: Path) -> list[str]:
    """Links to files or headings that are not there. Addresses elsewhere are not asked."""
    found = []
    for match in _LINK.finditer(_FENCE.sub("", text)):
        target = match["target"] or match["image"]
        if re.match(r"[a-z]+:", target):
            continue
        place, _, anchor = target.partition("#")
        file = (path.parent / place).resolve() if place else path
        if not file.exists() or (anchor and anchor not in _anchors(file.read_text(encoding="utf-8"))):
            found.append(target)
    return found


def unknown_files(text: str) -> list[str]:
    """Files and folders that a document names and nobody finds. The end of a path will do: `jobs/job.py`."""
    return [
        span
        for span in _CODE_SPAN.findall(_FENCE.sub("", text))
        if not _PLACEHOLDER.search(span)
        and (_FILE.fullmatch(span) or (span.startswith(_FOLDERS) and " " not in span))
        and not any(f"{known}/".endswith(f"/{span.rstrip('/')}/") for known in _paths())
    ]


def unknown_settings(text: str) -> list[str]:
    known = _settings()
    return [
        name
        for name in _SETTING.findall(text)
        if name not in known
        and not name.startswith(_EXAMPLES)
        and not (name.rstrip("*").endswith("_") and any(one.startswith(name.rstrip("*")) for one in known))
    ]


def unknown_commands(text: str) -> list[str]:
    """Commands of `pixie` that do not exist, or do not take these options."""
    return [line for line in _command_lines(text) if not _is_command(line)]


def unknown_targets(text: str, targets: Collection[str]) -> list[str]:
    """`make` targets that are not in the Makefile."""
    spans = [*_CODE_SPAN.findall(text), *(line for fence in _FENCE.findall(text) for line in fence.splitlines())]
    asked = [match[1] for span in spans if (match := re.match(r"make ([a-z]+)\b", span.strip()))]
    return [target for target in asked if target not in targets]


def _command_lines(text: str) -> Iterator[str]:
    lines = [line for fence in _FENCE.findall(text) for line in fence.splitlines()]
    for candidate in (*_CODE_SPAN.findall(_FENCE.sub("", text)), *lines):
        line = re.sub(r"^(docker compose (exec|run)( --?[a-z-]+)* [a-z-]+ )", "", candidate.strip())
        line = re.split(r"  +|\s#\s", line)[0]
        if _COMMAND.match(line) and line.strip() != "pixie":
            yield line


def _is_command(line: str) -> bool:
    words = shlex.split(line)[1:]
    command: click.Command = pixie
    while words and isinstance(command, click.Group):
        if words[0].startswith("-") or _PLACEHOLDER.search(words[0]):
            return words[0] in {"--help", "--version", "…"}
        found = command.get_command(click.Context(command), words.pop(0))
        if found is None:
            return False
        command = found
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    return {word.partition("=")[0] for word in words if word.startswith("--")} <= known


@cache
def _paths() -> list[str]:
    """Every file and folder of the project, as a path that begins with a slash."""
    kept = [path for path in ROOT.iterdir() if not path.name.startswith(".") or path.name == ".ci"]
    inside = [path for folder in kept if folder.is_dir() for path in folder.rglob("*")]
    return [f"/{path.relative_to(ROOT).as_posix()}" for path in (*kept, *inside) if "__pycache__" not in path.parts]


@cache
def _settings() -> frozenset[str]:
    own = [name for spec in specs_of(Settings) for name in spec.names]
    return frozenset(
        [
            *own,
            *SHELL_NAMES,
            *(name for key, entry in installed().items() for name in setting_names(key, entry.load().Settings)),
        ]
    )


def _anchors(text: str) -> set[str]:
    """Headings as GitHub makes anchors of them, and anchors set by hand."""
    headings = re.findall(r"^#{1,6} (.+)$", _FENCE.sub("", text), re.MULTILINE)
    made = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return made | set(re.findall(r'<a id="([^"]+)"', text))
